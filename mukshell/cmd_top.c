/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_top.c - processes, calls, messages, servers and what is held, live.
 */
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "top.h"

#define ONCE_MS 250 /* what --once looks at, for rates */

static int parse_order(struct top *top, const char *word)
{
	top->descending = word[0] == '-';
	top->sort = inspect_column_find(word + top->descending);
	if (!top->sort)
		return shell_error(top->shell, 0, "no column is called %s; `help ps` lists them",
				   word + top->descending);
	return 0;
}

static int parse_view(struct top *top, const char *word)
{
	for (int i = 0; i < top_view_count; i++) {
		if (strcmp(top_views[i].name, word) == 0) {
			top_look_at(top, &top_views[i]);
			return 0;
		}
	}
	return shell_error(top->shell, 0, "no view is called %s; `help top` lists them", word);
}

/* "80x24" */
static int parse_size(struct shell *shell, const char *word, struct top_size *ret_size)
{
	char rest;

	if (sscanf(word, "%4dx%4d%c", &ret_size->columns, &ret_size->rows, &rest) == 2 &&
	    ret_size->columns > 0 && ret_size->rows > 0)
		return 0;
	return shell_error(shell, 0, "a size is COLUMNSxROWS, such as 80x24, not '%s'", word);
}

static int parse_columns(struct top *top, const char *words)
{
	char bytes[256];
	struct text reason;

	text_init(&reason, bytes, sizeof(bytes));
	return top_choose_columns(top, words, &reason) ? shell_error(top->shell, 0, "%s", bytes)
						       : 0;
}

static int parse_filter(struct top *top, const struct arguments *arguments)
{
	struct text words;

	text_init(&words, top->filter, sizeof(top->filter));
	for (int i = 0; i < arguments->count; i++)
		text_add(&words, "%s%s", i ? " " : "", arguments->words[i]);
	return 0;
}

/* Who the messages are of, before there is a cursor. */
static int parse_process(struct top *top, const char *word)
{
	return shell_endpoint(top->shell, word, &top->chosen_ep);
}

/* Two states, so that there are rates. */
static int run_once(struct top *top, const struct top_size *size)
{
	int had_filter = top->filter[0];
	int result = top_collect(top);

	if (result || shell_sleep(top->shell, ONCE_MS))
		return result;
	result = top_collect(top);
	if (result)
		return result;
	if (had_filter && !top->filter[0])
		return shell_error(top->shell, 0, "%s", top->message);
	if (!size->rows || top->shell->json)
		return top_print(top);
	top_frame_text(top, size, top->shell->out);
	return 0;
}

static int parse(struct top *top, const struct arguments *arguments, struct top_size *ret_size)
{
	const char *rate = argument_option(arguments, "rate");
	const char *sort = argument_option(arguments, "sort");
	const char *view = argument_option(arguments, "view");
	const char *size = argument_option(arguments, "size");
	const char *columns = argument_option(arguments, "columns");
	const char *process = argument_option(arguments, "process");
	int result = view ? parse_view(top, view) : 0;

	if (!result && rate)
		result = shell_duration(top->shell, rate, &top->rate_ms);
	if (top->rate_ms < TOP_RATE_MIN_MS)
		top->rate_ms = TOP_RATE_MIN_MS;
	if (!result && sort)
		result = parse_order(top, sort);
	if (!result && size)
		result = parse_size(top->shell, size, ret_size);
	if (!result && columns)
		result = parse_columns(top, columns);
	if (!result && process)
		result = parse_process(top, process);
	return result ? result : parse_filter(top, arguments);
}

static int top_run(struct shell *shell, const struct arguments *arguments)
{
	int once = argument_option(arguments, "once") != NULL || shell->json || !shell->terminal ||
		   !isatty(STDIN_FILENO);
	struct top_size size = { 0, 0 };
	struct top top;
	int result;

	top_init(&top, shell);
	result = parse(&top, arguments, &size);
	if (!result && once) {
		result = run_once(&top, &size);
	} else if (!result) {
		result = top_collect(&top);
		if (!result)
			result = top_screen(&top);
	}
	top_deinit(&top);
	return result;
}

static void complete_views(struct shell *shell, struct completion *completion)
{
	(void)shell;
	for (int i = 0; i < top_view_count; i++)
		completion_add(completion, top_views[i].name);
}

static void complete_columns(struct shell *shell, struct completion *completion)
{
	(void)shell;
	for (int i = 0; i < inspect_column_count; i++)
		completion_add(completion, inspect_columns[i].heading.key);
}

static void complete_filter(struct shell *shell, struct completion *completion)
{
	complete_endpoint(shell, completion);
	for (int i = 0; inspect_state_words[i]; i++)
		completion_add(completion, inspect_state_words[i]);
}

static const struct command_option options[] = {
	{ "once", '1', NULL, "print one frame as text", NULL },
	{ "size", 0, "COLUMNSxROWS", "with --once: as on a screen of that size", NULL },
	{ "view", 'v', "VIEW", "begin with this view", complete_views },
	{ "process", 'p', "ENDPOINT", "the cursor is on it: messages are of it",
	  complete_endpoint },
	{ "columns", 'o', "COLUMNS", "of the processes, as of ps", complete_columns },
	{ "rate", 'd', "TIME", "time between frames, 1s if not given", NULL },
	{ "sort", 's', "COLUMN", "order by a column of ps; -COLUMN: largest first",
	  complete_columns },
	{ 0 },
};

const struct command command_top = {
	.name = "top",
	.group = GROUP_WATCH,
	.arguments = "[FILTER]...",
	.summary = "show processes, calls, messages, servers and what is held, live",
	.details =
		"Views: processes, tree (who waits stands below whom it waits for), calls (how "
		"many, how long, since the flight recorder's past), messages (the last ones of the "
		"chosen or marked, as they come), servers (RDISK's and FS's tables), holds. FILTER "
		"is as of `ps`; of calls and messages as of `trace`.\n"
		"Keys: 1 to 6 or v choose a view, arrows a process, Enter shows all about it, Tab "
		"goes to the one that it waits for, space marks, s sorts, r reverses, f filters, / "
		"searches, o chooses columns, p pauses, + and - change the rate, W saves the "
		"frame; "
		"w, X, C run `why`, `stop`, `cont` upon the marked, L and D `release` "
		"and `drop` a held message, after a question; ? explains, q leaves. NO_COLOR in "
		"the environment turns colours off. Without a terminal it prints one frame.",
	.example = "top --once --view calls --size 80x24",
	.json = "an array, one object a row; of calls: as of `summary`; of processes and tree:\n"
		"nr, name, age, rate, byterate, queue, sentence, as of ps, or others of it;\n"
		"of messages: ago, from, to, took, message, reply; of servers an array each, as "
		"of\n"
		"rd, super and fs; of holds one object, as of hold",
	.options = options,
	.words_min = 0,
	.words_max = -1,
	.flags = COMMAND_SCREEN,
	.complete = complete_filter,
	.run = top_run,
};
