/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter.c - which lines of a trace a person asked for.
 *
 * A name without a dot is a process, whatever side it is on; "fs.open" and "fs.*"
 * are requests to a server: to that process when one is called so, else to every
 * server of that protocol.
 */
#include <string.h>

#include <protocol/protocol.h>

#include "trace.h"

static int is_request(const struct inspect_line *line)
{
	return line->m_type > 0 && line->m_type != NOTIFY_MESSAGE && line->kind != DVK_EVENT_REPLY;
}

static int fits(const struct inspect_tracer *tracer, const struct trace_filter *filter,
		const struct inspect_line *line)
{
	if (!filter->protocol)
		return line->src_ep == filter->endpoint || line->dst_ep == filter->endpoint;
	if (!is_request(line) || (filter->m_type && filter->m_type != line->m_type))
		return 0;
	if (filter->endpoint != NONE)
		return line->dst_ep == filter->endpoint;
	return inspect_protocol(tracer->in, line->dst_ep) == filter->protocol;
}

int trace_is_wanted(const struct inspect_tracer *tracer, const struct inspect_line *line)
{
	for (int i = 0; i < tracer->filter_count; i++)
		if (fits(tracer, &tracer->filters[i], line))
			return 1;
	return !tracer->filter_count;
}

/* The server before the last dot. */
static int find_server(const struct inspect *in, const char *server, struct trace_filter *filter)
{
	char bytes[16];
	struct text nobody;

	text_init(&nobody, bytes, sizeof(bytes));
	if (inspect_resolve(in, server, &filter->endpoint, &nobody) == 0)
		filter->protocol = inspect_protocol(in, filter->endpoint);
	else
		filter->endpoint = NONE;
	if (!filter->protocol) {
		filter->endpoint = NONE;
		filter->protocol = protocol_find(server);
	}
	return filter->protocol ? 0 : EDVSNOENT;
}

static int parse_call(const struct inspect *in, const char *word, struct trace_filter *filter,
		      struct text *ret_reason)
{
	const char *dot = strrchr(word, '.');
	const struct protocol_call *call;
	char server[64];
	int matches;

	snprintf(server, sizeof(server), "%.*s", (int)(dot - word), word);
	if (find_server(in, server, filter)) {
		text_add(ret_reason, "no server is called %s", server);
		return EDVSNOENT;
	}
	if (strcmp(dot, ".*") == 0)
		return 0;
	call = protocol_call_find(filter->protocol, dot + 1, &matches);
	if (!call) {
		text_add(ret_reason,
			 matches ? "%s has several calls that begin with %s" : "%s has no call %s",
			 server, dot + 1);
		return matches ? EDVSRANGE : EDVSNOENT;
	}
	filter->m_type = call->number;
	return 0;
}

int inspect_tracer_filter(struct inspect_tracer *tracer, const char *word, struct text *ret_reason)
{
	struct trace_filter filter = { .endpoint = NONE };
	char bytes[8];
	struct text nobody;
	int error;

	if (tracer->filter_count == INSPECT_FILTERS_MAX) {
		text_add(ret_reason, "at most %d filters", INSPECT_FILTERS_MAX);
		return EDVSRANGE;
	}
	text_init(&nobody, bytes, sizeof(bytes));
	if (!strchr(word, '.'))
		error = inspect_resolve(tracer->in, word, &filter.endpoint, ret_reason);
	else if (inspect_resolve(tracer->in, word, &filter.endpoint, &nobody) == 0)
		error = 0;
	else
		error = parse_call(tracer->in, word, &filter, ret_reason);
	if (error)
		return error;
	if (filter.endpoint != ANY)
		tracer->filters[tracer->filter_count++] = filter;
	return 0;
}
