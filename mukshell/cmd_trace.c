/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_trace.c - messages as they pass, or as the flight recorder kept them.
 *
 * Live tracing asks for full records while it runs; the shell's own messages are
 * no events. Each batch of lines is flushed, so that a reader of a pipe sees them
 * at once.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json.h>

#include "record.h"
#include "trace_command.h"

#define DATA_MAX 65536

static const struct command_option options[] = {
	{ "count", 'n', "N", "end after N lines", NULL },
	{ "for", 't', "TIME", "end after this time: 10s, 500ms, 2m", NULL },
	{ "last", 'l', "N", "the last N lines of the flight recorder, instead of live", NULL },
	{ "data", 'd', "N", "with up to N bytes of what requests refer to", NULL },
	{ "to", 'o', "FILE", "write to a file of the host; X.muktrace is a recording",
	  complete_host_path },
	{ "all", 'a', NULL, "each event a line, requests and replies not joined", NULL },
	{ "whole", 'w', NULL, "each call one line, also where others come between", NULL },
	{ "events", 0, "N", "end after N lines (1M), whatever else was asked", NULL },
	{ "rate", 0, "N/s", "end when more come in a second (200000/s)", NULL },
	{ "size", 0, "BYTES", "end after so much output (256M)", NULL },
	{ NULL, 0, NULL, NULL, NULL },
};

/* Returns how many bytes it wrote. */
static size_t write_line(struct trace *trace, const struct inspect_line *line, FILE *out)
{
	char bytes[8192];
	struct text t;
	long before;

	if (trace->shell->json) {
		before = ftell(out);
		inspect_line_json(line, out);
		return before < 0 ? sizeof(*line) : (size_t)(ftell(out) - before);
	}
	text_init(&t, bytes, sizeof(bytes));
	inspect_line_text(line, &t);
	fprintf(out, "%s\n", bytes);
	return t.used + 1;
}

/* Only the last lines are wanted, and which these are shows at the end. */
static void keep_line(struct trace *trace, const struct inspect_line *line)
{
	char **place = &trace->kept[trace->lines++ % trace->last];
	size_t size;
	FILE *out;

	free(*place);
	*place = NULL;
	out = open_memstream(place, &size);
	if (!out)
		return;
	write_line(trace, line, out);
	fclose(out);
}

static void print_line(void *context, const struct inspect_line *line)
{
	struct trace *trace = context;

	if (trace->ended || (trace->limit && trace->lines >= trace->limit))
		return;
	if (trace->last) {
		keep_line(trace, line);
		return;
	}
	trace->lines++;
	trace_spend(trace, write_line(trace, line, trace->out));
}

static void print_kept(struct trace *trace)
{
	for (long long i = 0; trace->kept && i < trace->last; i++) {
		char *line = trace->kept[(trace->lines + i) % trace->last];

		if (line)
			fputs(line, trace->out);
		free(line);
	}
	free(trace->kept);
	trace->kept = NULL;
}

static int open_output(struct trace *trace, const char *path)
{
	trace->out = trace->shell->out;
	if (!path)
		return 0;
	trace->out = fopen(path, "we");
	if (!trace->out)
		return shell_error(trace->shell, 0, "%s: %s", path, strerror(errno));
	return 0;
}

static int close_output(struct trace *trace, const char *path)
{
	if (!path)
		return 0;
	if (fclose(trace->out))
		return shell_error(trace->shell, 0, "%s: %s", path, strerror(errno));
	return 0;
}

static int read_options(struct trace *trace, const struct arguments *arguments)
{
	static const long long range[2] = { 1, 1000000000 };
	static const long long data_range[2] = { 1, DATA_MAX };
	const char *count = argument_option(arguments, "count");
	const char *data = argument_option(arguments, "data");
	long long data_max = 0;
	int error = trace_read_budget(trace, arguments);

	if (!error && trace->last && count)
		error = shell_error(trace->shell, 0,
				    "--last shows what was; --count and --for are for what comes");
	if (!error && count)
		error = shell_number(trace->shell, count, range, &trace->limit);
	if (!error && data && !trace->is_live)
		error = shell_error(trace->shell, 0,
				    "--data is for what comes: what was has gone by");
	if (!error && data)
		error = shell_number(trace->shell, data, data_range, &data_max);
	if (!error && trace->is_live && (data || inspect_filter_needs_fields(&trace->filter)))
		trace_read_data(trace, (size_t)data_max);
	if (!error && trace->last) {
		trace->kept = calloc((size_t)trace->last, sizeof(*trace->kept));
		error = trace->kept ? 0 : shell_error(trace->shell, EDVSNOMEM, "lines");
	}
	return error;
}

