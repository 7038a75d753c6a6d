/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stage.c - see stage.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "embedded.h"
#include "protocol/fs.h"
#include "protocol/m3ftp.h"
#include "protocol/server.h"
#include "stage.h"

#define IMAGE_MIB 64
#define ANSWER_MS 3000
#define ROW_MAX   1024
#define POLL_US   500

static uint64_t random_state;

uint32_t stage_random(uint32_t below)
{
	if (!random_state) {
		const char *given = getenv("SEED");

		random_state = given ? strtoull(given, NULL, 0) : (uint64_t)live_now_ns() | 1;
		printf("# SEED=%llu\n", (unsigned long long)random_state);
	}
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)((random_state >> 20) % below);
}

void stage_sleep_us(uint32_t us)
{
	struct timespec pause = { us / 1000000, us % 1000000 * 1000 };

	nanosleep(&pause, NULL);
}

void stage_put_path(int n, char ret_path[32])
{
	snprintf(ret_path, 32, "/dir/put-%d", n);
}

static struct dvk_snapshot *look(struct stage *stage)
{
	struct dvk_snapshot *snapshot;

	assert_int_equal(dvk_view_snapshot(stage->view, &snapshot), 0);
	return snapshot;
}

void stage_begin(struct stage *stage, const char *runtime)
{
	struct dvk_snapshot *snapshot;

	memset(stage, 0, sizeof(*stage));
	assert_int_equal(live_make(&stage->live, runtime, IMAGE_MIB), 0);
	assert_int_equal(live_start(&stage->live), 0);
	assert_int_equal(dvk_view_open(LIVE_DCID, stage->live.muk.folder, 0, &stage->view), 0);
	assert_true(live_join(&stage->live, "tester") > 0);
	assert_int_equal(fs_call_mkdir(FS_PROC_NR, "/dir", 0755), 0);
	snapshot = look(stage);
	stage->bound = snapshot->count;
	dvk_snapshot_free(snapshot);
}

void stage_end(struct stage *stage)
{
	printf("# %s: %d burials timed, %ld after more than %d ms, the last after %ld ms\n",
	       stage->live.runtime, stage->count, stage->late, STAGE_WITHIN_MS, stage->worst_ms);
	/* Where others have our processor, one may come late: that is no rule then. */
	assert_true(stage->late * 10 <= stage->count);
	dvk_view_close(stage->view);
	dvk_close();
	assert_int_equal(live_stop(&stage->live), 0);
	assert_int_equal(live_check_image(&stage->live), 0);
	live_remove(&stage->live);
}

bool stage_find(struct stage *stage, const char *name, struct dvk_procinfo *ret_info)
{
	struct dvk_snapshot *snapshot = look(stage);
	bool found = false;

	for (int i = 0; i < snapshot->count && !found; i++) {
		found = strcmp(snapshot->procs[i].name, name) == 0;
		if (found)
			*ret_info = snapshot->procs[i];
	}
	dvk_snapshot_free(snapshot);
	return found;
}

int stage_tracers(void)
{
	return (int)__atomic_load_n(&host.dc.state->traced, __ATOMIC_ACQUIRE);
}

/* The rows of a table of some server, as it has them now; the caller's to free. */
static void *read_table(struct stage *stage, const char *type, unsigned int *ret_rows)
{
	struct dvk_snapshot *snapshot = look(stage);
	void *rows = NULL;

	for (int i = 0; i < snapshot->table_count && !rows; i++) {
		const struct dvk_table *table = &snapshot->tables[i];
		size_t bytes = (size_t)table->rows * table->row_bytes;

		if (strcmp(table->type, type) != 0)
			continue;
		assert_true(table->rows <= ROW_MAX);
		rows = calloc(1, bytes);
		assert_non_null(rows);
		*ret_rows = table->rows;
		assert_int_equal(
			dvk_view_read(stage->view, table->pid, table->address, rows, bytes), 0);
	}
	dvk_snapshot_free(snapshot);
	assert_non_null(rows);
	return rows;
}

int stage_transfers(struct stage *stage)
{
	unsigned int count = 0;
	struct m3ftp_transfer_row *rows = read_table(stage, "m3ftp.transfer", &count);
	int busy = 0;

	for (unsigned int i = 0; i < count; i++)
		busy += rows[i].handle != 0;
	free(rows);
	return busy;
}

