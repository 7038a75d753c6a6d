/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter_rules.c - a filter as rules of the DC, which hold what fits one of them.
 *
 * A rule has no "or": each way to choose one alternative of every term is a rule.
 * A text is compared in pieces of 8, 4, 2 and 1 bytes, as many as a rule has room for.
 */
#include <string.h>

#include <protocol/protocol.h>

#include "filter_private.h"

struct making {
	const struct inspect_filter *filter;
	uint32_t kinds; /* asked for, 0: what the terms say, else requests */
	struct dvk_hold *rules;
	int count;
	int max;
	struct text *reason;
};

#define REQUESTS (DVK_HOLD_KIND(DVK_HELD_CALL) | DVK_HOLD_KIND(DVK_HELD_SEND))

static int refuse(struct making *making, const char *what)
{
	text_add(making->reason, "a hold cannot choose by %s", what);
	return EDVSBADVALUE;
}

/* A way through the terms: the choice taken of each, and the rule so far. */
struct way {
	const struct protocol_call *call; /* NULL: not one alone */
	struct dvk_hold rule;
	int replies; /* the rule is about replies */
};

static int set_endpoint(int32_t *place, int endpoint)
{
	if (*place != ANY && endpoint != ANY && *place != endpoint)
		return 0;
	if (endpoint != ANY)
		*place = endpoint;
	return 1;
}

/* 0 when no rule is left of this way. */
static int take_call(const struct making *making, struct way *way,
		     const struct inspect_filter_choice *choice)
{
	int endpoint = choice->endpoint != NONE ? choice->endpoint : choice->protocol->endpoint;

	(void)making;
	if (choice->number) {
		if (way->rule.call_type != DVK_ANY_TYPE && way->rule.call_type != choice->number)
			return 0;
		way->rule.call_type = choice->number;
		way->call = protocol_call_by_number(choice->protocol, choice->number);
	}
	return set_endpoint(way->replies ? &way->rule.src_ep : &way->rule.dst_ep, endpoint);
}

static int add_test(struct making *making, struct way *way, const struct dvk_test *test)
{
	if (way->rule.test_count == DVK_HOLD_TESTS) {
		text_add(making->reason, "a rule has room for %d comparisons, this takes more",
			 DVK_HOLD_TESTS);
		return EDVSRANGE;
	}
	way->rule.tests[way->rule.test_count++] = *test;
	return 1;
}

static int add_number(struct making *making, struct way *way,
		      const struct inspect_filter_choice *choice, struct dvk_test *test)
{
	int result;

	if (!choice->is_range) {
		test->op = (uint8_t)choice->op;
		test->value = choice->first;
		return add_test(making, way, test);
	}
	test->op = DVK_TEST_GE;
	test->value = choice->first;
	result = choice->first == INT64_MIN ? 1 : add_test(making, way, test);
	test->op = DVK_TEST_LE;
	test->value = choice->last;
	return result != 1 || choice->last == INT64_MAX ? result : add_test(making, way, test);
}

/* The beginning of the text at offset, piece by piece. */
static int add_bytes(struct making *making, struct way *way, const char *text,
		     const struct dvk_test *place)
{
	size_t left = strlen(text);
	struct dvk_test test = { .offset = place->offset, .op = DVK_TEST_EQ };
	int result = 1;

	while (left && result == 1) {
		int64_t whole = 0;
		int32_t word;
		int16_t half;

		test.bytes = left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
		memcpy(&whole, text, test.bytes);
		memcpy(&word, text, test.bytes < 4 ? test.bytes : 4);
		memcpy(&half, text, test.bytes < 2 ? test.bytes : 2);
		test.value = test.bytes == 8   ? whole
			     : test.bytes == 4 ? word
			     : test.bytes == 2 ? half
					       : (int64_t)(signed char)text[0];
		result = add_test(making, way, &test);
		test.offset = (uint16_t)(test.offset + test.bytes);
		text += test.bytes;
		left -= test.bytes;
	}
	return result;
}

