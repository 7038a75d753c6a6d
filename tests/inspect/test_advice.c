/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_advice.c - waits for a mutex of the host, and where a circle is to be broken.
 */
#include "state.h"

#define CALLS(ep, server, type) \
	.endpoint = ep, .rts = DVK_RTS_RECEIVING, .peer_ep = server, .call_type = type
#define IDLES(ep) .endpoint = ep, .rts = DVK_RTS_RECEIVING, .peer_ep = ANY

/* Threads of one process: who waits for a mutex waits for who has it. */
static void mutex_leads_to_its_owner(void **state)
{
	static const struct {
		const char *what;
		struct state_process rows[4]; /* the first is asked for; the last but one waits */
		pid_t waits, owner;
		int follows;
		enum inspect_cause cause;
		int at_fault, hops;
		const char *sentence; /* of the one who waits */
	} mutexes[] = {
		{ "its owner works",
		  { { .name = "fs", .endpoint = 1, .tid = 70 },
		    { .name = "log", .endpoint = 20, .tid = 71 } },
		  70,
		  71,
		  1,
		  CAUSE_RUNNING,
		  20,
		  2,
		  "waits for a mutex (0x7f00) that log has" },
		{ "its owner waits for the one who waits",
		  { { .name = "web", CALLS(USER(1, 64), 1, 5) },
		    { .name = "fs", .endpoint = 1, .tid = 70 },
		    { .name = "log", CALLS(20, 1, 5), .tid = 71 } },
		  70,
		  71,
		  1,
		  CAUSE_CIRCLE,
		  1,
		  3,
		  "waits for a mutex (0x7f00) that log has" },
		{ "its owner has no slot",
		  { { .name = "fs", .endpoint = 1, .tid = 70 } },
		  70,
		  99,
		  1,
		  CAUSE_RUNNING,
		  NONE,
		  2,
		  "waits for a mutex (0x7f00) that a thread without a slot has" },
		{ "it is no mutex",
		  { { .name = "fs", .endpoint = 1, .tid = 70 } },
		  70,
		  0,
		  0,
		  CAUSE_RUNNING,
		  1,
		  1,
		  "runs" },
		{ "who waits for a message does not wait for it",
		  { { .name = "fs", IDLES(1), .tid = 70 },
		    { .name = "log", .endpoint = 20, .tid = 71 } },
		  70,
		  71,
		  0,
		  CAUSE_IDLE,
		  1,
		  1,
		  "receives from any" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(mutexes) / sizeof(mutexes[0]); i++) {
		struct dvk_snapshot *s = state_make(mutexes[i].rows);
		struct inspect_thread thread = { .exists = 1, .state = 'S', .futex = 0x7f00 };
		struct inspect *in = inspect_create(s, NULL);
		struct inspect_why why;
		int k = 0;

		thread.owner = mutexes[i].owner;
		inspect_why_hops(in, inspect_find(in, mutexes[i].rows[0].endpoint), &why);
		if (inspect_why_follow(in, &thread, &why) != mutexes[i].follows ||
		    why.cause != mutexes[i].cause || why.at_fault_ep != mutexes[i].at_fault ||
		    why.count != mutexes[i].hops)
			fail_msg("%s: %s, at fault %d, %d hops", mutexes[i].what,
				 inspect_cause_word(why.cause), why.at_fault_ep, why.count);
		while (why.hops[k].tid != mutexes[i].waits)
			k++;
		assert_string_equal(why.hops[k].sentence, mutexes[i].sentence);
		inspect_destroy(in);
		state_free(s);
	}
}

/* A circle is broken at a user's process before a server, at who waits the shortest. */
static void advice_costs_the_least(void **state)
{
	static const struct {
		struct state_process rows[4];
		const char *advice; /* how it begins */
	} circles[] = {
		{ { { .name = "fs", CALLS(1, USER(1, 64), 5), .age_ns = 1 * MS },
		    { .name = "web", CALLS(USER(1, 64), 1, 5), .age_ns = 9 * MS } },
		  "break it at web, which serves nobody: `!kill -KILL 10064`" },
		{ { { .name = "a", CALLS(USER(1, 64), USER(1, 65), 5), .age_ns = 9 * MS },
		    { .name = "b", CALLS(USER(1, 65), USER(1, 64), 5), .age_ns = 2 * MS } },
		  "break it at b, which serves nobody: `!kill -KILL 10065`" },
		{ { { .name = "fs", CALLS(1, 3, 5), .age_ns = 9 * MS, .deadline_ms = 2000 },
		    { .name = "rdisk", CALLS(3, 1, 5), .age_ns = 5 * MS } },
		  "break it at rdisk, all of them are servers: `!kill -KILL 10003` ends it, and "
		  "its callers get an error; or wait: fs times out in 2 s" },
	};
	static const struct inspect_thread thread = { .exists = 1, .state = 'S' };

	(void)state;
	for (size_t i = 0; i < sizeof(circles) / sizeof(circles[0]); i++) {
		struct dvk_snapshot *s = state_make(circles[i].rows);
		struct inspect *in = inspect_create(s, NULL);
		struct inspect_why why;

		inspect_why_hops(in, inspect_find(in, circles[i].rows[0].endpoint), &why);
		inspect_why_judge(in, &thread, &why);
		if (strncmp(why.advice, circles[i].advice, strlen(circles[i].advice)) != 0)
			fail_msg("\"%s\", want \"%s\"", why.advice, circles[i].advice);
		inspect_destroy(in);
		state_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mutex_leads_to_its_owner),
		cmocka_unit_test(advice_costs_the_least),
	};

	return cmocka_run_group_tests_name("inspect advice", tests, NULL, NULL);
}