/* Clients that FS has, or -1 for one that is bound no longer. */
static int dead_clients(struct stage *stage)
{
	unsigned int count = 0;
	struct fs_client_row *rows = read_table(stage, "fs.client", &count);
	struct dvk_snapshot *snapshot = look(stage);
	int dead = 0;

	for (unsigned int i = 0; i < count; i++) {
		int known = !rows[i].calls;

		for (int k = 0; k < snapshot->count && !known; k++)
			known = snapshot->procs[k].endpoint == rows[i].ep;
		dead += !known;
	}
	dvk_snapshot_free(snapshot);
	free(rows);
	return dead;
}

static int slots_lost(struct stage *stage)
{
	struct dvk_snapshot *snapshot = look(stage);
	int lost = snapshot->count - stage->bound;

	dvk_snapshot_free(snapshot);
	return lost + stage_tracers();
}

/* Waits until it counts nothing any more; the ms that it took. */
static long wait_for_none(struct stage *stage, int (*count)(struct stage *stage), const char *what)
{
	int64_t began = live_now_ns(), now;
	int left;

	while ((left = count(stage)) != 0) {
		now = live_now_ns();
		if (now - began > STAGE_PATIENCE_MS * 1000000LL)
			fail_msg("%s: still %d after %d ms", what, left, STAGE_PATIENCE_MS);
		stage_sleep_us(POLL_US);
	}
	return (long)((live_now_ns() - began) / 1000000);
}

void stage_slots_are_back(struct stage *stage)
{
	long ms = wait_for_none(stage, slots_lost, "slots and traces of the dead");

	stage->count++;
	stage->late += ms > STAGE_WITHIN_MS;
	if (ms > stage->worst_ms)
		stage->worst_ms = ms;
}

static void servers_answer(void)
{
	static const int servers[] = { SYSTASK(0), CLOCK,         PM_PROC_NR,
				       FS_PROC_NR, RDISK_PROC_NR, M3FTP_PROC_NR };

	for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++) {
		message m = { .m_type = SERVER_CALL_PING };

		assert_int_equal(dvk_sendrec_T(servers[i], &m, ANSWER_MS), 0);
		assert_int_equal(m.m_type, 0);
	}
}

/* A file that was put is all of one letter and has its whole length, or it is not there. */
static void check_put(int n)
{
	static char bytes[STAGE_PUT_BYTES];
	struct fs_open_reply opened = { .fd = -1 };
	struct fs_pread_reply got = { 0 };
	char path[32];
	int error;

	stage_put_path(n, path);
	error = fs_call_open(FS_PROC_NR, path, FS_OPEN_RDONLY, 0, &opened);
	if (error == EDVSNOENT)
		return;
	assert_int_equal(error, 0);
	assert_int_equal(fs_call_pread(FS_PROC_NR, opened.fd, 0, bytes, sizeof(bytes), &got), 0);
	assert_int_equal(got.bytes, STAGE_PUT_BYTES);
	for (size_t i = 1; i < sizeof(bytes); i++)
		if (bytes[i] != bytes[0])
			fail_msg("%s is of two transfers: byte %zu", path, i);
	assert_int_equal(fs_call_pread(FS_PROC_NR, opened.fd, sizeof(bytes), bytes, 1, &got), 0);
	assert_int_equal(got.bytes, 0);
	assert_int_equal(fs_call_close(FS_PROC_NR, opened.fd), 0);
}

static void no_temporary_is_left(void)
{
	struct fs_getdents_reply got = { .bytes = 1 };
	struct fs_open_reply opened = { .fd = -1 };
	struct fs_dirent entries[16];

	assert_int_equal(fs_call_open(FS_PROC_NR, "/dir", FS_OPEN_RDONLY, 0, &opened), 0);
	while (got.bytes) {
		assert_int_equal(
			fs_call_getdents(FS_PROC_NR, opened.fd, entries, sizeof(entries), &got), 0);
		for (size_t i = 0; i < got.bytes / sizeof(entries[0]); i++)
			if (strncmp(entries[i].name, ".ftp", 4) == 0)
				fail_msg("%s of a dead client is left", entries[i].name);
	}
	assert_int_equal(fs_call_close(FS_PROC_NR, opened.fd), 0);
}

void stage_is_calm(struct stage *stage)
{
	stage_slots_are_back(stage);
	servers_answer();
	wait_for_none(stage, dead_clients, "clients of FS that are dead");
	wait_for_none(stage, stage_transfers, "transfers of dead clients");
	no_temporary_is_left();
	for (int n = 0; n < STAGE_PUTS; n++)
		check_put(n);
}
