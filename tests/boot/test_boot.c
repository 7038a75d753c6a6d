/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_boot.c - muk as a process: it boots, says so, ends in order, or says why not.
 *
 * Figure 4 boots with its own files, but for the port of its web server.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <dvk/dvk.h>

#include "muk.h"
#include "protocol/clock.h"
#include "protocol/pm.h"
#include "protocol/systask.h"

static const char *const runtimes[] = { "coroutines", "threads" };
static const char *const none[] = { NULL };

static void run(const char *format, const char *folder)
{
	char command[256];

	snprintf(command, sizeof(command), format, folder);
	assert_int_equal(system(command), 0);
}

static void prepare_figure4(struct muk_process *muk)
{
	assert_int_equal(muk_prepare(muk), 0);
	run("cp samples/figure4/*.cfg %s", muk->folder);
	run("sed -i 's/8080/0/' %s/m3nweb.cfg", muk->folder);
	run("truncate --size 8M %s/disk.img", muk->folder);
	run("PATH=$PATH:/sbin:/usr/sbin mkfs.minix -3 %s/disk.img >/dev/null", muk->folder);
}

static int exists(const struct muk_process *muk, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", muk->folder, name);
	return access(path, F_OK) == 0;
}

static void expect_log(const struct muk_process *muk, const char *text)
{
	char log[8192];

	muk_log(muk, log, sizeof(log));
	if (!strstr(log, text))
		fail_msg("the log has no \"%s\":\n%s", text, log);
}

static void figure_4_boots_and_ends_in_order(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP };

	(void)state;
	for (int i = 0; i < 6; i++) {
		const char *options[] = { "--runtime", runtimes[i % 2], "--verbose", NULL };
		struct muk_process muk;

		prepare_figure4(&muk);
		muk_start(&muk, options);
		assert_int_equal(muk_wait_up(&muk), 0);
		expect_log(&muk, "SERVER1: 8 servers up in ");
		expect_log(&muk, runtimes[i % 2]);
		assert_true(exists(&muk, "dc0"));
		assert_int_equal(muk_end(&muk, signals[i / 2]), 0);
		expect_log(&muk, "systask  stopped");
		assert_false(exists(&muk, "dc0"));
		run("PATH=$PATH:/sbin:/usr/sbin fsck.minix -f %s/disk.img >/dev/null", muk.folder);
		muk_remove(&muk);
	}
}

/* timeout(1) sends its signal twice at once; that is no second thought. */
static void two_signals_at_once_are_one(void **state)
{
	struct muk_process muk;

	(void)state;
	prepare_figure4(&muk);
	muk_start(&muk, none);
	assert_int_equal(muk_wait_up(&muk), 0);
	assert_int_equal(kill(muk.pid, SIGSTOP), 0);
	assert_int_equal(kill(muk.pid, SIGTERM), 0);
	assert_int_equal(kill(muk.pid, SIGINT), 0);
	assert_int_equal(kill(muk.pid, SIGCONT), 0);
	assert_int_equal(muk_end(&muk, 0), 0);
	assert_false(exists(&muk, "dc0"));
	muk_remove(&muk);
}

static void it_boots_again_after_it_was_killed(void **state)
{
	struct muk_process muk;

	(void)state;
	prepare_figure4(&muk);
	for (int i = 0; i < 4; i++) {
		const char *options[] = { "--runtime", runtimes[i % 2], NULL };

		run("rm -f %s/log", muk.folder);
		muk_start(&muk, options);
		assert_int_equal(muk_wait_up(&muk), 0);
		assert_true(WIFSIGNALED(muk_end(&muk, SIGKILL)));
	}
	run("PATH=$PATH:/sbin:/usr/sbin fsck.minix -f %s/disk.img >/dev/null", muk.folder);
	muk_remove(&muk);
}

