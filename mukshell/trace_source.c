/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_source.c - events for the commands about messages: as they come, as the
 * flight recorder kept them, or of a file.
 */
#include <stdlib.h>
#include <string.h>

#include "session.h"
#include "trace_command.h"

#define RECORDS_AT_ONCE 256
#define WAIT_MS         100

static int is_over(const struct trace *trace)
{
	return shell_interrupted(trace->shell) || trace_now() >= trace->until_ns || trace->ended ||
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

	if (!trace->collector)
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

static int run_live(struct trace *trace)
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
	trace_say_ended(trace);
	return error;
}

/* Gives all that the recorder has to the tracer. */
static int read_recorder(struct trace *trace)
{
	struct dvk_event *events = calloc(DVK_RECORDER_EVENTS, sizeof(*events));
	uint64_t sequence = 1;
	uint64_t lost = 0;
	int count =
		events ? shell_events(trace->shell, &sequence, events, DVK_RECORDER_EVENTS, &lost)
		       : EDVSNOMEM;

	for (int i = 0; i < count; i++)
		inspect_tracer_feed(trace->tracer, &events[i], NULL);
	free(events);
	if (count < 0)
		return shell_error(trace->shell, count, "the flight recorder cannot be read");
	return 0;
}

/* Full records of a file; without them its recorder. */
static int read_file(struct trace *trace)
{
	struct dvk_record *records = malloc(RECORDS_AT_ONCE * sizeof(*records));
	uint64_t sequence = 1;
	int count, total = 0;

	if (!records)
		return shell_error(trace->shell, EDVSNOMEM, "records");
	do {
		count = drain(trace, &sequence, records);
		total |= count > 0;
	} while (count > 0 && !is_over(trace));
	free(records);
	return total ? 0 : read_recorder(trace);
}

static int run_past(struct trace *trace)
{
	int error;

	look_blame(trace->shell, &trace->look);
	trace_remember_dead(trace);
	error = trace_is_file(trace) ? read_file(trace) : read_recorder(trace);
	inspect_tracer_overdue(trace->tracer, INT64_MAX);
	return error;
}

int trace_run(struct trace *trace)
{
	return trace->is_live ? run_live(trace) : run_past(trace);
}
