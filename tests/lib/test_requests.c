/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_requests.c - requests taken alone, passed on, given up, between threads and
 * processes; binding others, and waiting for their ends; rights and stops.
 */
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <dvk/debug.h>
#include <dvk/manage.h>

#include "fixture.h"

/* ---- rcvrqst and relay ---- */

#define BACK_NR 21
#define RELAYS  500

/* Takes requests only, and passes each on. */
static int front(void *argument)
{
	message m;

	(void)argument;
	if (dvk_bind(SERVER_NR, "front") != SERVER_NR)
		return 99;
	for (int i = 0; i < RELAYS; i++) {
		if (dvk_rcvrqst(&m) != 0)
			return 98;
		m.m_type++;
		if (dvk_relay(BACK_NR, &m) != 0)
			return 97;
	}
	return dvk_rcvrqst_T(&m, 0) != EDVSAGAIN;
}

static int back(void *argument)
{
	message m;

	(void)argument;
	if (dvk_bind(BACK_NR, "back") != BACK_NR)
		return 99;
	for (int i = 0; i < RELAYS; i++) {
		if (dvk_receive(ANY, &m) != 0 || m.m_source != 1)
			return 98;
		m.m_type = -m.m_type;
		if (dvk_reply(m.m_source, &m) != 0)
			return 97;
	}
	return 0;
}

static void a_relayed_call_is_answered_by_another_process(void **state)
{
	pid_t behind = child(back, NULL), before;

	(void)state;
	wait_for_rts(BACK_NR, DVK_RTS_RECEIVING);
	before = child(front, NULL);
	wait_for_rts(SERVER_NR, DVK_RTS_RECEIVING);
	for (int i = 0; i < RELAYS; i++) {
		message m = { .m_type = 5 + i };

		assert_int_equal(dvk_sendrec_T(SERVER_NR, &m, PATIENCE_MS), 0);
		assert_int_equal(m.m_type, -6 - i);
		assert_int_equal(m.m_source, BACK_NR);
	}
	assert_int_equal(child_wait(before), 0);
	assert_int_equal(child_wait(behind), 0);
	wait_for_free(BACK_NR);
}

/* ---- cancel ---- */

static volatile int cancelled_with;

static void on_alarm(int signal)
{
	(void)signal;
	cancelled_with = dvk_cancel(SELF);
}

static int blocked_receive(void)
{
	message m;

	return dvk_receive(ANY, &m);
}

static int blocked_call(void)
{
	message m = { .m_type = 3 };

	return dvk_sendrec(SERVER_NR, &m);
}

static int blocked_wait(void)
{
	return dvk_wait4unbind(SERVER_NR);
}

static int take_one_and_keep(void *argument)
{
	message m;

	(void)argument;
	if (dvk_bind(SERVER_NR, "keeps") != SERVER_NR || dvk_receive(ANY, &m) != 0)
		return 99;
	pause();
	return 0;
}

static int only_there(void *argument)
{
	(void)argument;
	if (dvk_bind(SERVER_NR, "there") != SERVER_NR)
		return 99;
	pause();
	return 0;
}

static const struct {
	const char *name;
	int (*call)(void);
	int (*server)(void *argument);
	int want;
} cancels[] = {
	{ "a receive", blocked_receive, NULL, EDVSINTR },
	{ "a call that is queued", blocked_call, only_there, EDVSINTR },
	{ "a call that was taken", blocked_call, take_one_and_keep, EDVSNOTREADY },
	{ "a wait for an end", blocked_wait, only_there, EDVSINTR },
};