static int add_text(struct making *making, struct way *way,
		    const struct inspect_filter_choice *choice, const struct protocol_field *field)
{
	size_t plain = choice->is_pattern ? strcspn(choice->text, "*?[\\") : strlen(choice->text);
	size_t head = field->kind == PROTOCOL_TEXT ? 0 : offsetof(struct protocol_path, text);
	struct dvk_test test = { .offset = (uint16_t)(field->offset + head) };
	struct dvk_test length = { .offset = (uint16_t)(field->offset +
							offsetof(struct protocol_path, bytes)),
				   .bytes = 4,
				   .op = DVK_TEST_EQ,
				   .value = (int64_t)plain };
	char text[INSPECT_PATTERN_MAX];
	int result = 1;

	if (choice->op == DVK_TEST_NE)
		return refuse(making, "a text that is another");
	if (choice->is_pattern && strcmp(choice->text + plain, "*") != 0)
		return refuse(making, "a pattern, unless its only * is its end");
	if (plain >= field->bytes - head)
		return refuse(making, "so long a text");
	memcpy(text, choice->text, plain);
	text[plain] = '\0';
	if (!choice->is_pattern && head)
		result = add_test(making, way, &length);
	return result == 1 ? add_bytes(making, way, text, &test) : result;
}

static int take_field(struct making *making, struct way *way,
		      const struct inspect_filter_choice *choice)
{
	const struct filter_accessor *accessor = filter_accessor_find(choice->field);
	const struct protocol_call *call = way->call;
	const struct protocol_field *field = NULL;
	struct dvk_test test = { 0 };

	if (accessor) {
		test.offset = accessor->offset;
		test.bytes = (uint8_t)accessor->bytes;
		return add_number(making, way, choice, &test);
	}
	if (!call)
		return refuse(making, "a field without its call: SERVER.CALL FIELD=VALUE");
	field = way->replies
			? protocol_field_find(call->reply, call->reply_count, choice->field)
			: protocol_field_find(call->request, call->request_count, choice->field);
	if (!field) {
		text_add(making->reason, "the %s of %s has no field %s",
			 way->replies ? "reply" : "request", call->name, choice->field);
		return EDVSNOENT;
	}
	if (choice->kind == INSPECT_BY_TEXT)
		return add_text(making, way, choice, field);
	test.offset = field->offset;
	test.bytes = (uint8_t)field->bytes;
	if (field->kind == PROTOCOL_IN || field->kind == PROTOCOL_OUT) {
		test.offset = (uint16_t)(test.offset + offsetof(struct protocol_buffer, bytes));
		test.bytes = 4;
	}
	return add_number(making, way, choice, &test);
}

static int take_type(struct way *way, int type)
{
	if (way->rule.m_type != DVK_ANY_TYPE && way->rule.m_type != type)
		return 0;
	way->rule.m_type = type;
	return 1;
}

/* Puts one choice into the way: 1, 0 when it leads nowhere, or an error with a reason. */
static int take(struct making *making, struct way *way, const struct inspect_filter_choice *choice)
{
	switch (choice->kind) {
	case INSPECT_BY_CALL:
		return take_call(making, way, choice);
	case INSPECT_BY_FROM:
		return set_endpoint(&way->rule.src_ep, choice->endpoint);
	case INSPECT_BY_TO:
		return set_endpoint(&way->rule.dst_ep, choice->endpoint);
	case INSPECT_BY_KIND:
		return 1; /* kinds_of() */
	case INSPECT_BY_TYPE:
		return take_type(way, (int)choice->first);
	case INSPECT_BY_ERROR:
		if (!way->replies)
			return refuse(making, "an error: a request has none; hold the replies");
		return take_type(way, choice->number);
	case INSPECT_BY_FAILED:
		return refuse(making, "failed: name the error=");
	case INSPECT_BY_SLOWER:
		return refuse(making, "how long a call takes");
	case INSPECT_BY_NUMBER:
	case INSPECT_BY_TEXT:
		return take_field(making, way, choice);
	case INSPECT_BY_PROCESS:
		break; /* go() has both sides of it */
	}
	return 0;
}

static int put(struct making *making, const struct way *way)
{
	if (making->count == making->max) {
		text_add(making->reason, "this takes more than %d rules", making->max);
		return EDVSRANGE;
	}
	making->rules[making->count++] = way->rule;
	return 0;
}

/* Calls first: fields are theirs. */
static int order(enum inspect_choice_kind kind)
{
	return kind == INSPECT_BY_CALL ? 0 : kind < INSPECT_BY_NUMBER /* all but fields */ ? 1 : 2;
}

