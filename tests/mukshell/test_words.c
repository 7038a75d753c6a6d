/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_words.c - lines taken apart: quotes, comments, pipes, files; and a word
 * that was quoted is read as that word.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dvk/errors.h>

#include "words.h"

static const struct {
	const char *text;
	int result;
	const char *words; /* joined by '|' , or the problem */
	enum line_target target;
	const char *target_text;
	int may_fail;
} cases[] = {
	{ "", 0, "", LINE_TO_OUT, NULL, 0 },
	{ "  \t ", 0, "", LINE_TO_OUT, NULL, 0 },
	{ "# all of it", 0, "", LINE_TO_OUT, NULL, 0 },
	{ "ps", 0, "ps", LINE_TO_OUT, NULL, 0 },
	{ "  ps   -l  fs ", 0, "ps|-l|fs", LINE_TO_OUT, NULL, 0 },
	{ "ps # list", 0, "ps", LINE_TO_OUT, NULL, 0 },
	{ "ps a#b", 0, "ps|a#b", LINE_TO_OUT, NULL, 0 },
	{ "- ps", 0, "ps", LINE_TO_OUT, NULL, 1 },
	{ "-ps x", 0, "ps|x", LINE_TO_OUT, NULL, 1 },
	{ "a \"b c\" d", 0, "a|b c|d", LINE_TO_OUT, NULL, 0 },
	{ "a 'b c'", 0, "a|b c", LINE_TO_OUT, NULL, 0 },
	{ "a x=\"b c\"", 0, "a|x=b c", LINE_TO_OUT, NULL, 0 },
	{ "a \"\"", 0, "a|", LINE_TO_OUT, NULL, 0 },
	{ "a \"x\\ny\\t\\\"\\\\\"", 0, "a|x\ny\t\"\\", LINE_TO_OUT, NULL, 0 },
	{ "a \"\\x41\\x7a\"", 0, "a|Az", LINE_TO_OUT, NULL, 0 },
	{ "a 'x\\ny'", 0, "a|x\\ny", LINE_TO_OUT, NULL, 0 },
	{ "a b\\ c", 0, "a|b c", LINE_TO_OUT, NULL, 0 },
	{ "a '# no' b", 0, "a|# no|b", LINE_TO_OUT, NULL, 0 },
	{ "ps | grep x", 0, "ps", LINE_TO_PROGRAM, "grep x", 0 },
	{ "ps|grep \"x y\" | wc", 0, "ps", LINE_TO_PROGRAM, "grep \"x y\" | wc", 0 },
	{ "ps > out", 0, "ps", LINE_TO_FILE, "out", 0 },
	{ "ps >out # there", 0, "ps", LINE_TO_FILE, "out", 0 },
	{ "ps >> 'my out'", 0, "ps", LINE_APPENDS, "my out", 0 },
	{ "call fs.open flags=CREAT|WRONLY", 0, "call|fs.open|flags=CREAT|WRONLY", LINE_TO_OUT,
	  NULL, 0 },
	{ "call f flags=A|B | wc", 0, "call|f|flags=A|B", LINE_TO_PROGRAM, "wc", 0 },
	{ "ps -o=a|wc", 0, "ps|-o=a", LINE_TO_PROGRAM, "wc", 0 },
	{ "a 'b|c>d'", 0, "a|b|c>d", LINE_TO_OUT, NULL, 0 },
	{ "a 'b", EDVSINVAL, "a quote has no end", LINE_TO_OUT, NULL, 0 },
	{ "a \"b\\\"", EDVSINVAL, "a quote has no end", LINE_TO_OUT, NULL, 0 },
	{ "a \"\\", EDVSINVAL, "a quote has no end", LINE_TO_OUT, NULL, 0 },
	{ "a \"x\\x00y\"", EDVSINVAL,
	  "\\x00 cannot be in a word; bytes go into a file: FIELD=@FILE", LINE_TO_OUT, NULL, 0 },
	{ "ps |", EDVSINVAL, "a program is missing after |", LINE_TO_PROGRAM, NULL, 0 },
	{ "ps > ", EDVSINVAL, "a file name is missing after >", LINE_TO_FILE, NULL, 0 },
	{ "expect a > 3", 0, "expect|a|>|3", LINE_TO_OUT, NULL, 0 },
	{ "expect a >= 3 > out", 0, "expect|a|>=|3", LINE_TO_FILE, "out", 0 },
	{ "expect > out", 0, "expect", LINE_TO_FILE, "out", 0 },
	{ "ps > # x", EDVSINVAL, "a file name is missing after >", LINE_TO_FILE, NULL, 0 },
	{ "ps > a b", EDVSINVAL, "only one file name can follow >", LINE_TO_FILE, "a", 0 },
	{ "| wc", EDVSINVAL, "a command is missing before | or >", LINE_TO_OUT, NULL, 0 },
};

