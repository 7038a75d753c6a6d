/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_result.c - what `expect` finds in the JSON of a command, and how it compares.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "result.h"

static const char document[] =
	"{\"name\":\"fs\",\"free\":12,\"share\":0.5,\"open\":null,\"a.b\":1,\"ok\":true,"
	"\"held\":[{\"id\":3,\"to\":\"fs\"},{\"id\":14,\"to\":\"pm\"}],\"none\":[],"
	"\"grid\":[[1,2],[3]]}";

static const struct {
	const char *path, *op, *word;
	int want; /* 1: some value fits; 0: none does; EDVSINVAL: the operator is none */
} cases[] = {
	{ "free", "=", "12", 1 },          { "free", "=", "12.0", 1 },
	{ "free", "!=", "12", 0 },         { "free", "<", "100", 1 }, /* as numbers, not as texts */
	{ "free", ">", "100", 0 },         { "free", ">=", "12", 1 },
	{ "free", "<=", "11", 0 },         { "share", "<", "0.6", 1 },
	{ "name", "=", "fs", 1 },          { "name", "=", "f", 0 },
	{ "name", "~", "f*", 1 },          { "name", "~", "p*", 0 },
	{ "name", ">", "fa", 1 },          { "open", "=", "null", 1 },
	{ "ok", "=", "true", 1 },          { "a.b", "=", "1", 1 },
	{ "held.count", "=", "2", 1 },     { "none.count", "=", "0", 1 },
	{ "held.0.id", "=", "3", 1 },      { "held.-1.id", "=", "14", 1 },
	{ "held.-3.id", "=", "14", 0 },    { "held.2.id", "=", "14", 0 },
	{ "held.id", "=", "14", 1 }, /* any of them */
	{ "held.id", ">", "14", 0 },       { "held.to", "=", "pm", 1 },
	{ "grid.0.1", "=", "2", 1 },       { "grid.1.count", "=", "1", 1 },
	{ "nothing", "=", "12", 0 },       { "name.more", "=", "fs", 0 },
	{ "held", "=", "[]", 0 },          { "none", "=", "[]", 1 },
	{ "free", "==", "12", EDVSINVAL }, { "free", "", "12", EDVSINVAL },
};

struct question {
	const char *op, *word;
	int answer;
};

static int ask(void *context, json_t *value)
{
	struct question *question = context;

	question->answer = result_compare(value, question->op, question->word);
	return question->answer != 0;
}

static void test_fields(void **state)
{
	json_error_t problem;
	json_t *value = json_loads(document, 0, &problem);

	(void)state;
	assert_non_null(value);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct question question = { cases[i].op, cases[i].word, 0 };

		print_message("%s %s %s\n", cases[i].path, cases[i].op, cases[i].word);
		result_find(value, cases[i].path, ask, &question);
		assert_int_equal(question.answer, cases[i].want);
	}
	json_decref(value);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_fields) };

	return cmocka_run_group_tests_name("mukshell_result", tests, NULL, NULL);
}
