/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_arguments.c - options and words of a command; and what must hold for the
 * struct of every command that there is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <dvk/errors.h>

#include "arguments.h"
#include "run.h"

static const struct command_option options[] = {
	{ "long", 'l', NULL, "a flag", NULL },
	{ "all", 'a', NULL, "another", NULL },
	{ "count", 'n', "N", "a value", NULL },
	{ "last", 0, "N", "a value without a letter", NULL },
	{ 0 },
};

static const struct command plain = {
	.name = "plain", .arguments = "[WORD]...", .options = options, .words_max = 3
};
static const struct command nested = {
	.name = "nested", .options = options, .words_max = -1, .flags = COMMAND_NESTED
};
static const struct command needy = { .name = "needy", .words_min = 1, .words_max = 1 };

static const struct {
	const struct command *command;
	const char *line; /* words by blanks */
	int result;
	const char *words; /* by blanks, or the problem */
	const char *given; /* options: "long= count=5" */
} cases[] = {
	{ &plain, "", 0, "", "" },
	{ &plain, "a b", 0, "a b", "" },
	{ &plain, "-l a", 0, "a", "long=" },
	{ &plain, "a -l b --all", 0, "a b", "long= all=" },
	{ &plain, "-la", 0, "", "long= all=" },
	{ &plain, "-n 5 x", 0, "x", "count=5" },
	{ &plain, "-n5", 0, "", "count=5" },
	{ &plain, "-ln5", 0, "", "long= count=5" },
	{ &plain, "--count=5", 0, "", "count=5" },
	{ &plain, "--count -5", 0, "", "count=-5" },
	{ &plain, "--last 3", 0, "", "last=3" },
	{ &plain, "--json a", 0, "a", "json" },
	{ &plain, "-l --json", 0, "", "long= json" },
	{ &plain, "-- --json", 0, "--json", "" },
	{ &nested, "1s ps --json", 0, "1s ps --json", "" },
	{ &plain, "--json=1", EDVSINVAL, "there is no option --json=1", "" },
	{ &plain, "-- -l", 0, "-l", "" },
	{ &plain, "- -5", 0, "- -5", "" },
	{ &plain, "--lo", EDVSINVAL, "there is no option --lo", "" },
	{ &plain, "--counter=1", EDVSINVAL, "there is no option --counter=1", "" },
	{ &plain, "-x", EDVSINVAL, "there is no option -x", "" },
	{ &plain, "--count", EDVSINVAL, "--count needs a value", "" },
	{ &plain, "--long=1", EDVSINVAL, "--long takes no value", "" },
	{ &plain, "a b c d", EDVSINVAL, "'d' is too much", "" },
	{ &nested, "-n 2 1s ps -l", 0, "1s ps -l", "count=2" },
	{ &needy, "", EDVSINVAL, "something is missing", "" },
	{ &needy, "-l", EDVSINVAL, "there is no option -l", "" },
};

static int split(char *text, char **ret_words)
{
	int count = 0;

	for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
		ret_words[count++] = word;
	return count;
}

static void join(char *const *words, int count, char *ret_text)
{
	*ret_text = '\0';
	for (int i = 0; i < count; i++)
		sprintf(ret_text + strlen(ret_text), "%s%s", i ? " " : "", words[i]);
}

static void list_given(const struct arguments *arguments, char *ret_text)
{
	*ret_text = '\0';
	for (int i = 0; arguments->command->options && options[i].name; i++) {
		const char *value = argument_option(arguments, options[i].name);

		if (value)
			sprintf(ret_text + strlen(ret_text), "%s%s=%s", *ret_text ? " " : "",
				options[i].name, value);
	}
	if (arguments->json)
		strcat(ret_text, *ret_text ? " json" : "json");
}

static void test_parsing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[64], shown[256], *words[16], *ordered[16];
		struct arguments arguments = { .command = cases[i].command, .words = ordered };
		struct arguments_problem problem = { "" };
		int count;

		print_message("%s %s\n", cases[i].command->name, cases[i].line);
		strcpy(text, cases[i].line);
		count = split(text, words);
		assert_int_equal(arguments_parse(&arguments, words, count, &problem),
				 cases[i].result);
		join(arguments.words, arguments.count, shown);
		assert_string_equal(cases[i].result ? problem.text : shown, cases[i].words);
		list_given(&arguments, shown);
		if (!cases[i].result)
			assert_string_equal(shown, cases[i].given);
		join(words, count, shown);
		assert_string_equal(shown, cases[i].line);
	}
}

static void test_usage(void **state)
{
	char text[128];

	(void)state;
	run_usage(&plain, text, sizeof(text));
	assert_string_equal(text, "plain [-l] [-a] [-n N] [--last N] [WORD]...");
}

static void check_options(const struct command *command)
{
	const struct command_option *option = command->options;
	int count = 0;

	for (; option && option->name; option++, count++) {
		assert_non_null(option->summary);
		assert_null(strchr(option->name, ' '));
	}
	assert_true(count < COMMAND_OPTIONS);
}

/* What help, completion and the man page rely on. */
static void test_every_command(void **state)
{
	(void)state;
	assert_true(command_count >= 30);
	for (int i = 0; i < command_count; i++) {
		const struct command *command = commands[i];
		size_t length = strlen(command->name);
		const char *example = command->example;

		print_message("%s\n", command->name);
		assert_non_null(command->run);
		assert_non_null(command->summary);
		assert_true(command->summary[strlen(command->summary) - 1] != '.');
		assert_non_null(example);
		example += *example == '-';
		assert_int_equal(strncmp(example, command->name, length), 0);
		assert_true(example[length] == ' ' || example[length] == '\0');
		assert_true(command->group < GROUP_COUNT);
		if (i)
			assert_true(strcmp(commands[i - 1]->name, command->name) < 0);
		check_options(command);
	}
}

static void test_finding(void **state)
{
	static const struct {
		const char *name;
		int prefix;
		const char *want;
		int matches;
	} finds[] = {
		{ "ps", 1, "ps", 1 },     { "ps", 0, "ps", 1 },  { "rece", 1, "receive", 1 },
		{ "rece", 0, NULL, 1 },   { "xyz", 1, NULL, 0 }, { "cat", 1, "cat", 1 },
		{ "send", 1, "send", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(finds) / sizeof(finds[0]); i++) {
		int matches;
		const struct command *found =
			command_find(finds[i].name, finds[i].prefix, &matches);

		assert_int_equal(matches, finds[i].matches);
		if (finds[i].want)
			assert_string_equal(found->name, finds[i].want);
		else
			assert_null(found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parsing),
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_every_command),
		cmocka_unit_test(test_finding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
