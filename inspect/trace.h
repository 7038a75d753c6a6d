/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace.h - what a tracer keeps; private to trace.c and filter.c.
 */
#ifndef INSPECT_TRACE_H
#define INSPECT_TRACE_H

#include "inspect.h"

/* Call numbers count up, so the newest so many are each in a place of their own. */
#define TRACE_OPEN_CALLS 4096
#define TRACE_NAMES      1024

struct trace_call {
	struct dvk_event event; /* call 0: the place is free */
	message m;
	int has_message;
	int was_shown; /* as open */
};

/* A name that was known once: processes go, their lines stay readable. */
struct trace_name {
	int endpoint;
	char name[INSPECT_NAME_BYTES]; /* "": free */
};

struct trace_filter {
	int endpoint;                    /* NONE: every server of the protocol */
	const struct protocol *protocol; /* NULL: all that the endpoint does */
	int m_type;                      /* 0: every call */
};

struct inspect_tracer {
	const struct inspect *in;
	inspect_line_fn *show;
	void *context;
	int all;
	int open; /* calls that are kept */
	int filter_count;
	uint64_t last_sequence;
	struct trace_filter filters[INSPECT_FILTERS_MAX];
	struct trace_name names[TRACE_NAMES];
	struct trace_call calls[TRACE_OPEN_CALLS];
};

/* 1 when the line is one of those asked for. */
int trace_is_wanted(const struct inspect_tracer *tracer, const struct inspect_line *line);

#endif
