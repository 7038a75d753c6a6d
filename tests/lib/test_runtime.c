/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_runtime.c - many slots on one thread: the parker's hooks, the list of ready
 * slots, waking through a descriptor.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

#define CLIENT_NR 21
#define ROUNDS    1000

/* ---- two slots, one thread: the smallest runtime there can be ---- */

static struct {
	int server_ep, client_ep;
	int served, told_server, told_client, handovers;
} pair;

static void serve_once(void)
{
	message m;

	dvk_set_current(SERVER_NR);
	assert_int_equal(dvk_receive_T(ANY, &m, 0), 0);
	m.m_type = -m.m_type;
	assert_int_equal(dvk_reply(m.m_source, &m), 0);
	pair.served++;
	dvk_set_current(CLIENT_NR);
}

/* The client waits, so the server's turn has come; its reply makes the client ready. */
static void pair_block(int nr, int64_t deadline_ns)
{
	(void)deadline_ns;
	assert_int_equal(nr, CLIENT_NR);
	serve_once();
}

static void pair_ready(int nr, int handover)
{
	pair.told_server += nr == SERVER_NR;
	pair.told_client += nr == CLIENT_NR;
	pair.handovers += handover;
}

static void a_pair_on_one_thread(void **state)
{
	static const struct dvk_parker parker = { .block = pair_block, .ready = pair_ready };
	message m;

	(void)state;
	memset(&pair, 0, sizeof(pair));
	assert_int_equal(dvk_tbind(SERVER_NR, "server"), SERVER_NR);
	assert_int_equal(dvk_tbind(CLIENT_NR, "client"), CLIENT_NR);
	dvk_set_parker(&parker);
	dvk_set_current(CLIENT_NR);
	for (int i = 1; i <= ROUNDS; i++) {
		m.m_type = i;
		assert_int_equal(dvk_sendrec(SERVER_NR, &m), 0);
		assert_int_equal(m.m_type, -i);
	}
	dvk_set_parker(NULL);
	assert_int_equal(pair.served, ROUNDS);
	assert_int_equal(pair.told_client, ROUNDS);
	assert_int_equal(pair.handovers, ROUNDS);
	assert_int_equal(pair.told_server, 0);
}

/* ---- woken from outside ---- */

static struct {
	int use_fd;
	int wakeups, timeouts;
} outside;

static void sleep_by_fd(int64_t deadline_ns)
{
	struct pollfd fd = { .fd = dvk_park_fd(), .events = POLLIN };
	int ms = deadline_ns == INT64_MAX ? -1 : (int)((deadline_ns - now_ns()) / 1000000) + 1;

	if (dvk_park_prepare())
		return;
	poll(&fd, 1, ms < -1 ? 0 : ms);
	dvk_park_done();
}

static void outside_block(int nr, int64_t deadline_ns)
{
	int ready[4], count = 0;

	while (count == 0 && now_ns() < deadline_ns) {
		if (outside.use_fd)
			sleep_by_fd(deadline_ns);
		else
			dvk_park(deadline_ns);
		count = dvk_take_ready(ready, 4);
	}
	if (count == 0) {
		outside.timeouts++;
		return;
	}
	assert_int_equal(count, 1);
	assert_int_equal(ready[0], nr);
	outside.wakeups++;
}

static void outside_ready(int nr, int handover)
{
	(void)handover;
	fail_msg("slot %d was made ready by somebody else", nr);
}

static int echo(void *argument)
{
	message m;
	int client = NONE;

	(void)argument;
	if (dvk_bind(SERVER_NR, "server") != SERVER_NR)
		return 99;
	for (;;) {
		client = dvk_reply_receive(client, &m, ANY, &m) == 0 ? m.m_source : NONE;
		if (m.m_type == 1000000)
			client = NONE;
		m.m_type = -m.m_type;
		/* Long enough that the caller sleeps now and then. */
		if (m.m_type % 16 == 0)
			usleep(500);
	}
}

static void woken_from_outside(void **state)
{
	static const struct dvk_parker parker = { .block = outside_block, .ready = outside_ready };
	pid_t pid = child(echo, NULL);
	message m;

	(void)state;
	wait_for_rts(SERVER_NR, DVK_RTS_RECEIVING);
	for (outside.use_fd = 0; outside.use_fd < 2; outside.use_fd++) {
		outside.wakeups = outside.timeouts = 0;
		dvk_set_parker(&parker);
		for (int i = 1; i <= ROUNDS; i++) {
			m.m_type = i;
			assert_int_equal(dvk_sendrec_T(SERVER_NR, &m, PATIENCE_MS), 0);
			assert_int_equal(m.m_type, -i);
		}
		assert_int_equal(outside.wakeups, ROUNDS);
		assert_int_equal(outside.timeouts, 0);
		m.m_type = 1000000;
		assert_int_equal(dvk_sendrec_T(SERVER_NR, &m, 50), EDVSNOTREADY);
		assert_int_equal(outside.timeouts, 1);
		dvk_set_parker(NULL);
	}
	child_kill(pid);
}

/* The keeper's own burials wake a runtime too. */
static int take_and_die(void *argument)
{
	message m;

	(void)argument;
	if (dvk_bind(SERVER_NR, "server") != SERVER_NR)
		return 99;
	if (dvk_receive(ANY, &m) != 0)
		return 98;
	sleep_ms(20);
	raise(SIGKILL);
	return 0;
}

static void the_server_dies(void **state)
{
	static const struct dvk_parker parker = { .block = outside_block, .ready = outside_ready };

	(void)state;
	for (outside.use_fd = 0; outside.use_fd < 2; outside.use_fd++) {
		pid_t pid = child(take_and_die, NULL);
		message m = { .m_type = 1 };
		int64_t start;

		wait_for_rts(SERVER_NR, DVK_RTS_RECEIVING);
		dvk_set_parker(&parker);
		start = now_ns();
		assert_int_equal(dvk_sendrec_T(SERVER_NR, &m, PATIENCE_MS), EDVSSRCDIED);
		assert_in_range(now_ns() - start, 0, (20 + WITHIN_MS) * 1000000LL);
		dvk_set_parker(NULL);
		child_wait(pid);
		wait_for_free(SERVER_NR);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_pair_on_one_thread, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(woken_from_outside, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(the_server_dies, fixture_open, fixture_close),
	};

	alarm(120);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
