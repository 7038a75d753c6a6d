/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_words.c - names, and the sentences for states.
 */
#include "state.h"

#include <limits.h>

static const struct state_process muk[] = {
	{ .name = "systask",
	  .muk = "server1",
	  .endpoint = -2,
	  .rts = DVK_RTS_RECEIVING,
	  .peer_ep = ANY },
	{ .name = "pm", .muk = "server1", .endpoint = 0, .rts = DVK_RTS_RECEIVING, .peer_ep = ANY },
	{ .name = "fs",
	  .muk = "server1",
	  .endpoint = 1,
	  .rts = DVK_RTS_RECEIVING,
	  .peer_ep = 3,
	  .call_type = 0x409,
	  .age_ns = 3200 * MS },
	{ .name = "rdisk",
	  .muk = "server1",
	  .endpoint = 3,
	  .on_cpu = 1,
	  .tid = 77,
	  .age_ns = 3200 * MS },
	{ .name = "is", .muk = "server1", .endpoint = 8, .tid = 77 },
	{ .name = "nweb",
	  .muk = "server1",
	  .endpoint = 22,
	  .tid = 77,
	  .note = "fd 7 (tcp 127.0.0.1:8080), timer @104100000000" },
	{ .name = "fs",
	  .muk = "server2",
	  .endpoint = 31,
	  .rts = DVK_RTS_RECEIVING,
	  .peer_ep = ANY },
	{ .name = "web",
	  .endpoint = USER(1, 64),
	  .rts = DVK_RTS_SENDING,
	  .peer_ep = 1,
	  .call_type = 5,
	  .place = 3,
	  .age_ns = 12 * MS },
	{ .name = "web", .endpoint = USER(2, 65), .age_ns = 3200 * MS },
	{ .name = "client",
	  .endpoint = USER(1, 66),
	  .rts = DVK_RTS_RECEIVING,
	  .peer_ep = 0,
	  .deadline_ms = 4100,
	  .age_ns = 1500000 },
	{ .name = "stopped", .endpoint = USER(1, 67), .rts = DVK_RTS_STOPPED },
	{ .name = "held",
	  .endpoint = USER(1, 68),
	  .rts = DVK_RTS_SENDING | DVK_RTS_HELD,
	  .peer_ep = 0,
	  .call_type = 20,
	  .place = 1,
	  .age_ns = 2 * MS },
	{ .name = "lost",
	  .endpoint = USER(1, 69),
	  .rts = DVK_RTS_RECEIVING,
	  .peer_ep = USER(9, 80),
	  .call_type = 777,
	  .age_ns = 61000 * MS },
	{ .name = "a\033[2J", .endpoint = USER(1, 70), .rts = DVK_RTS_ONCOPY },
	{ .name = NULL },
};

struct context {
	struct dvk_snapshot *snapshot;
	struct inspect *in;
};

static int set_up(void **state)
{
	struct context *c = calloc(1, sizeof(*c));

	c->snapshot = state_make(muk);
	c->in = inspect_create(c->snapshot, NULL);
	*state = c;
	return c->in ? 0 : -1;
}

static int tear_down(void **state)
{
	struct context *c = *state;

	inspect_destroy(c->in);
	state_free(c->snapshot);
	free(c);
	return 0;
}

static void endpoint_has_the_shortest_unique_name(void **state)
{
	static const struct {
		int endpoint;
		const char *want;
	} cases[] = {
		{ 0, "pm" },
		{ 1, "server1/fs" },
		{ 31, "server2/fs" },
		{ USER(1, 64), "web.64" },
		{ USER(2, 65), "web.65" },
		{ USER(1, 65), "35635" }, /* an older generation */
		{ USER(1, 66), "client" },
		{ 50, "50" },
		{ ANY, "any" },
		{ NONE, "none" },
		{ USER(1, 70), "a?[2J" },
		{ INT_MAX, "2147483647" },
		{ INT_MIN, "-2147483648" },
	};
	struct context *c = *state;
	char name[INSPECT_NAME_BYTES];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(inspect_name(c->in, cases[i].endpoint, name), cases[i].want);
}

static void word_finds_its_process_or_says_why_not(void **state)
{
	static const struct {
		const char *word;
		int want;
		int endpoint;
		const char *reason;
	} cases[] = {
		{ "pm", 0, 0, "" },
		{ "server2/fs", 0, 31, "" },
		{ "fs", EDVSRANGE, 0, "fs could be server1/fs, server2/fs" },
		{ "web", EDVSRANGE, 0, "web could be web.64, web.65" },
		{ "web.65", 0, USER(2, 65), "" },
		{ "server1/pm", 0, 0, "" },
		{ "SERVER2/FS", 0, 31, "" },
		{ "any", 0, ANY, "" },
		{ "ANY", 0, ANY, "" },
		{ "3", 0, 3, "" },
		{ "-2", 0, -2, "" },
		{ "65", 0, USER(2, 65), "" }, /* a slot */
		{ "35784", 0, 35784, "" },
		{ "50", 0, 50, "" }, /* nobody there: the number itself */
		{ "rdsk", EDVSNOENT, 0, "no process is called rdsk; did you mean rdisk?" },
		{ "zzzzzz", EDVSNOENT, 0, "no process is called zzzzzz" },
		{ "12x", EDVSNOENT, 0, "no process is called 12x" },
		{ "99999999999999999999", EDVSNOENT, 0,
		  "no process is called 99999999999999999999" },
		{ "", EDVSNOENT, 0, "no process is called " },
	};
	struct context *c = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char bytes[256];
		struct text reason;
		int endpoint = 0;

		text_init(&reason, bytes, sizeof(bytes));
		assert_int_equal(inspect_resolve(c->in, cases[i].word, &endpoint, &reason),
				 cases[i].want);
		assert_int_equal(endpoint, cases[i].endpoint);
		assert_string_equal(bytes, cases[i].reason);
	}
}