static void a_second_start_changes_nothing(void **state)
{
	struct muk_process first, second;
	char want[128];

	(void)state;
	prepare_figure4(&first);
	muk_start(&first, none);
	assert_int_equal(muk_wait_up(&first), 0);
	second = first;
	muk_start(&second, none);
	assert_int_equal(muk_end(&second, 0), 1 << 8);
	snprintf(want, sizeof(want),
		 "pm cannot start: endpoint 0 of dc0 is in use by SERVER1/pm, "
		 "process %d; ",
		 first.pid);
	expect_log(&first, want);
	assert_int_equal(kill(first.pid, 0), 0);
	assert_int_equal(muk_end(&first, SIGTERM), 0);
	muk_remove(&first);
}

/* SYSTASK and CLOCK are the first one's; the second has a PM of its own. */
static void two_muks_live_in_one_dc(void **state)
{
	struct muk_process first, second;

	(void)state;
	assert_int_equal(muk_prepare(&first), 0);
	muk_write(&first, "muk.cfg", "muk ONE { dcid 0; pm_ep 0; };");
	muk_start(&first, none);
	assert_int_equal(muk_wait_up(&first), 0);
	second = first;
	run("rm -f %s/log", first.folder);
	muk_write(&first, "muk.cfg", "muk TWO { dcid 0; pm_ep 10; };");
	muk_start(&second, none);
	assert_int_equal(muk_wait_up(&second), 0);
	expect_log(&second, "TWO: 1 servers up in ");
	assert_int_equal(muk_end(&second, SIGTERM), 0);
	assert_true(exists(&first, "dc0"));
	assert_int_equal(muk_end(&first, SIGTERM), 0);
	assert_false(exists(&first, "dc0"));
	muk_remove(&first);
}

/* Two MUKs of one DC, the first one with SYSTASK and CLOCK, and this process. */
static void begin_two(struct muk_process *first, struct muk_process *second, const char *runtime)
{
	const char *const options[] = { "--runtime", runtime, NULL };
	struct dvk_options open = { .dir = first->folder };

	assert_int_equal(muk_prepare(first), 0);
	muk_write(first, "muk.cfg", "muk ONE { dcid 0; pm_ep 0; };");
	muk_start(first, options);
	assert_int_equal(muk_wait_up(first), 0);
	*second = *first;
	run("rm -f %s/log", first->folder);
	muk_write(first, "muk.cfg", "muk TWO { dcid 0; pm_ep 10; };");
	muk_start(second, options);
	assert_int_equal(muk_wait_up(second), 0);
	assert_int_equal(dvk_open(0, &open), 0);
	assert_true(dvk_is_endpoint(dvk_bind(NONE, "test")));
}

/* The next notification comes from there. */
static void expect_notification(int source_ep)
{
	message m;

	assert_int_equal(dvk_receive_T(ANY, &m, MUK_PATIENCE_MS), 0);
	assert_int_equal(m.m_type, NOTIFY_MESSAGE);
	assert_int_equal(m.m_source, source_ep);
}

/* Within a second. */
static void await_log(const struct muk_process *muk, const char *text)
{
	char log[8192] = "";

	for (int ms = 0; ms < 1000 && !strstr(log, text); ms += 5) {
		muk_log(muk, log, sizeof(log));
		sleep_ms(5);
	}
	expect_log(muk, text);
}

static void inherits(const char *runtime, int signo)
{
	struct systask_find_reply found = { 0 };
	struct clock_alarm_reply clock_left;
	struct pm_alarm_reply pm_left;
	struct muk_process first, second;

	begin_two(&first, &second, runtime);
	assert_int_equal(pm_call_alarm(10, 1, &pm_left), 0);
	muk_end(&first, signo);
	await_log(&second, "TWO: systask is ours now\n");
	await_log(&second, "TWO: clock is ours now\n");
	assert_int_equal(systask_call_find(SYSTASK(0), "pm", &found), 0);
	assert_int_equal(found.ep, 10);
	assert_int_equal(clock_call_alarm(CLOCK, 5, 0, &clock_left), 0);
	expect_notification(CLOCK);
	/* PM's alarms were those of the CLOCK that is gone. */
	expect_notification(10);
	dvk_close();
	assert_int_equal(muk_end(&second, SIGTERM), 0);
	assert_false(exists(&second, "dc0"));
	muk_remove(&second);
}

