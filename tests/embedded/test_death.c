/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_death.c - whoever dies, in whatever state: its slot is free and its peers
 * go on within 100 ms (M3-IPC section 8).
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "embedded.h"
#include "undo.h"
#include "fixture.h"

#define VICTIM_NR 30

/* ---- what a victim does until it is killed ---- */

static int die_idle(void *argument)
{
	(void)argument;
	pause();
	return 0;
}

static int die_sending(void *argument)
{
	message m = { .m_type = 1 };

	(void)argument;
	return dvk_send(1, &m);
}

static int die_receiving(void *argument)
{
	message m;

	(void)argument;
	return dvk_receive(ANY, &m);
}

static int die_calling(void *argument)
{
	message m = { .m_type = 1 };

	(void)argument;
	return dvk_sendrec(1, &m);
}

static int victim(void *body)
{
	if (dvk_bind(VICTIM_NR, "victim") != VICTIM_NR)
		return 99;
	return ((int (*)(void *))body)(NULL);
}

static const struct {
	int (*body)(void *);
	uint32_t rts;
	int taken; /* 1: we take its request before it is killed */
} states[] = {
	{ die_idle, 0, 0 },
	{ die_sending, DVK_RTS_SENDING, 0 },
	{ die_receiving, DVK_RTS_RECEIVING, 0 },
	{ die_calling, DVK_RTS_SENDING, 0 },
	{ die_calling, DVK_RTS_SENDING, 1 },
};

static void killed_in_each_state(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		message m;
		pid_t pid = child(victim, (void *)states[i].body);

		wait_for_rts(VICTIM_NR, states[i].rts);
		if (states[i].taken)
			assert_int_equal(dvk_receive_T(VICTIM_NR, &m, PATIENCE_MS), 0);
		child_kill(pid);
		assert_in_range(wait_for_free(VICTIM_NR), 0, WITHIN_MS);
		/* Nothing of it is left in our queue, and we go on. */
		assert_int_equal(dvk_receive_T(ANY, &m, 0), EDVSAGAIN);
		if (states[i].taken)
			assert_int_equal(dvk_reply(VICTIM_NR, &m), EDVSDSTDIED);
	}
}

/* ---- who waits for a victim ---- */

struct waiter {
	int call; /* 0 send, 1 receive, 2 sendrec queued, 3 sendrec taken */
	int want;
};

static int take_one(void *argument)
{
	message m;

	(void)argument;
	if (dvk_receive(ANY, &m) != 0)
		return 98;
	pause();
	return 0;
}

static const struct waiter waiters[] = {
	{ 0, EDVSDSTDIED },
	{ 1, EDVSSRCDIED },
	{ 2, EDVSDEADSRCDST },
	{ 3, EDVSSRCDIED },
};

static void *kill_soon(void *argument)
{
	pid_t pid = *(pid_t *)argument;

	sleep_ms(50);
	kill(pid, SIGKILL);
	return NULL;
}

static int wait_for_victim(const struct waiter *waiter)
{
	message m = { .m_type = 1 };

	if (waiter->call == 0)
		return dvk_send(VICTIM_NR, &m);
	if (waiter->call == 1)
		return dvk_receive(VICTIM_NR, &m);
	return dvk_sendrec(VICTIM_NR, &m);
}

static void waiters_are_released(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(waiters) / sizeof(waiters[0]); i++) {
		pid_t pid = child(victim, (void *)(waiters[i].call == 3 ? take_one : die_idle));
		pthread_t killer;
		int64_t start;

		wait_for_rts(VICTIM_NR, waiters[i].call == 3 ? DVK_RTS_RECEIVING : 0);
		start = now_ns();
		assert_int_equal(pthread_create(&killer, NULL, kill_soon, &pid), 0);
		assert_int_equal(wait_for_victim(&waiters[i]), waiters[i].want);
		assert_in_range(now_ns() - start, 0, (50 + WITHIN_MS) * 1000000LL);
		pthread_join(killer, NULL);
		child_kill(pid);
		wait_for_free(VICTIM_NR);
	}
}

