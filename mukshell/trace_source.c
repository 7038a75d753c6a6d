/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_source.c - events of the DC for the command trace: live, or recorded.
 */
#include <stdlib.h>
#include <string.h>

#include "session.h"
#include "trace_command.h"

#define RECORDS_AT_ONCE 256
#define WAIT_MS         100

static int is_over(const struct trace *trace)
{
	return shell_interrupted(trace->shell) || trace_now() >= trace->until_ns ||
	       (trace->limit && trace->lines >= trace->limit);
}

/* Reads what has come so far; returns how many records, or an error. */
static int drain(struct trace *trace, uint64_t *sequence, struct dvk_record *records)
{
	uint64_t lost = 0;
	int count = shell_records(trace->shell, sequence, records, RECORDS_AT_ONCE, &lost);

	trace_say_lost(trace, lost);
	for (int i = 0; i < count; i++)
		if (trace_feed(trace, &records[i].event, &records[i].m))
			return EDVSIO;
	return count;
}

static int wait_for_more(struct trace *trace)
{
	int64_t left =
		trace->until_ns == INT64_MAX ? WAIT_MS : (trace->until_ns - trace_now()) / 1000000;

	inspect_tracer_overdue(trace->tracer, trace_now() - TRACE_OVERDUE_NS);
	if (fflush(trace->out))
		return 0;
	if (!dvk_view_alive(trace->shell->view)) {
		session_check(trace->shell);
		return shell_error(trace->shell, EDVSDCNOTRUN, "dc%d has ended",
				   trace->shell->dcid);
	}
	if (left > 0)
		dvk_view_wait(trace->shell->view, left < WAIT_MS ? (long)left : WAIT_MS);
	return 0;
}

static int follow(struct trace *trace, uint64_t sequence)
{
	struct dvk_record *records = malloc(RECORDS_AT_ONCE * sizeof(*records));
	int error = 0;

	if (!records)
		return shell_error(trace->shell, EDVSNOMEM, "records");
	while (!error && !is_over(trace)) {
		int count = drain(trace, &sequence, records);

		if (count < 0)
			error = shell_error(trace->shell, count, "records cannot be read");
		else if (count < RECORDS_AT_ONCE)
			error = wait_for_more(trace);
	}
	inspect_tracer_overdue(trace->tracer, INT64_MAX);
	free(records);
	return error;
}

int trace_live(struct trace *trace)
{
	struct shell *shell = trace->shell;
	int error = shell_alive(shell);

	if (error)
		return error;
	error = dvk_view_trace(shell->view, 1);
	if (error == EDVSPERM)
		return shell_error(shell, error,
				   "a read-only shell cannot ask for full records; "
				   "trace --last shows the flight recorder");
	if (error < 0)
		return shell_error(shell, error, "tracing");
	/* Begin at what comes now: older places of the ring are stale. */
	error = trace_names(trace);
	if (!error)
		error = follow(trace, trace->look.snapshot->dc.events + 1);
	dvk_view_trace(shell->view, 0);
	if (trace->lost)
		shell_note(shell, "%llu events were lost", (unsigned long long)trace->lost);
	return error;
}

/* Gives all that the recorder has to the tracer. */
static int read_recorder(struct trace *trace, struct dvk_event *events)
{
	uint64_t sequence = 1;
	uint64_t lost = 0;
	int count = shell_events(trace->shell, &sequence, events, DVK_RECORDER_EVENTS, &lost);

	if (count < 0)
		return shell_error(trace->shell, count, "the flight recorder cannot be read");
	look_blame(trace->shell, &trace->look);
	trace_remember_dead(trace);
	for (int i = 0; i < count; i++)
		inspect_tracer_feed(trace->tracer, &events[i], NULL);
	inspect_tracer_overdue(trace->tracer, INT64_MAX);
	return 0;
}

int trace_recorder(struct trace *trace)
{
	struct dvk_event *events = calloc(DVK_RECORDER_EVENTS, sizeof(*events));
	int error;

	trace->kept = calloc((size_t)trace->last, sizeof(*trace->kept));
	if (events && trace->kept)
		error = read_recorder(trace, events);
	else
		error = shell_error(trace->shell, EDVSNOMEM, "events");
	for (long long i = 0; trace->kept && i < trace->last; i++) {
		char *line = trace->kept[(trace->lines + i) % trace->last];

		if (line)
			fputs(line, trace->out);
		free(line);
	}
	free(trace->kept);
	free(events);
	return error;
}