static void the_second_inherits_systask_and_clock(void **state)
{
	static const int signals[] = { SIGKILL, SIGTERM };

	(void)state;
	for (int i = 0; i < 2; i++)
		for (int j = 0; j < 2; j++)
			inherits(runtimes[i], signals[j]);
}

static const struct {
	const char *spoil; /* a command, given the folder */
	const char *options[4];
	int status;
	const char *want;
} refusals[] = {
	{ "true %s", { "--check" }, 0, "/muk.cfg: all right: SERVER1, dc0\n" },
	{ "rm %s/disk.img", { "--check" }, 1, "image_file: cannot read /tmp/" },
	{ "rm %s/disk.img", { NULL }, 1, "/rdisk.cfg:6: image_file: cannot read /tmp/" },
	{ ": >%s/disk.img", { NULL }, 1, "SERVER1: rdisk did not start: " },
	{ "head -c 65536 /dev/zero >%s/disk.img", { NULL }, 1, "SERVER1: fs did not start: " },
	{ "truncate --size 1M %s/disk.img", { NULL }, 1, "SERVER1: fs did not start: " },
	{ "rm %s/muk.cfg",
	  { NULL },
	  1,
	  "/muk.cfg: cannot read the configuration: No such file or directory\n" },
	{ "sed -i s/pm_ep/pm_epp/ %s/muk.cfg",
	  { NULL },
	  1,
	  "/muk.cfg:3: unknown entry pm_epp in a block muk; did you mean pm_ep?\n" },
	{ "true %s", { "--dc", "64" }, 3, "muk: --dc 64: expected a number from 0 to 63\n" },
	{ "true %s", { "--dc", "x" }, 3, "muk: --dc x: expected a number from 0 to 63\n" },
	{ "true %s",
	  { "--runtime", "fibers" },
	  3,
	  "muk: --runtime fibers: expected coroutines or threads\n" },
	{ "true %s", { "--wrong" }, 3, "muk --help lists the options\n" },
	{ "true %s", { "more.cfg" }, 3, "muk: more than one configuration\n" },
	{ "true %s", { "--help" }, 0, "  ftp_cfg      the configuration of M3FTP; " },
	{ "true %s", { "--man" }, 0, ".TH MUK 1\n" },
	{ "true %s", { "--version" }, 0, "muk " },
};

static void what_cannot_be_is_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct muk_process muk;

		prepare_figure4(&muk);
		run(refusals[i].spoil, muk.folder);
		muk_start(&muk, refusals[i].options);
		assert_int_equal(muk_end(&muk, 0), refusals[i].status << 8);
		expect_log(&muk, refusals[i].want);
		/* What had started is stopped again. */
		assert_false(exists(&muk, "dc0"));
		muk_remove(&muk);
	}
}

static void the_command_line_goes_before_the_configuration(void **state)
{
	static const char *const options[] = { "--dc", "7", "--runtime", "threads", NULL };
	struct muk_process muk;

	(void)state;
	assert_int_equal(muk_prepare(&muk), 0);
	muk_write(&muk, "muk.cfg", "muk: { name = \"M\"; dcid = 0; runtime = \"coroutines\"; };");
	muk_start(&muk, options);
	assert_int_equal(muk_wait_up(&muk), 0);
	expect_log(&muk, "M: 2 servers up in ");
	expect_log(&muk, "(dc7, threads)\n");
	assert_true(exists(&muk, "dc7"));
	assert_int_equal(muk_end(&muk, SIGTERM), 0);
	muk_remove(&muk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figure_4_boots_and_ends_in_order),
		cmocka_unit_test(two_signals_at_once_are_one),
		cmocka_unit_test(it_boots_again_after_it_was_killed),
		cmocka_unit_test(a_second_start_changes_nothing),
		cmocka_unit_test(two_muks_live_in_one_dc),
		cmocka_unit_test(the_second_inherits_systask_and_clock),
		cmocka_unit_test(what_cannot_be_is_said),
		cmocka_unit_test(the_command_line_goes_before_the_configuration),
	};

	alarm(180);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
