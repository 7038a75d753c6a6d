/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arguments.c - the words after a command's name, by the command's own table.
 *
 * Options may stand anywhere before `--`, except for a command that holds a
 * command: there they end at the first word. A word like -5 is no option unless
 * the table has the letter 5.
 * Every command takes --json.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <dvk/errors.h>

#include "arguments.h"

static const struct command_option *find_option(const struct command *command, const char *name,
						size_t length, char letter)
{
	const struct command_option *option = command->options;

	for (; option && option->name; option++)
		if (letter ? option->letter == letter
			   : strlen(option->name) == length && !strncmp(option->name, name, length))
			return option;
	return NULL;
}

const char *argument_option(const struct arguments *arguments, const char *name)
{
	const struct command_option *option;

	option = find_option(arguments->command, name, strlen(name), 0);
	return option ? arguments->options[option - arguments->command->options] : NULL;
}

/* How far the words have been read, and where complaints go. */
struct reading {
	struct arguments *arguments;
	char **words;
	int count;
	int at;
	struct arguments_problem *problem;
};

static int complain(struct reading *r, const char *format, const char *what)
{
	snprintf(r->problem->text, sizeof(r->problem->text), format, what);
	return EDVSINVAL;
}

/* value: what stood behind the = or the letter, or NULL. */
static int take_value(struct reading *r, const struct command_option *option, const char *value)
{
	int place = (int)(option - r->arguments->command->options);

	if (!option->value) {
		if (value)
			return complain(r, "--%s takes no value", option->name);
		r->arguments->options[place] = "";
		return 0;
	}
	if (!value && r->at + 1 < r->count)
		value = r->words[++r->at];
	if (!value)
		return complain(r, "--%s needs a value", option->name);
	r->arguments->options[place] = value;
	return 0;
}

static int take_long(struct reading *r, const char *word)
{
	const char *equals = strchr(word, '=');
	size_t length = equals ? (size_t)(equals - word) : strlen(word);
	const struct command_option *option;

	option = find_option(r->arguments->command, word, length, 0);
	if (!option && !strcmp(word, "json"))
		r->arguments->json = 1;
	else if (!option)
		return complain(r, "there is no option --%s", word);
	return !option ? 0 : take_value(r, option, equals ? equals + 1 : NULL);
}

/* -l, -lr, -n5, -n 5 */
static int take_letters(struct reading *r, const char *word)
{
	const struct command_option *option;
	char text[2] = "";

	for (; *word; word++) {
		option = find_option(r->arguments->command, "", 0, *word);
		text[0] = *word;
		if (!option)
			return complain(r, "there is no option -%s", text);
		if (option->value)
			return take_value(r, option, word[1] ? word + 1 : NULL);
		r->arguments->options[option - r->arguments->command->options] = "";
	}
	return 0;
}

static int is_option(const struct command *command, const char *word)
{
	if (word[0] != '-' || word[1] == '\0')
		return 0;
	return word[1] == '-' || !isdigit((unsigned char)word[1]) ||
	       find_option(command, "", 0, word[1]);
}

static int check_count(struct reading *r)
{
	const struct command *command = r->arguments->command;

	if (r->arguments->count < command->words_min)
		return complain(r, "%s", "something is missing");
	if (command->words_max >= 0 && r->arguments->count > command->words_max)
		return complain(r, "'%s' is too much", r->arguments->words[command->words_max]);
	return 0;
}

int arguments_parse(struct arguments *arguments, char **words, int count,
		    struct arguments_problem *ret_problem)
{
	struct reading r = { arguments, words, count, 0, ret_problem };
	int options_over = 0;
	int error = 0;

	arguments->count = 0;
	arguments->json = 0;
	memset(arguments->options, 0, sizeof(arguments->options));
	for (; r.at < count && !error; r.at++) {
		char *word = words[r.at];

		if (options_over || !is_option(arguments->command, word)) {
			arguments->words[arguments->count++] = word;
			if (arguments->command->flags & COMMAND_NESTED)
				options_over = 1;
		} else if (!strcmp(word, "--")) {
			options_over = 1;
		} else if (word[1] == '-') {
			error = take_long(&r, word + 2);
		} else {
			error = take_letters(&r, word + 1);
		}
	}
	return error ? error : check_count(&r);
}
