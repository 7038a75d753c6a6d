/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace.c - a stream of events becomes lines: a request with its reply is one.
 *
 * A call is kept from its CALL until what ends it: REPLY, TIMEOUT, CANCEL, REFUSED
 * (its server has died), the end of its client. Events may be missing, torn or garbage: a reply
 * whose request was not seen is a line of its own, a call whose place is needed
 * is shown as open, and nothing waits for what may never come.
 */
#include <stdlib.h>
#include <string.h>

#include "index.h"
#include "trace.h"

const char *inspect_kind_word(int kind)
{
	static const char *const words[] = { "event",
#define WORD(name, word) word,
					     DVK_EVENT_KINDS(WORD)
#undef WORD
	};

	return (unsigned int)kind < sizeof(words) / sizeof(words[0]) ? words[kind] : words[0];
}

struct inspect_tracer *inspect_tracer_create(int all, inspect_line_fn *show, void *context)
{
	struct inspect_tracer *tracer = calloc(1, sizeof(*tracer));

	if (!tracer)
		return NULL;
	tracer->all = all;
	tracer->show = show;
	tracer->context = context;
	for (int i = 0; i < TRACE_NAMES; i++)
		tracer->names[i] = (struct trace_name){ .endpoint = NONE, .first = -1 };
	return tracer;
}

void inspect_tracer_destroy(struct inspect_tracer *tracer)
{
	for (int i = 0; tracer && i < TRACE_OPEN_CALLS; i++)
		for (int j = 0; j < tracer->calls[i].data_count; j++)
			free((char *)tracer->calls[i].data[j].bytes);
	free(tracer);
}

void inspect_tracer_names(struct inspect_tracer *tracer, const struct inspect *in)
{
	tracer->in = in;
	for (int i = 0; i < TRACE_NAMES; i++)
		tracer->names[i].has_protocol = 0;
}

void inspect_tracer_filter(struct inspect_tracer *tracer, const struct inspect_filter *filter)
{
	tracer->filter = filter;
}

void inspect_tracer_split(struct inspect_tracer *tracer)
{
	tracer->split = 1;
}

void inspect_tracer_bare(struct inspect_tracer *tracer)
{
	tracer->bare = 1;
}

void inspect_tracer_reader(struct inspect_tracer *tracer, inspect_read_fn *read, size_t max)
{
	tracer->read = read;
	tracer->read_max = max;
}

static int is_end(int kind)
{
	return kind == DVK_EVENT_EXIT || kind == DVK_EVENT_UNBIND;
}

static int is_special(int endpoint)
{
	return endpoint == ANY || endpoint == NONE || endpoint == SELF || endpoint == HARDWARE;
}

int inspect_tracer_is_stale(const struct inspect_tracer *tracer, const struct dvk_event *event)
{
	if (event->kind == DVK_EVENT_BIND)
		return 1;
	return (!is_special(event->src_ep) && !inspect_find(tracer->in, event->src_ep)) ||
	       (!is_special(event->dst_ep) && !inspect_find(tracer->in, event->dst_ep));
}

static void show_event(struct inspect_tracer *tracer, const struct dvk_event *event,
		       const message *m)
{
	struct draft d;

	trace_begin_line(tracer, event, &d);
	d.line.result = event->result < 0 ? event->result : 0;
	if (event->kind == DVK_EVENT_REPLY) {
		d.line.result = event->m_type < 0 ? event->m_type : 0;
		d.line.m_type = 0;
	} else if (is_end(event->kind)) {
		d.code = event->m_type;
		d.line.m_type = 0;
	} else if (event->kind == DVK_EVENT_COPY) {
		d.line.bytes = event->result < 0 ? -1 : event->m_type;
		d.line.m_type = 0;
	} else if (event->m_type > 0) {
		d.line.request_m = m;
	}
	trace_show(tracer, &d);
}

/* Kinds that only say where a message is; their outcome is a line. */
static int is_detail(const struct dvk_event *event)
{
	return event->kind == DVK_EVENT_BLOCK || event->kind == DVK_EVENT_RECEIVE;
}

static int is_torn(const struct inspect_tracer *tracer, const struct dvk_event *event)
{
	return !event->sequence || event->sequence <= tracer->last_sequence ||
	       event->kind <= DVK_EVENT_NONE || event->kind > DVK_EVENT_REFUSED;
}

/* A server's reply or send ends a call, and what its client is told; not a reply refused. */
static int ends(const struct dvk_event *event, const struct trace_call *call)
{
	int by_server = event->kind == DVK_EVENT_REPLY || event->kind == DVK_EVENT_SEND;

	return by_server == (call->event.src_ep != event->src_ep);
}

static void end_or_show(struct inspect_tracer *tracer, struct trace_call *call,
			const struct dvk_event *event, const message *m)
{
	if (call && ends(event, call))
		trace_end_call(tracer, call, event, m);
	else
		show_event(tracer, event, m);
}

/* A copy within a call is part of it. */
static void join_copy(struct inspect_tracer *tracer, const struct dvk_event *event)
{
	struct trace_call *call = trace_find_call(tracer, event->call);

	if (event->result < 0 || !event->call)
		show_event(tracer, event, NULL);
	else if (call && event->m_type > 0)
		call->bytes = (call->bytes < 0 ? 0 : call->bytes) + event->m_type;
}

static void join(struct inspect_tracer *tracer, const struct dvk_event *event, const message *m)
{
	struct trace_call *call = trace_find_call(tracer, event->call);

	switch ((enum dvk_event_kind)event->kind) {
	case DVK_EVENT_CALL:
		if (event->call)
			trace_begin_call(tracer, event, m);
		return;
	case DVK_EVENT_DELIVER:
		if (call)
			trace_take_call(call, event->time_ns);
		return;
	case DVK_EVENT_RELAY:
		if (call)
			trace_move_call(tracer, call, event->dst_ep);
		return;
	case DVK_EVENT_COPY:
		join_copy(tracer, event);
		return;
	case DVK_EVENT_SEND:
		end_or_show(tracer, trace_call_ended_by_send(tracer, event), event, m);
		return;
	case DVK_EVENT_REPLY:
	case DVK_EVENT_TIMEOUT:
	case DVK_EVENT_CANCEL:
	case DVK_EVENT_REFUSED:
		end_or_show(tracer, call, event, m);
		return;
	case DVK_EVENT_UNBIND:
	case DVK_EVENT_EXIT:
		show_event(tracer, event, m);
		trace_end_party(tracer, event->src_ep);
		return;
	case DVK_EVENT_NONE:
	case DVK_EVENT_BLOCK:
	case DVK_EVENT_RECEIVE:
	case DVK_EVENT_NOTIFY:
	case DVK_EVENT_BIND:
	case DVK_EVENT_HOLD:
	case DVK_EVENT_RELEASE:
		show_event(tracer, event, m);
		return;
	}
}

void inspect_tracer_feed(struct inspect_tracer *tracer, const struct dvk_event *event,
			 const message *m)
{
	if (is_torn(tracer, event))
		return;
	tracer->last_sequence = event->sequence;
	if (event->time_ns > tracer->last_ns)
		tracer->last_ns = event->time_ns;
	if (tracer->all)
		show_event(tracer, event, m);
	else if (!is_detail(event))
		join(tracer, event, m);
}
