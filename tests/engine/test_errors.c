/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_errors.c - the table of errors per call against the cases: no case wants an
 * error that the table does not have, and the table has no pair twice.
 */
#include <string.h>

#include <dvk/call_errors.h>

#include "world.h"

#define ERRORS_MAX 24

static const struct row {
	const char *call;
	int errors[ERRORS_MAX];
} rows[] = {
#define ROW(call, ...) { #call, { __VA_ARGS__ } },
	DVK_CALL_ERRORS(ROW)
#undef ROW
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* An operation of the engine is one call of the library, or several. */
static const struct {
	enum op op;
	const char *call;
} calls[] = {
	{ OP_SEND, "SEND" },
	{ OP_SENDREC, "SENDREC" },
	{ OP_RECEIVE, "RECEIVE" },
	{ OP_REPLY, "REPLY" },
	{ OP_REPLY_TO, "REPLY_TO" },
	{ OP_REPLY_RECEIVE, "REPLY_RECEIVE" },
	{ OP_NOTIFY, "SRC_NOTIFY" },
	{ OP_COPY, "VCOPY" },
	{ OP_RCVRQST, "RCVRQST" },
	{ OP_RELAY, "RELAY" },
	{ OP_WAKEUP, "WAKEUP" },
	{ OP_UNBIND, "UNBIND" },
	{ OP_SETPRIV, "SETPRIV" },
	{ OP_GETPRIV, "GETPRIV" },
	{ OP_STOP, "STOP" },
	{ OP_CONT, "CONT" },
	{ OP_HOLD, "HOLD" },
	{ OP_UNHOLD, "UNHOLD" },
	{ OP_WAIT_UNBIND, "WAIT4UNBIND" },
};

static int has_error(const char *call, int error)
{
	size_t i, k;
	int count = 0;

	for (i = 0; i < ROWS; i++)
		for (k = 0; k < ERRORS_MAX && strcmp(rows[i].call, call) == 0; k++)
			count += rows[i].errors[k] == error;
	return count;
}

static void check_step(const struct test_case *c, const struct step *step)
{
	size_t i;

	/* Values are checked by the library before. */
	if (step->want >= 0 || (step->op == OP_NOTIFY && step->want == EDVSBADVALUE))
		return;
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i].op == step->op && has_error(calls[i].call, step->want) != 1)
			fail_msg("%s: %s gives %s, which the table does not say", c->name,
				 calls[i].call, dvk_errname(step->want));
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
	size_t i, k;

	(void)unused;
	for (i = 0; i < ROWS; i++)
		for (k = 0; k < ERRORS_MAX && rows[i].errors[k]; k++)
			assert_int_equal(has_error(rows[i].call, rows[i].errors[k]), 1);
}

int test_errors(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_error_of_a_case_is_in_the_table),
		cmocka_unit_test(no_pair_is_there_twice),
	};

	return cmocka_run_group_tests_name("engine: errors", tests, NULL, NULL);
}