/* ---- inside a transition ---- */

/* A transition that has begun to change things, and ends here. */
static int die_in_transition(void *argument)
{
	struct proc *p = dc_proc(&host.dc, 1);

	(void)argument;
	host_enter(&host.dc, &host_self.seat);
	SET(&host.dc, p->notify_pending[0], 0xdeadull);
	SET(&host.dc, p->notify_pending[1], 0xbeefull);
	SET(&host.dc, p->notify_pending[0], 0xfeedull);
	raise(SIGKILL);
	return 0;
}

static void killed_holding_the_lock(void **state)
{
	struct dvk_procinfo info;
	message m;
	int64_t start;
	pid_t pid = child(victim, (void *)die_in_transition);

	(void)state;
	assert_int_equal(child_wait(pid), 128 + SIGKILL);
	start = now_ns();
	assert_int_equal(dvk_receive_T(ANY, &m, 0), EDVSAGAIN);
	assert_in_range(now_ns() - start, 0, WITHIN_MS * 1000000LL);
	assert_in_range(wait_for_free(VICTIM_NR), 0, WITHIN_MS);
	assert_true(look(1, &info));
	assert_int_equal(info.notify_pending[0], 0);
	assert_int_equal(info.notify_pending[1], 0);
}

/* Commits a reply that wakes us, and dies before it can wake anybody. */
static int die_before_waking(void *argument)
{
	message m;

	(void)argument;
	if (dvk_receive(ANY, &m) != 0)
		return 98;
	sleep_ms(20);
	m.m_type = -77;
	host_enter(&host.dc, &host_self.seat);
	if (engine_reply(&host.dc, VICTIM_NR, 1, &m) != 0)
		return 97;
	host_commit(host.dc.state);
	raise(SIGKILL);
	return 0;
}

static void killed_between_commit_and_wake(void **state)
{
	message m = { .m_type = 1 };
	pid_t pid = child(victim, (void *)die_before_waking);

	(void)state;
	wait_for_rts(VICTIM_NR, DVK_RTS_RECEIVING);
	assert_int_equal(dvk_sendrec_T(VICTIM_NR, &m, PATIENCE_MS), 0);
	assert_int_equal(m.m_type, -77);
	child_kill(pid);
	wait_for_free(VICTIM_NR);
}

/* ---- threads, fork ---- */

#define MANY 150 /* more than one watcher watches */

static void *bind_and_wait(void *argument)
{
	message m;

	if (!dvk_is_endpoint(dvk_bind(NR_SERVERS + (int)(intptr_t)argument, "one of many")))
		abort();
	return (void *)(intptr_t)dvk_receive(ANY, &m);
}

static int bind_many(void *argument)
{
	pthread_t thread;

	(void)argument;
	for (intptr_t i = 0; i < MANY; i++)
		if (pthread_create(&thread, NULL, bind_and_wait, (void *)i) != 0)
			return 99;
	pause();
	return 0;
}

static void many_die_at_once(void **state)
{
	pid_t pid = child(bind_many, NULL);
	int64_t start;

	(void)state;
	for (int i = 0; i < MANY; i++)
		wait_for_rts(NR_SERVERS + i, DVK_RTS_RECEIVING);
	start = now_ns();
	child_kill(pid);
	for (int i = 0; i < MANY; i++)
		wait_for_free(NR_SERVERS + i);
	assert_in_range(now_ns() - start, 0, 2 * WITHIN_MS * 1000000LL);
}

static void *bind_and_return(void *argument)
{
	*(int *)argument = dvk_bind(VICTIM_NR, "thread");
	return NULL;
}

/* As a thread ends whose library cannot run its destructors. */
static void *bind_and_vanish(void *argument)
{
	*(int *)argument = dvk_bind(VICTIM_NR, "thread");
	syscall(SYS_exit, 0);
	return NULL;
}

