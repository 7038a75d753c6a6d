/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace.h - what a tracer keeps; private to trace.c, trace_calls.c and trace_show.c.
 */
#ifndef INSPECT_TRACE_H
#define INSPECT_TRACE_H

#include "filter.h"
#include "inspect.h"

/* Call numbers count up, so the newest so many are each in a place of their own. */
#define TRACE_OPEN_CALLS 4096
#define TRACE_NAMES      1024
#define TRACE_DATA       2 /* buffers and long paths that a call's request refers to */

struct trace_call {
	struct dvk_event event; /* call 0: the place is free */
	message m;
	int has_message;
	int was_shown;     /* its beginning is a line */
	int64_t taken_ns;  /* when its server had it; 0: not yet, or not seen */
	int64_t others_ns; /* of its server in calls of its own */
	int64_t bytes;     /* copied for it, -1: none */
	uint64_t parent;   /* the call that its client had in hand, 0: none */
	int next, before;  /* of the same server, -1: none */
	int64_t read_ns;   /* when data was there */
	int data_count;
	struct inspect_data data[TRACE_DATA]; /* bytes: on the heap */
};

/* What is known of an endpoint. Processes go, their lines stay readable. */
struct trace_name {
	int endpoint;
	int first;        /* of the calls to it, -1: none */
	int has_protocol; /* protocol is that of the names in use */
	const struct protocol *protocol;
	char name[INSPECT_NAME_BYTES]; /* "": none was known */
};

struct inspect_tracer {
	const struct inspect *in;
	inspect_line_fn *show;
	void *context;
	inspect_read_fn *read; /* NULL: nothing is read */
	size_t read_max;
	int all;
	int split;
	int bare;
	int open; /* calls that are kept */
	uint64_t last_sequence;
	int64_t last_ns;
	const struct inspect_filter *filter; /* NULL: everything */
	struct trace_call *pending;          /* split: not shown, nothing came since; or NULL */
	struct trace_name names[TRACE_NAMES];
	struct trace_call calls[TRACE_OPEN_CALLS];
};

/* ---- trace_show.c: a line and its texts ---- */

#define TRACE_LINE_BYTES 1024

/* A line on its way to be shown: what it is made of, and its texts. */
struct draft {
	struct inspect_line line;
	int code; /* of an exit, 0: none */
	char src[INSPECT_NAME_BYTES];
	char dst[INSPECT_NAME_BYTES];
	char name_bytes[INSPECT_NAME_BYTES + 16];
	char request_bytes[2 * TRACE_LINE_BYTES];
	char reply_bytes[TRACE_LINE_BYTES];
};

void trace_begin_line(struct inspect_tracer *tracer, const struct dvk_event *event,
		      struct draft *ret_draft);
/* Shows it if it is wanted: 1. */
int trace_show(struct inspect_tracer *tracer, struct draft *d);
/* The place for what is known of an endpoint; who was in it is forgotten. */
struct trace_name *trace_name_of(struct inspect_tracer *tracer, int endpoint);

/* ---- trace_calls.c: calls from their request to their end ---- */

struct trace_call *trace_find_call(struct inspect_tracer *tracer, uint64_t number);
void trace_begin_call(struct inspect_tracer *tracer, const struct dvk_event *event,
		      const message *m);
/* Its server has taken it. */
void trace_take_call(struct trace_call *call, int64_t time_ns);
/* It goes to another server. */
void trace_move_call(struct inspect_tracer *tracer, struct trace_call *call, int dst_ep);
/* Shows it with what ended it, and frees its place. */
void trace_end_call(struct inspect_tracer *tracer, struct trace_call *call,
		    const struct dvk_event *end, const message *reply);
/* Its client is gone: its calls are nobody's. Those to it end by an event of their own. */
void trace_end_party(struct inspect_tracer *tracer, int endpoint);
/* The call that a server's send to its client ends; NULL: none. */
struct trace_call *trace_call_ended_by_send(struct inspect_tracer *tracer,
					    const struct dvk_event *event);
/* In two parts: the beginning of the call that nothing had come after so far. */
void trace_show_pending(struct inspect_tracer *tracer);

#endif
