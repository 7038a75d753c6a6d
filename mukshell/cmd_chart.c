/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_chart.c - messages as a sequence chart.
 */
#include <stdlib.h>

#include <chart.h>
#include <json.h>

#include "trace_command.h"

#define LAST_NORMALLY 100

struct charting {
	struct chart chart;
	struct trace trace;
};

static const struct command_option options[] = {
	TRACE_SOURCE_OPTIONS,
	{ NULL, 0, NULL, NULL, NULL },
};

static void add(void *context, const struct inspect_line *line)
{
	struct charting *charting = context;

	chart_add(&charting->chart, line, charting->trace.tracer);
}

static void print_json(struct shell *shell, const struct chart *chart)
{
	json_t *array = json_array();

	for (int i = 0; i < chart->count; i++) {
		const struct chart_arrow *arrow = &chart->arrows[i];
		json_t *object = json_object();

		json_object_set_new(object, "time", json_real((double)arrow->time_ns / 1e9));
		json_object_set_new(object, "kind", json_string(chart_kind_word(arrow->kind)));
		json_object_set_new(object, "from", inspect_json_string(chart->names[arrow->from]));
		json_object_set_new(object, "to",
				    arrow->to < 0 ? json_null()
						  : inspect_json_string(chart->names[arrow->to]));
		json_object_set_new(object, "what", inspect_json_string(arrow->what));
		json_object_set_new(object, "result", json_integer(arrow->result));
		json_object_set_new(object, "took",
				    arrow->took_ns < 0 ? json_null()
						       : json_real((double)arrow->took_ns / 1e9));
		json_object_set_new(object, "block", json_integer(arrow->block));
		json_object_set_new(object, "times", json_integer(arrow->times));
		json_array_append_new(array, object);
	}
	inspect_json_print(array, shell->out);
}

static int chart_run(struct shell *shell, const struct arguments *arguments)
{
	struct charting *charting = calloc(1, sizeof(*charting));
	struct trace_collector collector = { add, charting };
	int error;

	if (!charting)
		return shell_error(shell, EDVSNOMEM, "a chart");
	if (!argument_option(arguments, "for"))
		charting->trace.last = LAST_NORMALLY;
	error = trace_collect(&charting->trace, shell, arguments, &collector);
	if (!error) {
		chart_fold(&charting->chart);
		if (shell->json)
			print_json(shell, &charting->chart);
		else
			chart_print(&charting->chart, shell->terminal ? shell->columns : 0,
				    shell->out);
		if (!charting->chart.count)
			shell_note(shell, "no message fits");
		if (charting->chart.dropped)
			shell_note(shell, "%llu arrows beyond the first %d are not shown",
				   (unsigned long long)charting->chart.dropped, CHART_ARROWS);
	}
	chart_deinit(&charting->chart);
	trace_end(&charting->trace);
	free(charting);
	return error;
}

const struct command command_chart = {
	.name = "chart",
	.group = GROUP_WATCH,
	.arguments = "[FILTER]...",
	.summary = "draw messages as a sequence chart",
	.details = "A column for each process, an arrow for each message, times from the first one "
		   "on. "
		   "----> is a request, <---- its reply with how long it took; o---> a call whose "
		   "reply "
		   "came before anything else. * is what has no second end. What repeats itself is "
		   "drawn "
		   "once: x 120 in the margin is how often, + how far down it goes, and times are "
		   "averages. Normally the last 100 lines (--last).\n" TRACE_SOURCE_DETAILS
		   "\n" TRACE_FILTER_DETAILS,
	.example = "chart --last 20 fs",
	.json = "an array, one object an arrow:\n"
		"time      seconds of the monotonic clock\n"
		"kind      call, reply, whole (both), event\n"
		"from, to  names; to is null where there is no second end\n"
		"what      \"fs.open\"\n"
		"result    0 or the negative error\n"
		"took      seconds, or null\n"
		"block     how many arrows from here on repeat together, or 0\n"
		"times     how often",
	.options = options,
	.words_max = -1,
	.complete = complete_filter,
	.run = chart_run,
};
