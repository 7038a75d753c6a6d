/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter_check.c - filters that nothing can fit are refused, with the way out.
 */
#include <string.h>

#include <protocol/protocol.h>

#include "filter_private.h"

/* 1 when all of the term's choices are of that kind, and it is not turned round. */
static int is_only(const struct inspect_filter *filter, int t, enum inspect_choice_kind kind)
{
	const struct inspect_filter_term *term = &filter->terms[t];

	for (int i = term->first; i < term->first + term->count; i++)
		if (filter->choices[i].kind != kind)
			return 0;
	return !term->is_not;
}

/* What the kinds with one value a message are about. */
static int value_of(const struct inspect_filter_choice *choice)
{
	switch (choice->kind) {
	case INSPECT_BY_FROM:
	case INSPECT_BY_TO:
		return choice->endpoint;
	default:
		return choice->number;
	}
}

static int share_a_value(const struct inspect_filter *filter, int a, int b)
{
	const struct inspect_filter_term *x = &filter->terms[a], *y = &filter->terms[b];

	for (int i = x->first; i < x->first + x->count; i++)
		for (int j = y->first; j < y->first + y->count; j++)
			if (value_of(&filter->choices[i]) == value_of(&filter->choices[j]) ||
			    value_of(&filter->choices[i]) == ANY ||
			    value_of(&filter->choices[j]) == ANY)
				return 1;
	return 0;
}

static const struct {
	enum inspect_choice_kind kind;
	const char *key;
} single[] = {
	{ INSPECT_BY_FROM, "from" },
	{ INSPECT_BY_TO, "to" },
	{ INSPECT_BY_KIND, "kind" },
	{ INSPECT_BY_ERROR, "error" },
};

/* from=a from=b: a message has one sender. */
static int check_single(const struct inspect_filter *filter, struct text *reason)
{
	for (size_t k = 0; k < sizeof(single) / sizeof(single[0]); k++)
		for (int a = 0; a < filter->term_count; a++)
			for (int b = a + 1; b < filter->term_count; b++) {
				if (!is_only(filter, a, single[k].kind) ||
				    !is_only(filter, b, single[k].kind) ||
				    share_a_value(filter, a, b))
					continue;
				text_add(reason, "nothing has two: %s=A,B means either of them",
					 single[k].key);
				return EDVSINVAL;
			}
	return 0;
}

static int check_ranges(const struct inspect_filter *filter, struct text *reason)
{
	for (int i = 0; i < filter->choice_count; i++) {
		const struct inspect_filter_choice *choice = &filter->choices[i];

		if (!choice->is_range || choice->first <= choice->last)
			continue;
		text_add(reason, "nothing lies in %s:%s, the smaller number comes first",
			 choice->field, choice->text);
		return EDVSINVAL;
	}
	return 0;
}

/* The call goes to one of the receivers. */
static int goes_to(const struct inspect *in, const struct inspect_filter *filter, int calls,
		   int receivers)
{
	const struct inspect_filter_term *x = &filter->terms[calls], *y = &filter->terms[receivers];

	for (int i = x->first; i < x->first + x->count; i++)
		for (int j = y->first; j < y->first + y->count; j++) {
			const struct inspect_filter_choice *call = &filter->choices[i];
			int endpoint = filter->choices[j].endpoint;

			if (endpoint == ANY || call->endpoint == endpoint ||
			    (call->endpoint == NONE &&
			     inspect_protocol(in, endpoint) == call->protocol))
				return 1;
		}
	return 0;
}

/* 1 when one of the kinds is one that has a request. */
static int kinds_have_requests(const struct inspect_filter *filter, int kinds)
{
	const struct inspect_filter_term *term = &filter->terms[kinds];

	for (int i = term->first; i < term->first + term->count; i++)
		switch ((enum dvk_event_kind)filter->choices[i].number) {
		case DVK_EVENT_NONE:
		case DVK_EVENT_NOTIFY:
		case DVK_EVENT_REPLY:
		case DVK_EVENT_COPY:
		case DVK_EVENT_BIND:
		case DVK_EVENT_UNBIND:
		case DVK_EVENT_EXIT:
			break;
		default:
			return 1;
		}
	return 0;
}

static int check_calls(const struct inspect *in, const struct inspect_filter *filter, int calls,
		       struct text *reason)
{
	const struct inspect_filter_choice *first = &filter->choices[filter->terms[calls].first];
	char name[INSPECT_NAME_BYTES];

	for (int t = 0; t < filter->term_count; t++) {
		const struct inspect_filter_choice *choice =
			&filter->choices[filter->terms[t].first];

		if (is_only(filter, t, INSPECT_BY_TO) && !goes_to(in, filter, calls, t)) {
			text_add(reason, "%s never goes to %s: it is a call of %s",
				 first->protocol->name, inspect_name(in, choice->endpoint, name),
				 first->protocol->name);
			return EDVSINVAL;
		}
		if (is_only(filter, t, INSPECT_BY_KIND) && !kinds_have_requests(filter, t)) {
			text_add(reason, "kind=%s is no call: leave one of them out",
				 inspect_kind_word(choice->number));
			return EDVSINVAL;
		}
	}
	return 0;
}

int filter_check_possible(const struct inspect *in, const struct inspect_filter *filter,
			  struct text *reason)
{
	int error = check_single(filter, reason);

	if (!error)
		error = check_ranges(filter, reason);
	for (int t = 0; t < filter->term_count && !error; t++)
		if (is_only(filter, t, INSPECT_BY_CALL))
			error = check_calls(in, filter, t, reason);
	return error;
}
