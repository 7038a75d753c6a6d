/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * target_recording.c - files that say they are recordings.
 *
 * A good file is made once. The input is put into it at places that it names, or
 * adds chunks of its own, and the checksums are made right again or not; so the
 * reader's own checks are met, not only the sums. All that a shell asks of a file is
 * asked, and what comes is decoded.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <inspect.h>
#include <patient.h>
#include <recording.h>

#include "crc32c.h"
#include "input.h"
#include "recording_format.h"

#define FILE_BYTES 65536
#define RECORDS    200
#define AT_ONCE    64

static unsigned char made[FILE_BYTES];
static size_t made_bytes;
static struct crc32c crc;
static char path[4096];

static void put_records(struct recorder *recorder)
{
	struct dvk_record r = { .event = { .kind = DVK_EVENT_CALL, .src_ep = 70, .dst_ep = 1 } };

	for (uint64_t i = 1; i <= RECORDS; i++) {
		r.event.sequence = 3 * i;
		r.event.call = i / 2;
		r.event.kind = i % 2 ? DVK_EVENT_CALL : DVK_EVENT_REPLY;
		r.event.m_type = r.m.m_type = (int32_t)(i % 2 ? i % 60 : 0);
		r.m.payload[i % DVK_PAYLOAD_BYTES] = (uint8_t)i;
		MUST(recorder_records(recorder, &r, 1) == 0);
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct dvk_procinfo procs[2] = { { .nr = 1, .endpoint = 1, .pid = 7, .name = "fs" },
					 { .nr = 70, .endpoint = 70, .name = "client" } };
	struct dvk_table table = { .address = 4096, .rows = 1, .row_bytes = 8, .pid = 7 };
	struct dvk_snapshot s = { .procs = procs, .count = 2, .tables = &table, .table_count = 1 };
	struct inspect_thread thread = { .exists = 1, .state = 'S' };
	struct recorder *recorder;
	int fd;

	(void)argc;
	(void)argv;
	crc32c_init(&crc);
	snprintf(path, sizeof(path), "%s", fuzz_path("recording"));
	MUST(recorder_create(path, &s.dc, &recorder) == 0);
	MUST(recorder_snapshot(recorder, &s) == 0);
	MUST(recorder_memory(recorder, 7, 4096, "01234567", 8) == 0);
	MUST(recorder_thread(recorder, 7, 7, &thread) == 0);
	MUST(recorder_stack(recorder, procs, "main") == 0);
	MUST(recorder_name(recorder, 71, "gone") == 0);
	put_records(recorder);
	MUST(recorder_lost(recorder, 5) == 0);
	MUST(recorder_close(recorder) == 0);
	fd = open(path, O_RDONLY);
	made_bytes = (size_t)read(fd, made, sizeof(made));
	MUST(made_bytes < sizeof(made) / 2);
	close(fd);
	return 0;
}

/* Sums as the file's chunks now need them, as far as they can be found. */
static void make_sums_right(unsigned char *file, size_t bytes)
{
	struct recording_header *header = (struct recording_header *)file;
	size_t at = sizeof(*header);

	header->crc = crc32c_add(&crc, 0, header, offsetof(struct recording_header, crc));
	while (at + sizeof(struct chunk_header) <= bytes) {
		struct chunk_header chunk;

		memcpy(&chunk, file + at, sizeof(chunk));
		if (chunk.bytes > bytes - at - sizeof(chunk))
			return;
		chunk.crc = crc32c_add(&crc, 0, &chunk.type, 2 * sizeof(uint32_t));
		chunk.crc = crc32c_add(&crc, chunk.crc, file + at + sizeof(chunk), chunk.bytes);
		memcpy(file + at, &chunk, sizeof(chunk));
		at += sizeof(chunk) + ((chunk.bytes + 7ull) & ~7ull);
	}
}

/* One more chunk at the end, of any type, with the input's contents. */
static size_t add_chunk(struct input *in, unsigned char *file, size_t bytes)
{
	struct chunk_header chunk = { .magic = CHUNK_MAGIC, .type = take_below(in, 12) };

	chunk.bytes = take_below(in, 2048);
	if (bytes + sizeof(chunk) + chunk.bytes + 8 > FILE_BYTES)
		return bytes;
	memcpy(file + bytes, &chunk, sizeof(chunk));
	take_bytes(in, file + bytes + sizeof(chunk), chunk.bytes);
	return bytes + sizeof(chunk) + ((chunk.bytes + 7u) & ~7u);
}

static size_t make_file(struct input *in, unsigned char *file)
{
	int right = (int)take_below(in, 4);
	int steps = (int)take_below(in, 12);
	size_t bytes = made_bytes;

	memcpy(file, made, made_bytes);
	for (int i = 0; i < steps; i++) {
		uint32_t what = take_below(in, 8);
		size_t at = take_below(in, (uint32_t)bytes - 8);
		uint64_t value = take_number(in);

		if (what == 0)
			bytes = add_chunk(in, file, bytes);
		else
			memcpy(file + at, &value, what);
	}
	if (right)
		make_sums_right(file, bytes);
	return right == 3 ? take_below(in, (uint32_t)bytes + 1) : bytes;
}

static void show_line(void *context, const struct inspect_line *line)
{
	char bytes[4096];
	struct text t;

	(void)context;
	text_init(&t, bytes, sizeof(bytes));
	inspect_line_text(line, &t);
}

static void show_name(void *context, int endpoint, const char *name)
{
	inspect_tracer_remember(context, endpoint, name);
}

static void show_stack(void *context, int endpoint, const char *text)
{
	(void)context;
	(void)endpoint;
	MUST(strlen(text) <= CHUNK_BYTES_MAX);
}

static void trace(struct patient *patient, struct recording *recording, const struct inspect *in)
{
	struct inspect_tracer *tracer = inspect_tracer_create(0, show_line, NULL);
	static struct dvk_record records[AT_ONCE];
	uint64_t sequence = 0, before = 0, lost;
	int count;

	MUST(tracer);
	inspect_tracer_names(tracer, in);
	recording_names(recording, show_name, tracer);
	while ((count = patient_records(patient, &sequence, records, AT_ONCE, &lost)) > 0) {
		for (int i = 0; i < count; i++) {
			MUST(records[i].event.sequence > before);
			before = records[i].event.sequence;
			inspect_tracer_feed(tracer, &records[i].event, &records[i].m);
		}
	}
	inspect_tracer_destroy(tracer);
}

static void look(struct patient *patient, struct recording *recording)
{
	struct dvk_snapshot *s;
	struct inspect *in;
	char bytes[4096];
	struct text t;

	text_init(&t, bytes, sizeof(bytes));
	recording_words(recording, &t);
	recording_stacks(recording, show_stack, NULL);
	if (patient_snapshot(patient, &s))
		return;
	in = inspect_create(s, NULL);
	MUST(in);
	for (int i = 0; i < s->count; i++)
		inspect_sentence(in, &s->procs[i], &t);
	for (int i = 0; i < s->table_count; i++)
		patient_read(patient, s->tables[i].pid, s->tables[i].address, bytes, 64);
	trace(patient, recording, in);
	inspect_destroy(in);
	dvk_snapshot_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char file[FILE_BYTES];
	struct input in = { data, size };
	struct recording *recording;
	struct patient *patient;
	char bytes[512];
	struct text reason;

	fuzz_write(path, file, make_file(&in, file));
	text_init(&reason, bytes, sizeof(bytes));
	if (recording_open(path, &recording, &reason)) {
		MUST(reason.used > 0);
		return 0;
	}
	patient = patient_of_recording(recording);
	MUST(patient);
	inspect_host_use(recording_host(recording));
	look(patient, recording);
	patient_close(patient);
	MUST(!inspect_host());
	return 0;
}
