/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_muk.c - kill -9 of the MUK itself while clients work: each of them is told
 * within 100 ms, and when it is back what fsync said was written is there.
 *
 * A writer's file is a row of records; each is synced before it counts as kept.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "protocol/fs.h"
#include "protocol/pm.h"
#include "protocol/server.h"
#include "stage.h"

#define ROUNDS     25 /* on each runtime */
#define WRITERS    2
#define CLIENTS    (WRITERS + 3) /* and who pings, who waits in a receive, who reads */
#define RECORD_MAX 9000
#define KEPT_MIN   3 /* records of each writer before the MUK is killed */
#define KEPT_MORE  12
#define IMAGE_MIB  64

/* What a client has to tell, in memory that outlives it. */
struct report {
	int kept; /* records whose fsync has returned 0 */
	uint64_t calls;
	int error;        /* that ended it */
	int64_t ended_ns; /* when it was told */
};

struct fall {
	struct live live;
	struct report *reports;
	pid_t pids[CLIENTS];
	int round;
	long count, late, worst_ms;
};

/* ---- what is in record i of writer k ---- */

static uint32_t record_bytes(int k, int i)
{
	return 1 + (uint32_t)(i * 2654435761u + (unsigned int)k * 97u) % RECORD_MAX;
}

static void fill_record(int k, int i, char *ret_bytes)
{
	for (uint32_t at = 0; at < record_bytes(k, i); at++)
		ret_bytes[at] = (char)(at * 7 + (uint32_t)i * 31 + (uint32_t)k);
}

static void file_name(const struct fall *fall, int k, char ret_path[32])
{
	snprintf(ret_path, 32, "/writer-%d-%d", fall->round, k);
}

/* ---- the clients: each works until a call fails ---- */

static int write_record(int fd, int k, int i)
{
	static char bytes[RECORD_MAX];
	struct fs_write_reply written = { 0 };
	int error;

	fill_record(k, i, bytes);
	error = fs_call_write(FS_PROC_NR, fd, bytes, record_bytes(k, i), &written);
	if (!error && written.bytes != record_bytes(k, i))
		error = EDVSIO;
	return error ? error : fs_call_fsync(FS_PROC_NR, fd);
}

/* What nobody has asked to keep, and may be there or not. */
static int make_noise(int k, int i)
{
	char a[32], b[32];
	struct fs_creat_reply made;
	int error;

	snprintf(a, sizeof(a), "/noise-%d-%d", k, i % 7);
	snprintf(b, sizeof(b), "/noise-%d-%d", k, i % 5 + 10);
	error = fs_call_creat(FS_PROC_NR, a, 0644, &made);
	if (!error)
		error = fs_call_close(FS_PROC_NR, made.fd);
	if (!error)
		error = fs_call_rename(FS_PROC_NR, a, b);
	if (!error && i % 3 == 0)
		error = fs_call_unlink(FS_PROC_NR, b);
	return error;
}

static int write_on(const struct fall *fall, int k)
{
	struct report *report = &fall->reports[k];
	struct fs_open_reply opened = { .fd = -1 };
	char path[32];
	int error;

	file_name(fall, k, path);
	error = fs_call_open(FS_PROC_NR, path, FS_OPEN_CREAT | FS_OPEN_WRONLY | FS_OPEN_APPEND,
			     0644, &opened);
	for (int i = 0; !error; i++) {
		error = write_record(opened.fd, k, i);
		if (!error)
			__atomic_store_n(&report->kept, i + 1, __ATOMIC_RELEASE);
		if (!error)
			error = make_noise(k, i);
		report->calls += 6;
	}
	return error;
}

static int ping_on(struct report *report)
{
	struct server_ping_reply reply;
	int error = 0;

	for (; !error; report->calls++)
		error = server_call_ping(report->calls % 2 ? FS_PROC_NR : PM_PROC_NR, &reply);
	return error;
}

static int stat_on(struct report *report)
{
	struct fs_stat st;
	int error = 0;

	for (; !error; report->calls++)
		error = fs_call_stat(FS_PROC_NR, "/", &st, sizeof(st));
	return error;
}

static int receive_from_pm(struct report *report)
{
	message m;

	report->calls = 1;
	return dvk_receive(PM_PROC_NR, &m);
}

static void live_as_client(const struct fall *fall, int n)
{
	struct report *report = &fall->reports[n];

	alarm(30);
	if (live_join(&fall->live, "client") < 0)
		_exit(1);
	if (n < WRITERS)
		report->error = write_on(fall, n);
	else if (n == WRITERS)
		report->error = ping_on(report);
	else if (n == WRITERS + 1)
		report->error = receive_from_pm(report);
	else
		report->error = stat_on(report);
	report->ended_ns = live_now_ns();
	_exit(0);
}

/* ---- a round ---- */

static bool all_are_at_work(const struct fall *fall, int kept)
{
	for (int n = 0; n < CLIENTS; n++) {
		const struct report *report = &fall->reports[n];

		if (n < WRITERS ? __atomic_load_n(&report->kept, __ATOMIC_ACQUIRE) < kept
				: !__atomic_load_n(&report->calls, __ATOMIC_ACQUIRE))
			return false;
		if (report->ended_ns)
			fail_msg("client %d has ended: %d, %s", n, report->error,
				 dvk_strerror(report->error));
	}
	return true;
}

