/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_watch.c - a command again and again, and what has changed since the last time.
 */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "shell.h"

static const struct command_option options[] = {
	{ "count", 'n', "N", "end after N times", NULL },
	{ "differences", 'd', NULL, "mark what differs from the time before", NULL },
	{ NULL, 0, NULL, NULL, NULL },
};

struct watch {
	struct shell *shell;
	const struct arguments *arguments;
	int is_screen; /* of a terminal that can be cleared */
	int marks;
	char *before; /* what was printed the last time; NULL: nothing yet */
};

static void complete_watched(struct shell *shell, struct completion *completion)
{
	if (completion->count == 1)
		complete_command(shell, completion);
}

/* A terminal is cleared; elsewhere an empty line parts one time from the next. */
static void separate(const struct watch *watch, int is_first)
{
	if (watch->shell->json)
		return;
	if (watch->is_screen)
		fprintf(watch->shell->out, "\033[H\033[2J");
	else if (!is_first)
		fprintf(watch->shell->out, "\n");
}

/* before: the line that stood there, which ends as line does or earlier; or NULL. */
static int differs(const char *line, const char *before, size_t at)
{
	return !before || strcspn(before, "\n") <= at || before[at] != line[at];
}

/* Characters that differ from those at their place before stand in reverse. */
static void print_reversed(FILE *out, const char *line, size_t length, const char *before)
{
	int is_reversed = 0;

	for (size_t i = 0; i < length; i++) {
		int is_inside = ((unsigned char)line[i] & 0xc0) == 0x80;
		int differ = is_inside ? is_reversed : differs(line, before, i);

		if (differ != is_reversed)
			fputs(differ ? "\033[7m" : "\033[27m", out);
		is_reversed = differ;
		fputc(line[i], out);
	}
	fputs(is_reversed ? "\033[27m\n" : "\n", out);
}

/* Without a screen a line that differs has a mark in front of it. */
static void print_marked(FILE *out, const char *line, size_t length, const char *before)
{
	int same = before && strncmp(before, line, length) == 0 &&
		   (before[length] == '\n' || !before[length]);

	fprintf(out, "%s %.*s\n", same ? " " : "*", (int)length, line);
}

static void print_compared(const struct watch *watch, const char *text)
{
	const char *before = watch->before;

	for (const char *line = text; *line;) {
		size_t length = strcspn(line, "\n");

		if (!watch->before)
			fprintf(watch->shell->out, "%s%.*s\n", watch->is_screen ? "" : "  ",
				(int)length, line);
		else if (watch->is_screen)
			print_reversed(watch->shell->out, line, length, before);
		else
			print_marked(watch->shell->out, line, length, before);
		line += length + (line[length] == '\n');
		before = before ? strchr(before, '\n') : NULL;
		before = before && before[1] ? before + 1 : NULL;
	}
}

static int run_plainly(const struct watch *watch)
{
	return shell_run_words(watch->shell, watch->arguments->words + 1,
			       watch->arguments->count - 1);
}

static int run_compared(struct watch *watch, int is_first)
{
	struct shell *shell = watch->shell;
	FILE *out_before = shell->out;
	char *text = NULL;
	size_t bytes;
	int error;

	shell->out = open_memstream(&text, &bytes);
	if (!shell->out) {
		shell->out = out_before;
		return shell_error(shell, EDVSNOMEM, "differences");
	}
	error = run_plainly(watch);
	fclose(shell->out);
	shell->out = out_before;
	separate(watch, is_first);
	if (text)
		print_compared(watch, text);
	free(watch->before);
	watch->before = text;
	return error;
}

static int run_once(struct watch *watch, int is_first)
{
	if (watch->marks && !watch->shell->json)
		return run_compared(watch, is_first);
	separate(watch, is_first);
	return run_plainly(watch);
}

static int is_screen(const struct shell *shell)
{
	const char *term = getenv("TERM");

	return shell->terminal && term && *term && strcmp(term, "dumb") != 0;
}

static int watch_run(struct shell *shell, const struct arguments *arguments)
{
	static const long long range[2] = { 1, 1000000000 };
	const char *option = argument_option(arguments, "count");
	struct watch watch = { shell, arguments, is_screen(shell), 0, NULL };
	long long count = 0;
	long ms;
	int error = shell_duration(shell, arguments->words[0], &ms);

	watch.marks = argument_option(arguments, "differences") != NULL;
	if (!error && option)
		error = shell_number(shell, option, range, &count);
	for (long long i = 0; !error && (!count || i < count); i++) {
		if (i && shell_sleep(shell, ms))
			break;
		error = run_once(&watch, !i);
		fflush(shell->out);
		if (shell_interrupted(shell))
			break;
	}
	free(watch.before);
	return error;
}

const struct command command_watch = {
	.name = "watch",
	.group = GROUP_WATCH,
	.arguments = "INTERVAL COMMAND...",
	.summary = "run a command again and again until Ctrl-C",
	.details = "INTERVAL is a time such as 1s, 200ms or 2m. A terminal is cleared before each "
		   "time. With --differences what has changed since the time before stands in "
		   "reverse there, or a * stands in front of the line elsewhere. It ends when the "
		   "command fails.",
	.example = "watch --count 2 -d 200ms counters fs",
	.json = "what the command prints, one value a time",
	.options = options,
	.words_min = 2,
	.words_max = -1,
	.flags = COMMAND_STREAM | COMMAND_NESTED,
	.complete = complete_watched,
	.run = watch_run,
};