static int vanish_in_child(void *argument)
{
	pthread_t thread;
	int endpoint = 0;

	(void)argument;
	pthread_create(&thread, NULL, bind_and_vanish, &endpoint);
	pause();
	return 0;
}

static void a_thread_ends(void **state)
{
	struct dvk_procinfo info;
	int endpoint = 0;
	pthread_t thread;
	pid_t pid;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, bind_and_return, &endpoint), 0);
	pthread_join(thread, NULL);
	assert_int_equal(endpoint, VICTIM_NR);
	assert_false(look(VICTIM_NR, &info));
	pid = child(vanish_in_child, NULL);
	assert_int_equal(dvk_is_endpoint(dvk_getep(getpid())), 1);
	sleep_ms(200);
	assert_false(look(VICTIM_NR, &info));
	child_kill(pid);
}

static void fork_leaves_the_child_unbound(void **state)
{
	struct dvk_procinfo info;
	message m = { .m_type = 1 };
	pid_t pid;

	(void)state;
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (dvk_send_T(1, &m, 0) != EDVSDVSINIT || dvk_current() != NONE)
			_exit(1);
		dc_open(0);
		if (dvk_send_T(1, &m, 0) != EDVSNOTBIND)
			_exit(2);
		if (dvk_bind(VICTIM_NR, "forked") != VICTIM_NR)
			_exit(3);
		_exit(dvk_send(1, &m) == 0 ? 0 : 4);
	}
	assert_int_equal(dvk_receive_T(ANY, &m, PATIENCE_MS), 0);
	assert_int_equal(child_wait(pid), 0);
	wait_for_free(VICTIM_NR);
	assert_true(look(1, &info));
}

/* ---- keepers that are stopped ---- */

static int keep_only(void *argument)
{
	(void)argument;
	if (!dvk_is_endpoint(dvk_bind(NONE, "keeper")))
		return 99;
	pause();
	return 0;
}

enum { LIVES, STOPPED, KILLED };
static const int keepers_are[][KEEPERS] = {
	{ STOPPED, LIVES }, { LIVES, STOPPED }, { STOPPED, KILLED }, { KILLED, STOPPED }
};

static void others_bury_while_a_keeper_is_stopped(void **state)
{
	static const int signals[] = { [LIVES] = 0, [STOPPED] = SIGSTOP, [KILLED] = SIGKILL };

	(void)state;
	for (size_t i = 0; i < sizeof(keepers_are) / sizeof(keepers_are[0]); i++) {
		pid_t keepers[KEEPERS], pid;
		int status;

		for (int k = 0; k < KEEPERS; k++) {
			keepers[k] = child(keep_only, NULL);
			wait_for_rts(NR_SERVERS + k, 0);
		}
		dc_open(0);
		pid = child(victim, (void *)die_receiving);
		wait_for_rts(VICTIM_NR, DVK_RTS_RECEIVING);
		for (int k = 0; k < KEEPERS; k++) {
			kill(keepers[k], signals[keepers_are[i][k]]);
			if (keepers_are[i][k] != LIVES)
				waitpid(keepers[k], &status, WUNTRACED);
		}
		child_kill(pid);
		assert_in_range(wait_for_free(VICTIM_NR), 0, WITHIN_MS);
		for (int k = 0; k < KEEPERS; k++)
			if (keepers_are[i][k] != KILLED)
				child_kill(keepers[k]);
		for (int k = 0; k < KEEPERS; k++)
			wait_for_free(NR_SERVERS + k);
		assert_int_equal(dvk_close(), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(killed_in_each_state, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(waiters_are_released, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(killed_holding_the_lock, fixture_open,
						fixture_close),
		cmocka_unit_test_setup_teardown(killed_between_commit_and_wake, fixture_open,
						fixture_close),
		cmocka_unit_test_setup_teardown(a_thread_ends, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(many_die_at_once, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(fork_leaves_the_child_unbound, fixture_open,
						fixture_close),
		cmocka_unit_test_setup_teardown(others_bury_while_a_keeper_is_stopped, fixture_dir,
						fixture_remove),
	};

	alarm(120);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
