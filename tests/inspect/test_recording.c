/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_recording.c - what was put into a file comes out of it; and whatever is done
 * to a file, it is refused in a sentence or read as far as it is good.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

#include <recording.h>

#define EVENTS 20000
#define FIRST  1000
#define TABLE  0x7f0000001000ull
#define PID    4242

static char folder[] = "/tmp/recording.XXXXXX";
static char path[64];

/* Every kind of packing: none, some and all words; a source that is not the event's. */
static struct dvk_record record_of(uint64_t sequence)
{
	struct dvk_record r;

	memset(&r, 0, sizeof(r));
	r.event = (struct dvk_event){ .sequence = sequence,
				      .time_ns = 5000000000 + (int64_t)sequence * 700,
				      .call = sequence / 2,
				      .src_ep = (int32_t)(sequence % 77),
				      .dst_ep = 1,
				      .kind = (int16_t)(1 + sequence % 17),
				      .result = (int16_t)(sequence % 3 ? 0 : -2),
				      .m_type = (int32_t)(sequence % 50) };
	r.m.m_source = sequence % 5 ? r.event.src_ep : 9;
	r.m.m_type = sequence % 7 ? r.event.m_type : -1;
	for (size_t i = 0; i < sequence % 8; i++)
		memcpy(r.m.payload + 8 * i, &sequence, sizeof(sequence));
	return r;
}

static struct dvk_snapshot *make_snapshot(void)
{
	struct dvk_snapshot *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	s->procs = calloc(2, sizeof(*s->procs));
	s->tables = calloc(1, sizeof(*s->tables));
	assert_non_null(s->procs);
	assert_non_null(s->tables);
	s->count = 2;
	s->table_count = 1;
	s->taken_ns = 77;
	s->dc.dcid = 3;
	strcpy(s->dc.name, "TEST");
	for (int i = 0; i < 2; i++) {
		s->procs[i].nr = s->procs[i].endpoint = 1 + i;
		s->procs[i].pid = s->procs[i].tid = PID;
		strcpy(s->procs[i].name, i ? "two" : "one");
	}
	s->tables[0] = (struct dvk_table){
		.address = TABLE, .rows = 2, .row_bytes = 8, .pid = PID, .type = "a.table"
	};
	return s;
}

static void write_records(struct recorder *recorder)
{
	struct dvk_record r;

	for (uint64_t i = FIRST; i < FIRST + EVENTS; i++) {
		r = record_of(i);
		if (i == FIRST + 500) /* a gap that is said */
			assert_int_equal(recorder_lost(recorder, 1), 0);
		else if (i % 1000 == 1) /* headers only, as the flight recorder has them */
			assert_int_equal(recorder_events(recorder, &r.event, 1), 0);
		else
			assert_int_equal(recorder_records(recorder, &r, 1), 0);
	}
}

static void write_file(void)
{
	const struct inspect_thread thread = { .exists = 1, .state = 'S', .call = "futex" };
	struct dvk_snapshot *s = make_snapshot();
	struct recorder *recorder;

	assert_int_equal(recorder_create(path, &s->dc, &recorder), 0);
	assert_int_equal(recorder_note(recorder, "a test"), 0);
	assert_int_equal(recorder_snapshot(recorder, s), 0);
	assert_int_equal(recorder_memory(recorder, PID, TABLE, "01234567", 8), 0);
	assert_int_equal(recorder_memory(recorder, PID, TABLE + 8, "89abcdef", 8), 0);
	assert_int_equal(recorder_thread(recorder, PID, PID, &thread), 0);
	assert_int_equal(recorder_stack(recorder, &s->procs[0], "main\nstart\n"), 0);
	assert_int_equal(recorder_name(recorder, 66, "gone"), 0);
	write_records(recorder);
	assert_int_equal(recorder_close(recorder), 0);
	dvk_snapshot_free(s);
}

static struct recording *open_file(void)
{
	struct recording *recording;
	char bytes[512];
	struct text reason;

	text_init(&reason, bytes, sizeof(bytes));
	if (recording_open(path, &recording, &reason))
		fail_msg("%s", bytes);
	return recording;
}

/* ---- what was put in ---------------------------------------------------------- */

static void test_info(void **state)
{
	struct recording *recording = open_file();
	struct recording_info info;

	(void)state;
	recording_info(recording, &info);
	assert_int_equal(info.dcid, 3);
	assert_string_equal(info.name, "TEST");
	assert_string_equal(info.note, "a test");
	assert_int_equal(info.events, EVENTS - 1);
	assert_int_equal(info.lost, 1);
	assert_int_equal(info.first, FIRST);
	assert_int_equal(info.last, FIRST + EVENTS - 1);
	assert_int_equal(info.snapshots, 1);
	assert_int_equal(info.stacks, 1);
	assert_int_equal(info.is_complete, 1);
	assert_int_equal(info.has_messages, 1);
	assert_string_equal(recording_problem(recording), "");
	recording_close(recording);
}

