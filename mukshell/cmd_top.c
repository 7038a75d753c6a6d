/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_top.c - the processes, live.
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

/* Two states, so that there are rates. */
static int run_once(struct top *top)
{
	int result = top_collect(top);

	if (result || shell_sleep(top->shell, ONCE_MS))
		return result;
	result = top_collect(top);
	return result ? result : top_print(top);
}

static int top_run(struct shell *shell, const struct arguments *arguments)
{
	const char *rate = argument_option(arguments, "rate");
	const char *sort = argument_option(arguments, "sort");
	int once = argument_option(arguments, "once") != NULL;
	struct top top;
	int result = 0;

	top_init(&top, shell);
	if (rate)
		result = shell_duration(shell, rate, &top.rate_ms);
	if (top.rate_ms < TOP_RATE_MIN_MS)
		top.rate_ms = TOP_RATE_MIN_MS;
	if (!result && sort)
		result = parse_order(&top, sort);
	if (arguments->count)
		snprintf(top.filter, sizeof(top.filter), "%s", arguments->words[0]);
	if (result)
		return result;
	if (once || shell->json || !shell->terminal || !isatty(STDIN_FILENO)) {
		result = run_once(&top);
	} else {
		result = top_collect(&top);
		if (!result)
			result = top_screen(&top);
	}
	top_deinit(&top);
	return result;
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
	{ "rate", 'd', "TIME", "time between frames, 1s if not given", NULL },
	{ "sort", 's', "COLUMN", "order by a column of ps; -COLUMN: largest first",
	  complete_columns },
	{ 0 },
};

const struct command command_top = {
	.name = "top",
	.group = GROUP_WATCH,
	.arguments = "[FILTER]",
	.summary = "show the processes live: what each does, messages and bytes a second",
	.details = "FILTER as of `ps`. Keys: arrows choose, Enter shows all about a process, Tab "
		   "goes "
		   "to the one that it waits for, s sorts, r reverses, f filters, / searches, p "
		   "pauses, + and - change the rate, ? explains, q leaves. Without a terminal it "
		   "prints one frame.",
	.example = "top --once",
	.json = "an array, one object a process: nr, name, age, rate, byterate, queue, sentence,\n"
		"as of `ps`",
	.options = options,
	.words_min = 0,
	.words_max = 1,
	.flags = COMMAND_SCREEN,
	.complete = complete_filter,
	.run = top_run,
};
