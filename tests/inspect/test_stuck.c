/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_stuck.c - looking at real processes that are stopped, spin, wait for each
 * other or hold the DC's lock: who is at fault is named, and within 100 ms.
 *
 * The patients are children of the test in a DC of their own under /tmp.
 */
#include "state.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <dvk/dvk.h>
#include <patient.h>
#include <protocol/fs.h>
#include <runtime/task.h>

#define TEST_DC    7
#define SERVER_NR  20
#define OTHER_NR   21
#define LOOK_MS    100
#define CHILDREN   3
#define LIFETIME_S 60 /* of a child, should the test die */
#define STOP_TRIES 500

static char dir[64];
static pid_t children[CHILDREN];
static int child_count;
static int read_only = 1; /* looks take no lock at all */

static int open_dc(void)
{
	struct dvk_options options = { .dir = dir, .flags = DVK_CREATE };

	return dvk_open(TEST_DC, &options);
}

/* ---- the patients ----------------------------------------------------------- */

/* Serves nobody: takes a request and sleeps. Its table can be read meanwhile. */
static void take_and_sleep(void)
{
	static const struct fs_file_row row = { .ino = 77, .fd = 1, .path = "/x" };
	message m;

	if (!dvk_is_endpoint(dvk_bind(SERVER_NR, "server")) ||
	    dvk_register_table("fs.file", FS_FILE_VERSION, &row, 1, sizeof(row)))
		return;
	dvk_receive(ANY, &m);
	for (;;)
		pause();
}

static void sleep_only(void)
{
	if (!dvk_is_endpoint(dvk_bind(SERVER_NR, "server")))
		return;
	for (;;)
		pause();
}

/* Is in a transition most of the time: nobody takes what it sends, and it does not wait. */
static void try_again(void)
{
	message m = { .m_type = 5 };

	if (!dvk_is_endpoint(dvk_bind(NONE, "client")))
		return;
	for (;;)
		dvk_send_T(SERVER_NR, &m, 0);
}

/* Calls the server again and again. */
static void call(void)
{
	message m;

	if (!dvk_is_endpoint(dvk_bind(NONE, "client")))
		return;
	for (;;) {
		m.m_type = 5;
		dvk_sendrec_T(SERVER_NR, &m, 1000);
	}
}

/* Two that call each other until both are there; with a timeout, or it would be refused. */
static void call_until_taken(int nr, int peer_ep)
{
	message m = { .m_type = 5 };

	if (!dvk_is_endpoint(dvk_bind(nr, "two")))
		return;
	while (dvk_sendrec_T(peer_ep, &m, 30000) == EDVSDEADSRCDST)
		m.m_type = 5;
}

static void call_other(void)
{
	call_until_taken(SERVER_NR, OTHER_NR);
}

static void call_server(void)
{
	call_until_taken(OTHER_NR, SERVER_NR);
}

static void spin(void *argument)
{
	message m;

	dvk_receive(ANY, &m);
	for (;;)
		__asm__ volatile("" ::"r"(argument) : "memory");
}

static void call_spinner(void *argument)
{
	message m = { .m_type = 5 };

	(void)argument;
	dvk_sendrec(SERVER_NR, &m);
}

static void begin_tasks(void *argument)
{
	struct task_options spinner = { "server", SERVER_NR, 0 };
	struct task_options client = { "client", NONE, 0 };

	task_create(&spinner, spin, argument);
	task_create(&client, call_spinner, argument);
	task_sleep_ms(LIFETIME_S * 1000);
}

static void run_tasks(void)
{
	struct task_options first = { "first", NONE, 0 };

	runtime_run(RUNTIME_COROUTINES, &first, begin_tasks, NULL);
}

/* ---- the test ---------------------------------------------------------------- */

static void start(void (*patient)(void))
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		alarm(LIFETIME_S);
		dup2(null, STDERR_FILENO);
		if (open_dc() == 0)
			patient();
		_exit(1);
	}
	children[child_count++] = pid;
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void rest(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
}

/* A look from outside: the cause for the process in slot nr; *ret_ns is how long it took. */
static int look(int nr, struct inspect_why *ret_why, int64_t *ret_ns)
{
	struct dvk_snapshot *snapshot;
	const struct dvk_procinfo *p;
	struct dvk_view *view;
	struct inspect *in;
	int64_t began = now_ns();
	int found = 0;

	if (dvk_view_open(TEST_DC, dir, read_only, &view) < 0)
		return 0;
	if (dvk_view_snapshot(view, &snapshot) == 0) {
		in = inspect_create(snapshot, NULL);
		p = in ? inspect_find_nr(in, nr) : NULL;
		if (p)
			inspect_why(in, p, ret_why);
		found = p != NULL;
		inspect_destroy(in);
		dvk_snapshot_free(snapshot);
	}
	dvk_view_close(view);
	*ret_ns = now_ns() - began;
	return found;
}

