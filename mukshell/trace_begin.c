/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_begin.c - the words and options of the commands about messages.
 */
#include <string.h>
#include <time.h>

#include <json.h>
#include <patient.h>

#include "trace_command.h"

int64_t trace_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int trace_is_file(const struct trace *trace)
{
	return trace->shell->patient && !patient_view(trace->shell->patient);
}

/* The names are of this state from now on. */
int trace_names(struct trace *trace)
{
	struct look look;
	int error = look_begin(trace->shell, &look);

	if (error)
		return error;
	inspect_tracer_names(trace->tracer, look.in);
	if (trace->look.in)
		look_end(&trace->look);
	trace->look = look;
	return 0;
}

int trace_feed(struct trace *trace, const struct dvk_event *event, const message *m)
{
	int64_t now = trace->is_live ? trace_now() : 0;

	if (now - trace->named_ns > TRACE_NAMES_NS &&
	    inspect_tracer_is_stale(trace->tracer, event)) {
		trace->named_ns = now;
		if (trace_names(trace))
			return EDVSIO;
	}
	inspect_tracer_feed(trace->tracer, event, m);
	return 0;
}

void trace_say_lost(struct trace *trace, uint64_t lost)
{
	if (!lost)
		return;
	trace->lost += lost;
	if (trace->shell->json)
		fprintf(trace->out, "{\"lost\":%llu}\n", (unsigned long long)lost);
	else
		fprintf(trace->out, "... %llu events lost\n", (unsigned long long)lost);
}

static void say_filter(struct trace *trace)
{
	char bytes[INSPECT_FILTER_BYTES];
	json_t *object;
	struct text t;

	if (!trace->filter.term_count)
		return;
	text_init(&t, bytes, sizeof(bytes));
	inspect_filter_text(trace->look.in, &trace->filter, &t);
	shell_note(trace->shell, "filter: %s", bytes);
	if (!trace->shell->json || !(trace->shell->running->flags & COMMAND_STREAM))
		return;
	object = json_object();
	json_object_set_new(object, "filter", inspect_json_string(bytes));
	inspect_json_print(object, trace->out);
}

static int parse_filter(struct trace *trace, const struct arguments *arguments)
{
	char bytes[2048];
	struct text reason;

	text_init(&reason, bytes, sizeof(bytes));
	if (inspect_filter_parse(trace->look.in, arguments->words, arguments->count, &trace->filter,
				 &reason))
		return shell_error(trace->shell, 0, "%s", bytes);
	if (!trace->is_live && !trace_is_file(trace) && inspect_filter_needs_fields(&trace->filter))
		return shell_error(trace->shell, 0,
				   "the flight recorder keeps no fields: choose by call, process, "
				   "error or time, or follow what comes with --for");
	inspect_tracer_filter(trace->tracer, &trace->filter);
	say_filter(trace);
	return 0;
}

static int read_source(struct trace *trace, const struct arguments *arguments)
{
	static const long long range[2] = { 1, TRACE_LAST_MAX };
	const char *last = argument_option(arguments, "last");
	const char *time = argument_option(arguments, "for");
	long ms;
	int error = 0;

	if (last && time)
		return shell_error(trace->shell, 0, "--last shows what was, --for what comes");
	if (last)
		error = shell_number(trace->shell, last, range, &trace->last);
	if (!error && time)
		error = shell_duration(trace->shell, time, &ms);
	if (error || !time)
		return error;
	trace->is_live = 1;
	trace->until_ns = trace_now() + ms * 1000000LL;
	return 0;
}

int trace_begin(struct trace *trace, struct shell *shell, const struct arguments *arguments,
		inspect_line_fn *show)
{
	int error;

	trace->shell = shell;
	trace->until_ns = INT64_MAX;
	if (!trace->out)
		trace->out = shell->out;
	error = read_source(trace, arguments);
	if (error)
		return error;
	trace->tracer =
		inspect_tracer_create(argument_option(arguments, "all") != NULL, show, trace);
	if (!trace->tracer)
		return shell_error(shell, EDVSNOMEM, "the tracer");
	error = trace_names(trace);
	return error ? error : parse_filter(trace, arguments);
}

void trace_end(struct trace *trace)
{
	inspect_tracer_destroy(trace->tracer);
	if (trace->look.in)
		look_end(&trace->look);
}