static int go(struct making *making, const struct way *way, const int *terms, int left);

/* One alternative of the first term, and all ways on from there. */
static int go_by(struct making *making, const struct way *way, const int *terms, int left)
{
	const struct inspect_filter_term *term = &making->filter->terms[terms[0]];

	for (int i = term->first; i < term->first + term->count; i++) {
		const struct inspect_filter_choice *choice = &making->filter->choices[i];
		int sides = choice->kind == INSPECT_BY_PROCESS && choice->endpoint != ANY ? 2 : 1;

		for (int side = 0; side < sides; side++) {
			struct way next = *way;
			int result =
				choice->kind != INSPECT_BY_PROCESS
					? take(making, &next, choice)
					: set_endpoint(side ? &next.rule.dst_ep : &next.rule.src_ep,
						       choice->endpoint);

			if (result == 1)
				result = go(making, &next, terms + 1, left - 1);
			if (result < 0)
				return result;
		}
	}
	return 0;
}

static int go(struct making *making, const struct way *way, const int *terms, int left)
{
	return left ? go_by(making, way, terms, left) : put(making, way);
}

/* The kinds that the terms say; EDVSBADVALUE for what cannot be held. */
static int kinds_of(struct making *making, uint32_t *ret_kinds)
{
	const struct inspect_filter *filter = making->filter;
	uint32_t kinds = 0;

	for (int i = 0; i < filter->choice_count; i++) {
		const struct inspect_filter_choice *choice = &filter->choices[i];

		if (choice->kind == INSPECT_BY_ERROR)
			kinds |= DVK_HOLD_KIND(DVK_HELD_REPLY);
		if (choice->kind != INSPECT_BY_KIND)
			continue;
		if (choice->number == DVK_EVENT_CALL)
			kinds |= DVK_HOLD_KIND(DVK_HELD_CALL);
		else if (choice->number == DVK_EVENT_SEND)
			kinds |= DVK_HOLD_KIND(DVK_HELD_SEND);
		else if (choice->number == DVK_EVENT_REPLY)
			kinds |= DVK_HOLD_KIND(DVK_HELD_REPLY);
		else if (choice->number == DVK_EVENT_NOTIFY)
			kinds |= DVK_HOLD_KIND(DVK_HELD_NOTIFY);
		else
			return refuse(making, "that kind: call, send, reply or notify");
	}
	*ret_kinds = making->kinds ? making->kinds : kinds ? kinds : REQUESTS;
	return 0;
}

/* The terms in the order in which they are taken. */
static int sort_terms(struct making *making, int terms[INSPECT_TERMS_MAX])
{
	const struct inspect_filter *filter = making->filter;
	int count = 0;

	for (int rank = 0; rank < 3; rank++)
		for (int t = 0; t < filter->term_count; t++) {
			if (filter->terms[t].is_not)
				return refuse(making, "what something is not");
			if (order(filter->choices[filter->terms[t].first].kind) == rank)
				terms[count++] = t;
		}
	return count;
}

int inspect_filter_hold(const struct inspect_filter *filter, uint32_t kinds,
			struct dvk_hold *ret_rules, int max, struct text *ret_reason)
{
	struct making making = { filter, kinds, ret_rules, 0, max, ret_reason };
	uint32_t wanted = 0;
	int terms[INSPECT_TERMS_MAX];
	int count = sort_terms(&making, terms);
	int result = count < 0 ? count : kinds_of(&making, &wanted);

	/* Requests and replies lie the other way round: rules of their own. */
	for (int replies = 0; replies < 2 && result == 0; replies++) {
		uint32_t mask = DVK_HOLD_KIND(DVK_HELD_REPLY);
		struct way way = { .replies = replies,
				   .rule = { .src_ep = ANY,
					     .dst_ep = ANY,
					     .m_type = DVK_ANY_TYPE,
					     .call_type = DVK_ANY_TYPE,
					     .kinds = wanted & (replies ? mask : ~mask) } };

		if (way.rule.kinds)
			result = go(&making, &way, terms, count);
	}
	if (result == 0 && !making.count) {
		text_add(ret_reason, "no message can fit all of this");
		return EDVSINVAL;
	}
	return result < 0 ? result : making.count;
}
