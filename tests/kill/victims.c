/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * victims.c - see victims.h.
 *
 * A victim checks what it is answered: the death of others must not show in it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "m3ftp/client.h"
#include "protocol/fs.h"
#include "protocol/pm.h"
#include "protocol/server.h"
#include "victims.h"

#define FS         FS_PROC_NR
#define LIFE_S     60
#define FILE_BYTES 20000

struct victim {
	const struct live *live;
	struct victims_board *board;
	enum victim_kind kind;
	int n;
	int file; /* a descriptor of the host, for M3FTP */
	struct dvk_view *view;
	uint64_t sequence;
};

const char *const victim_names[VICTIM_KIND_COUNT] = {
#define VICTIM_KIND(name) #name,
	VICTIM_KINDS(VICTIM_KIND)
#undef VICTIM_KIND
};

static char bytes[STAGE_PUT_BYTES];

struct victims_board *victims_board_create(void)
{
	void *board = mmap(NULL, sizeof(struct victims_board), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_true(board != MAP_FAILED);
	((struct victims_board *)board)->listener_ep = NONE;
	return board;
}

/* What should be 0; another answer is put on the board. */
static void expect(struct victim *v, const char *what, int result)
{
	struct victims_board *board = v->board;

	if (result == 0)
		__atomic_add_fetch(&board->done[v->kind], 1, __ATOMIC_RELAXED);
	else if (!board->complaint[0])
		snprintf(board->complaint, sizeof(board->complaint), "%s: %s gives %d, %s",
			 victim_names[v->kind], what, result, dvk_strerror(result));
}

static void works_on_files(struct victim *v)
{
	struct fs_open_reply opened = { .fd = -1 };
	struct fs_write_reply written;
	char path[32], other[32];
	int error;

	snprintf(path, sizeof(path), "/dir/file-%d", v->n);
	snprintf(other, sizeof(other), "/dir/other-%d", v->n);
	error = fs_call_open(FS, path, FS_OPEN_CREAT | FS_OPEN_RDWR | FS_OPEN_TRUNC, 0644, &opened);
	expect(v, "open", error);
	expect(v, "write", fs_call_write(FS, opened.fd, bytes, FILE_BYTES, &written));
	expect(v, "rename", fs_call_rename(FS, path, other));
	expect(v, "unlink", fs_call_unlink(FS, other));
	expect(v, "fsync", fs_call_fsync(FS, opened.fd));
	expect(v, "close", fs_call_close(FS, opened.fd));
}

static void reads(struct victim *v)
{
	struct fs_open_reply opened = { .fd = -1 };
	struct fs_pread_reply got;

	expect(v, "open", fs_call_open(FS, "/dir/large", FS_OPEN_RDONLY, 0, &opened));
	for (int i = 0; i < 20; i++)
		expect(v, "pread",
		       fs_call_pread(FS, opened.fd, i * 10000, bytes, sizeof(bytes), &got));
	expect(v, "close", fs_call_close(FS, opened.fd));
}

static void gets_files(struct victim *v)
{
	struct m3ftp_job job = { .path = "/dir/large", .fd = v->file };
	struct m3ftp_result moved;

	lseek(v->file, 0, SEEK_SET);
	expect(v, "get", m3ftp_get(M3FTP_PROC_NR, &job, &moved));
}

static void puts_files(struct victim *v)
{
	char path[32];
	struct m3ftp_job job = { .path = path, .fd = v->file, .mode = 0644 };
	struct m3ftp_result moved;

	stage_put_path(v->n, path);
	memset(bytes, 'a' + (int)(v->sequence++ % 26), sizeof(bytes));
	if (pwrite(v->file, bytes, sizeof(bytes), 0) != sizeof(bytes))
		_exit(1);
	lseek(v->file, 0, SEEK_SET);
	expect(v, "put", m3ftp_put(M3FTP_PROC_NR, &job, &moved));
}

static void pings(struct victim *v)
{
	static const int servers[] = { PM_PROC_NR, FS, RDISK_PROC_NR, M3FTP_PROC_NR };
	struct server_ping_reply reply;

	for (int i = 0; i < 100; i++)
		expect(v, "ping", server_call_ping(servers[i % 4], &reply));
}

/* To whoever listens; he may die at any time. */
static void talks(struct victim *v)
{
	int to = __atomic_load_n(&v->board->listener_ep, __ATOMIC_RELAXED);
	message m = { .m_type = 77 };
	int result = to == NONE ? EDVSDSTDIED : dvk_sendrec_T(to, &m, 50);

	switch (result) {
	case EDVSENDPOINT:
	case EDVSDSTDIED:
	case EDVSSRCDIED:
	case EDVSDEADSRCDST:
	case EDVSTIMEDOUT:
	case EDVSNOTREADY:
		stage_sleep_us(200);
		result = 0;
	}
	expect(v, "sendrec to a listener", result);
}

static void listens(struct victim *v)
{
	message m;
	int result;

	__atomic_store_n(&v->board->listener_ep, dvk_getep(0), __ATOMIC_RELAXED);
	result = dvk_receive_T(ANY, &m, 50);
	if (result == EDVSTIMEDOUT)
		return;
	expect(v, "receive", result);
	if (!result && m.m_type == 77)
		(void)dvk_reply(m.m_source, &m); /* its caller may be dead */
}

static void binds(struct victim *v)
{
	expect(v, "close", dvk_close());
	expect(v, "join", live_join(v->live, "victim") > 0 ? 0 : EDVSGENERIC);
}

static void traces(struct victim *v)
{
	static struct dvk_record records[64];
	uint64_t lost;
	int count = dvk_view_records(v->view, &v->sequence, records, 64, &lost);

	expect(v, "records", count < 0 ? count : 0);
	if (count < 64)
		dvk_view_wait(v->view, 5);
}

static void makes_processes(struct victim *v)
{
	struct pm_newproc_reply born;
	struct pm_getpid_reply who;

	expect(v, "newproc", pm_call_newproc(PM_PROC_NR, 0, UINT32_MAX, UINT32_MAX, "", &born));
	expect(v, "getpid", pm_call_getpid(PM_PROC_NR, &who));
	expect(v, "exit", pm_call_exit(PM_PROC_NR, 0));
	binds(v);
}

static void (*const bodies[VICTIM_KIND_COUNT])(struct victim *v) = {
	[VICTIM_FILES] = works_on_files,      [VICTIM_READS] = reads, [VICTIM_GETS] = gets_files,
	[VICTIM_PUTS] = puts_files,           [VICTIM_PINGS] = pings, [VICTIM_TALKS] = talks,
	[VICTIM_LISTENS] = listens,           [VICTIM_BINDS] = binds, [VICTIM_TRACES] = traces,
	[VICTIM_PROCESSES] = makes_processes,
};

static void live_on(struct victim *v)
{
	alarm(LIFE_S);
	if (live_join(v->live, "victim") < 0)
		_exit(1);
	v->file = memfd_create("victim", MFD_CLOEXEC);
	if (v->kind == VICTIM_TRACES &&
	    (dvk_view_open(LIVE_DCID, v->live->muk.folder, 0, &v->view) ||
	     dvk_view_trace(v->view, 1)))
		_exit(2);
	for (;;)
		bodies[v->kind](v);
}

pid_t victim_start(const struct stage *stage, enum victim_kind kind, int n,
		   struct victims_board *board)
{
	struct victim victim = { .live = &stage->live, .board = board, .kind = kind, .n = n };
	pid_t pid = live_fork();

	assert_true(pid >= 0);
	if (pid == 0)
		live_on(&victim);
	return pid;
}
