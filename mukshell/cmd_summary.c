/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_summary.c - calls counted: how many, how they failed, where their time went.
 */
#include <stdlib.h>
#include <string.h>

#include <json.h>
#include <summary.h>

#include "trace_command.h"

static const char *const by_words[] = {
#define WORD(name, word) word,
	SUMMARY_BY(WORD)
#undef WORD
		NULL,
};

static void complete_by(struct shell *shell, struct completion *completion)
{
	(void)shell;
	for (int i = 0; by_words[i]; i++)
		completion_add(completion, by_words[i]);
}

static const struct command_option options[] = {
	{ "by", 'b', "WHAT", "a row for each call (the default), caller or pair", complete_by },
	{ "sort", 's', "COLUMN", "by this column, the largest first, instead of all time", NULL },
	TRACE_SOURCE_OPTIONS,
	{ NULL, 0, NULL, NULL, NULL },
};

static int read_by(struct shell *shell, const char *word, enum summary_by *ret_by)
{
	for (int i = 0; by_words[i]; i++) {
		if (!word || strcmp(word, by_words[i]) == 0) {
			*ret_by = (enum summary_by)i;
			return 0;
		}
	}
	return shell_error(shell, 0, "--by takes call, caller or pair, not '%s'", word);
}

static void count(void *context, const struct inspect_line *line)
{
	summary_add(context, line);
}

static int sort(struct shell *shell, struct inspect_grid *grid, const char *column)
{
	if (!column || inspect_grid_sort(grid, column, strcmp(column, "name") != 0) == 0)
		return 0;
	inspect_grid_destroy(grid);
	return shell_error(shell, 0,
			   "no column '%s': name calls open failed share min median p90 p99 max "
			   "queue_median queue_p99 service_median service_p99 others_median",
			   column);
}

static int show(struct trace *trace, const struct summary *summary, const char *column)
{
	struct inspect_grid *grid = NULL;
	int error = summary_grid(summary, trace->tracer, &grid);

	if (!error) {
		error = sort(trace->shell, grid, column);
		if (error)
			return error;
	}
	if (summary->dropped)
		shell_note(trace->shell, "%llu calls beyond the first %d rows are not counted",
			   (unsigned long long)summary->dropped, SUMMARY_ROWS);
	return look_print(trace->shell, grid, error);
}

static int summary_run(struct shell *shell, const struct arguments *arguments)
{
	struct trace *trace = calloc(1, sizeof(*trace));
	struct trace_collector collector = { count, NULL };
	struct summary *summary = NULL;
	enum summary_by by = SUMMARY_BY_CALL;
	int error = read_by(shell, argument_option(arguments, "by"), &by);

	if (!error) {
		summary = summary_create(by);
		collector.context = summary;
		error = trace && summary ? trace_collect(trace, shell, arguments, &collector)
					 : shell_error(shell, EDVSNOMEM, "a summary");
	}
	if (!error)
		error = show(trace, summary, argument_option(arguments, "sort"));
	if (trace)
		trace_end(trace);
	summary_destroy(summary);
	free(trace);
	return error;
}

const struct command command_summary = {
	.name = "summary",
	.group = GROUP_WATCH,
	.arguments = "[FILTER]...",
	.summary = "count calls: errors, share of time, percentiles, queueing apart",
	.details =
		"A row for each call, caller or pair of caller and server: how many CALLS, how "
		"many "
		"of them are OPEN (no reply was seen) or FAILED, their SHARE of the time of all, "
		"how "
		"long they took (within 3 %; MIN and MAX exactly), QUEUE until the server took "
		"them "
		"and SERVICE in it (medians and 99th percentiles), OTHERS in calls that the server "
		"made meanwhile, ERRORS by name.\n" TRACE_SOURCE_DETAILS "\n" TRACE_FILTER_DETAILS,
	.example = "summary --by pair fs.*",
	.json = "an array, one object a row:\n"
		"name      \"fs.open\", \"client\" or \"client > fs\"\n"
		"calls, open, failed   how many\n"
		"share     of the time of all calls, per mille\n"
		"min, median, p90, p99, max   seconds, or null\n"
		"queue_median, queue_p99, service_median, service_p99, others_median   seconds\n"
		"errors    \"EDVSNOENT 3, EDVSPERM 1\", or \"\"",
	.options = options,
	.words_max = -1,
	.complete = complete_filter,
	.run = summary_run,
};