static void test_records(void **state)
{
	struct patient *patient = patient_of_recording(open_file());
	static struct dvk_record got[999];
	uint64_t sequence = 0, next = FIRST, lost, all_lost = 0;
	int count;

	(void)state;
	do {
		count = patient_records(patient, &sequence, got, 999, &lost);
		all_lost += lost;
		for (int i = 0; i < count; i++, next++) {
			struct dvk_record want;

			while (next % 1000 == 1 || next == FIRST + 500)
				next++;
			want = record_of(next);
			assert_memory_equal(&got[i], &want, sizeof(want));
		}
	} while (count > 0);
	assert_int_equal(next, FIRST + EVENTS);
	assert_int_equal(all_lost, 1);
	patient_close(patient);
}

/* From any place on, in any order. */
static void test_events(void **state)
{
	static const struct {
		uint64_t from, want;
		int count;
	} cases[] = {
		{ 0, FIRST, 3 },
		{ FIRST + EVENTS - 2, FIRST + EVENTS - 2, 2 },
		{ FIRST + 500, FIRST + 501, 3 },
		{ 1, FIRST, 3 },
		{ FIRST + 10001, FIRST + 10001, 3 },
		{ FIRST + EVENTS, 0, 0 },
		{ UINT64_MAX, 0, 0 },
	};
	struct patient *patient = patient_of_recording(open_file());
	struct dvk_event events[3];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t sequence = cases[i].from;

		assert_int_equal(patient_events(patient, &sequence, events, 3, NULL),
				 cases[i].count);
		if (cases[i].count)
			assert_int_equal(events[0].sequence, cases[i].want);
	}
	patient_close(patient);
}

static void test_memory(void **state)
{
	static const struct {
		uint64_t address;
		pid_t pid;
		size_t bytes;
		int error;
		const char *want;
	} cases[] = {
		{ TABLE, PID, 8, 0, "01234567" },
		{ TABLE, PID, 16, 0, "0123456789abcdef" }, /* of two pieces */
		{ TABLE + 6, PID, 4, 0, "6789" },
		{ TABLE, PID, 17, EDVSFAULT, "" },
		{ TABLE - 1, PID, 1, EDVSFAULT, "" },
		{ TABLE, PID + 1, 1, EDVSFAULT, "" },
		{ UINT64_MAX, PID, 2, EDVSFAULT, "" },
	};
	struct patient *patient = patient_of_recording(open_file());
	char bytes[32];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(patient_read(patient, cases[i].pid, cases[i].address, bytes,
					      cases[i].bytes),
				 cases[i].error);
		assert_memory_equal(bytes, cases[i].want, strlen(cases[i].want));
	}
	patient_close(patient);
}

static void count_name(void *context, int endpoint, const char *name)
{
	int *found = context;

	*found += (endpoint == 66 && !strcmp(name, "gone")) ||
		  (endpoint == 2 && !strcmp(name, "two"));
}

static void compare_stack(void *context, int endpoint, const char *text)
{
	int *found = context;

	*found += endpoint == 1 && !strcmp(text, "main\nstart\n");
}

static void test_state(void **state)
{
	struct recording *recording = open_file();
	struct patient *patient = patient_of_recording(recording);
	const struct inspect_host *host = recording_host(recording);
	struct inspect_thread thread = { 0 };
	struct dvk_snapshot *s;
	int names = 0, stacks = 0;

	(void)state;
	assert_int_equal(patient_snapshot(patient, &s), 0);
	assert_int_equal(s->count, 2);
	assert_int_equal(s->taken_ns, 77);
	assert_string_equal(s->procs[1].name, "two");
	assert_string_equal(s->tables[0].type, "a.table");
	dvk_snapshot_free(s);
	host->thread(host->context, PID, PID, &thread);
	assert_string_equal(thread.call, "futex");
	recording_names(recording, count_name, &names);
	assert_int_equal(names, 2);
	recording_stacks(recording, compare_stack, &stacks);
	assert_int_equal(stacks, 1);
	assert_int_equal(patient_alive(patient), 0);
	assert_null(patient_view(patient));
	patient_close(patient);
}

/* ---- what was done to it --------------------------------------------------------- */

static char *content;
static size_t content_bytes;

