/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_show.c - what is known of an event as a line with its texts, if it is wanted.
 */
#include <string.h>

#include <protocol/protocol.h>

#include "index.h"
#include "trace.h"

struct trace_name *trace_name_of(struct inspect_tracer *tracer, int endpoint)
{
	struct trace_name *name = &tracer->names[(unsigned int)endpoint % TRACE_NAMES];

	if (name->endpoint == endpoint)
		return name;
	/* Calls of who was here before stay in their list, which nobody asks for. */
	for (int i = name->first; i >= 0;) {
		struct trace_call *call = &tracer->calls[i];

		i = call->next;
		call->next = call->before = -1;
	}
	*name = (struct trace_name){ .endpoint = endpoint, .first = -1 };
	return name;
}

static const struct protocol *protocol_of(struct inspect_tracer *tracer, int endpoint)
{
	struct trace_name *name = trace_name_of(tracer, endpoint);

	if (!name->has_protocol) {
		name->protocol = endpoint == NONE || endpoint == ANY
					 ? NULL
					 : inspect_protocol(tracer->in, endpoint);
		name->has_protocol = 1;
	}
	return name->protocol;
}

void inspect_tracer_remember(struct inspect_tracer *tracer, int endpoint, const char *name)
{
	char bytes[DVK_NAME_BYTES] = "";

	strncpy(bytes, name, sizeof(bytes) - 1);
	inspect_word(bytes, trace_name_of(tracer, endpoint)->name);
}

const char *inspect_tracer_name(struct inspect_tracer *tracer, int endpoint,
				char ret_name[INSPECT_NAME_BYTES])
{
	struct trace_name *old;

	inspect_name(tracer->in, endpoint, ret_name);
	if (endpoint == NONE) {
		ret_name[0] = '\0';
		return ret_name;
	}
	old = trace_name_of(tracer, endpoint);
	if (inspect_find(tracer->in, endpoint))
		memcpy(old->name, ret_name, sizeof(old->name));
	else if (old->name[0])
		memcpy(ret_name, old->name, sizeof(old->name));
	return ret_name;
}

void trace_begin_line(struct inspect_tracer *tracer, const struct dvk_event *event,
		      struct draft *ret_draft)
{
	ret_draft->code = 0;
	ret_draft->line = (struct inspect_line){
		.sequence = event->sequence,
		.time_ns = event->time_ns,
		.took_ns = -1,
		.age_ns = -1,
		.queue_ns = -1,
		.service_ns = -1,
		.others_ns = -1,
		.bytes = -1,
		.call = event->call,
		.src_ep = event->src_ep,
		.dst_ep = event->dst_ep,
		.m_type = event->m_type,
		.kind = event->kind,
		.protocol = protocol_of(tracer, event->dst_ep),
		.src = "",
		.dst = "",
		.name = "",
		.request = "",
		.reply = "",
	};
	if (ret_draft->line.protocol && event->m_type > 0 && event->m_type != NOTIFY_MESSAGE &&
	    event->kind != DVK_EVENT_REPLY)
		ret_draft->line.declared =
			protocol_call_by_number(ret_draft->line.protocol, event->m_type);
}

static void add_data(const struct inspect_line *line, struct text *out)
{
	if (line->data_is_late && !line->is_open)
		text_add(out, "%sdata=late", out->used ? " " : "");
	for (int i = 0; i < line->data_count; i++) {
		text_add(out, "%sdata.%s=", out->used ? " " : "", line->data[i].field->name);
		text_add_quoted(out, line->data[i].bytes, line->data[i].count);
		text_add(out, "%s", line->data[i].is_whole ? "" : "...");
	}
}

static void write_request(struct inspect_tracer *tracer, struct draft *d)
{
	struct inspect_line *line = &d->line;
	struct text out;

	text_init(&out, d->request_bytes, sizeof(d->request_bytes));
	if (line->request_m && line->request_m->m_type == NOTIFY_MESSAGE)
		inspect_decode_values(line->request_m, &out);
	else if (line->request_m)
		inspect_decode_fields(tracer->in, line->dst_ep, line->request_m, &out);
	else if (d->code)
		text_add(&out, "code=%d", d->code);
	else if (line->kind == DVK_EVENT_COPY && line->bytes >= 0)
		text_add(&out, "bytes=%lld", (long long)line->bytes);
	add_data(line, &out);
	line->request = d->request_bytes;
}

static void write_reply(struct inspect_tracer *tracer, struct draft *d)
{
	struct inspect_line *line = &d->line;
	struct text out;

	text_init(&out, d->reply_bytes, sizeof(d->reply_bytes));
	if (line->reply_m && line->m_type > 0)
		inspect_decode_reply(tracer->in, line->dst_ep, line->m_type, line->reply_m, &out);
	else if (line->result < 0)
		text_add_error(&out, line->result);
	else if (line->kind == DVK_EVENT_REPLY || (line->kind == DVK_EVENT_CALL && !line->is_open))
		text_add(&out, "ok");
	line->reply = d->reply_bytes;
}

int trace_show(struct inspect_tracer *tracer, struct draft *d)
{
	struct inspect_line *line = &d->line;
	struct text name;

	if (tracer->filter && !inspect_filter_fits(tracer->filter, line))
		return 0;
	if (tracer->split)
		trace_show_pending(tracer);
	if (!tracer->bare) {
		text_init(&name, d->name_bytes, sizeof(d->name_bytes));
		inspect_line_name(line, &name);
		line->name = d->name_bytes;
		write_request(tracer, d);
		write_reply(tracer, d);
		line->src = inspect_tracer_name(tracer, line->src_ep, d->src);
		line->dst = inspect_tracer_name(tracer, line->dst_ep, d->dst);
	}
	tracer->show(tracer->context, line);
	return 1;
}
