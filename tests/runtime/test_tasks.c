/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_tasks.c - what a task can count on, whether it is a coroutine or a thread.
 *
 * Each scenario writes down what happened; both runtimes must give the same words.
 */
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <dvk/dvk.h>
#include "in_dc.h"

static int start(const char *name, int nr, task_function *function, void *argument)
{
	struct task_options options = { .name = name, .nr = nr };

	return task_create(&options, function, argument);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- messages ------------------------------------------------------------- */

static void adds_one(void *argument)
{
	int rounds = *(int *)argument;
	message m;

	if (dvk_receive(ANY, &m) < 0)
		return;
	while (rounds-- > 0) {
		m.m1_i1++;
		m.m_type = 0;
		if (rounds == 0)
			dvk_reply(m.m_source, &m);
		else if (dvk_reply_receive(m.m_source, &m, ANY, &m) < 0)
			note("lost");
	}
}

static void ping_pong(void *argument)
{
	int rounds = 1000;
	message m = { .m1_i1 = 0 };

	(void)argument;
	note("ep %d", start("adder", 7, adds_one, &rounds));
	for (int i = 0; i < 1000; i++) {
		m.m_type = 1;
		if (dvk_sendrec(7, &m) < 0)
			note("failed");
	}
	note("sum %d", m.m1_i1);
}

static void waits_for_nobody(void *argument)
{
	message m;

	note("%s %d", (const char *)argument, dvk_receive_T(ANY, &m, 20));
}

static void timed_calls(void *argument)
{
	message m = { .m_type = 1 };

	(void)argument;
	start("deaf", 7, waits_for_nobody, "receive");
	note("own %d", dvk_receive_T(ANY, &m, 1));
	task_sleep_ms(60);
	note("dead %d", dvk_sendrec(7, &m));
}

/* ---- time ----------------------------------------------------------------- */

struct sleeper {
	const char *name;
	long ms;
};

static void sleeps(void *argument)
{
	const struct sleeper *sleeper = argument;

	if (task_sleep_ms(sleeper->ms) == 0)
		note("%s", sleeper->name);
}

static void timers_in_order(void *argument)
{
	static struct sleeper sleepers[] = { { "c", 90 }, { "a", 10 }, { "d", 130 }, { "b", 50 } };

	(void)argument;
	for (int i = 0; i < 4; i++)
		start(sleepers[i].name, NONE, sleeps, &sleepers[i]);
}

static void sleep_takes_its_time(void *argument)
{
	int64_t began = now_ms(), took;

	(void)argument;
	note("%d", task_sleep_ms(50));
	took = now_ms() - began;
	note("%s", took < 50 ? "too short" : took > 1000 ? "too long" : "right");
	note("%d", task_sleep_ms(0));
}

/* ---- descriptors ---------------------------------------------------------- */

static void writes_soon(void *argument)
{
	task_sleep_ms(20);
	note("write %d", (int)write(*(int *)argument, "x", 1));
}

static void fd_becomes_readable(void *argument)
{
	int fds[2], events;
	char byte;

	(void)argument;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) < 0)
		return;
	note("out %d", task_wait_fd(fds[0], POLLOUT, -1) == POLLOUT);
	note("timeout %d", task_wait_fd(fds[0], POLLIN, 5));
	note("now %d", task_wait_fd(fds[0], POLLIN, 0));
	start("writer", NONE, writes_soon, &fds[1]);
	note("in %d", task_wait_fd(fds[0], POLLIN, 5000) == POLLIN);
	note("again %d", task_wait_fd(fds[0], POLLIN, 0) == POLLIN);
	note("read %d", (int)read(fds[0], &byte, 1));
	close(fds[1]);
	events = task_wait_fd(fds[0], POLLIN, 5000);
	note("hangup %d", (events & (POLLIN | POLLHUP)) != 0);
	close(fds[0]);
	note("closed %d", task_wait_fd(fds[0], POLLIN, 5000));
	note("negative %d", task_wait_fd(-1, POLLIN, 0));
}

