/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_calls.c - calls that are open, and what their time goes into.
 *
 * The calls to a server are a list, so that the end of a call that it made itself
 * finds those that waited for it meanwhile.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <protocol/protocol.h>

#include "trace.h"

struct trace_call *trace_find_call(struct inspect_tracer *tracer, uint64_t number)
{
	struct trace_call *call = &tracer->calls[number % TRACE_OPEN_CALLS];

	return number && call->event.call == number ? call : NULL;
}

/* How long it is from then to then; 0 for clocks that go back, or garbage. */
static int64_t span(int64_t from_ns, int64_t to_ns)
{
	int64_t ns;

	return __builtin_sub_overflow(to_ns, from_ns, &ns) || ns < 0 ? 0 : ns;
}

/* ---- the calls to a server ---- */

static void list_add(struct inspect_tracer *tracer, struct trace_call *call)
{
	struct trace_name *server = trace_name_of(tracer, call->event.dst_ep);

	call->before = -1;
	call->next = server->first;
	if (call->next >= 0)
		tracer->calls[call->next].before = (int)(call - tracer->calls);
	server->first = (int)(call - tracer->calls);
}

static void list_remove(struct inspect_tracer *tracer, struct trace_call *call)
{
	struct trace_name *server = trace_name_of(tracer, call->event.dst_ep);

	if (call->next >= 0)
		tracer->calls[call->next].before = call->before;
	if (call->before >= 0)
		tracer->calls[call->before].next = call->next;
	else if (server->first == (int)(call - tracer->calls))
		server->first = call->next;
	call->next = call->before = -1;
}

/* From then to then its server, endpoint, was in a call of its own. */
static void add_others(struct inspect_tracer *tracer, int endpoint, int64_t from_ns, int64_t to_ns)
{
	for (int i = trace_name_of(tracer, endpoint)->first; i >= 0; i = tracer->calls[i].next) {
		struct trace_call *call = &tracer->calls[i];
		int64_t since = call->taken_ns > from_ns ? call->taken_ns : from_ns;

		if (call->event.dst_ep == endpoint && call->taken_ns &&
		    __builtin_add_overflow(call->others_ns, span(since, to_ns), &call->others_ns))
			call->others_ns = INT64_MAX;
	}
}

/* The call that a server took last and has not answered: what it does is for that one. */
static uint64_t in_hand(struct inspect_tracer *tracer, int endpoint)
{
	const struct trace_call *last = NULL;

	for (int i = trace_name_of(tracer, endpoint)->first; i >= 0; i = tracer->calls[i].next) {
		const struct trace_call *call = &tracer->calls[i];

		if (call->event.dst_ep == endpoint && call->taken_ns &&
		    (!last || call->taken_ns > last->taken_ns))
			last = call;
	}
	return last ? last->event.call : 0;
}

/* ---- what a request refers to ---- */

/* Where it lies and how much of it is wanted; 0: nothing. */
static size_t data_of(const struct inspect_tracer *tracer, const struct protocol_field *field,
		      const message *m, struct protocol_buffer *ret_buffer)
{
	size_t head = offsetof(struct protocol_path, text);
	size_t max = tracer->read_max;

	if (field->kind == PROTOCOL_IN || field->kind == PROTOCOL_PATH ||
	    field->kind == PROTOCOL_NAME)
		memcpy(ret_buffer, m->payload + field->offset, 12);
	else
		return 0;
	if (field->kind != PROTOCOL_IN) {
		max = PROTOCOL_PATH_MAX;
		if (ret_buffer->bytes < field->bytes - head)
			return 0;
	}
	return ret_buffer->bytes < max ? ret_buffer->bytes : max;
}

