/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_load.c - kill -9 at random instants while all call each other.
 *
 * Clients, the server's other callers and whoever is the keeper die in turn; all
 * others go on, no slot is lost, and the next sendrec works.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

#define CLIENTS 4
#define KILLS   300

static int serve(void *argument)
{
	message m;
	int client = NONE;

	(void)argument;
	/* Lives as long as the test: longer than a child otherwise may. */
	alarm(180);
	if (dvk_bind(SERVER_NR, "server") != SERVER_NR)
		return 99;
	for (;;) {
		client = dvk_reply_receive(client, &m, ANY, &m) == 0 ? m.m_source : NONE;
		m.m_type = -m.m_type;
	}
}

static int one_call(int number)
{
	message m = { .m_type = 1 + number % 1000 };
	int rc;

	m.m1_i1 = number;
	rc = dvk_sendrec(SERVER_NR, &m);
	return rc != 0 || m.m_type != -(1 + number % 1000) || m.m1_i1 != number ? 98 : 0;
}

static int call_for_ever(void *argument)
{
	int rc = 0;

	(void)argument;
	if (!dvk_is_endpoint(dvk_bind(NONE, "client")))
		return 99;
	for (int number = 1; rc == 0; number++)
		rc = one_call(number);
	return rc;
}

static int call_thrice(void *argument)
{
	(void)argument;
	if (!dvk_is_endpoint(dvk_bind(NONE, "last")))
		return 99;
	return one_call(1) + one_call(2) + one_call(3) + dvk_close();
}

static struct dvk_snapshot *take(void)
{
	struct dvk_snapshot *snapshot;
	struct dvk_view *view;

	assert_int_equal(dvk_view_open(TEST_DCID, test_dir, 0, &view), 0);
	assert_int_equal(dvk_view_snapshot(view, &snapshot), 0);
	dvk_view_close(view);
	return snapshot;
}

static uint64_t messages_of(int nr)
{
	struct dvk_procinfo info = { 0 };

	return look(nr, &info) ? info.messages_received : 0;
}

/* How many slots are bound, when the dead have been buried. */
static int bound_at_rest(int want)
{
	int bound = -1;

	for (int i = 0; i < PATIENCE_MS / 5 && bound != want; i++) {
		struct dvk_snapshot *snapshot = take();

		bound = snapshot->dc.bound;
		assert_int_equal(bound, snapshot->count);
		dvk_snapshot_free(snapshot);
		sleep_ms(5);
	}
	return bound;
}

static void start_clients(pid_t clients[CLIENTS])
{
	for (int i = 0; i < CLIENTS; i++)
		clients[i] = child(call_for_ever, NULL);
}

static void kill_clients(pid_t clients[CLIENTS])
{
	for (int i = 0; i < CLIENTS; i++)
		child_kill(clients[i]);
}

static void random_clients_die(void **state)
{
	pid_t server = child(serve, NULL), clients[CLIENTS];
	uint64_t before;

	(void)state;
	wait_for_rts(SERVER_NR, DVK_RTS_RECEIVING);
	srand(1);
	start_clients(clients);
	for (int i = 0; i < KILLS; i++) {
		int victim = rand() % CLIENTS;

		usleep((useconds_t)(rand() % 4000));
		/* Nobody has stopped by itself, with a wrong or no answer. */
		assert_int_equal(waitpid(clients[victim], NULL, WNOHANG), 0);
		child_kill(clients[victim]);
		clients[victim] = child(call_for_ever, NULL);
	}
	before = messages_of(SERVER_NR);
	sleep_ms(100);
	assert_true(messages_of(SERVER_NR) > before);
	kill_clients(clients);
	assert_int_equal(bound_at_rest(1), 1);
	assert_int_equal(child_wait(child(call_thrice, NULL)), 0);
	child_kill(server);
}

static void the_keeper_dies(void **state)
{
	pid_t server = child(serve, NULL), clients[CLIENTS];
	int kills = 0;

	(void)state;
	wait_for_rts(SERVER_NR, DVK_RTS_RECEIVING);
	start_clients(clients);
	for (int i = 0; i < 200 && kills < 20; i++) {
		struct dvk_snapshot *snapshot = take();
		pid_t keeper = snapshot->dc.keeper_pid;

		dvk_snapshot_free(snapshot);
		sleep_ms(5);
		for (int k = 0; k < CLIENTS; k++) {
			if (clients[k] != keeper)
				continue;
			child_kill(keeper);
			clients[k] = child(call_for_ever, NULL);
			kills++;
		}
		if (keeper != server)
			continue;
		child_kill(server);
		kills++;
		kill_clients(clients);
		/* All are dead: what is left behind is made anew. */
		server = child(serve, NULL);
		wait_for_rts(SERVER_NR, DVK_RTS_RECEIVING);
		start_clients(clients);
	}
	assert_true(kills >= 3);
	kill_clients(clients);
	assert_int_equal(bound_at_rest(1), 1);
	assert_int_equal(child_wait(child(call_thrice, NULL)), 0);
	child_kill(server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(random_clients_die, fixture_dir, fixture_remove),
		cmocka_unit_test_setup_teardown(the_keeper_dies, fixture_dir, fixture_remove),
	};

	alarm(170);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
