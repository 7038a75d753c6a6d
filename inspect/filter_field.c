/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter_field.c - FIELD=VALUE of a filter, by the tables of the calls it is about.
 *
 * A field is known when one of these calls has it, in its request or its reply, or
 * when it is a classic accessor, which every message has.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <accessors.h>
#include <protocol/protocol.h>

#include "filter_private.h"

const struct filter_accessor filter_accessors[] = {
#define IS_INT     1
#define IS_SHORT   1
#define IS_LONG    1
#define IS_ADDRESS 1
#define IS_TEXT    0
#define ACCESSOR(name, kind)                                           \
	{ #name, offsetof(message, name) - offsetof(message, payload), \
	  IS_##kind ? sizeof(((message *)0)->name) : 0 },
	RAW_ACCESSORS(ACCESSOR)
#undef ACCESSOR
		{ NULL, 0, 0 },
};

const struct filter_accessor *filter_accessor_find(const char *name)
{
	for (const struct filter_accessor *a = filter_accessors; a->name; a++)
		if (a->bytes && strcmp(a->name, name) == 0)
			return a;
	return NULL;
}

static int each_of(const struct protocol *protocol, int number, filter_call_fn *use, void *context)
{
	int result = 0;

	for (int i = 0; i < protocol->count && !result; i++)
		if (!number || protocol->calls[i].number == number)
			result = use(context, protocol, &protocol->calls[i]);
	return result;
}

int filter_each_call(const struct inspect_filter *filter, filter_call_fn *use, void *context)
{
	int result = 0, named = 0;

	for (int t = 0; t < filter->term_count; t++) {
		const struct inspect_filter_term *term = &filter->terms[t];

		for (int i = term->first; i < term->first + term->count && !result; i++) {
			const struct inspect_filter_choice *choice = &filter->choices[i];

			if (choice->kind != INSPECT_BY_CALL || term->is_not)
				continue;
			named = 1;
			result = each_of(choice->protocol, choice->number, use, context);
		}
	}
	for (int i = 0; i < protocol_count && !named && !result; i++)
		result = each_of(protocols[i], 0, use, context);
	return result;
}

/* ---- values ---- */

/* A number, with K, M or G behind it 2^10, 2^20 or 2^30 times as much. */
static int parse_whole(const char *word, size_t length, int64_t *ret_number)
{
	static const char units[] = "KMG";
	char text[32], *end;
	const char *unit;
	long long number;

	if (!length || length >= sizeof(text))
		return EDVSINVAL;
	memcpy(text, word, length);
	text[length] = '\0';
	errno = 0;
	number = text[0] == '-' ? strtoll(text, &end, 0) : (long long)strtoull(text, &end, 0);
	unit = *end ? strchr(units, *end & ~32) : NULL;
	if (unit) {
		if (__builtin_mul_overflow(number, 1LL << (10 * (unit - units + 1)), &number))
			return EDVSRANGE;
		end++;
	}
	if (errno || end == text || *end)
		return EDVSINVAL;
	*ret_number = number;
	return 0;
}

static int parse_range(struct inspect_filter_choice *choice)
{
	const char *dots = strstr(choice->text, "..");
	int error = 0;

	if (!dots) {
		choice->is_range = 0;
		choice->op = DVK_TEST_EQ;
		return parse_whole(choice->text, strlen(choice->text), &choice->first);
	}
	choice->first = INT64_MIN;
	choice->last = INT64_MAX;
	if (dots > choice->text)
		error = parse_whole(choice->text, (size_t)(dots - choice->text), &choice->first);
	if (!error && dots[2])
		error = parse_whole(dots + 2, strlen(dots + 2), &choice->last);
	return error;
}

/* Names joined by |, all of the field's set. */
static int parse_names(const struct protocol_set *set, const char *text, int64_t *ret_number)
{
	int64_t number = 0;
	char name[32];

	do {
		size_t length = strcspn(text, "|");
		const struct protocol_value *value;

		snprintf(name, sizeof(name), "%.*s", (int)length, text);
		value = protocol_value_find(set, name);
		if (!value)
			return EDVSNOENT;
		number |= value->value;
		text += length + (text[length] == '|');
	} while (*text);
	*ret_number = number;
	return 0;
}

static int parse_value(const struct inspect *in, const struct protocol_field *field,
		       struct inspect_filter_choice *choice)
{
	char bytes[8];
	struct text nobody;
	int endpoint;

	if (choice->is_range)
		return parse_range(choice);
	if (parse_whole(choice->text, strlen(choice->text), &choice->first) == 0)
		return 0;
	if (field && field->set)
		return parse_names(field->set, choice->text, &choice->first);
	if (field && field->kind == PROTOCOL_BOOL &&
	    (strcmp(choice->text, "yes") == 0 || strcmp(choice->text, "no") == 0)) {
		choice->first = choice->text[0] == 'y';
		return 0;
	}
	text_init(&nobody, bytes, sizeof(bytes));
	if (!field || field->kind != PROTOCOL_ENDPOINT ||
	    inspect_resolve(in, choice->text, &endpoint, &nobody))
		return EDVSINVAL;
	choice->first = endpoint;
	return 0;
}

/* ---- fields ---- */

struct search {
	const struct inspect *in;
	struct inspect_filter_choice *choice;
	const struct protocol_field *seen; /* has the name, but not the value */
	char near[FILTER_NEAR];
};

/* 1 when what is said of the field can be said of it. */
static int suits(struct search *search, const struct protocol_field *field)
{
	struct inspect_filter_choice *choice = search->choice;

	if (strcmp(field->name, choice->field) != 0) {
		filter_near(choice->field, field->name, search->near);
		return 0;
	}
	search->seen = field;
	if (filter_is_text(field)) {
		if (choice->is_range || choice->op > DVK_TEST_NE)
			return 0;
		choice->kind = INSPECT_BY_TEXT;
		return 1;
	}
	return !choice->is_pattern && parse_value(search->in, field, choice) == 0;
}

static int search_call(void *context, const struct protocol *protocol,
		       const struct protocol_call *call)
{
	struct search *search = context;

	(void)protocol;
	for (int i = 0; i < call->request_count; i++)
		if (suits(search, &call->request[i]))
			return 1;
	for (int i = 0; i < call->reply_count; i++)
		if (suits(search, &call->reply[i]))
			return 1;
	return 0;
}

static int list_fields(void *context, const struct protocol *protocol,
		       const struct protocol_call *call)
{
	struct text *out = context;

	text_add(out, "%s.%s has", protocol->name, call->name);
	for (int i = 0; i < call->request_count; i++)
		text_add(out, " %s", call->request[i].name);
	for (int i = 0; i < call->reply_count; i++)
		text_add(out, " %s", call->reply[i].name);
	return 1;
}

static int refuse_value(const struct inspect_filter_choice *choice,
			const struct protocol_field *field, struct text *reason)
{
	const struct protocol_set *set = field ? field->set : NULL;

	if (field && filter_is_text(field)) {
		text_add(reason, "%s is a text: %s=TEXT, %s~PATTERN", field->name, field->name,
			 field->name);
		return EDVSINVAL;
	}
	if (choice->is_pattern) {
		text_add(reason, "%s is a number: %s=V, %s:A..B", choice->field, choice->field,
			 choice->field);
		return EDVSINVAL;
	}
	text_add(reason, "%s cannot be '%.40s': a number", choice->field, choice->text);
	for (int i = 0; set && i < set->count; i++)
		text_add(reason, "%s %s", i ? "," : " or", set->values[i].name);
	return EDVSINVAL;
}

static int resolve_one(const struct inspect *in, const struct inspect_filter *filter,
		       struct inspect_filter_choice *choice, struct text *reason)
{
	struct search search = { .in = in, .choice = choice };

	if (filter_accessor_find(choice->field)) {
		if (!choice->is_pattern && parse_value(in, NULL, choice) == 0)
			return 0;
		return refuse_value(choice, NULL, reason);
	}
	if (filter_each_call(filter, search_call, &search))
		return 0;
	if (search.seen)
		return refuse_value(choice, search.seen, reason);
	if (strcmp(choice->field, "bytes") == 0)
		return parse_value(in, NULL, choice) ? refuse_value(choice, NULL, reason) : 0;
	for (const char *const *key = (const char *const[]){ "from", "to", "kind", "error",
							     "slower", "type", "failed", NULL };
	     *key; key++)
		filter_near(choice->field, *key, search.near);
	text_add(reason, "no field is called '%s' there: ", choice->field);
	filter_each_call(filter, list_fields, reason);
	filter_propose(reason, search.near);
	return EDVSNOENT;
}

int filter_resolve_fields(const struct inspect *in, struct inspect_filter *filter,
			  struct text *reason)
{
	int error = 0;

	for (int i = 0; i < filter->choice_count && !error; i++)
		if (filter->choices[i].kind == INSPECT_BY_NUMBER)
			error = resolve_one(in, filter, &filter->choices[i], reason);
	return error;
}
