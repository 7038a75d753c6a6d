/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_systask.c - SYSTASK: what it knows of processes, what it does for whom, and
 * how those that watch learn of deaths.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <dvk/dvk.h>
#include <dvk/state.h>

#include "../boot/muk.h"
#include "protocol/systask.h"

#define ME SYSTASK(0)

static struct muk_process muk;
static int own_ep;

/* A Linux process of the DC, called name, that lives until it is killed. */
static pid_t bear(const char *name, int *ret_ep)
{
	struct dvk_options open = { .dir = muk.folder };
	int tell[2], ep;
	pid_t pid;

	assert_int_equal(pipe(tell), 0);
	pid = fork();
	if (pid == 0) {
		if (dvk_open(0, &open) < 0)
			_exit(96);
		ep = dvk_bind(NONE, name);
		if (write(tell[1], &ep, sizeof(ep)) != sizeof(ep))
			_exit(97);
		for (;;)
			pause();
	}
	close(tell[1]);
	assert_int_equal(read(tell[0], ret_ep, sizeof(*ret_ep)), sizeof(*ret_ep));
	close(tell[0]);
	return pid;
}

static void bury(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void it_knows_every_process(void **state)
{
	struct systask_process all[16] = { 0 }, one = { 0 };
	struct systask_processes_reply found = { 0 };
	int expected[] = { CLOCK, ME, INIT_PROC_NR, own_ep };

	(void)state;
	assert_int_equal(systask_call_processes(ME, all, sizeof(all), &found), 0);
	assert_int_equal(found.count, 4);
	assert_int_equal(found.bytes, 4 * sizeof(all[0]));
	for (int i = 0; i < 4; i++) {
		assert_int_equal(all[i].ep, expected[i]);
		assert_int_equal(all[i].pid, i < 3 ? muk.pid : getpid());
		assert_string_equal(all[i].muk, i < 3 ? "TEST" : "");
		assert_int_equal(systask_call_getinfo(ME, all[i].ep, &one, sizeof(one)), 0);
		assert_int_equal(one.incarnation, all[i].incarnation);
		assert_string_equal(one.name, all[i].name);
	}
	/* Room for fewer is filled, and how many there are is said. */
	memset(all, 0, sizeof(all));
	assert_int_equal(systask_call_processes(ME, all, sizeof(all[0]), &found), 0);
	assert_int_equal(found.count, 4);
	assert_int_equal(found.bytes, sizeof(all[0]));
	assert_int_equal(all[1].ep, 0);
	assert_int_equal(systask_call_getinfo(ME, SELF, &one, sizeof(one)), 0);
	assert_int_equal(one.ep, own_ep);
	assert_int_equal(systask_call_getinfo(ME, SELF, &one, 1), EDVSRANGE);
	assert_int_equal(systask_call_getinfo(ME, 5, &one, sizeof(one)), EDVSSRCH);
}

static void it_finds_by_name_and_number(void **state)
{
	static const struct {
		const char *name;
		int result;
		int ep;
	} cases[] = {
		{ "clock", 0, CLOCK },    { "test/clock", 0, CLOCK },
		{ "CLOCK", 0, CLOCK },    { "other/clock", EDVSSRCH, 0 },
		{ "", EDVSSRCH, 0 },      { "clo", EDVSSRCH, 0 },
		{ "twin", EDVSRANGE, 0 }, { "systask", 0, SYSTASK(0) },
	};
	int ep[2];
	pid_t twins[2] = { bear("twin", &ep[0]), bear("twin", &ep[1]) };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct systask_find_reply reply = { 0 };

		assert_int_equal(systask_call_find(ME, cases[i].name, &reply), cases[i].result);
		assert_int_equal(reply.ep, cases[i].ep);
	}
	struct systask_getep_reply number = { 0 };
	assert_int_equal(systask_call_getep(ME, twins[1], &number), 0);
	assert_int_equal(number.ep, ep[1]);
	bury(twins[0]);
	bury(twins[1]);
}

static void rights_and_times_are_told(void **state)
{
	struct systask_rights rights = { 0 };
	struct systask_times_reply times = { -1, -1, -1 };

	(void)state;
	assert_int_equal(systask_call_rights(ME, SELF, &rights, sizeof(rights)), 0);
	assert_int_equal(rights.ep, own_ep);
	assert_int_equal(rights.level, DVK_LEVEL_USER);
	assert_int_equal(rights.targets, NR_TASKS + NR_PROCS_DEFAULT);
	assert_int_equal(systask_call_rights(ME, CLOCK, &rights, sizeof(rights)), 0);
	assert_int_equal(rights.level, DVK_LEVEL_SYSTEM);
	assert_int_equal(systask_call_times(ME, CLOCK, &times), 0);
	assert_true(times.user_ms >= 0 && times.system_ms >= 0 && times.uptime_ms >= 0);
	assert_int_equal(systask_call_times(ME, 7, &times), EDVSSRCH);
}