static void every_name_resolves_to_its_endpoint(void **state)
{
	struct context *c = *state;

	for (int i = 0; i < c->snapshot->count; i++) {
		int endpoint = c->snapshot->procs[i].endpoint;
		char name[INSPECT_NAME_BYTES], bytes[256];
		struct text reason;
		int found = NONE;

		text_init(&reason, bytes, sizeof(bytes));
		assert_int_equal(inspect_resolve(c->in, inspect_name(c->in, endpoint, name), &found,
						 &reason),
				 0);
		assert_int_equal(found, endpoint);
	}
}

static void state_is_a_sentence(void **state)
{
	static const struct {
		int endpoint;
		const char *want;
	} cases[] = {
		{ 0, "receives from any" },
		{ 1, "waits 3.2 s for rdisk to reply to gather" },
		{ 3, "has kept the processor of its thread for 3.2 s" },
		{ 8, "ready, waits for the processor that rdisk keeps" },
		{ 22, "sleeps on fd 7 (tcp 127.0.0.1:8080), timer in 4.1 s" },
		{ USER(1, 64), "sends to server1/fs, 3rd in its queue, for 12 ms" },
		{ USER(2, 65), "runs for 3.2 s" },
		{ USER(1, 66), "receives from pm, for 1.5 ms, times out in 4.1 s" },
		{ USER(1, 67), "stopped by a debugger" },
		{ USER(1, 68), "held by a debugger, sends to pm, 1st in its queue, for 2 ms" },
		{ USER(1, 69), "waits 1 m 1 s for 320210 to reply to call 777" },
		{ USER(1, 70), "in a copy" },
	};
	struct context *c = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char bytes[256];
		struct text t;

		text_init(&t, bytes, sizeof(bytes));
		inspect_sentence(c->in, inspect_find(c->in, cases[i].endpoint), &t);
		assert_string_equal(bytes, cases[i].want);
	}
}

static void sleep_is_said_by_its_note(void **state)
{
	static const struct {
		const char *note;
		const char *want;
	} cases[] = {
		{ "timer @100250000000", "sleeps, timer in 250 ms" },
		{ "timer @1", "sleeps, timer due" },
		{ "timer @99999999999999999999999", "sleeps, timer in 106751 d 23 h" },
		{ "timer @", "sleeps, timer due" },
		{ "fd 3", "sleeps on fd 3" },
		{ "another task of its MUK", "waits for another task of its MUK" },
		{ "fd 3 (\033[2J)", "sleeps on fd 3 (?[2J)" },
	};
	struct state_process rows[] = {
		{ .name = "a", .endpoint = USER(1, 64) },
		{ .name = NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct dvk_snapshot *s;
		struct inspect *in;
		char bytes[256];
		struct text t;

		rows[0].note = cases[i].note;
		rows[0].on_cpu = i & 1; /* the current slot of a thread that sleeps */
		s = state_make(rows);
		in = inspect_create(s, NULL);
		text_init(&t, bytes, sizeof(bytes));
		inspect_sentence(in, &s->procs[0], &t);
		assert_string_equal(bytes, cases[i].want);
		inspect_destroy(in);
		state_free(s);
	}
}

static void place_in_a_queue_is_an_ordinal(void **state)
{
	static const struct {
		int place;
		const char *want;
	} cases[] = {
		{ 1, "1st" },     { 2, "2nd" },     { 4, "4th" },   { 11, "11th" },
		{ 12, "12th" },   { 13, "13th" },   { 21, "21st" }, { 102, "102nd" },
		{ 111, "111th" }, { 113, "113th" },
	};
	struct state_process rows[] = {
		{ .name = "a", .endpoint = USER(1, 64), .rts = DVK_RTS_SENDING, .peer_ep = 0 },
		{ .name = NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct dvk_snapshot *s;
		struct inspect *in;
		char bytes[256], want[64];
		struct text t;

		rows[0].place = cases[i].place;
		s = state_make(rows);
		in = inspect_create(s, NULL);
		text_init(&t, bytes, sizeof(bytes));
		inspect_sentence(in, &s->procs[0], &t);
		snprintf(want, sizeof(want), "sends to 0, %s in its queue", cases[i].want);
		assert_string_equal(bytes, want);
		inspect_destroy(in);
		state_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(endpoint_has_the_shortest_unique_name, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(word_finds_its_process_or_says_why_not, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(every_name_resolves_to_its_endpoint, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(state_is_a_sentence, set_up, tear_down),
		cmocka_unit_test(sleep_is_said_by_its_note),
		cmocka_unit_test(place_in_a_queue_is_an_ordinal),
	};

	return cmocka_run_group_tests_name("inspect words", tests, NULL, NULL);
}
