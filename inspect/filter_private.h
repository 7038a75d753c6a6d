/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter_private.h - what the files of the filter language share.
 */
#ifndef INSPECT_FILTER_PRIVATE_H
#define INSPECT_FILTER_PRIVATE_H

#include <protocol/protocol.h>

#include "filter.h"

/* A classic accessor that is a number: its place in the payload. */
struct filter_accessor {
	const char *name;
	uint16_t offset;
	uint16_t bytes;
};

/* NULL when there is none of that name. */
const struct filter_accessor *filter_accessor_find(const char *name);
/* Every accessor; a NULL name ends them. */
extern const struct filter_accessor filter_accessors[];

/* 1 for a path, a name or a text; else it is a number (of a buffer, its bytes). */
static inline int filter_is_text(const struct protocol_field *field)
{
	return field->kind == PROTOCOL_PATH || field->kind == PROTOCOL_NAME ||
	       field->kind == PROTOCOL_TEXT;
}

/* What each operator is written as, by enum dvk_test_op. */
extern const char *const filter_ops[];

/* filter_keys.c: what a key (with its =) takes. A NULL key ends them. */
struct filter_key {
	const char *key;
	int (*parse)(const struct inspect *in, const char *value,
		     struct inspect_filter_choice *choice, struct text *reason);
};
extern const struct filter_key filter_keys[];
const struct filter_key *filter_key_find(const char *key);

/* filter_field.c: gives the choices by FIELD their kind and value, when all calls are known. */
int filter_resolve_fields(const struct inspect *in, struct inspect_filter *filter,
			  struct text *reason);
/* filter_check.c: EDVSINVAL with a reason when nothing can fit all terms. */
int filter_check_possible(const struct inspect *in, const struct inspect_filter *filter,
			  struct text *reason);

#define FILTER_NEAR 48 /* bytes of a word that is proposed */
/* Keeps name if it is nearer to word than what is there; "" to begin with. */
void filter_near(const char *word, const char *name, char near[FILTER_NEAR]);

/* "; did you mean NEAR?", if there is one. */
void filter_propose(struct text *reason, const char near[FILTER_NEAR]);

/*
 * Calls use() for each call that a filter's terms leave: those named, else all of all
 * servers. Ends at the first that returns not 0, and returns that.
 */
typedef int filter_call_fn(void *context, const struct protocol *protocol,
			   const struct protocol_call *call);
int filter_each_call(const struct inspect_filter *filter, filter_call_fn *use, void *context);

#endif