static int level_of(int ep)
{
	struct systask_rights rights = { 0 };

	assert_int_equal(systask_call_rights(ME, ep, &rights, sizeof(rights)), 0);
	return rights.level;
}

/* A user may do to itself what it likes, and nothing to others. */
static void users_have_no_kernel_calls(void **state)
{
	char here[8] = "here";
	int ep;
	pid_t child = bear("child", &ep);

	(void)state;
	assert_int_equal(systask_call_kill(ME, ep, SIGKILL), EDVSPERM);
	assert_int_equal(systask_call_kill(ME, ep, 99), EDVSINVAL);
	assert_int_equal(systask_call_exit(ME, ep, 0), EDVSPERM);
	assert_int_equal(systask_call_exit(ME, CLOCK, 0), EDVSPERM);
	assert_int_equal(
		systask_call_vircopy(ME, ep, dvk_address(here), SELF, dvk_address(here), 4),
		EDVSPERM);
	assert_int_equal(systask_call_privctl(ME, SELF, DVK_LEVEL_SYSTEM), EDVSPERM);
	assert_int_equal(level_of(own_ep), DVK_LEVEL_USER);
	assert_int_equal(kill(child, 0), 0);
	bury(child);
}

/* A call to SYSTASK of a privileged process. */
struct wish {
	enum { KILL, LEVEL } what;
	int ep;
	int level;
	int answer;
};