/* trace --to FILE.muktrace: all that happens, to be filtered when it is read. */
static int record(struct shell *shell, const struct arguments *arguments, const char *path)
{
	struct record_limits limits = { .until_ns = INT64_MAX };
	struct trace budget = { .shell = shell };
	const char *time = argument_option(arguments, "for");
	int error;
	long ms;

	if (arguments->count)
		return shell_error(shell, 0,
				   "a recording has everything: `load %s`, then give the filter",
				   path);
	if (argument_option(arguments, "last"))
		return shell_error(shell, 0,
				   "a recording begins now; `dump` keeps the flight recorder");
	error = trace_read_budget(&budget, arguments);
	if (!error && time)
		error = shell_duration(shell, time, &ms);
	if (error)
		return error;
	if (time)
		limits.until_ns = shell_now_ns() + ms * 1000000LL;
	if (argument_option(arguments, "events"))
		limits.events = budget.events_max;
	limits.bytes = argument_option(arguments, "size") ? budget.size_max : RECORD_BYTES;
	return record_run(shell, path, &limits);
}

static int trace_command_run(struct shell *shell, const struct arguments *arguments)
{
	struct trace *trace = calloc(1, sizeof(*trace));
	const char *to = argument_option(arguments, "to");
	int error, closed;

	if (to && record_is_wanted(to)) {
		free(trace);
		return record(shell, arguments, to);
	}
	if (!trace)
		return shell_error(shell, EDVSNOMEM, "a trace");
	trace->shell = shell;
	trace->is_live = !argument_option(arguments, "last") && !trace_is_file(trace);
	error = open_output(trace, to);
	if (!error) {
		error = trace_begin(trace, shell, arguments, print_line);
		if (!error)
			error = read_options(trace, arguments);
		if (!error && !shell->json && !argument_option(arguments, "whole") &&
		    !argument_option(arguments, "all"))
			inspect_tracer_split(trace->tracer);
		if (!error)
			error = trace_run(trace);
		print_kept(trace);
		closed = close_output(trace, to);
		error = error ? error : closed;
	}
	trace_end(trace);
	free(trace);
	return error;
}

const struct command command_trace = {
	.name = "trace",
	.group = GROUP_WATCH,
	.arguments = "[FILTER]...",
	.summary = "show messages live, or those before now with --last",
	.details =
		"One line a call, when its reply has come:\n"
		"  TIME CLIENT > SERVER SERVER.CALL FIELD=VALUE... -> RESULT (TOOK)\n"
		"RESULT is the reply's fields, ok, or the error's name and meaning. Where it "
		"waited in "
		"its server's queue or for calls that the server made itself, TOOK says what the "
		"time "
		"went into: (3 ms: queue 1 ms, fs 200 us, others 1.8 ms).\n"
		"Where another line comes between its request and its reply, a call is two lines, "
		"by "
		"the same number: its request ends in ... #N, its reply is SERVER.CALL #N resumed "
		"-> "
		"RESULT (TOOK), with the time at which it came. --whole and --json show one all "
		"the "
		"same. A call that has waited for a second is shown as -> no reply yet. Other "
		"lines "
		"are TIME SRC > DST KIND FIELD=VALUE...: send, notify, copy (outside of calls), "
		"bind, "
		"unbind, exit, timeout, cancel, hold, release, refused (a call that returned the "
		"error "
		"at once). TIME is the hour here with microseconds; blanks part the words, inside "
		"of "
		"quotes and of an error's meaning they are text.\n" TRACE_FILTER_DETAILS "\n"
		"--data N adds data.FIELD=\"...\" for buffers that the server is to read: the "
		"bytes "
		"are read from the client's memory while its call is open; where the reply was "
		"faster "
		"it says data=late instead. Long paths are read so wherever a filter asks for "
		"fields.\n"
		"Ctrl-C ends it; by itself it ends when --events, --rate or --size are used up, "
		"and "
		"says so. The shell's own messages are left out. Events that were overwritten "
		"before "
		"they could be read are counted: ... N events lost. The flight recorder keeps the "
		"last 4096 events without their fields; it works read-only and when everything is "
		"stopped. Of a file that was loaded, all its records are shown.\n"
		"--to FILE.muktrace records everything as it is, without loss at millions of "
		"events a second, until --for, --events or --size (16 GiB) end it; load FILE "
		"then shows it, through any filter.",
	.example = "trace --last 10 fs.*",
	.json = "one object a line:\n"
		"seq      number of the event that completed the line\n"
		"time     seconds of the monotonic clock, when it began\n"
		"kind     call, send, notify, reply, ...\n"
		"src, dst, src_ep, dst_ep   names and endpoints\n"
		"type     m_type of the request\n"
		"name     \"fs.open\"\n"
		"request  its fields as text\n"
		"reply    its fields as text, or the error\n"
		"result   0 or the negative error\n"
		"open     no reply was seen yet\n"
		"took     seconds, or null\n"
		"queue, service, others   what of it: in the queue, in the server, in calls of the "
		"server; null where unknown\n"
		"bytes    copied for it, or null\n"
		"call     the call's number, 0 for what is none\n"
		"before them {\"filter\": TEXT} when there is one, {\"lost\": N} where events were "
		"lost, {\"ended\": OPTION, \"lines\": N} when the budget was used up.\n"
		"With --to FILE.muktrace one object: file, events, lost, bytes of the file, "
		"ended.\n"
		"With --last: " LOOK_BLAME_JSON,
	.options = options,
	.words_max = -1,
	.flags = COMMAND_STREAM,
	.complete = complete_filter,
	.run = trace_command_run,
};