static void put_file(const char *bytes, size_t count)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, count), count);
	close(fd);
}

/* Opens what is there and reads it all; the reason or the problem, "" if there is none. */
static const char *judge(void)
{
	static char bytes[512];
	static struct dvk_record records[512];
	struct recording *recording;
	struct patient *patient;
	struct dvk_snapshot *s;
	uint64_t sequence = 0, before = 0;
	struct text reason;
	int count;

	text_init(&reason, bytes, sizeof(bytes));
	if (recording_open(path, &recording, &reason))
		return bytes;
	snprintf(bytes, sizeof(bytes), "%s", recording_problem(recording));
	patient = patient_of_recording(recording);
	while ((count = patient_records(patient, &sequence, records, 512, NULL)) > 0)
		for (int i = 0; i < count; i++) {
			assert_true(records[i].event.sequence > before);
			before = records[i].event.sequence;
		}
	if (patient_snapshot(patient, &s) == 0)
		dvk_snapshot_free(s);
	patient_close(patient);
	return bytes;
}

/* At every length near a border, and at some hundred others. */
static void test_truncated(void **state)
{
	(void)state;
	for (size_t length = 0; length < content_bytes; length += length < 400 ? 1 : 9973) {
		const char *said;

		put_file(content, length);
		said = judge();
		if (length < 8)
			assert_non_null(strstr(said, "is no recording"));
		else if (said[0]) /* else it was cut between two chunks */
			assert_true(strstr(said, "is no recording") || strstr(said, "not whole"));
	}
}

static void test_corrupt(void **state)
{
	static const struct {
		size_t at;
		unsigned char value;
		const char *want;
	} cases[] = {
		{ 0, 'X', "is no recording" },
		{ 8, 9, "is of version 9, and this mukshell reads version 1" },
		{ 12, 1, "another order of bytes" },
		{ 20, 41, "its header has another checksum" },
		{ 100, 1, "its header has another checksum" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char before = content[cases[i].at];

		content[cases[i].at] = (char)cases[i].value;
		put_file(content, content_bytes);
		content[cases[i].at] = before;
		if (!strstr(judge(), cases[i].want))
			fail_msg("byte %zu: %s", cases[i].at, judge());
	}
}

/* One bit anywhere: nothing of that chunk is believed, and that is said. */
static void test_every_part(void **state)
{
	(void)state;
	for (size_t at = 200; at < content_bytes; at += at < 3000 ? 11 : 50021) {
		content[at] ^= 4;
		put_file(content, content_bytes);
		content[at] ^= 4;
		/* Fill between chunks belongs to nobody. */
		if (!judge()[0])
			assert_int_equal(content[at], 0);
		else
			assert_true(strstr(judge(), "damaged") || strstr(judge(), "not whole"));
	}
}

static void test_no_file(void **state)
{
	static const struct {
		const char *path, *want;
	} cases[] = {
		{ "/nowhere/at/all", "No such file" },
		{ "/tmp", "is no regular file" },
		{ "/dev/zero", "is no regular file" },
	};
	struct recording *recording;
	char bytes[256];
	struct text reason;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		text_init(&reason, bytes, sizeof(bytes));
		assert_int_not_equal(recording_open(cases[i].path, &recording, &reason), 0);
		assert_non_null(strstr(bytes, cases[i].want));
	}
}

/* A full disk is told by errno's number, at once and at the end. */
static void test_full_disk(void **state)
{
	const struct dvk_dcinfo dc = { .dcid = 3 };
	struct recorder *recorder;

	(void)state;
	assert_int_equal(recorder_create("/dev/full", &dc, &recorder), -28);
	assert_int_equal(recorder_create("/nowhere/at/all", &dc, &recorder), -2);
}

static int set_up(void **state)
{
	struct stat status;
	int fd;

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/a.muktrace", folder);
	write_file();
	fd = open(path, O_RDONLY);
	if (fd < 0 || fstat(fd, &status))
		return -1;
	content_bytes = (size_t)status.st_size;
	content = malloc(content_bytes);
	if (!content || read(fd, content, content_bytes) != (ssize_t)content_bytes)
		return -1;
	return close(fd);
}

static int tear_down(void **state)
{
	(void)state;
	free(content);
	unlink(path);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_info),    cmocka_unit_test(test_records),
		cmocka_unit_test(test_events),  cmocka_unit_test(test_memory),
		cmocka_unit_test(test_state),   cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_corrupt), cmocka_unit_test(test_every_part),
		cmocka_unit_test(test_no_file), cmocka_unit_test(test_full_disk),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