/* What the privileged process got for its wish: its wait status. */
static int wish_as_system(const struct wish *wish)
{
	struct dvk_options open = { .dir = muk.folder, .flags = DVK_SYSTEM };
	int status = 0, answer;
	pid_t pid = fork();

	if (pid == 0) {
		if (dvk_open(0, &open) < 0 || !dvk_is_endpoint(dvk_bind(NONE, "operator")))
			_exit(1);
		answer = wish->what == KILL ? systask_call_kill(ME, wish->ep, SIGKILL)
					    : systask_call_privctl(ME, wish->ep, wish->level);
		if (answer != wish->answer)
			fprintf(stderr, "SYSTASK answers %d for %d\n", answer, wish->answer);
		_exit(answer == wish->answer ? 0 : 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static int kill_as_system(int ep)
{
	return wish_as_system(&(struct wish){ .what = KILL, .ep = ep });
}

static void levels_are_given_and_taken(void **state)
{
	int ep;
	pid_t child = bear("child", &ep);
	const struct {
		struct wish wish;
		int level; /* of the child, afterwards */
	} cases[] = {
		{ { LEVEL, ep, DVK_LEVEL_SYSTEM, 0 }, DVK_LEVEL_SYSTEM },
		{ { LEVEL, ep, DVK_LEVEL_SERVER, 0 }, DVK_LEVEL_SERVER },
		{ { LEVEL, ep, DVK_LEVEL_KERNEL, EDVSBADVALUE }, DVK_LEVEL_SERVER },
		{ { LEVEL, ep, -1, EDVSINVAL }, DVK_LEVEL_SERVER },
		{ { LEVEL, ep, DVK_LEVEL_USER, 0 }, DVK_LEVEL_USER },
		{ { LEVEL, 7, DVK_LEVEL_USER, EDVSNOTBIND }, DVK_LEVEL_USER },
		{ { LEVEL, SELF, DVK_LEVEL_USER, 0 }, DVK_LEVEL_USER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(wish_as_system(&cases[i].wish), 0);
		assert_int_equal(level_of(ep), cases[i].level);
		assert_int_equal(level_of(CLOCK), DVK_LEVEL_SYSTEM);
	}
	bury(child);
}

static void a_task_of_another_muk_ends_alone(void **state)
{
	struct systask_process one = { 0 };
	int ep, status;
	pid_t other = bear("OTHER/task", &ep);

	(void)state;
	assert_int_equal(kill_as_system(ep), 0);
	assert_int_equal(systask_call_getinfo(ME, ep, &one, sizeof(one)), EDVSSRCH);
	/* Had it been killed it would end now. */
	sleep_ms(50);
	assert_int_equal(waitpid(other, &status, WNOHANG), 0);
	bury(other);
	/* A process of its own is ended with its slot. */
	other = bear("process", &ep);
	assert_int_equal(kill_as_system(ep), 0);
	assert_int_equal(waitpid(other, &status, 0), other);
	assert_true(WIFSIGNALED(status));
}

static void those_that_watch_learn_of_every_death(void **state)
{
	static const int signals[] = { SIGKILL, SIGTERM, SIGUSR2 };
	struct systask_exits_reply reply = { 0 };
	struct systask_exit_row ends[8] = { 0 };
	struct systask_getexit_reply how = { 0 };
	uint64_t since;
	message m;

	(void)state;
	assert_int_equal(systask_call_watch(ME, 1), 0);
	/* Those of the tests before. */
	while (dvk_receive_T(ME, &m, 200) == 0)
		;
	do
		assert_int_equal(systask_call_exits(ME, reply.next, ends, sizeof(ends), &reply), 0);
	while (reply.count);
	since = reply.next;
	for (int i = 0; i < 9; i++) {
		int ep;
		pid_t child = bear("mortal", &ep);

		kill(child, signals[i % 3]);
		assert_int_equal(dvk_receive_T(ME, &m, 2000), 0);
		assert_int_equal(m.m_type, NOTIFY_MESSAGE);
		memset(ends, 0, sizeof(ends));
		assert_int_equal(systask_call_exits(ME, since, ends, sizeof(ends), &reply), 0);
		assert_int_equal(reply.count, 1);
		assert_int_equal(reply.lost, 0);
		assert_int_equal(ends[0].ep, ep);
		assert_int_equal(ends[0].code, EDVSSRCDIED);
		assert_string_equal(ends[0].name, "mortal");
		assert_int_equal(systask_call_getexit(ME, ep, &how), 0);
		assert_int_equal(how.code, EDVSSRCDIED);
		assert_int_equal(how.incarnation, ends[0].incarnation);
		assert_int_equal(systask_call_getexit(ME, ep, &how), EDVSSRCH);
		assert_int_equal(waitpid(child, NULL, 0), child);
		since = reply.next;
	}
	assert_int_equal(systask_call_exits(ME, since + 1000, ends, sizeof(ends), &reply),
			 EDVSINVAL);
	assert_int_equal(systask_call_watch(ME, 0), 0);
}

static void ends_that_are_too_old_are_counted(void **state)
{
	struct systask_exits_reply reply = { 0 };
	struct systask_exit_row ends[300] = { 0 };
	uint64_t began;
	int mine = dvk_current();

	(void)state;
	do
		assert_int_equal(systask_call_exits(ME, reply.next, ends, sizeof(ends), &reply), 0);
	while (reply.count);
	began = reply.next;
	for (int i = 0; i < 300; i++) {
		int ep = dvk_tbind(NONE, "brief");

		assert_true(dvk_is_endpoint(ep));
		assert_int_equal(dvk_unbind(ep, i), 0);
		/* SYSTASK takes them from the DVK in time: it has as much room. */
		if (i % 100 == 99)
			assert_int_equal(systask_call_exits(ME, began, ends, 0, &reply), 0);
	}
	dvk_set_current(mine);
	for (int ms = 0; ms < 2000; ms += 5) {
		assert_int_equal(systask_call_exits(ME, began, ends, sizeof(ends), &reply), 0);
		if (reply.next == began + 300)
			break;
		sleep_ms(5);
	}
	assert_int_equal(reply.next, began + 300);
	assert_int_equal(reply.count, 256);
	assert_int_equal(reply.lost, began ? 44 : 0);
	assert_int_equal(ends[255].code, 299);
}

static int boot(const char *runtime)
{
	struct systask_getep_reply self = { 0 };

	if (muk_boot(&muk, "muk TEST { dcid 0; };", runtime) < 0)
		return -1;
	if (systask_call_getep(ME, getpid(), &self) < 0)
		return -1;
	own_ep = self.ep;
	return 0;
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
		cmocka_unit_test(it_knows_every_process),
		cmocka_unit_test(it_finds_by_name_and_number),
		cmocka_unit_test(rights_and_times_are_told),
		cmocka_unit_test(users_have_no_kernel_calls),
		cmocka_unit_test(levels_are_given_and_taken),
		cmocka_unit_test(a_task_of_another_muk_ends_alone),
		cmocka_unit_test(those_that_watch_learn_of_every_death),
		cmocka_unit_test(ends_that_are_too_old_are_counted),
	};
	int failed;

	alarm(120);
	failed = cmocka_run_group_tests_name("systask on coroutines", tests, boot_coroutines, shut);
	return failed +
	       cmocka_run_group_tests_name("systask on threads", tests, boot_threads, shut);
}
