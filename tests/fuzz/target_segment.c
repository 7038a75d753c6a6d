/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * target_segment.c - a DC's file in which anything may stand, and this process
 * looks at it, attaches to it, and makes calls while more of it rots.
 *
 * Errors are fine; a crash, a call that does not come back in its time, and a DC
 * that cannot be left again are not. Each input begins with the same file: one
 * that nobody uses, or one whose members were all killed in the middle.
 */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <dvk/dvk.h>
#include <dvk/state.h>

#include "input.h"
#include "segment.h"

#define DCID       5
#define PROCS      80
#define MEMBERS    (NR_TASKS + PROCS + MEMBERS_EXTRA)
#define SLOTS      6 /* that the killed one had */
#define CHANGES    8
#define STEPS      24
#define EVENTS     64
#define NOBODY     0x3fffffff /* a pid that no process has */
#define COPY_BYTES 4096

static struct dvk_options options = { .nr_procs = PROCS };
static char path[4096];
static unsigned char *files[2]; /* what the file can be at the beginning */
static size_t file_bytes;
/* What is never touched and large: members behind these, the ring of full records. */
static size_t used_end, ring_begin, ring_end;
static unsigned char *file; /* the file, mapped */
static int file_fd = -1;
static char from[COPY_BYTES], to[COPY_BYTES];

/* ---- the files to begin with -------------------------------------------------- */

static unsigned char *load(void)
{
	struct stat status;
	unsigned char *bytes;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	MUST(fd >= 0 && fstat(fd, &status) == 0);
	file_bytes = (size_t)status.st_size;
	bytes = malloc(file_bytes);
	MUST(bytes && read(fd, bytes, file_bytes) == (ssize_t)file_bytes);
	close(fd);
	return bytes;
}

/* Somebody with some slots in all kinds of waits; it kills itself. */
static void be_killed(void)
{
	message m = { .m_type = 5 };

	MUST(dvk_open(DCID, &options) == 0);
	MUST(dvk_bind(FS_PROC_NR, "fs") == FS_PROC_NR);
	MUST(dvk_tbind(SYSTASK(0), "systask") == SYSTASK(0));
	for (int i = 2; i < SLOTS; i++)
		MUST(dvk_is_endpoint(dvk_tbind(NONE, "client")));
	MUST(dvk_register_table("fs.super", 1, from, 1, 64) == 0);
	(void)dvk_notify(SYSTASK(0));
	(void)dvk_send_T(SYSTASK(0), &m, 0);
	kill(getpid(), SIGKILL);
}

static void make_files(void)
{
	pid_t pid;

	options.flags = DVK_CREATE | DVK_KEEP;
	MUST(dvk_open(DCID, &options) == 0);
	MUST(dvk_close() == 0);
	files[0] = load();
	pid = fork();
	MUST(pid >= 0);
	if (!pid)
		be_killed();
	MUST(waitpid(pid, NULL, 0) == pid);
	files[1] = load();
	options.flags = 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	options.dir = fuzz_folder();
	snprintf(path, sizeof(path), "%s", fuzz_path("dc5"));
	make_files();
	used_end = offsetof(struct segment, members) + MEMBERS * sizeof(struct member);
	ring_begin = SEGMENT_STATE_OFFSET + offsetof(struct dc_state, ring);
	ring_end = SEGMENT_STATE_OFFSET + sizeof(struct dc_state);
	return 0;
}

/* The file as it was; made anew when the last one to leave has removed it. */
static void restore(int which)
{
	struct stat status;

	if (file_fd >= 0 && (fstat(file_fd, &status) != 0 || !status.st_nlink)) {
		munmap(file, file_bytes);
		close(file_fd);
		file_fd = -1;
	}
	if (file_fd < 0) {
		file_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		MUST(file_fd >= 0 && ftruncate(file_fd, (off_t)file_bytes) == 0);
		file = mmap(NULL, file_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file_fd, 0);
		MUST(file != MAP_FAILED);
	}
	memcpy(file, files[which], used_end);
	memcpy(file + SEGMENT_STATE_OFFSET, files[which] + SEGMENT_STATE_OFFSET,
	       ring_begin - SEGMENT_STATE_OFFSET);
	memcpy(file + ring_end, files[which] + ring_end, file_bytes - ring_end);
}