/* A number that was closed and opened anew is another file. */
static void fd_reused(void *argument)
{
	int first[2], second[2];

	(void)argument;
	if (pipe(first) < 0)
		return;
	note("idle %d", task_wait_fd(first[0], POLLIN, 1));
	close(first[0]);
	if (pipe(second) < 0)
		return;
	note("same %d", second[0] == first[0]);
	note("write %d", (int)write(second[1], "x", 1));
	note("in %d", task_wait_fd(second[0], POLLIN, 5000) == POLLIN);
	close(first[1]);
	close(second[0]);
	close(second[1]);
}

/* ---- tasks among themselves ----------------------------------------------- */

static void wakes(void *argument)
{
	task_sleep_ms(10);
	task_wake(argument);
}

static void wake_ends_waits(void *argument)
{
	int fds[2];

	(void)argument;
	if (pipe(fds) < 0)
		return;
	task_wake(task_current());
	note("kept %d", task_wait(0));
	note("once %d", task_wait(0));
	start("waker", NONE, wakes, task_current());
	note("wait %d", task_wait(5000));
	start("waker", NONE, wakes, task_current());
	note("fd %d", task_wait_fd(fds[0], POLLIN, 5000));
	start("waker", NONE, wakes, task_current());
	note("sleep %d", task_sleep_ms(60));
	note("after %d", task_wait(0));
	close(fds[0]);
	close(fds[1]);
}

static void exits(void *argument)
{
	note("%s ep %d", (const char *)argument, task_endpoint(task_current()));
	task_exit(3);
}

static void slots_come_free(void *argument)
{
	(void)argument;
	note("%d", start("one", 9, exits, "one"));
	task_sleep_ms(30);
	note("%d", start("two", 9, exits, "two"));
	task_sleep_ms(30);
	note("none %d", start("quiet", TASK_NO_SLOT, exits, "quiet"));
	task_sleep_ms(30);
}

static void bad_options(void *argument)
{
	struct task_options big = { .name = "big", .nr = NONE, .stack_bytes = TASK_STACK_MAX + 1 };

	note("%d", start("", NONE, exits, argument));
	note("%d", start(NULL, NONE, exits, argument));
	note("%d", start("a-name-of-16-byte", NONE, exits, argument));
	note("%d", start("muk/", NONE, exits, argument));
	note("%d", start("range", NR_PROCS_MAX, exits, argument));
	note("%d", start("range", -NR_TASKS - 1, exits, argument));
	note("%d", start("range", 2000, exits, argument));
	note("%d", start("taken", INIT_PROC_NR, exits, argument));
	note("%d", task_create(&big, exits, argument));
}

static int counted;

static void counts(void *argument)
{
	message m = { .m_type = 1 };

	(void)argument;
	task_sleep_ms(1);
	if (dvk_sendrec(INIT_PROC_NR, &m) == 0 && m.m_type == 0)
		__atomic_fetch_add(&counted, 1, __ATOMIC_RELAXED);
}

/* As many as argument says, at once, all calling the first one. */
static void many_tasks(void *argument)
{
	int count = *(int *)argument, started = 0;
	message m, answer = { .m_type = 0 };

	counted = 0;
	for (int i = 0; i < count; i++)
		started += dvk_is_endpoint(start("one-of-many", NONE, counts, NULL));
	for (int i = 0; i < started; i++)
		if (dvk_receive(ANY, &m) < 0 || dvk_reply(m.m_source, &answer) < 0)
			note("lost");
	for (int i = 0; i < 500 && __atomic_load_n(&counted, __ATOMIC_RELAXED) < started; i++)
		task_sleep_ms(10);
	note("%d of %d", __atomic_load_n(&counted, __ATOMIC_RELAXED), count);
}

static void stop_function(void *argument)
{
	note("on stop");
	task_wake(argument);
}

static void stops_when_asked(void *argument)
{
	(void)argument;
	task_on_stop(stop_function, task_current());
	note("slept %d", task_sleep_ms(60000));
	note("stopping %d", runtime_stopping());
	note("then %d", task_wait_fd(0, POLLIN, 60000));
}