/* A timer's signal while it is blocked, and one that came before. */
static void a_signal_handler_ends_a_wait(void **state)
{
	struct sigaction action = { .sa_handler = on_alarm };
	struct dvk_procinfo info;
	int soon;

	(void)state;
	sigaction(SIGALRM, &action, NULL);
	for (size_t i = 0; i < sizeof(cancels) / sizeof(cancels[0]); i++) {
		for (soon = 0; soon < 2; soon++) {
			pid_t pid = cancels[i].server ? child(cancels[i].server, NULL) : 0;
			int rc;

			while (pid && !look(SERVER_NR, &info))
				sleep_ms(1);
			cancelled_with = 1;
			if (soon)
				raise(SIGALRM);
			else
				ualarm(30000, 0);
			rc = cancels[i].call();
			if (rc != cancels[i].want &&
			    !(soon && rc == EDVSINTR && cancels[i].want == EDVSNOTREADY))
				fail_msg("%s, soon %d: %d", cancels[i].name, soon, rc);
			assert_int_equal(cancelled_with, 0);
			if (pid)
				child_kill(pid);
			if (pid)
				wait_for_free(SERVER_NR);
		}
	}
	signal(SIGALRM, SIG_DFL);
	alarm(100);
}

struct waiter {
	pthread_t thread;
	int tid, endpoint, rc;
};

static void *wait_in_thread(void *argument)
{
	struct waiter *waiter = argument;
	message m;

	waiter->endpoint = dvk_bind(NONE, "waiter");
	__atomic_store_n(&waiter->tid, (int)syscall(SYS_gettid), __ATOMIC_SEQ_CST);
	waiter->rc = dvk_receive_T(ANY, &m, PATIENCE_MS);
	return NULL;
}

static int by_endpoint(const struct waiter *waiter)
{
	return dvk_cancel(waiter->endpoint);
}

static int by_thread(const struct waiter *waiter)
{
	return dvk_cancel_thread(waiter->tid);
}

static int by_wakeup(const struct waiter *waiter)
{
	return dvk_wakeup(waiter->endpoint);
}

static void another_thread_ends_a_wait(void **state)
{
	static const struct {
		int (*how)(const struct waiter *waiter);
		int want;
	} ways[] = { { by_endpoint, EDVSINTR },
		     { by_thread, EDVSINTR },
		     { by_wakeup, EDVSWOKENUP } };

	(void)state;
	for (int i = 0; i < 30; i++) {
		struct waiter waiter = { .tid = 0 };

		pthread_create(&waiter.thread, NULL, wait_in_thread, &waiter);
		while (!__atomic_load_n(&waiter.tid, __ATOMIC_SEQ_CST))
			;
		/* Some come before the wait, some when it sleeps. */
		if (i % 2)
			wait_for_rts(dvk_endpoint_nr(waiter.endpoint), DVK_RTS_RECEIVING);
		assert_int_equal(ways[i % 3].how(&waiter), 0);
		pthread_join(waiter.thread, NULL);
		assert_int_equal(waiter.rc, ways[i % 3].want);
	}
	assert_int_equal(dvk_cancel_thread(1), EDVSBADPID);
	assert_int_equal(dvk_cancel(5000), EDVSRANGE);
	assert_int_equal(dvk_cancel(30), EDVSNOTBIND);
}

/* ---- others' lives ---- */

static int sleeps_for_ever(void *argument)
{
	(void)argument;
	if (dvk_bind(SERVER_NR, "sleeper") != SERVER_NR)
		return 99;
	pause();
	return 0;
}

static void kill_ends_wait4unbind(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++) {
		struct dvk_procinfo info;
		pid_t pid = child(sleeps_for_ever, NULL);
		int64_t start;

		assert_int_equal(dvk_wait4bind_T(SERVER_NR, PATIENCE_MS), SERVER_NR);
		assert_int_equal(dvk_wait4unbind_T(SERVER_NR, 1), EDVSTIMEDOUT);
		assert_int_equal(look(SERVER_NR, &info), 1);
		start = now_ns();
		kill(pid, SIGKILL);
		assert_int_equal(dvk_wait4unbind_T(SERVER_NR, PATIENCE_MS), 0);
		assert_true(now_ns() - start < WITHIN_MS * 1000000LL);
		child_wait(pid);
	}
}

