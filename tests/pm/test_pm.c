/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_pm.c - PM as its clients see it: processes that are born, end, wait and signal.
 *
 * Each child is a Linux process of its own, bound in the MUK's DC, as an application
 * would be; all of it on coroutines and on threads.
 */
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

#include "protocol/clock.h"
#include "protocol/pm.h"
#include "protocol/systask.h"
#include "children.h"

/* ---- the cases ----------------------------------------------------------------- */

static const struct {
	enum ending ending;
	int code;
	int waits_first; /* 1: waitpid before the end, 0: after it */
	int status;
} endings[] = {
	{ EXITS, 0, 0, 0 },
	{ EXITS, 0, 1, 0 },
	{ EXITS, 7, 0, 7 << 8 },
	{ EXITS, 7, 1, 7 << 8 },
	{ EXITS, 256, 0, 0 },
	{ EXITS, -1, 1, 255 << 8 },
	{ EXITS_BOUND, 9, 0, 9 << 8 },
	{ EXITS_BOUND, 9, 1, 9 << 8 },
	{ UNBINDS, 3, 0, 3 << 8 },
	{ UNBINDS, 3, 1, 3 << 8 },
	{ JUST_ENDS, 0, 0, SIGKILL },
	{ JUST_ENDS, 0, 1, SIGKILL },
	{ IS_KILLED, 0, 0, SIGKILL },
	{ IS_KILLED, 0, 1, SIGKILL },
};

static void waiting_gives_how_a_child_ended(void **state)
{
	int before;

	(void)state;
	own_pid();
	before = count_processes();
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		struct child child = bear(own_pid(), endings[i].ending, endings[i].code);
		struct pm_waitpid_reply reply = { 0 };
		pid_t holder = 0;

		if (endings[i].waits_first) {
			/* It ends a little after the wait has begun: this one says when. */
			holder = fork();
			if (holder == 0) {
				sleep_ms(20);
				_exit(write(child.go, "", 1) != 1);
			}
			close(child.go);
		} else {
			let_end(&child);
		}
		assert_int_equal(pm_call_waitpid(PM, i % 2 ? child.pid : -1, 0, &reply), 0);
		assert_int_equal(reply.pid, child.pid);
		assert_int_equal(reply.status, endings[i].status);
		assert_int_equal(pm_call_waitpid(PM, child.pid, 0, &reply), EDVSCHILD);
		if (endings[i].waits_first) {
			assert_int_equal(waitpid(holder, NULL, 0), holder);
			assert_int_equal(waitpid(child.linux_pid, NULL, 0), child.linux_pid);
		}
	}
	assert_int_equal(count_processes(), before);
}

static void waiting_is_for_those_whom_it_names(void **state)
{
	struct child a, b;
	struct pm_waitpid_reply reply = { 0 };
	int me = own_pid();

	(void)state;
	a = bear(me, EXITS, 1);
	b = bear(me, EXITS, 2);
	const struct {
		int pid;
		int options;
		int result;
		int found;
	} cases[] = {
		{ a.pid, PM_WAIT_NOHANG, 0, 0 },         /* it lives */
		{ b.pid, PM_WAIT_NOHANG, 0, b.pid },     /* it has ended */
		{ b.pid, PM_WAIT_NOHANG, EDVSCHILD, 0 }, /* and was waited for */
		{ -1, PM_WAIT_NOHANG, 0, 0 },
		{ 0, PM_WAIT_NOHANG, 0, 0 },              /* of the caller's group */
		{ -b.pid, PM_WAIT_NOHANG, EDVSCHILD, 0 }, /* of a group that is none */
		{ 1, 0, EDVSCHILD, 0 },
		{ 29999, 0, EDVSCHILD, 0 },
	};
	let_end(&b);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&reply, 0, sizeof(reply));
		assert_int_equal(pm_call_waitpid(PM, cases[i].pid, cases[i].options, &reply),
				 cases[i].result);
		assert_int_equal(reply.pid, cases[i].found);
	}
	let_end(&a);
	assert_int_equal(pm_call_waitpid(PM, 0, 0, &reply), 0);
	assert_int_equal(reply.pid, a.pid);
	assert_int_equal(pm_call_waitpid(PM, -1, 0, &reply), EDVSCHILD);
}

static void the_children_of_the_dead_are_inits(void **state)
{
	struct child parent = bear(own_pid(), LIVES, 0);
	struct child child = bear(parent.pid, EXITS, 5);
	struct pm_getproc_reply known = { 0 };
	struct pm_waitpid_reply reply = { 0 };
	int count;

	(void)state;
	assert_int_equal(pm_call_getproc(PM, child.ep, &known), 0);
	assert_int_equal(known.parent, parent.pid);
	count = count_processes();
	let_end(&parent);
	assert_int_equal(pm_call_waitpid(PM, parent.pid, 0, &reply), 0);
	assert_int_equal(pm_call_getproc(PM, child.ep, &known), 0);
	assert_int_equal(known.parent, 1);
	let_end(&child);
	for (int ms = 0; ms < 2000 && count_processes() != count - 2; ms += 5)
		sleep_ms(5);
	assert_int_equal(count_processes(), count - 2);
}

