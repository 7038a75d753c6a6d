/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * export_chrome.c - Chrome's trace format, which Perfetto opens: a track for each
 * process of the DC.
 *
 * A call is a slice on its client's track; what of it its server worked is a slice on
 * the server's, and a flow leads from one to the other. All else is an instant. Times
 * are microseconds of the monotonic clock, which 15 digits hold to the ns.
 */
#include <stdlib.h>

#include <json.h>

#include "export.h"

#define TRACKS 8192 /* that have a name; endpoints beyond have numbers */

struct tracks {
	int count;
	int endpoints[TRACKS];
};

static int chrome_begin(struct export *export)
{
	export->context = calloc(1, sizeof(struct tracks));
	if (!export->context)
		return shell_error(export->trace.shell, EDVSNOMEM, "tracks");
	fputs("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n", export->out);
	return 0;
}

static void put(struct export *export, json_t *event)
{
	fputs(export->count++ ? ",\n" : "", export->out);
	json_dumpf(event, export->out, JSON_COMPACT | JSON_REAL_PRECISION(15));
	json_decref(event);
}

static json_t *event_of(struct export *export, const char *phase, const char *name, int track)
{
	json_t *event = json_object();

	json_object_set_new(event, "ph", json_string(phase));
	json_object_set_new(event, "name", inspect_json_string(name));
	json_object_set_new(event, "pid", json_integer(export->trace.shell->dcid));
	json_object_set_new(event, "tid", json_integer(track));
	return event;
}

static void set_time(json_t *event, const char *key, int64_t ns)
{
	json_object_set_new(event, key, json_real((double)ns / 1e3));
}

/* A track is named when it is met first. */
static void name_track(struct export *export, int endpoint, const char *name)
{
	struct tracks *tracks = export->context;
	json_t *event, *args;

	for (int i = 0; i < tracks->count; i++)
		if (tracks->endpoints[i] == endpoint)
			return;
	if (tracks->count == TRACKS || !name[0])
		return;
	tracks->endpoints[tracks->count++] = endpoint;
	event = event_of(export, "M", "thread_name", endpoint);
	args = json_object();
	json_object_set_new(args, "name", inspect_json_string(name));
	json_object_set_new(event, "args", args);
	put(export, event);
}

static json_t *arguments_of(const struct inspect_line *line)
{
	json_t *args = json_object();

	json_object_set_new(args, "sequence", json_integer((json_int_t)line->sequence));
	json_object_set_new(args, "from", inspect_json_string(line->src));
	json_object_set_new(args, "to", inspect_json_string(line->dst));
	if (line->request[0])
		json_object_set_new(args, "request", inspect_json_string(line->request));
	if (line->reply[0])
		json_object_set_new(args, "reply", inspect_json_string(line->reply));
	return args;
}

static void put_slice(struct export *export, const struct inspect_line *line, const char *category,
		      const int64_t span_ns[2])
{
	int is_server = category[0] == 's';
	json_t *event = event_of(export, "X", line->name, is_server ? line->dst_ep : line->src_ep);

	json_object_set_new(event, "cat", json_string(category));
	set_time(event, "ts", span_ns[0]);
	set_time(event, "dur", span_ns[1]);
	json_object_set_new(event, "args", arguments_of(line));
	put(export, event);
}

/* From the client's slice to the server's. */
static void put_flow(struct export *export, const struct inspect_line *line, const int64_t at_ns[2])
{
	for (int i = 0; i < 2; i++) {
		json_t *event = event_of(export, i ? "f" : "s", line->name,
					 i ? line->dst_ep : line->src_ep);

		json_object_set_new(event, "cat", json_string("flow"));
		json_object_set_new(event, "id", json_integer((json_int_t)line->call));
		set_time(event, "ts", at_ns[i]);
		if (i)
			json_object_set_new(event, "bp", json_string("e"));
		put(export, event);
	}
}

static void put_call(struct export *export, const struct inspect_line *line, int64_t begin_ns)
{
	int64_t queue = line->queue_ns > 0 ? line->queue_ns : 0;
	const int64_t whole[2] = { begin_ns, line->took_ns };
	const int64_t served[2] = { begin_ns + queue,
				    line->took_ns > queue ? line->took_ns - queue : 0 };
	const int64_t flow[2] = { begin_ns, begin_ns + queue };

	put_slice(export, line, "call", whole);
	if (line->queue_ns < 0)
		return;
	put_slice(export, line, "served", served);
	put_flow(export, line, flow);
}

static void chrome_line(void *context, const struct inspect_line *line)
{
	struct export *export = export_of(context);
	json_t *event;
	if (line->src[0])
		name_track(export, line->src_ep, line->src);
	if (line->dst[0] && line->dst_ep != ANY)
		name_track(export, line->dst_ep, line->dst);
	if (line->kind == DVK_EVENT_CALL && line->took_ns >= 0) {
		put_call(export, line, line->time_ns);
		return;
	}
	event = event_of(export, "i", line->name, line->src_ep);
	json_object_set_new(event, "cat", json_string(inspect_kind_word(line->kind)));
	json_object_set_new(event, "s", json_string("t"));
	set_time(event, "ts", line->time_ns);
	json_object_set_new(event, "args", arguments_of(line));
	put(export, event);
}

static void chrome_end(struct export *export)
{
	fputs("\n]}\n", export->out);
	free(export->context);
}

const struct export_format export_chrome = {
	.name = "chrome",
	.summary = "Chrome's trace format, for Perfetto: a track for each process",
	.begin = chrome_begin,
	.line = chrome_line,
	.end = chrome_end,
};