static int bound_by_another(void *argument)
{
	message m;
	int endpoint;

	(void)argument;
	endpoint = dvk_wait4bind(SELF);
	if (endpoint != SERVER_NR || dvk_wait4bind(SELF) != SERVER_NR)
		return 99;
	if (dvk_receive(ANY, &m) != 0)
		return 98;
	m.m_type = 0;
	return dvk_reply(m.m_source, &m) != 0;
}

static void a_process_is_bound_by_another(void **state)
{
	message m = { .m_type = 1 };
	pid_t pid = child(bound_by_another, NULL);
	int rc;

	(void)state;
	/* Its thread is there when it waits for its bind. */
	while ((rc = dvk_lclbind(pid, SERVER_NR, "given")) == EDVSBADPID)
		sleep_ms(1);
	assert_int_equal(rc, SERVER_NR);
	assert_int_equal(dvk_lclbind(pid, NONE, "twice"), EDVSPROCRUN);
	assert_int_equal(dvk_lclbind(1, NONE, "init"), EDVSBADPID);
	assert_int_equal(dvk_sendrec_T(SERVER_NR, &m, PATIENCE_MS), 0);
	assert_int_equal(child_wait(pid), 0);
}

/* ---- rights and stops: a debugger in another process ---- */

static int counts(void *argument)
{
	message m;

	(void)argument;
	if (dvk_bind(SERVER_NR, "counts") != SERVER_NR)
		return 99;
	for (;;)
		if (dvk_receive(ANY, &m) != 0 || dvk_notify(1) != 0)
			return 98;
}

/* Stops the server, sees that it does not run, and lets it go on, or dies. */
static int debugs(void *argument)
{
	struct dvk_priv priv;

	if (!dvk_is_endpoint(dvk_bind(NONE, "debugger")) || dvk_stop(SERVER_NR) != 0)
		return 99;
	if (dvk_getpriv(SERVER_NR, &priv) != 0 || priv.level != DVK_LEVEL_SERVER)
		return 98;
	if (dvk_setpriv(SERVER_NR, &priv) != EDVSPRIVILEGES && !argument)
		return 97;
	wait_for_rts(SERVER_NR, DVK_RTS_STOPPED);
	pause();
	return 0;
}

static int debugs_as_system(void *argument)
{
	/* child() has opened the DC without it. */
	if (dvk_close() != 0)
		return 96;
	dc_open(DVK_SYSTEM);
	return debugs(argument);
}

static void who_is_stopped_goes_on_when_its_debugger_is_killed(void **state)
{
	message m = { .m_type = 1 };
	pid_t server = child(counts, NULL), debugger;

	(void)state;
	assert_int_equal(dvk_stop(SERVER_NR), EDVSPRIVILEGES);
	wait_for_rts(SERVER_NR, DVK_RTS_RECEIVING);
	debugger = child(debugs_as_system, &m);
	wait_for_rts(SERVER_NR, DVK_RTS_STOPPED);
	assert_int_equal(dvk_send_T(SERVER_NR, &m, PATIENCE_MS), 0);
	assert_int_equal(dvk_receive_T(SERVER_NR, &m, 50), EDVSTIMEDOUT);
	child_kill(debugger);
	assert_int_equal(dvk_receive_T(SERVER_NR, &m, PATIENCE_MS), 0);
	assert_int_equal(m.m_type, NOTIFY_MESSAGE);
	child_kill(server);
	wait_for_free(SERVER_NR);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_relayed_call_is_answered_by_another_process),
		cmocka_unit_test(a_signal_handler_ends_a_wait),
		cmocka_unit_test(another_thread_ends_a_wait),
		cmocka_unit_test(kill_ends_wait4unbind),
		cmocka_unit_test(a_process_is_bound_by_another),
		cmocka_unit_test(who_is_stopped_goes_on_when_its_debugger_is_killed),
	};

	alarm(100);
	return cmocka_run_group_tests_name("lib: requests", tests, fixture_open, fixture_close);
}
