/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_errors.c - the table of errors per call against the cases: no case wants an
 * error that the table does not have, and the table has no pair twice.
 */
#include <string.h>

#include <dvk/call_errors.h>

#include "world.h"

static const struct pair {
	const char *call;
	int error;
} pairs[] = {
#define PAIR(call, error) { #call, error },
	DVK_CALL_ERRORS(PAIR)
#undef PAIR
};
#define PAIRS (sizeof(pairs) / sizeof(pairs[0]))

static const struct {
	enum op op;
	const char *call;
} calls[] = {
	{ OP_SEND, "send" },       { OP_SENDREC, "sendrec" },     { OP_RECEIVE, "receive" },
	{ OP_REPLY, "reply" },     { OP_REPLY_TO, "reply" },      { OP_NOTIFY, "notify" },
	{ OP_COPY, "vcopy" },      { OP_RCVRQST, "rcvrqst" },     { OP_RELAY, "relay" },
	{ OP_WAKEUP, "wakeup" },   { OP_BIND, "bind" },           { OP_UNBIND, "unbind" },
	{ OP_SETPRIV, "setpriv" }, { OP_GETPRIV, "getpriv" },     { OP_STOP, "stop" },
	{ OP_CONT, "cont" },       { OP_HOLD, "hold" },           { OP_UNHOLD, "unhold" },
	{ OP_HELD, "held" },       { OP_WAIT_BIND, "wait4bind" }, { OP_WAIT_UNBIND, "wait4unbind" },
};

static int has_pair(const char *call, int error)
{
	size_t i;
	int count = 0;

	for (i = 0; i < PAIRS; i++)
		count += pairs[i].error == error && strcmp(pairs[i].call, call) == 0;
	return count;
}

static void check_step(const struct test_case *c, const struct step *step)
{
	size_t i;

	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (calls[i].op != step->op || step->want >= 0)
			continue;
		/* A bind and a wait for one may return a task's endpoint. */
		if (!dvk_errname(step->want) || step->want == step->to)
			continue;
		if (has_pair(calls[i].call, step->want) != 1)
			fail_msg("%s: %s gives %s, which the table does not say", c->name,
				 calls[i].call, dvk_errname(step->want));
	}
}

static void every_error_of_a_case_is_in_the_table(void **unused)
{
	const struct test_case *const *table, *c;
	int i;

	(void)unused;
	for (table = all_cases; *table; table++)
		for (c = *table; c->name; c++)
			for (i = 0; i < CASE_STEPS && c->steps[i].op != OP_END; i++)
				check_step(c, &c->steps[i]);
}

static void no_pair_is_there_twice(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < PAIRS; i++)
		assert_int_equal(has_pair(pairs[i].call, pairs[i].error), 1);
}

int test_errors(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_error_of_a_case_is_in_the_table),
		cmocka_unit_test(no_pair_is_there_twice),
	};

	return cmocka_run_group_tests_name("engine: errors", tests, NULL, NULL);
}
