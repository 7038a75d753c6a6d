/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_watch.c - a command again and again.
 */
#include "command.h"
#include "shell.h"

static const struct command_option options[] = {
	{ "count", 'n', "N", "end after N times", NULL },
	{ NULL, 0, NULL, NULL, NULL },
};

static void complete_watched(struct shell *shell, struct completion *completion)
{
	if (completion->count == 1)
		complete_command(shell, completion);
}

/* A terminal is cleared; elsewhere an empty line parts one time from the next. */
static void separate(struct shell *shell, int is_first)
{
	if (shell->json)
		return;
	if (shell->terminal)
		fprintf(shell->out, "\033[H\033[2J");
	else if (!is_first)
		fprintf(shell->out, "\n");
}

static int watch_run(struct shell *shell, const struct arguments *arguments)
{
	static const long long range[2] = { 1, 1000000000 };
	const char *option = argument_option(arguments, "count");
	long long count = 0;
	long ms;
	int error = shell_duration(shell, arguments->words[0], &ms);

	if (!error && option)
		error = shell_number(shell, option, range, &count);
	for (long long i = 0; !error && (!count || i < count); i++) {
		if (i && shell_sleep(shell, ms))
			break;
		separate(shell, !i);
		error = shell_run_words(shell, arguments->words + 1, arguments->count - 1);
		fflush(shell->out);
		if (shell_interrupted(shell))
			break;
	}
	return error;
}

const struct command command_watch = {
	.name = "watch",
	.group = GROUP_WATCH,
	.arguments = "INTERVAL COMMAND...",
	.summary = "run a command again and again until Ctrl-C",
	.details = "INTERVAL is a time such as 1s, 200ms or 2m. A terminal is cleared before each "
		   "time. It ends when the command fails.",
	.example = "watch --count 2 200ms counters fs",
	.json = "what the command prints, one value a time",
	.options = options,
	.words_min = 2,
	.words_max = -1,
	.flags = COMMAND_STREAM | COMMAND_NESTED,
	.complete = complete_watched,
	.run = watch_run,
};
