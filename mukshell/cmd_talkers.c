/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_talkers.c - who sends how much to whom.
 */
#include <stdlib.h>

#include <talkers.h>

#include "trace_command.h"

static const struct command_option options[] = {
	TRACE_SOURCE_OPTIONS,
	{ NULL, 0, NULL, NULL, NULL },
};

static void count(void *context, const struct inspect_line *line)
{
	talkers_add(context, line);
}

static int show(struct trace *trace, const struct talkers *talkers)
{
	struct inspect_grid *grid = NULL;
	int error = talkers_grid(talkers, trace->tracer, &grid);

	if (talkers_dropped(talkers))
		shell_note(trace->shell, "%llu messages beyond the first %d pairs are not counted",
			   (unsigned long long)talkers_dropped(talkers), TALKERS_MAX);
	return look_print(trace->shell, grid, error);
}

static int talkers_run(struct shell *shell, const struct arguments *arguments)
{
	struct trace *trace = calloc(1, sizeof(*trace));
	struct talkers *talkers = talkers_create();
	struct trace_collector collector = { count, talkers };
	int error = trace && talkers ? trace_collect(trace, shell, arguments, &collector)
				     : shell_error(shell, EDVSNOMEM, "talkers");

	if (!error)
		error = show(trace, talkers);
	if (trace)
		trace_end(trace);
	talkers_destroy(talkers);
	free(trace);
	return error;
}

const struct command command_talkers = {
	.name = "talkers",
	.group = GROUP_WATCH,
	.arguments = "[FILTER]...",
	.summary = "show who sends how much to whom",
	.details = "A row for each pair, who says most first: calls (each with its reply), sends, "
		   "notifications, the bytes that were copied for them, messages a second from the "
		   "first to the last, and how many failed.\n" TRACE_SOURCE_DETAILS
		   "\n" TRACE_FILTER_DETAILS,
	.example = "talkers --last 1000",
	.json = "an array, one object a pair:\n"
		"from, to  names\n"
		"calls, sends, notifies, failed   how many\n"
		"bytes     copied\n"
		"messages_per_s   from the first line to the last",
	.options = options,
	.words_max = -1,
	.complete = complete_filter,
	.run = talkers_run,
};
