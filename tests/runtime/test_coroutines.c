/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_coroutines.c - what only coroutines promise: who goes on next, guards, the
 * watchdog, notes for ps, stacks that are found from outside.
 */
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <dvk/dvk.h>
#include <dvk/state.h>
#include "protocol/server.h"
#include "in_dc.h"

static void start(const char *name, int nr, task_function *function, void *argument)
{
	struct task_options options = { .name = name, .nr = nr };

	if (!dvk_is_endpoint(task_create(&options, function, argument)))
		note("%s did not start", name);
}

/* ---- who goes on next ----------------------------------------------------- */

static void serves_once(void *argument)
{
	message m, answer = { .m_type = 0 };

	if (dvk_receive(ANY, &m) == 0)
		note("%s", (const char *)argument);
	dvk_reply(m.m_source, &answer);
	note("replied");
}

static void passes_by(void *argument)
{
	note("%s", (const char *)argument);
}

/* The receiver of a message, and then of its reply, goes before those in the queue. */
static void handed_over(void *argument)
{
	message m = { .m_type = 1 };

	(void)argument;
	start("server", 7, serves_once, "server");
	task_yield();
	start("other", NONE, passes_by, "other");
	dvk_sendrec(7, &m);
	note("client");
	task_yield();
}

static void in_queue(void *argument)
{
	start("a", NONE, passes_by, "a");
	start("b", NONE, passes_by, "b");
	note("%s", (const char *)argument);
	task_yield();
	note("again");
}

static int stop_asking;

static void answers_for_ever(void *argument)
{
	message m, answer = { .m_type = 0 };
	int to = NONE;

	(void)argument;
	while (dvk_reply_receive(to, &answer, ANY, &m) == 0)
		to = m.m_source;
}

static void asks_for_ever(void *argument)
{
	message m;

	(void)argument;
	for (int i = 0; i < 1000000 && !stop_asking; i++) {
		m.m_type = 1;
		dvk_sendrec(7, &m);
	}
	note("asked");
}

/* Two that hand over to each other do not keep the others from running. */
static void all_have_their_turn(void *argument)
{
	int yields = 0;
	struct task_options options = { .name = "server", .nr = 7 };

	(void)argument;
	stop_asking = 0;
	task_create(&options, answers_for_ever, NULL);
	start("client", NONE, asks_for_ever, NULL);
	while (yields++ < 3)
		task_yield();
	note("timer %d", task_sleep_ms(2));
	stop_asking = 1;
	task_sleep_ms(1);
	dvk_unbind(7, 0);
}

/* ---- other processes ------------------------------------------------------ */

#define CALLS 300

/* Another process of the DC: its calls must wake us, however we sleep. */
static _Noreturn void call_from_outside(void)
{
	struct dvk_options options = { .dir = getenv("TEST_DIR") };
	int answered = 0;

	alarm(20);
	if (dvk_open(0, &options) < 0 || !dvk_is_endpoint(dvk_bind(NONE, "outside")))
		_exit(0);
	for (int i = 0; i < CALLS; i++) {
		message m = { .m_type = 1 };

		if (i % 100 == 0)
			usleep(2000); /* it sleeps meanwhile */
		answered += dvk_sendrec(INIT_PROC_NR, &m) == 0 && m.m_type == 0;
	}
	dvk_close();
	_exit(answered == CALLS ? 7 : 8);
}

static void served_outside(void *argument)
{
	message m, answer = { .m_type = 0 };
	int status = 0, to = NONE;
	pid_t pid = fork();

	(void)argument;
	if (pid == 0)
		call_from_outside();
	for (int i = 0; i < CALLS; i++)
		to = dvk_reply_receive(to, &answer, ANY, &m) == 0 ? m.m_source : NONE;
	dvk_reply(to, &answer);
	waitpid(pid, &status, 0);
	note("outside %d", WEXITSTATUS(status));
}

static void waits_on(void *argument)
{
	note("waiter %d", task_wait_fd(*(int *)argument, POLLIN, 30000) == POLLIN);
}

/* The same while another task waits for a descriptor: then the thread is in epoll. */
static void served_outside_in_epoll(void *argument)
{
	int fds[2];

	if (pipe(fds) < 0)
		return;
	start("waiter", NONE, waits_on, &fds[0]);
	served_outside(argument);
	close(fds[1]);
	task_sleep_ms(10);
	close(fds[0]);
}

/* ---- stacks --------------------------------------------------------------- */

static int deeper(int depth)
{
	volatile char frame[1000];

	memset((char *)frame, depth, sizeof(frame));
	return depth ? deeper(depth - 1) + frame[10] : frame[0];
}

static void overruns(void *argument)
{
	(void)argument;
	note("%d", deeper(1000000));
}

static void overrun(void *argument)
{
	start("deep", NONE, overruns, argument);
	task_sleep_ms(1000);
}

static void faults(void *argument)
{
	volatile uintptr_t nothing = 64;

	(void)argument;
	*(volatile int *)nothing = 1;
}

static void uses(void *argument)
{
	size_t before = task_stack_used(task_current()), after;

	(void)argument;
	note("%d", deeper(20) != 12345);
	after = task_stack_used(task_current());
	note("%s", before < 16384 && after >= 20000 && after <= 65536 * 8 ? "right" : "wrong");
}

/* ---- what others see ------------------------------------------------------ */