static void signals_are_notifications(void **state)
{
	struct child child = bear(own_pid(), LIVES, 0);
	struct pm_getproc_reply server = { 0 };
	struct pm_waitpid_reply reply = { 0 };
	message m;

	(void)state;
	assert_int_equal(pm_call_getproc(PM, CLOCK, &server), 0);
	const struct {
		int pid;
		int signal;
		int result;
	} cases[] = {
		{ child.pid, 0, 0 },          { child.pid, -1, EDVSINVAL },
		{ child.pid, 32, EDVSINVAL }, { 29999, SIGTERM, EDVSSRCH },
		{ 29999, 0, EDVSSRCH },       { -29999, SIGTERM, EDVSSRCH },
		{ server.pid, 0, 0 },         { server.pid, SIGKILL, EDVSPERM },
		{ 1, SIGKILL, EDVSPERM },     { child.pid, SIGTERM, 0 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(pm_call_kill(PM, cases[i].pid, cases[i].signal), cases[i].result);

	/* Several of them are one notification, with all their bits. */
	assert_int_equal(pm_call_kill(PM, own_pid(), SIGUSR1), 0);
	assert_int_equal(pm_call_kill(PM, 0, SIGTERM), 0);
	assert_int_equal(dvk_receive_T(PM, &m, 1000), 0);
	assert_int_equal(m.m_type, NOTIFY_MESSAGE);
	assert_int_equal(m.m_source, PM);
	assert_int_equal(m.m9_i1, 1 << SIGUSR1 | 1 << SIGTERM);
	assert_int_equal(dvk_receive_T(PM, &m, 0), EDVSAGAIN);

	/* SIGKILL is no question. */
	assert_int_equal(pm_call_kill(PM, child.pid, SIGKILL), 0);
	assert_int_equal(pm_call_waitpid(PM, child.pid, 0, &reply), 0);
	assert_int_equal(reply.status, SIGKILL);
	assert_int_equal(waitpid(child.linux_pid, NULL, 0), child.linux_pid);
	close(child.go);
	assert_int_equal(pm_call_kill(PM, child.pid, 0), EDVSSRCH);
}

static void alarms_are_on_time(void **state)
{
	struct pm_alarm_reply left = { 0 };
	struct timespec before, after;
	message m;
	long ms;

	(void)state;
	assert_int_equal(pm_call_alarm(PM, -1, &left), EDVSINVAL);
	assert_int_equal(pm_call_alarm(PM, 1000, &left), 0);
	assert_int_equal(left.left, 0);
	clock_gettime(CLOCK_MONOTONIC, &before);
	assert_int_equal(pm_call_alarm(PM, 1, &left), 0);
	assert_in_range(left.left, 999, 1000);
	assert_int_equal(dvk_receive_T(PM, &m, 5000), 0);
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_int_equal(m.m9_i1, 1 << SIGALRM);
	ms = (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
	assert_in_range(ms, 999, 1500);
	assert_int_equal(pm_call_alarm(PM, 0, &left), 0);
	assert_int_equal(left.left, 0);
	assert_int_equal(pm_call_alarm(PM, 1, &left), 0);
	assert_int_equal(pm_call_alarm(PM, 0, &left), 0);
	assert_int_equal(left.left, 1);
	assert_int_equal(dvk_receive_T(PM, &m, 1200), EDVSTIMEDOUT);
}

/* In a child, as it cannot become root again. */
static int check_users(void)
{
	struct pm_getuid_reply users = { 0 };
	struct pm_getgid_reply groups = { 0 };
	struct pm_setsid_reply session = { 0 };
	struct pm_getpgrp_reply group = { 0 };
	struct pm_getpid_reply self = { 0 };
	int root;

	if (pm_call_getuid(PM, &users) || users.uid != getuid() || users.euid != geteuid())
		return 1;
	if (pm_call_getgid(PM, &groups) || groups.gid != getgid() || groups.egid != getegid())
		return 2;
	root = users.euid == 0;
	if (pm_call_setgid(PM, 77) != (root || groups.gid == 77 ? 0 : EDVSPERM))
		return 3;
	if (root && (pm_call_setuid(PM, 42) || pm_call_getuid(PM, &users) || users.uid != 42 ||
		     users.euid != 42))
		return 4;
	if (pm_call_setuid(PM, 0) != (users.uid == 0 ? 0 : EDVSPERM))
		return 5;
	if (pm_call_setuid(PM, users.uid) || pm_call_getpid(PM, &self))
		return 6;
	if (pm_call_setsid(PM, &session) || session.pid != self.pid)
		return 7;
	if (pm_call_getpgrp(PM, &group) || group.pid != self.pid)
		return 8;
	/* Another user's process: not even init. */
	return pm_call_kill(PM, 1, SIGTERM) == EDVSPERM || !root ? 0 : 9;
}

static void users_become_only_who_they_may(void **state)
{
	struct dvk_options open = { .dir = muk.folder };
	int status;
	pid_t pid;

	(void)state;
	pid = fork();
	if (pid == 0) {
		if (dvk_open(0, &open) < 0 || !dvk_is_endpoint(dvk_bind(NONE, "user")))
			_exit(96);
		_exit(check_users());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void newproc_is_once_and_of_a_parent_that_is(void **state)
{
	struct dvk_options open = { .dir = muk.folder };
	struct pm_newproc_reply reply = { 0 };
	struct pm_waitpid_reply ended = { 0 };
	int status, me = own_pid();
	pid_t pid;

	(void)state;
	assert_int_equal(pm_call_newproc(PM, 1, SAME, SAME, "", &reply), EDVSEXIST);
	pid = fork();
	if (pid == 0) {
		if (dvk_open(0, &open) < 0 || !dvk_is_endpoint(dvk_bind(NONE, "child")))
			_exit(96);
		if (pm_call_newproc(PM, 29999, SAME, SAME, "", &reply) != EDVSSRCH)
			_exit(1);
		if (pm_call_newproc(PM, me, SAME, SAME, "kid", &reply) || reply.pid <= 1)
			_exit(2);
		/* Who has called exit is no process any more, even while it is bound. */
		if (pm_call_exit(PM, 0) || pm_call_exit(PM, 0) != EDVSSRCH)
			_exit(3);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(pm_call_waitpid(PM, -1, 0, &ended), 0);
}

static void a_hundred_dead_clients_leave_nothing(void **state)
{
	struct dvk_options open = { .dir = muk.folder };
	struct clock_alarm_reply left;
	struct pm_getpid_reply self = { 0 };
	int processes, alarms, status;
	pid_t pids[10];

	(void)state;
	own_pid();
	processes = count_processes();
	alarms = count_rows("clock.alarm", offsetof(struct clock_alarm_row, id));
	for (int i = 0; i < 100; i++) {
		pids[i % 10] = fork();
		if (pids[i % 10] == 0) {
			if (dvk_open(0, &open) < 0 || !dvk_is_endpoint(dvk_bind(NONE, "dying")))
				_exit(96);
			if (pm_call_getpid(PM, &self) != 0 ||
			    clock_call_alarm(CLOCK, 3600000, i % 2, &left) != 0)
				_exit(97);
			kill(getpid(), i % 3 ? SIGKILL : SIGTERM);
		}
		for (int j = 0; i % 10 == 9 && j < 10; j++) {
			assert_int_equal(waitpid(pids[j], &status, 0), pids[j]);
			assert_true(WIFSIGNALED(status));
		}
	}
	for (int ms = 0; ms < 3000; ms += 10) {
		if (count_processes() == processes &&
		    count_rows("clock.alarm", offsetof(struct clock_alarm_row, id)) == alarms)
			break;
		sleep_ms(10);
	}
	assert_int_equal(count_processes(), processes);
	assert_int_equal(count_rows("clock.alarm", offsetof(struct clock_alarm_row, id)), alarms);
}

static void servers_have_numbers_from_the_beginning(void **state)
{
	static const int eps[] = { SYSTASK(0), CLOCK, PM, INIT_PROC_NR };
	struct pm_getproc_reply reply = { 0 };
	struct pm_scan_reply scan = { 0 };

	(void)state;
	own_pid();
	assert_int_equal(pm_call_scan(PM, &scan), 0);
	assert_int_equal(scan.count, 0);
	for (size_t i = 0; i < sizeof(eps) / sizeof(eps[0]); i++) {
		assert_int_equal(pm_call_getproc(PM, eps[i], &reply), 0);
		if (eps[i] == INIT_PROC_NR)
			assert_int_equal(reply.pid, 1);
		else
			assert_int_equal(reply.parent, 1);
	}
	assert_int_equal(pm_call_getproc(PM, 8, &reply), EDVSSRCH);
}

static int boot(const char *runtime)
{
	return muk_boot(&muk, "muk TEST { dcid 0; pm_ep 0; };", runtime);
}

static int boot_coroutines(void **state)
{
	(void)state;
	return boot("coroutines");
}

static int boot_threads(void **state)
{
	(void)state;
	return boot("threads");
}

static int shut(void **state)
{
	(void)state;
	return muk_shut(&muk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(servers_have_numbers_from_the_beginning),
		cmocka_unit_test(waiting_gives_how_a_child_ended),
		cmocka_unit_test(waiting_is_for_those_whom_it_names),
		cmocka_unit_test(the_children_of_the_dead_are_inits),
		cmocka_unit_test(signals_are_notifications),
		cmocka_unit_test(alarms_are_on_time),
		cmocka_unit_test(users_become_only_who_they_may),
		cmocka_unit_test(newproc_is_once_and_of_a_parent_that_is),
		cmocka_unit_test(a_hundred_dead_clients_leave_nothing),
	};
	int failed;

	alarm(120);
	failed = cmocka_run_group_tests_name("pm on coroutines", tests, boot_coroutines, shut);
	return failed + cmocka_run_group_tests_name("pm on threads", tests, boot_threads, shut);
}
