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

#include <protocol/protocol.h>

#include "index.h"
#include "trace.h"

#define LINE_BYTES 1024

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
	return tracer;
}

void inspect_tracer_destroy(struct inspect_tracer *tracer)
{
	free(tracer);
}

void inspect_tracer_names(struct inspect_tracer *tracer, const struct inspect *in)
{
	tracer->in = in;
}

void inspect_tracer_remember(struct inspect_tracer *tracer, int endpoint, const char *name)
{
	struct trace_name *old = &tracer->names[(unsigned int)endpoint % TRACE_NAMES];
	char bytes[DVK_NAME_BYTES] = "";

	strncpy(bytes, name, sizeof(bytes) - 1);
	old->endpoint = endpoint;
	inspect_word(bytes, old->name);
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

/* The name now, or the one it had. */
static const char *name_of(struct inspect_tracer *tracer, int endpoint,
			   char ret_name[INSPECT_NAME_BYTES])
{
	struct trace_name *old = &tracer->names[(unsigned int)endpoint % TRACE_NAMES];

	inspect_name(tracer->in, endpoint, ret_name);
	if (endpoint == NONE) {
		ret_name[0] = '\0';
	} else if (inspect_find(tracer->in, endpoint)) {
		old->endpoint = endpoint;
		memcpy(old->name, ret_name, sizeof(old->name));
	} else if (old->name[0] && old->endpoint == endpoint) {
		memcpy(ret_name, old->name, sizeof(old->name));
	}
	return ret_name;
}

/* A line on its way to be shown: what it is made of, and its texts. */
struct draft {
	struct inspect_line line;
	const message *request;
	const message *reply;
	int code; /* of an exit, 0: none */
	char src[INSPECT_NAME_BYTES];
	char dst[INSPECT_NAME_BYTES];
	char name_bytes[INSPECT_NAME_BYTES + 16];
	char request_bytes[LINE_BYTES];
	char reply_bytes[LINE_BYTES];
};

static void write_name(const struct inspect_tracer *tracer, struct draft *d)
{
	const struct inspect_line *line = &d->line;
	struct text t;

	text_init(&t, d->name_bytes, sizeof(d->name_bytes));
	if (line->m_type > 0 && line->m_type != NOTIFY_MESSAGE && line->kind != DVK_EVENT_REPLY &&
	    inspect_protocol(tracer->in, line->dst_ep))
		inspect_call_name(tracer->in, line->dst_ep, line->m_type, &t);
	else if (line->m_type > 0 && line->m_type != NOTIFY_MESSAGE)
		text_add(&t, "%s.%d", inspect_kind_word(line->kind), line->m_type);
	else
		text_add(&t, "%s", inspect_kind_word(line->kind));
}

static void write_texts(struct inspect_tracer *tracer, struct draft *d)
{
	struct inspect_line *line = &d->line;
	struct text request, reply;

	text_init(&request, d->request_bytes, sizeof(d->request_bytes));
	text_init(&reply, d->reply_bytes, sizeof(d->reply_bytes));
	if (d->request && d->request->m_type == NOTIFY_MESSAGE)
		inspect_decode_values(d->request, &request);
	else if (d->request)
		inspect_decode_fields(tracer->in, line->dst_ep, d->request, &request);
	else if (d->code)
		text_add(&request, "code=%d", d->code);
	if (d->reply && line->m_type > 0)
		inspect_decode_reply(tracer->in, line->dst_ep, line->m_type, d->reply, &reply);
	else if (line->result < 0)
		text_add_error(&reply, line->result);
	else if (line->kind == DVK_EVENT_REPLY || (line->kind == DVK_EVENT_CALL && !line->is_open))
		text_add(&reply, "ok");
	line->src = name_of(tracer, line->src_ep, d->src);
	line->dst = name_of(tracer, line->dst_ep, d->dst);
	line->name = d->name_bytes;
	line->request = d->request_bytes;
	line->reply = d->reply_bytes;
}

static void show(struct inspect_tracer *tracer, struct draft *d)
{
	if (!trace_is_wanted(tracer, &d->line))
		return;
	write_name(tracer, d);
	write_texts(tracer, d);
	tracer->show(tracer->context, &d->line);
}

static void begin_line(const struct dvk_event *event, struct draft *ret_draft)
{
	ret_draft->request = NULL;
	ret_draft->reply = NULL;
	ret_draft->code = 0;
	ret_draft->line = (struct inspect_line){
		.sequence = event->sequence,
		.time_ns = event->time_ns,
		.took_ns = -1,
		.src_ep = event->src_ep,
		.dst_ep = event->dst_ep,
		.m_type = event->m_type,
		.kind = event->kind,
	};
}

/* Shows a kept call as it is now. */
static void show_open(struct inspect_tracer *tracer, struct trace_call *call)
{
	struct draft d;

	if (call->was_shown)
		return;
	call->was_shown = 1;
	begin_line(&call->event, &d);
	if (call->has_message)
		d.request = &call->m;
	d.line.is_open = 1;
	show(tracer, &d);
}

static void drop_call(struct inspect_tracer *tracer, struct trace_call *call)
{
	call->event.call = 0;
	tracer->open--;
}

/* Shows a kept call with what ended it, and frees its place. */
static void end_call(struct inspect_tracer *tracer, struct trace_call *call,
		     const struct dvk_event *end, const message *reply)
{
	struct draft d;

	begin_line(&call->event, &d);
	if (call->has_message)
		d.request = &call->m;
	d.line.sequence = end->sequence;
	d.line.took_ns = end->time_ns - call->event.time_ns;
	if (d.line.took_ns < 0)
		d.line.took_ns = 0;
	d.line.result = end->kind == DVK_EVENT_REPLY ? end->m_type : end->result;
	if (d.line.result > 0)
		d.line.result = 0;
	if (end->kind == DVK_EVENT_REPLY || end->kind == DVK_EVENT_SEND)
		d.reply = reply;
	show(tracer, &d);
	drop_call(tracer, call);
}

static struct trace_call *find_call(struct inspect_tracer *tracer, uint64_t number)
{
	struct trace_call *call = &tracer->calls[number % TRACE_OPEN_CALLS];

	return number && call->event.call == number ? call : NULL;
}

static void begin_call(struct inspect_tracer *tracer, const struct dvk_event *event,
		       const message *m)
{
	struct trace_call *call = &tracer->calls[event->call % TRACE_OPEN_CALLS];
	char name[INSPECT_NAME_BYTES];

	if (call->event.call) {
		show_open(tracer, call);
		drop_call(tracer, call);
	}
	call->event = *event;
	call->was_shown = 0;
	call->has_message = m != NULL;
	if (m)
		call->m = *m;
	tracer->open++;
	name_of(tracer, event->src_ep, name);
	name_of(tracer, event->dst_ep, name);
}

/* A process is gone: its calls are nobody's. Those to it end by an event of their own. */
static void end_party(struct inspect_tracer *tracer, int endpoint)
{
	for (int i = 0; i < TRACE_OPEN_CALLS && tracer->open; i++) {
		struct trace_call *call = &tracer->calls[i];

		if (!call->event.call || call->event.src_ep != endpoint)
			continue;
		show_open(tracer, call);
		drop_call(tracer, call);
	}
}

/* A server's send ends the call that its receiver waits in. */
static struct trace_call *call_ended_by_send(struct inspect_tracer *tracer,
					     const struct dvk_event *event)
{
	for (int i = 0; i < TRACE_OPEN_CALLS && tracer->open && event->result == 0; i++) {
		struct trace_call *call = &tracer->calls[i];

		if (call->event.call && call->event.src_ep == event->dst_ep &&
		    call->event.dst_ep == event->src_ep)
			return call;
	}
	return NULL;
}

static void show_event(struct inspect_tracer *tracer, const struct dvk_event *event,
		       const message *m)
{
	struct draft d;

	begin_line(event, &d);
	d.line.result = event->result < 0 ? event->result : 0;
	if (event->kind == DVK_EVENT_REPLY) {
		d.line.result = event->m_type < 0 ? event->m_type : 0;
		d.line.m_type = 0;
	} else if (is_end(event->kind)) {
		d.code = event->m_type;
		d.line.m_type = 0;
	} else if (event->m_type > 0) {
		d.request = m;
	}
	show(tracer, &d);
}

/* Kinds that only say where a message is; their outcome is a line. */
static int is_detail(const struct dvk_event *event)
{
	return event->kind == DVK_EVENT_BLOCK || event->kind == DVK_EVENT_DELIVER ||
	       event->kind == DVK_EVENT_RECEIVE ||
	       (event->kind == DVK_EVENT_COPY && event->result >= 0);
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
		end_call(tracer, call, event, m);
	else
		show_event(tracer, event, m);
}

static void join(struct inspect_tracer *tracer, const struct dvk_event *event, const message *m)
{
	struct trace_call *call = find_call(tracer, event->call);

	switch ((enum dvk_event_kind)event->kind) {
	case DVK_EVENT_CALL:
		if (event->call)
			begin_call(tracer, event, m);
		return;
	case DVK_EVENT_RELAY:
		if (call)
			call->event.dst_ep = event->dst_ep;
		return;
	case DVK_EVENT_SEND:
		end_or_show(tracer, call_ended_by_send(tracer, event), event, m);
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
		end_party(tracer, event->src_ep);
		return;
	case DVK_EVENT_NONE:
	case DVK_EVENT_BLOCK:
	case DVK_EVENT_DELIVER:
	case DVK_EVENT_RECEIVE:
	case DVK_EVENT_NOTIFY:
	case DVK_EVENT_COPY:
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
	if (tracer->all)
		show_event(tracer, event, m);
	else if (!is_detail(event))
		join(tracer, event, m);
}

static int compare_calls(const void *a, const void *b)
{
	const struct trace_call *x = *(struct trace_call *const *)a;
	const struct trace_call *y = *(struct trace_call *const *)b;

	return (x->event.call > y->event.call) - (x->event.call < y->event.call);
}

void inspect_tracer_overdue(struct inspect_tracer *tracer, int64_t before_ns)
{
	struct trace_call *open[TRACE_OPEN_CALLS] = { NULL };
	size_t count = 0;

	for (int i = 0; i < TRACE_OPEN_CALLS && tracer->open; i++) {
		struct trace_call *call = &tracer->calls[i];

		if (call->event.call && !call->was_shown && call->event.time_ns < before_ns)
			open[count++] = call;
	}
	qsort(open, count, sizeof(open[0]), compare_calls);
	for (size_t i = 0; i < count; i++)
		show_open(tracer, open[i]);
}
