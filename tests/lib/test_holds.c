/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_holds.c - a debugger's process holds messages of others, acts upon them, and
 * is killed.
 */
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <dvk/debug.h>

#include "fixture.h"

#define HELD_TYPE 7

/* A server that adds one to m1_i1. */
static int serve(void *argument)
{
	message m;
	int client = NONE;

	(void)argument;
	if (dvk_bind(SERVER_NR, "server") != SERVER_NR)
		return 99;
	for (;;) {
		if (dvk_reply_receive(client, &m, ANY, &m) != 0)
			return 98;
		client = m.m_source;
		m.m_type = 0;
		m.m1_i1++;
	}
}

/* Calls with 10 in m1_i1, and says what came; with an error, that. */
static void *call_in_thread(void *argument)
{
	message m = { .m_type = HELD_TYPE, .m1_i1 = 10 };
	int rc;

	if (!dvk_is_endpoint(dvk_bind(NONE, "client")))
		return NULL;
	rc = dvk_sendrec_T(SERVER_NR, &m, PATIENCE_MS);
	*(int *)argument = rc ? rc : m.m_type ? m.m_type : m.m1_i1;
	return NULL;
}

static struct dvk_hold rule(void)
{
	return (struct dvk_hold){ .src_ep = ANY,
				  .dst_ep = SERVER_NR,
				  .m_type = HELD_TYPE,
				  .call_type = DVK_ANY_TYPE,
				  .kinds = DVK_HOLD_KIND(DVK_HELD_CALL),
				  .test_count = 1,
				  .tests = { { .bytes = 4, .op = DVK_TEST_GE, .value = 10 } } };
}

static struct dvk_held wait_for_held(void)
{
	struct dvk_held held[4];

	while (dvk_held(held, 4) != 1)
		sleep_ms(1);
	return held[0];
}

static int let_go(const struct dvk_held *held)
{
	return dvk_held_release(held->id);
}

static int change(const struct dvk_held *held)
{
	message m = held->m;

	m.m1_i1 = 40;
	return dvk_held_edit(held->id, &m) ?: dvk_held_release(held->id);
}

static int refuse(const struct dvk_held *held)
{
	return dvk_held_drop(held->id, EDVSIO);
}

static int answer(const struct dvk_held *held)
{
	message m = { .m_type = EDVSROFS };

	return dvk_held_answer(held->id, &m);
}

static int twice(const struct dvk_held *held)
{
	return dvk_held_duplicate(held->id) ?: dvk_held_release(held->id);
}

static int let_go_later(const struct dvk_held *held)
{
	sleep_ms(50);
	return now_ns() - held->since < 50000000 || dvk_held_release(held->id);
}

static int take_the_rule_back(const struct dvk_held *held)
{
	return dvk_unhold(held->hold_id);
}

static const struct {
	const char *name;
	int (*act)(const struct dvk_held *held);
	int want;
} acts[] = {
	{ "release", let_go, 11 },
	{ "edit", change, 41 },
	{ "drop", refuse, EDVSIO },
	{ "answer", answer, EDVSROFS },
	{ "duplicate", twice, 11 },
	{ "delay", let_go_later, 11 },
	{ "unhold", take_the_rule_back, 11 },
};

static void each_action_does_what_it_says(void **state)
{
	pid_t server = child(serve, NULL);

	(void)state;
	assert_int_equal(dvk_close(), 0);
	dc_open(DVK_CREATE | DVK_SYSTEM);
	assert_int_equal(dvk_bind(1, "debugger"), 1);
	wait_for_rts(SERVER_NR, DVK_RTS_RECEIVING);
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		struct dvk_hold wanted = rule(), seen[DVK_HOLDS];
		int id = dvk_hold(&wanted), got = 0, rc;
		struct dvk_held held;
		pthread_t client;

		assert_true(id > 0);
		pthread_create(&client, NULL, call_in_thread, &got);
		held = wait_for_held();
		assert_int_equal(held.m.m1_i1, 10);
		assert_int_equal(held.dst_ep, SERVER_NR);
		rc = acts[i].act(&held);
		if (rc)
			fail_msg("%s: %d", acts[i].name, rc);
		pthread_join(client, NULL);
		if (got != acts[i].want)
			fail_msg("%s: the client got %d", acts[i].name, got);
		assert_int_equal(dvk_held_release(held.id), EDVSNOMSG);
		assert_int_equal(dvk_holds(seen, DVK_HOLDS), acts[i].act != take_the_rule_back);
		assert_int_equal(dvk_unhold(0), 0);
	}
	child_kill(server);
	wait_for_free(SERVER_NR);
}

/* In a process that is killed: holds what comes. */
static int hold_and_sleep(void *argument)
{
	struct dvk_hold wanted = rule();

	(void)argument;
	if (dvk_close() != 0)
		return 96;
	dc_open(DVK_SYSTEM);
	if (!dvk_is_endpoint(dvk_bind(80, "debugger")) || dvk_hold(&wanted) <= 0)
		return 97;
	dvk_set_sleep_note("holds");
	pause();
	return 0;
}

static void a_killed_debugger_holds_nothing(void **state)
{
	pid_t server = child(serve, NULL), debugger = child(hold_and_sleep, NULL);
	struct dvk_procinfo info;
	pthread_t client;
	int got = 0, nr;

	(void)state;
	wait_for_rts(SERVER_NR, DVK_RTS_RECEIVING);
	do
		sleep_ms(1);
	while (!look(80, &info) || strcmp(info.sleep_note, "holds") != 0);
	pthread_create(&client, NULL, call_in_thread, &got);
	do
		for (nr = 64;
		     nr < 110 && (nr == 80 || !(look(nr, &info) && info.rts & DVK_RTS_HELD)); nr++)
			;
	while (nr == 110);
	child_kill(debugger);
	pthread_join(client, NULL);
	assert_int_equal(got, 11);
	child_kill(server);
	wait_for_free(SERVER_NR);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_action_does_what_it_says),
		cmocka_unit_test(a_killed_debugger_holds_nothing),
	};

	alarm(100);
	return cmocka_run_group_tests_name("lib: holds", tests, fixture_open, fixture_close);
}
