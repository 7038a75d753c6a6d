/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_collect.c - lines for the commands that count them.
 */
#include <stdlib.h>

#include "trace_command.h"

static void collect(void *context, const struct inspect_line *line)
{
	struct trace *trace = context;

	if (!trace->last) {
		trace->lines++;
		trace->collector->line(trace->collector->context, line);
		return;
	}
	trace->ring[trace->lines % trace->last] = *line;
	/* The messages go with the event. */
	trace->ring[trace->lines % trace->last].request_m = NULL;
	trace->ring[trace->lines % trace->last].reply_m = NULL;
	trace->ring[trace->lines++ % trace->last].data_count = 0;
}

int trace_collect(struct trace *trace, struct shell *shell, const struct arguments *arguments,
		  const struct trace_collector *collector)
{
	long long first;
	int error;

	trace->collector = collector;
	error = trace_begin(trace, shell, arguments, collect);
	if (error)
		return error;
	if (trace->last)
		trace->ring = calloc((size_t)trace->last, sizeof(*trace->ring));
	if (trace->last && !trace->ring)
		return shell_error(shell, EDVSNOMEM, "lines");
	inspect_tracer_bare(trace->tracer);
	error = trace_run(trace);
	first = trace->lines > trace->last ? trace->lines - trace->last : 0;
	for (long long i = first; trace->last && i < trace->lines; i++)
		collector->line(collector->context, &trace->ring[i % trace->last]);
	free(trace->ring);
	trace->ring = NULL;
	return error;
}