static void join(const struct line *line, char *ret_text)
{
	*ret_text = '\0';
	for (int i = 0; i < line->count; i++) {
		strcat(ret_text, i ? "|" : "");
		strcat(ret_text, line->words[i]);
	}
}

static void test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *problem;
		char words[256];
		struct line line;

		print_message("%s\n", cases[i].text);
		assert_int_equal(line_init(&line, cases[i].text, &problem), cases[i].result);
		join(&line, words);
		assert_string_equal(cases[i].result ? problem : words, cases[i].words);
		assert_int_equal(line.target, cases[i].target);
		assert_int_equal(line.may_fail, cases[i].may_fail);
		if (cases[i].target_text)
			assert_string_equal(line.target_text, cases[i].target_text);
		else
			assert_null(line.target_text);
		line_deinit(&line);
	}
}

static void test_host_command(void **state)
{
	const char *problem;
	struct line line;

	(void)state;
	assert_int_equal(line_init(&line, " !ls -l | wc 'x", &problem), 0);
	assert_string_equal(line.host_command, "ls -l | wc 'x");
	assert_int_equal(line.count, 0);
	line_deinit(&line);
}

static void test_too_many_words(void **state)
{
	char text[4 * COMMAND_WORDS] = "";
	const char *problem;
	struct line line;

	(void)state;
	for (int i = 0; i < COMMAND_WORDS - 1; i++)
		strcat(text, "a ");
	assert_int_equal(line_init(&line, text, &problem), 0);
	assert_int_equal(line.count, COMMAND_WORDS - 1);
	line_deinit(&line);
	strcat(text, "a");
	assert_int_equal(line_init(&line, text, &problem), EDVS2BIG);
	line_deinit(&line);
}

static void test_quoting_comes_back(void **state)
{
	static const char *const words[] = { "plain",       "",          "two words",  "it's",
					     "a|b>c",       "\"x\"",     "#c",         "!x",
					     "back\\slash", "tab\there", "feed\fhere", "-x",
					     "x=y" };

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		char *quoted = word_quote(words[i]);
		char text[64];
		const char *problem;
		struct line line;

		snprintf(text, sizeof(text), "ps %s", quoted);
		assert_int_equal(line_init(&line, text, &problem), 0);
		assert_int_equal(line.count, 2);
		assert_string_equal(line.words[1], words[i]);
		line_deinit(&line);
		free(quoted);
	}
}

static void test_last_word(void **state)
{
	static const struct {
		const char *text;
		int start;
		char quote;
	} ends[] = {
		{ "", 0, 0 },
		{ "ps", 0, 0 },
		{ "ps ", 3, 0 },
		{ "ps fs", 3, 0 },
		{ "cat \"a b", 4, '"' },
		{ "cat 'a ", 4, '\'' },
		{ "cat a\\ b", 4, 0 },
		{ "cat \"a b\" c", 10, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		char quote;

		assert_int_equal(line_last_word(ends[i].text, (int)strlen(ends[i].text), &quote),
				 ends[i].start);
		assert_int_equal(quote, ends[i].quote);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),          cmocka_unit_test(test_host_command),
		cmocka_unit_test(test_too_many_words), cmocka_unit_test(test_quoting_comes_back),
		cmocka_unit_test(test_last_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