static void read_data(struct inspect_tracer *tracer, struct trace_call *call,
		      const struct protocol_call *declared)
{
	struct timespec now;

	for (int i = 0; i < declared->request_count && call->data_count < TRACE_DATA; i++) {
		struct protocol_buffer buffer = { 0 };
		size_t bytes = data_of(tracer, &declared->request[i], &call->m, &buffer);
		char *data = bytes ? malloc(bytes) : NULL;

		if (!data)
			continue;
		if (tracer->read(tracer->context, call->event.src_ep, buffer.address, data,
				 bytes)) {
			free(data);
			continue;
		}
		call->data[call->data_count++] =
			(struct inspect_data){ &declared->request[i], data, bytes,
					       bytes == buffer.bytes };
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	call->read_ns = now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void free_data(struct trace_call *call)
{
	for (int i = 0; i < call->data_count; i++)
		free((char *)call->data[i].bytes);
	call->data_count = 0;
}

/* ---- lines of a call ---- */

static void draft_call(struct inspect_tracer *tracer, const struct trace_call *call, int64_t now_ns,
		       struct draft *ret_draft)
{
	struct inspect_line *line = &ret_draft->line;

	trace_begin_line(tracer, &call->event, ret_draft);
	if (call->has_message)
		line->request_m = &call->m;
	line->data_is_late = call->data_count && call->read_ns > now_ns;
	if (call->data_count && !line->data_is_late) {
		line->data = call->data;
		line->data_count = call->data_count;
	}
	line->bytes = call->bytes;
	line->parent = call->parent;
	line->age_ns = span(call->event.time_ns, now_ns);
	if (!call->taken_ns && call->event.result == 1)
		return;
	line->queue_ns = span(call->event.time_ns, call->taken_ns);
	line->others_ns = call->others_ns;
	line->service_ns = span(line->others_ns, span(line->queue_ns, line->age_ns));
}

/* Shows a kept call as it is now, once; part says why. */
static void show_open(struct inspect_tracer *tracer, struct trace_call *call,
		      enum inspect_part part)
{
	struct draft d;

	if (tracer->pending == call)
		tracer->pending = NULL;
	else if (tracer->split && !call->was_shown)
		trace_show_pending(tracer);
	if (call->was_shown)
		return;
	draft_call(tracer, call, tracer->last_ns, &d);
	d.line.is_open = 1;
	d.line.part = tracer->split ? part : INSPECT_WHOLE;
	call->was_shown = trace_show(tracer, &d);
}

void trace_show_pending(struct inspect_tracer *tracer)
{
	struct trace_call *call = tracer->pending;

	if (call)
		show_open(tracer, call, INSPECT_BEGIN);
}

static void drop_call(struct inspect_tracer *tracer, struct trace_call *call)
{
	if (tracer->pending == call)
		tracer->pending = NULL;
	list_remove(tracer, call);
	free_data(call);
	call->event.call = 0;
	tracer->open--;
}

void trace_begin_call(struct inspect_tracer *tracer, const struct dvk_event *event,
		      const message *m)
{
	struct trace_call *call = &tracer->calls[event->call % TRACE_OPEN_CALLS];
	struct draft d;

	if (call->event.call) {
		show_open(tracer, call, INSPECT_WAITS);
		drop_call(tracer, call);
	}
	*call = (struct trace_call){ .event = *event, .has_message = m != NULL, .bytes = -1 };
	if (m)
		call->m = *m;
	if (event->result == 0)
		call->taken_ns = event->time_ns;
	tracer->open++;
	call->parent = in_hand(tracer, event->src_ep);
	list_add(tracer, call);
	trace_begin_line(tracer, event, &d);
	if (m && tracer->read && d.line.declared)
		read_data(tracer, call, d.line.declared);
	if (!tracer->bare) {
		inspect_tracer_name(tracer, event->src_ep, d.src);
		inspect_tracer_name(tracer, event->dst_ep, d.dst);
	}
	if (!tracer->split)
		return;
	draft_call(tracer, call, event->time_ns, &d);
	d.line.is_open = 1;
	if (tracer->filter && !inspect_filter_fits(tracer->filter, &d.line))
		return;
	trace_show_pending(tracer);
	tracer->pending = call;
}

void trace_take_call(struct trace_call *call, int64_t time_ns)
{
	if (!call->taken_ns)
		call->taken_ns = time_ns;
}

void trace_move_call(struct inspect_tracer *tracer, struct trace_call *call, int dst_ep)
{
	list_remove(tracer, call);
	call->event.dst_ep = dst_ep;
	list_add(tracer, call);
}

void trace_end_call(struct inspect_tracer *tracer, struct trace_call *call,
		    const struct dvk_event *end, const message *reply)
{
	struct draft d;

	draft_call(tracer, call, end->time_ns, &d);
	if (!call->taken_ns && end->kind != DVK_EVENT_REPLY && end->kind != DVK_EVENT_SEND) {
		d.line.queue_ns = d.line.age_ns;
		d.line.service_ns = d.line.others_ns = 0;
	}
	d.line.sequence = end->sequence;
	d.line.took_ns = d.line.age_ns;
	d.line.result = end->kind == DVK_EVENT_REPLY ? end->m_type : end->result;
	if (d.line.result > 0)
		d.line.result = 0;
	if (end->kind == DVK_EVENT_REPLY || end->kind == DVK_EVENT_SEND)
		d.line.reply_m = reply;
	d.line.part = tracer->split && call->was_shown ? INSPECT_END : INSPECT_WHOLE;
	if (tracer->pending == call)
		tracer->pending = NULL;
	add_others(tracer, call->event.src_ep, call->event.time_ns, end->time_ns);
	trace_show(tracer, &d);
	drop_call(tracer, call);
}

void trace_end_party(struct inspect_tracer *tracer, int endpoint)
{
	for (int i = 0; i < TRACE_OPEN_CALLS && tracer->open; i++) {
		struct trace_call *call = &tracer->calls[i];

		if (!call->event.call || call->event.src_ep != endpoint)
			continue;
		show_open(tracer, call, INSPECT_WAITS);
		drop_call(tracer, call);
	}
}

struct trace_call *trace_call_ended_by_send(struct inspect_tracer *tracer,
					    const struct dvk_event *event)
{
	if (event->result != 0)
		return NULL;
	for (int i = trace_name_of(tracer, event->src_ep)->first; i >= 0;
	     i = tracer->calls[i].next) {
		struct trace_call *call = &tracer->calls[i];

		if (call->event.src_ep == event->dst_ep && call->event.dst_ep == event->src_ep)
			return call;
	}
	return NULL;
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

	if (before_ns != INT64_MAX && before_ns > tracer->last_ns)
		tracer->last_ns = before_ns;
	for (int i = 0; i < TRACE_OPEN_CALLS && tracer->open; i++) {
		struct trace_call *call = &tracer->calls[i];

		if (call->event.call && !call->was_shown && call->event.time_ns < before_ns)
			open[count++] = call;
	}
	qsort(open, count, sizeof(open[0]), compare_calls);
	for (size_t i = 0; i < count; i++)
		show_open(tracer, open[i], INSPECT_WAITS);
}