/* ---- spoiling ----------------------------------------------------------------- */

/* Copies go to the process that a member names: it is this one, or nobody. */
static void keep_to_ourselves(void)
{
	struct segment *segment = (struct segment *)(void *)file;

	for (int i = 0; i < MEMBERS; i++)
		if (segment->members[i].pid && segment->members[i].pid != getpid())
			segment->members[i].pid = NOBODY;
}

/* Who is stopped by a debugger waits for it, however long: that is no hanging. */
static void let_go(void)
{
	struct proc *procs =
		(struct proc *)(void *)(file + SEGMENT_STATE_OFFSET + sizeof(struct dc_state));

	for (int i = 0; i < NR_TASKS + PROCS; i++)
		if (procs[i].rts & DVK_RTS_STOPPED)
			procs[i].rts &= ~(uint32_t)DVK_RTS_STOPPED;
}

struct part {
	size_t first, bytes;
};

static const struct part parts[] = {
	{ offsetof(struct dc_state, magic), offsetof(struct dc_state, exits) },
	{ offsetof(struct dc_state, exits), sizeof(((struct dc_state *)0)->exits) },
	{ offsetof(struct dc_state, tables), 4 * sizeof(struct dvk_table) },
	{ offsetof(struct dc_state, undo), 4 * sizeof(struct undo_word) },
	{ offsetof(struct dc_state, recorder), 8 * sizeof(struct dvk_event) },
	{ sizeof(struct dc_state), (NR_TASKS + PROCS) * sizeof(struct proc) },
	{ sizeof(struct dc_state) + NR_TASKS * sizeof(struct proc), 4 * sizeof(struct proc) },
	{ sizeof(struct dc_state) + (NR_TASKS + PROCS) * sizeof(struct proc),
	  (NR_TASKS + PROCS) * sizeof(struct proc_rest) },
};

/* Of the host's part: its head, and some members. */
static const struct part host_parts[] = {
	{ 0, offsetof(struct segment, members) },
	{ offsetof(struct segment, members), 6 * sizeof(struct member) },
};

static void spoil_word(struct input *in, const struct part *part, size_t base)
{
	uint32_t word = take_below(in, (uint32_t)(part->bytes / 4));
	uint32_t value = (uint32_t)take_number(in);

	memcpy(file + base + part->first + 4 * (size_t)word, &value, sizeof(value));
}

static void spoil_state(struct input *in)
{
	const struct part *part = &parts[take_below(in, sizeof(parts) / sizeof(parts[0]))];

	spoil_word(in, part, SEGMENT_STATE_OFFSET);
}

static void spoil(struct input *in)
{
	uint32_t changes = take_below(in, CHANGES);

	for (uint32_t i = 0; i < changes; i++)
		if (take(in, 1) % 4)
			spoil_state(in);
		else
			spoil_word(in, &host_parts[take_below(in, 2)], 0);
	keep_to_ourselves();
}

/* ---- looking ------------------------------------------------------------------ */

static void look(struct input *in, int read_only)
{
	static struct dvk_event events[EVENTS];
	static struct dvk_record records[EVENTS];
	struct dvk_snapshot *snapshot;
	struct dvk_view *view;
	uint64_t sequence = take_number(in), lost;
	int error;

	if (dvk_view_open(DCID, options.dir, read_only, &view) != 0)
		return;
	error = dvk_view_snapshot(view, &snapshot);
	if (!error) {
		for (int i = 0; i < snapshot->count; i++)
			MUST(snapshot->procs[i].name[DVK_NAME_BYTES - 1] == 0);
		dvk_snapshot_free(snapshot);
	}
	(void)dvk_view_alive(view);
	MUST(dvk_view_recorder(view, &sequence, events, EVENTS, &lost) <= EVENTS);
	if (take(in, 1) % 4 == 0 && dvk_view_trace(view, 1) == 0)
		MUST(dvk_view_records(view, &sequence, records, EVENTS, &lost) <= EVENTS);
	dvk_view_wait(view, 0);
	dvk_view_close(view);
}

