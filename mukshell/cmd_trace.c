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
#include <time.h>

#include <json.h>

#include "command.h"
#include "look.h"
#include "trace_command.h"

static void complete_what(struct shell *shell, struct completion *completion)
{
	complete_endpoint(shell, completion);
	complete_call(shell, completion);
}

static const struct command_option options[] = {
	{ "count", 'n', "N", "end after N lines", NULL },
	{ "for", 't', "TIME", "end after this time: 10s, 500ms, 2m", NULL },
	{ "last", 'l', "N", "the last N lines of the flight recorder, instead of live", NULL },
	{ "to", 'o', "FILE", "write to a file of the host", complete_host_path },
	{ "all", 'a', NULL, "each event a line, requests and replies not joined", NULL },
	{ NULL, 0, NULL, NULL, NULL },
};

static void write_line(struct trace *trace, const struct inspect_line *line, FILE *out)
{
	char bytes[4096];
	struct text t;

	if (trace->shell->json) {
		inspect_line_json(line, out);
		return;
	}
	text_init(&t, bytes, sizeof(bytes));
	inspect_line_text(line, &t);
	fprintf(out, "%s\n", bytes);
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

	if (trace->limit && trace->lines == trace->limit)
		return;
	if (trace->last) {
		keep_line(trace, line);
		return;
	}
	trace->lines++;
	write_line(trace, line, trace->out);
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
	int64_t now = trace_now();

	if (now - trace->named_ns > TRACE_NAMES_NS &&
	    inspect_tracer_is_stale(trace->tracer, event)) {
		trace->named_ns = now;
		if (trace_names(trace))
			return EDVSIO;
	}
	inspect_tracer_feed(trace->tracer, event, m);
	return 0;
}

int64_t trace_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static int add_filters(struct trace *trace, const struct arguments *arguments)
{
	char bytes[512];
	struct text reason;

	for (int i = 0; i < arguments->count; i++) {
		text_init(&reason, bytes, sizeof(bytes));
		if (inspect_tracer_filter(trace->tracer, arguments->words[i], &reason))
			return shell_error(trace->shell, 0, "%s", bytes);
	}
	return 0;
}

static int read_options(struct trace *trace, const struct arguments *arguments)
{
	static const long long range[2] = { 1, 1000000000 };
	static const long long last_range[2] = { 1, TRACE_LAST_MAX };
	struct shell *shell = trace->shell;
	const char *count = argument_option(arguments, "count");
	const char *last = argument_option(arguments, "last");
	const char *time = argument_option(arguments, "for");
	long ms;
	int error = 0;

	if (last && (count || time))
		return shell_error(shell, 0,
				   "--last shows what was; --count and --for are for "
				   "what comes");
	if (count)
		error = shell_number(shell, count, range, &trace->limit);
	if (!error && last)
		error = shell_number(shell, last, last_range, &trace->last);
	if (!error && time)
		error = shell_duration(shell, time, &ms);
	if (!error && time)
		trace->until_ns = trace_now() + ms * 1000000LL;
	return error;
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

static int trace_run(struct shell *shell, const struct arguments *arguments)
{
	struct trace trace = { .shell = shell, .until_ns = INT64_MAX };
	const char *to = argument_option(arguments, "to");
	int error = read_options(&trace, arguments);
	int closed;

	if (error)
		return error;
	trace.tracer = inspect_tracer_create(argument_option(arguments, "all") != NULL, print_line,
					     &trace);
	if (!trace.tracer)
		return shell_error(shell, EDVSNOMEM, "the tracer");
	error = trace_names(&trace);
	if (!error)
		error = add_filters(&trace, arguments);
	if (!error)
		error = open_output(&trace, to);
	if (!error) {
		error = trace.last ? trace_recorder(&trace) : trace_live(&trace);
		closed = close_output(&trace, to);
		error = error ? error : closed;
	}
	inspect_tracer_destroy(trace.tracer);
	if (trace.look.in)
		look_end(&trace.look);
	return error;
}

const struct command command_trace = {
	.name = "trace",
	.group = GROUP_WATCH,
	.arguments = "[ENDPOINT|SERVER.CALL|SERVER.*]...",
	.summary = "show messages live, or those before now with --last",
	.details =
		"One line a call, when its reply has come:\n"
		"  TIME CLIENT > SERVER SERVER.CALL FIELD=VALUE... -> RESULT (TOOK)\n"
		"RESULT is the reply's fields, ok, or the error's name and meaning; a call that "
		"has waited for a second is shown as -> no reply yet, and again when its reply "
		"comes. Other lines are TIME SRC > DST KIND FIELD=VALUE...: send, notify, bind, "
		"unbind, exit, timeout, cancel, hold, release, refused (a call that returned the "
		"error at once). TIME is the hour here with microseconds; blanks part the words, "
		"inside of quotes and of an error's meaning they are text.\n"
		"Without arguments everything is shown, else what fits one of them: a process on "
		"either side, a call, or all calls of a server. Ctrl-C ends it. The shell's own "
		"messages are left out.\n"
		"Events that were overwritten before they could be read are counted: ... N "
		"events lost. The flight recorder keeps the last 4096 events without their "
		"fields; it works read-only and when everything is stopped.",
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
		"and {\"lost\": N} where events were lost.\n"
		"With --last: " LOOK_BLAME_JSON,
	.options = options,
	.words_max = -1,
	.flags = COMMAND_STREAM,
	.complete = complete_what,
	.run = trace_run,
};