/* Looks until the cause is found, ten seconds at most; then the quickest of five looks. */
static void expect(int nr, enum inspect_cause cause, const char *at_fault)
{
	struct inspect_why why = { .verdict = "" };
	int64_t best = INT64_MAX;
	int64_t ns;

	for (int i = 0; i < 2000 && (!look(nr, &why, &ns) || why.cause != cause); i++)
		rest();
	if (why.cause != cause || !strstr(why.verdict, at_fault))
		fail_msg("want %s of %s; is %s: %s", inspect_cause_word(cause), at_fault,
			 inspect_cause_word(why.cause), why.verdict);
	for (int i = 0; i < 5; i++) {
		assert_true(look(nr, &why, &ns));
		best = ns < best ? ns : best;
	}
	assert_in_range(best, 0, LOOK_MS * MS);
}

static void stopped_server_is_named(void **state)
{
	(void)state;
	start(take_and_sleep);
	expect(SERVER_NR, CAUSE_IDLE, "server");
	start(call);
	expect(64, CAUSE_SYSCALL, "server");
	kill(children[0], SIGSTOP);
	expect(64, CAUSE_STOPPED, "server is stopped by SIGSTOP");
}

/* The tables of a stopped server are read too. */
static void table_of_a_stopped_server_is_read(void **state)
{
	struct dvk_snapshot *snapshot;
	const struct dvk_table *table;
	struct inspect_grid *grid;
	struct patient *patient;
	struct dvk_view *view;
	struct inspect *in;

	stopped_server_is_named(state);
	assert_int_equal(dvk_view_open(TEST_DC, dir, 1, &view), 0);
	patient = patient_of_view(view);
	assert_non_null(patient);
	assert_int_equal(dvk_view_snapshot(view, &snapshot), 0);
	in = inspect_create(snapshot, NULL);
	table = inspect_table(in, "fs.file", ANY);
	assert_non_null(table);
	assert_int_equal(inspect_table_read(patient, in, table, &grid), 0);
	assert_int_equal(inspect_grid_rows(grid), 1);
	inspect_grid_destroy(grid);
	inspect_destroy(in);
	dvk_snapshot_free(snapshot);
	patient_close(patient);
}

static void task_that_spins_is_named(void **state)
{
	(void)state;
	start(run_tasks);
	expect(SERVER_NR, CAUSE_SPINNING, "server is running in user mode");
}

static void circle_is_named(void **state)
{
	(void)state;
	start(call_other);
	start(call_server);
	expect(SERVER_NR, CAUSE_CIRCLE, "they wait for each other");
}

/* A signal takes its time to stop a process that runs on another processor. */
static void stop(pid_t pid)
{
	struct inspect_thread thread;

	kill(pid, SIGSTOP);
	for (int i = 0; i < 1000; i++) {
		inspect_thread_read(pid, pid, &thread);
		if (thread.state == 'T')
			return;
		rest();
	}
	fail_msg("process %d does not stop", pid);
}

/* A client is stopped again and again until it is caught while it holds the lock. */
static void holder_of_the_lock_is_named(void **state)
{
	struct inspect_why why = { .cause = CAUSE_IDLE };
	int64_t ns;

	(void)state;
	start(sleep_only);
	expect(SERVER_NR, CAUSE_SYSCALL, "server");
	start(try_again);
	read_only = 0;
	for (int i = 0; i < STOP_TRIES && why.cause != CAUSE_LOCK; i++) {
		kill(children[1], SIGCONT);
		rest();
		stop(children[1]);
		look(SERVER_NR, &why, &ns);
	}
	expect(SERVER_NR, CAUSE_LOCK, "stopped by SIGSTOP");
	read_only = 1;
	expect(SERVER_NR, CAUSE_LOCK, "stopped by SIGSTOP");
}

static int set_up(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/stuck.XXXXXX");
	child_count = 0;
	return mkdtemp(dir) ? 0 : -1;
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	for (int i = 0; i < child_count; i++) {
		kill(children[i], SIGKILL);
		waitpid(children[i], NULL, 0);
	}
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command) ? -1 : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(stopped_server_is_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(table_of_a_stopped_server_is_read, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(task_that_spins_is_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(circle_is_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(holder_of_the_lock_is_named, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("inspect stuck", tests, NULL, NULL);
}