static void list(void)
{
	struct dvk_dcinfo dcs[NR_DCS];
	int count = dvk_list_dcs(options.dir, dcs, NR_DCS);

	MUST(count == 0 || count == 1);
}

/* ---- calling ------------------------------------------------------------------ */

static int take_ep(struct input *in)
{
	static const int eps[] = { FS_PROC_NR,
				   SYSTASK(0),
				   GENERATION_SIZE + 64,
				   GENERATION_SIZE + 65,
				   2 * GENERATION_SIZE + 64,
				   SELF };
	uint8_t how = (uint8_t)take(in, 1);

	return how < 192 ? eps[how % 6] : (int)take_number(in);
}

static void talk(struct input *in)
{
	message m = { .m_type = (int)take(in, 1) };
	int ep = take_ep(in);
	long ms = take(in, 1) % 16 == 0;

	switch (take_below(in, 7)) {
	case 0:
		(void)dvk_send_T(ep, &m, ms);
		break;
	case 1:
		(void)dvk_receive_T(take(in, 1) % 2 ? ANY : ep, &m, ms);
		break;
	case 2:
		(void)dvk_sendrec_T(ep, &m, ms);
		break;
	case 3:
		(void)dvk_reply(ep, &m);
		break;
	case 4:
		(void)dvk_reply_receive_T(ep, &m, ANY, &m, ms);
		break;
	case 5:
		(void)dvk_notify(ep);
		break;
	default:
		(void)dvk_reply_to(dvk_request(), &m);
	}
}

static void copy(struct input *in)
{
	keep_to_ourselves();
	(void)dvk_vcopy(take_ep(in), dvk_address(from), take_ep(in), dvk_address(to),
			take_below(in, COPY_BYTES));
}

static void live(struct input *in)
{
	struct dvk_exit exits[8];
	uint64_t next = take_number(in), lost;

	switch (take_below(in, 7)) {
	case 0:
		(void)dvk_bind(take(in, 1) % 2 ? NONE : take_ep(in), "one");
		break;
	case 1:
		(void)dvk_tbind(NONE, "more");
		break;
	case 2:
		(void)dvk_unbind(take_ep(in), 0);
		break;
	case 3:
		(void)dvk_register_table("pm.process", 1, from, 1, 64);
		break;
	case 4:
		(void)dvk_take_exits(&next, exits, 8, &lost);
		break;
	case 5:
		(void)dvk_getep(take(in, 1) % 2 ? 0 : (pid_t)take_number(in));
		break;
	default:
		(void)dvk_set_sleep_note("sleeps");
		(void)dvk_shares_memory(take_ep(in));
	}
}

static void use(struct input *in)
{
	if (dvk_open(DCID, &options) != 0) {
		MUST(dvk_open_error() && *dvk_open_error());
		return;
	}
	let_go();
	(void)dvk_bind(NONE, "fuzzer");
	for (int i = 0; i < STEPS && in->left; i++) {
		uint32_t what = take_below(in, 8);

		let_go();
		if (what == 0)
			spoil_state(in);
		else if (what == 1)
			copy(in);
		else if (what < 4)
			live(in);
		else
			talk(in);
	}
	MUST(dvk_close() == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	uint8_t how = (uint8_t)take(&in, 1);

	restore(how % 2);
	spoil(&in);
	if (how & 2)
		look(&in, 1);
	if (how & 4)
		list();
	if (how & 8)
		look(&in, 0);
	use(&in);
	return 0;
}