static void stop_ends_waits(void *argument)
{
	(void)argument;
	start("waiter", NONE, stops_when_asked, NULL);
	task_sleep_ms(20);
	note("stop");
	runtime_stop();
	note("new %d", start("late", NONE, exits, "late"));
}

static void on_signal(int signo, void *argument)
{
	message m = { .m_type = 1, .m1_i1 = signo };

	note("got %d", dvk_send(INIT_PROC_NR, &m));
	note("%s", (const char *)argument);
}

static void signal_runs_a_task(void *argument)
{
	message m;

	(void)argument;
	note("bad %d", runtime_signal(SIGKILL, on_signal, NULL));
	note("set %d", runtime_signal(SIGUSR1, on_signal, "usr1"));
	kill(getpid(), SIGUSR1);
	note("%d", dvk_receive(ANY, &m));
	note("process %d", m.m1_i1 == SIGUSR1);
	task_sleep_ms(20);
	note("set %d", runtime_signal(SIGUSR1, on_signal, "again"));
	tgkill(getpid(), gettid(), SIGUSR1);
	note("%d", dvk_receive(ANY, &m));
	note("thread %d", m.m1_i1 == SIGUSR1);
	task_sleep_ms(20);
}

/* ---- the table ------------------------------------------------------------ */

static int hundred = 100, thousand = 1000;

static const struct {
	const char *name;
	task_function *scenario;
	void *argument;
	const char *want;
} cases[] = {
	{ "ping pong", ping_pong, NULL, "ep 7 sum 1000" },
	{ "timed calls", timed_calls, NULL, "own -61 receive -61 dead -105" },
	{ "timers in order", timers_in_order, NULL, "a b c d" },
	{ "sleep takes its time", sleep_takes_its_time, NULL, "0 right 0" },
	{ "a descriptor becomes readable", fd_becomes_readable, NULL,
	  "out 1 timeout 0 now 0 write 1 in 1 again 1 read 1 hangup 1 closed -9 negative -9" },
	{ "a descriptor is reused", fd_reused, NULL, "idle 0 same 1 write 1 in 1" },
	{ "a wake-up ends waits", wake_ends_waits, NULL,
	  "kept 0 once -61 wait 0 fd -348 sleep 0 after 0" },
	{ "slots come free", slots_come_free, NULL,
	  "9 one ep 9 9 two ep 9 none 27342 quiet ep 27342" },
	{ "bad options", bad_options, NULL, "-343 -343 -343 -343 -338 -338 -338 -337 -338" },
	{ "a hundred tasks", many_tasks, &hundred, "100 of 100" },
	{ "stopping ends waits", stop_ends_waits, NULL,
	  "stop on stop new -324 slept -4 stopping 1 then -4" },
	{ "a signal runs a task", signal_runs_a_task, NULL,
	  "bad -22 set 0 got 0 usr1 0 process 1 set 0 got 0 again 0 thread 1" },
};

static void run_cases(enum runtime_kind kind)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *got = in_dc(kind, cases[i].scenario, cases[i].argument);

		print_message("    %s: %s\n", cases[i].name, got);
		if (kind == RUNTIME_COROUTINES)
			assert_string_equal(got, cases[i].want);
		else
			assert_true(same_words(got, cases[i].want));
	}
}

static void works_with_coroutines(void **state)
{
	(void)state;
	run_cases(RUNTIME_COROUTINES);
}

static void works_with_threads(void **state)
{
	(void)state;
	run_cases(RUNTIME_THREADS);
}

static void a_thousand_coroutines(void **state)
{
	(void)state;
	assert_string_equal(in_dc(RUNTIME_COROUTINES, many_tasks, &thousand), "1000 of 1000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(works_with_coroutines),
		cmocka_unit_test(works_with_threads),
		cmocka_unit_test(a_thousand_coroutines),
	};

	alarm(120);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