static void look(const char *name, const char *prefix)
{
	struct dvk_view *view;
	struct dvk_snapshot *snapshot;

	if (dvk_view_open(0, getenv("TEST_DIR"), 1, &view) < 0)
		return;
	if (dvk_view_snapshot(view, &snapshot) == 0) {
		for (int i = 0; i < snapshot->count; i++)
			if (strcmp(snapshot->procs[i].name, name) == 0)
				note("%s%.*s", prefix, 20, snapshot->procs[i].sleep_note);
		dvk_snapshot_free(snapshot);
	}
	dvk_view_close(view);
}

static void waits_for_fd(void *argument)
{
	char byte;
	int fd = *(int *)argument;

	task_describe_fd("tcp 127.0.0.1:80");
	task_wait_fd(fd, POLLIN, -1);
	look("waiter", "run:");
	note("read %d", (int)read(fd, &byte, 1));
}

static void sleep_notes(void *argument)
{
	int fds[2];

	(void)argument;
	if (pipe2(fds, 0) < 0)
		return;
	dup2(fds[0], 50);
	close(fds[0]);
	fds[0] = 50;
	start("waiter", NONE, waits_for_fd, &fds[0]);
	task_sleep_ms(20);
	look("waiter", "sleep:");
	note("write %d", (int)write(fds[1], "x", 1));
	task_sleep_ms(20);
	close(fds[0]);
	close(fds[1]);
}

static void stacks_from_outside(void *argument)
{
	struct dvk_view *view;
	struct dvk_snapshot *snapshot;
	struct server_task_row rows[8];

	(void)argument;
	start("other", 7, waits_for_fd, &(int){ -1 });
	if (dvk_view_open(0, getenv("TEST_DIR"), 1, &view) < 0)
		return;
	if (dvk_view_snapshot(view, &snapshot) == 0) {
		for (int i = 0; i < snapshot->table_count; i++) {
			const struct dvk_table *table = &snapshot->tables[i];

			note("%s %d", table->type, table->rows == TASKS_MAX);
			dvk_view_read(view, table->pid, table->address, rows, sizeof(rows));
		}
		dvk_snapshot_free(snapshot);
		note("%s %d %d", rows[0].name, rows[0].nr, rows[0].state == SERVER_TASK_RUNNING);
		note("%s %d %d", rows[1].name, rows[1].nr, rows[1].state == SERVER_TASK_READY);
		note("%d", rows[1].form == SERVER_FORM_UCONTEXT ||
				   (rows[1].sp > rows[1].stack &&
				    rows[1].sp < rows[1].stack + rows[1].stack_bytes));
	}
	dvk_view_close(view);
	task_yield();
}

static void spins(void *argument)
{
	struct timespec now;

	(void)argument;
	do
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	while (now.tv_sec == 0 && now.tv_nsec < 400000000);
}

static void spin(void *argument)
{
	start("greedy", NONE, spins, argument);
	task_yield();
	task_sleep_ms(150);
}

static void idle(void *argument)
{
	(void)argument;
	task_sleep_ms(300);
}

/* ---- the tables ----------------------------------------------------------- */

static const struct {
	const char *name;
	task_function *scenario;
	const char *want;
} cases[] = {
	{ "handed over", handed_over, "server replied client other" },
	{ "in the queue", in_queue, "first a b again" },
	{ "all have their turn", all_have_their_turn, "timer 0 asked" },
	{ "served outside", served_outside, "outside 7" },
	{ "served outside in epoll", served_outside_in_epoll, "outside 7 waiter 0" },
	{ "stack use", uses, "1 right" },
	{ "sleep notes", sleep_notes, "sleep:fd 50 (tcp 127.0.0.1 write 1 run: read 1" },
	{ "stacks from outside", stacks_from_outside,
	  "server.task 1 first 15 1 other 7 1 1 read -1" },
};

static void scenarios(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *got = in_dc(RUNTIME_COROUTINES, cases[i].scenario, "first");

		print_message("    %s: %s\n", cases[i].name, got);
		assert_string_equal(got, cases[i].want);
	}
}

static const struct {
	const char *name;
	enum runtime_kind kind;
	task_function *scenario;
	int signal;         /* that ends the child, 0: it ends well */
	const char *errors; /* what it says; "" nothing */
} children[] = {
	{ "overrun", RUNTIME_COROUTINES, overrun, SIGSEGV,
	  "muk: task \"deep\" overran its stack\n" },
	{ "overrun", RUNTIME_THREADS, overrun, SIGSEGV, "muk: task \"deep\" overran its stack\n" },
	{ "other fault", RUNTIME_COROUTINES, faults, SIGSEGV, "" },
	{ "watchdog", RUNTIME_COROUTINES, spin, 0,
	  "muk: task \"greedy\" keeps the processor for more than 100 ms\n" },
	{ "watchdog when idle", RUNTIME_COROUTINES, idle, 0, "" },
};

static void what_children_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(children) / sizeof(children[0]); i++) {
		char errors[1024];
		int status =
			in_child(children[i].kind, children[i].scenario, errors, sizeof(errors));

		print_message("    %s: %s\n", children[i].name, errors);
		assert_int_equal(WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
				 children[i].signal);
		assert_string_equal(errors, children[i].errors);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scenarios),
		cmocka_unit_test(what_children_say),
	};

	alarm(60);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