static void start_clients(struct fall *fall)
{
	int64_t deadline = live_now_ns() + STAGE_PATIENCE_MS * 1000000LL;
	int kept = KEPT_MIN + (int)stage_random(KEPT_MORE);

	memset(fall->reports, 0, CLIENTS * sizeof(*fall->reports));
	for (int n = 0; n < CLIENTS; n++) {
		fall->pids[n] = live_fork();
		if (fall->pids[n] == 0)
			live_as_client(fall, n);
	}
	while (!all_are_at_work(fall, kept)) {
		if (live_now_ns() > deadline)
			fail_msg("the clients do not get on");
		stage_sleep_us(100);
	}
}

static bool tells_of_death(int error)
{
	return error == EDVSSRCDIED || error == EDVSDSTDIED || error == EDVSDEADSRCDST;
}

static void clients_are_told(struct fall *fall, int64_t killed_ns)
{
	for (int n = 0; n < CLIENTS; n++) {
		struct report *report = &fall->reports[n];
		long ms;
		int status;

		assert_int_equal(waitpid(fall->pids[n], &status, 0), fall->pids[n]);
		assert_int_equal(status, 0);
		if (!tells_of_death(report->error))
			fail_msg("client %d is told %d, %s", n, report->error,
				 dvk_strerror(report->error));
		ms = (long)((report->ended_ns - killed_ns) / 1000000);
		fall->count++;
		fall->late += ms > STAGE_WITHIN_MS;
		if (ms > fall->worst_ms)
			fall->worst_ms = ms;
		assert_true(ms < STAGE_PATIENCE_MS);
	}
}

static void check_kept(const struct fall *fall, int k)
{
	static char bytes[RECORD_MAX], want[RECORD_MAX];
	struct fs_open_reply opened = { .fd = -1 };
	struct fs_read_reply got = { 0 };
	char path[32];

	file_name(fall, k, path);
	assert_int_equal(fs_call_open(FS_PROC_NR, path, FS_OPEN_RDONLY, 0, &opened), 0);
	for (int i = 0; i < fall->reports[k].kept; i++) {
		fill_record(k, i, want);
		assert_int_equal(
			fs_call_read(FS_PROC_NR, opened.fd, bytes, record_bytes(k, i), &got), 0);
		if (got.bytes != record_bytes(k, i) || memcmp(bytes, want, got.bytes) != 0)
			fail_msg("round %d: record %d of %d in %s was synced and is lost",
				 fall->round, i, fall->reports[k].kept, path);
	}
	assert_int_equal(fs_call_close(FS_PROC_NR, opened.fd), 0);
}

static void kill_once(struct fall *fall)
{
	int64_t killed_ns;

	start_clients(fall);
	stage_sleep_us(stage_random(2000));
	killed_ns = live_now_ns();
	live_kill(&fall->live);
	clients_are_told(fall, killed_ns);
	assert_int_equal(live_start(&fall->live), 0);
	/* Sometimes it does nothing but begin; else we look at what was kept. */
	if (fall->round % 3 == 2) {
		live_kill(&fall->live);
		assert_int_equal(live_check_image(&fall->live), 0);
		assert_int_equal(live_start(&fall->live), 0);
	}
	assert_true(live_join(&fall->live, "judge") > 0);
	for (int k = 0; k < WRITERS; k++)
		check_kept(fall, k);
	dvk_close();
}

static void the_muk_is_killed(void **state)
{
	struct fall fall = { .worst_ms = 0 };

	fall.reports = mmap(NULL, CLIENTS * sizeof(*fall.reports), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(fall.reports != MAP_FAILED);
	assert_int_equal(live_make(&fall.live, *state, IMAGE_MIB), 0);
	assert_int_equal(live_start(&fall.live), 0);
	for (fall.round = 0; fall.round < ROUNDS; fall.round++) {
		kill_once(&fall);
		if (fall.round % 5 != 4)
			continue;
		assert_int_equal(live_stop(&fall.live), 0);
		assert_int_equal(live_check_image(&fall.live), 0);
		assert_int_equal(live_start(&fall.live), 0);
	}
	assert_int_equal(live_stop(&fall.live), 0);
	assert_int_equal(live_check_image(&fall.live), 0);
	printf("# %s: %d times; %ld clients told, %ld after more than %d ms, the last after %ld "
	       "ms\n",
	       fall.live.runtime, ROUNDS, fall.count, fall.late, STAGE_WITHIN_MS, fall.worst_ms);
	assert_true(fall.late * 10 <= fall.count);
	live_remove(&fall.live);
	munmap(fall.reports, CLIENTS * sizeof(*fall.reports));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(the_muk_is_killed, (void *)live_runtimes[0]),
		cmocka_unit_test_prestate(the_muk_is_killed, (void *)live_runtimes[1]),
	};

	alarm(200);
	return cmocka_run_group_tests_name("the MUK is killed", tests, NULL, NULL);
}
