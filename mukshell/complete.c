/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * complete.c - finds whose word is at the cursor and asks that table.
 *
 * The line up to the cursor is read as it would be run; its last word is the one
 * to complete. A word after `|` or `>` is the host's.
 */
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complete.h"
#include "run.h"
#include "shell.h"
#include "words.h"

static void add(struct completion_list *list, const char *text, char open)
{
	int capacity = list->capacity ? 2 * list->capacity : 64;
	char **texts;
	char *opens;

	if (list->count == COMPLETION_MAX)
		return;
	if (list->count == list->capacity) {
		texts = realloc(list->texts, (size_t)capacity * sizeof(*texts));
		if (!texts)
			return;
		list->texts = texts;
		opens = realloc(list->open, (size_t)capacity);
		if (!opens)
			return;
		list->open = opens;
		list->capacity = capacity;
	}
	list->texts[list->count] = strdup(text);
	if (list->texts[list->count])
		list->open[list->count++] = open;
}

void completion_add(struct completion *completion, const char *text)
{
	if (!strncmp(text, completion->word, strlen(completion->word)))
		add(completion->list, text, 0);
}

void completion_add_open(struct completion *completion, const char *text)
{
	if (!strncmp(text, completion->word, strlen(completion->word)))
		add(completion->list, text, 1);
}

void completion_hint(struct completion *completion, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(completion->list->hint, sizeof(completion->list->hint), format, ap);
	va_end(ap);
}

void completion_list_deinit(struct completion_list *list)
{
	for (int i = 0; i < list->count; i++)
		free(list->texts[i]);
	free(list->texts);
	free(list->open);
	memset(list, 0, sizeof(*list));
}

void complete_command(struct shell *shell, struct completion *completion)
{
	(void)shell;
	for (int i = 0; i < command_count; i++)
		completion_add(completion, commands[i]->name);
}

/* The option whose value stands at the cursor, or NULL. */
static const struct command_option *awaits_value(const struct command *command,
						 const char *previous)
{
	const struct command_option *option = command->options;

	if (!previous || previous[0] != '-')
		return NULL;
	for (; option && option->name; option++) {
		if (!option->value)
			continue;
		if (previous[1] == '-' ? !strcmp(previous + 2, option->name)
				       : previous[1] == option->letter && previous[2] == '\0')
			return option;
	}
	return NULL;
}

static void add_options(const struct command *command, struct completion *completion)
{
	const struct command_option *option = command->options;
	char text[64];

	for (; option && option->name; option++) {
		snprintf(text, sizeof(text), "--%s", option->name);
		completion_add(completion, text);
	}
	completion_add(completion, "--json");
}

/* Where the command begins that the words hold: behind the first that is no option. */
static int nested_at(const struct command *command, const struct completion *completion)
{
	int i = 0;

	if (!(command->flags & COMMAND_NESTED))
		return INT_MAX;
	while (i < completion->count && completion->words[i][0] == '-')
		i += awaits_value(command, completion->words[i]) ? 2 : 1;
	return i + 1;
}

static void complete_words(struct shell *shell, struct completion *completion);

static void complete_arguments(struct shell *shell, const struct command *command,
			       struct completion *completion)
{
	const char *previous = completion->count ? completion->words[completion->count - 1] : NULL;
	const struct command_option *option = awaits_value(command, previous);
	struct completion_list *list = completion->list;
	int nested = nested_at(command, completion);

	run_usage(command, list->hint, sizeof(list->hint));
	if (option && option->complete) {
		option->complete(shell, completion);
	} else if (!option && nested <= completion->count) {
		completion->words += nested;
		completion->count -= nested;
		complete_words(shell, completion);
	} else if (!option && completion->word[0] == '-') {
		add_options(command, completion);
	} else if (!option && command->complete) {
		command->complete(shell, completion);
	}
}

/* words[0], if there is one, names the command; else it is at the cursor. */
static void complete_words(struct shell *shell, struct completion *completion)
{
	const struct command *command;
	int matches;

	if (completion->count == 0) {
		complete_command(shell, completion);
		return;
	}
	command = command_find(completion->words[0], 1, &matches);
	if (!command)
		return;
	completion->words++;
	completion->count--;
	complete_arguments(shell, command, completion);
}

static void complete_host_word(struct completion *completion)
{
	const struct completion_paths paths = { "", completion->word };

	complete_host_paths(completion, &paths);
}

/* The unfinished word alone, its quotes taken off; the caller frees it. */
static char *bare_word(const char *text, int length, char quote)
{
	const char *problem;
	struct line line;
	char *closed;
	char *word = NULL;

	if (asprintf(&closed, "x=%.*s%c", length, text, quote) < 0)
		return NULL;
	if (!quote)
		closed[length + 2] = '\0';
	if (line_init(&line, closed, &problem) == 0 && line.count == 1)
		word = strdup(line.words[0] + 2);
	line_deinit(&line);
	free(closed);
	return word;
}

void complete_line(struct shell *shell, const char *text, int point, struct completion_list *list)
{
	char quote;
	int start = line_last_word(text, point, &quote);
	char *before = strndup(text, (size_t)start);
	char *word = bare_word(text + start, point - start, quote);
	struct completion completion = { .word = word, .list = list };
	const char *problem;
	struct line line = { 0 };

	if (!before || !word)
		goto out;
	list->word_length = strlen(word);
	if (line_init(&line, before, &problem) || line.host_command || line.target) {
		complete_host_word(&completion);
		goto out;
	}
	completion.words = line.words;
	completion.count = line.count;
	complete_words(shell, &completion);
out:
	line_deinit(&line);
	free(word);
	free(before);
}
