/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hold_rules.c - a filter becomes rules of the DC, and rules become words again.
 */
#include <stdlib.h>
#include <string.h>

#include <filter.h>
#include <protocol/protocol.h>

#include "hold_words.h"
#include "look.h"

static uint32_t kinds_of(const struct arguments *arguments)
{
	uint32_t kinds = 0;

	if (argument_option(arguments, "reply"))
		kinds |= DVK_HOLD_KIND(DVK_HELD_REPLY);
	if (argument_option(arguments, "notify"))
		kinds |= DVK_HOLD_KIND(DVK_HELD_NOTIFY);
	return kinds;
}

static int parse(struct shell *shell, const struct look *look, const struct hold_words *words,
		 struct hold_rules *ret_rules)
{
	struct inspect_filter *filter = calloc(1, sizeof(*filter));
	char bytes[INSPECT_FILTER_BYTES];
	struct text reason;
	int count;

	if (!filter)
		return shell_error(shell, EDVSNOMEM, "a filter");
	text_init(&reason, bytes, sizeof(bytes));
	count = inspect_filter_parse(look->in, words->words, words->count, filter, &reason);
	if (!count) {
		count = inspect_filter_hold(filter, words->kinds, ret_rules->rules, DVK_HOLDS,
					    &reason);
		ret_rules->count = count;
	}
	if (count < 0) {
		shell_error(shell, 0, "%s", bytes);
	} else if (filter->term_count) {
		text_init(&reason, bytes, sizeof(bytes));
		inspect_filter_text(look->in, filter, &reason);
		shell_note(shell, "filter: %s", bytes);
	}
	free(filter);
	return count < 0 ? count : 0;
}

int hold_rules_parse(struct shell *shell, const struct hold_words *words,
		     struct hold_rules *ret_rules)
{
	struct look look;
	int result = look_begin(shell, &look);

	if (result)
		return result;
	result = parse(shell, &look, words, ret_rules);
	look_end(&look);
	return result;
}

int hold_parse(struct shell *shell, const struct arguments *arguments, struct hold_rules *ret_rules)
{
	static const char *const options[] = { "from", "to" };
	struct hold_words words = { .kinds = kinds_of(arguments) };
	char *all[COMMAND_WORDS + 2], ends[2][INSPECT_NAME_BYTES + 8];

	words.words = all;
	for (; words.count < arguments->count; words.count++)
		all[words.count] = arguments->words[words.count];
	for (int i = 0; i < 2; i++) {
		const char *value = argument_option(arguments, options[i]);

		if (!value)
			continue;
		snprintf(ends[i], sizeof(ends[i]), "%s=%s", options[i], value);
		all[words.count++] = ends[i];
	}
	return hold_rules_parse(shell, &words, ret_rules);
}

int hold_rules_leave(struct shell *shell, struct hold_rules *rules)
{
	int result = shell_slot(shell);

	if (result)
		return result;
	for (int i = 0; i < rules->count; i++) {
		result = dvk_hold(&rules->rules[i]);
		if (result > 0) {
			rules->rules[i].id = (uint32_t)result;
			continue;
		}
		while (i-- > 0)
			dvk_unhold(rules->rules[i].id);
		return shell_error(shell, result, "no rule was left");
	}
	return 0;
}

/* ---- words ---- */

static const struct protocol_call *call_of(const struct inspect *in, const struct dvk_hold *rule)
{
	int replies = rule->kinds == DVK_HOLD_KIND(DVK_HELD_REPLY);
	int server = replies ? rule->src_ep : rule->dst_ep;

	return server == ANY || rule->call_type == DVK_ANY_TYPE
		       ? NULL
		       : inspect_call(in, server, rule->call_type);
}

/* The field that has this byte of the payload; NULL: none. */
static const struct protocol_field *field_at(const struct protocol_call *call, int replies,
					     const struct dvk_test *test)
{
	const struct protocol_field *fields = replies ? call->reply : call->request;
	int count = replies ? call->reply_count : call->request_count;

	for (int i = 0; i < count; i++)
		if (test->offset >= fields[i].offset &&
		    test->offset < fields[i].offset + fields[i].bytes)
			return &fields[i];
	return NULL;
}

static void value_words(const struct protocol_field *field, const struct dvk_test *test,
			struct text *out)
{
	for (int i = 0; field && field->set && i < field->set->count; i++)
		if ((int64_t)field->set->values[i].value == test->value) {
			text_add(out, "%s", field->set->values[i].name);
			return;
		}
	text_add(out, "%lld", (long long)test->value);
}

/* A number by its name; a piece of a text as its letters behind their place in it. */
static void test_words(const struct protocol_field *field, const struct dvk_test *test,
		       struct text *out)
{
	static const char *const operators[] = {
#define WORD(name, text) text,
		DVK_TESTS(WORD)
#undef WORD
	};
	const char *op = test->op < DVK_TEST_COUNT ? operators[test->op] : "?";
	int from = field && field->kind != PROTOCOL_TEXT ? (int)offsetof(struct protocol_path, text)
							 : 0,
	    at = field ? test->offset - field->offset : 0;

	if (field && protocol_is_number(field)) {
		text_add(out, " %s%s", field->name, op);
		value_words(field, test, out);
	} else if (!field || test->bytes > 8) {
		text_add(out, " [%u:%u]%s%lld", test->offset, test->bytes, op,
			 (long long)test->value);
	} else if (at < from) {
		text_add(out, " %s.bytes%s%lld", field->name, op, (long long)test->value);
	} else {
		text_add(out, " %s[%d..]%s\"%.*s\"", field->name, at - from, op, test->bytes,
			 (const char *)&test->value);
	}
}

void hold_rule_words(const struct inspect *in, const struct dvk_hold *rule, struct text *out)
{
	const struct protocol_call *call = call_of(in, rule);
	int replies = rule->kinds == DVK_HOLD_KIND(DVK_HELD_REPLY);

	for (int kind = DVK_HELD_SEND; kind < DVK_HELD_COPY; kind++)
		if (rule->kinds & DVK_HOLD_KIND(kind))
			text_add(out, "%s%s", out->used ? "|" : "", hold_kind_word(kind));
	if (call)
		text_add(out, " %s", call->name);
	else if (rule->call_type != DVK_ANY_TYPE)
		text_add(out, " call=%d", rule->call_type);
	if (rule->m_type != DVK_ANY_TYPE && dvk_errname(rule->m_type))
		text_add(out, " error=%s", dvk_errname(rule->m_type));
	else if (rule->m_type != DVK_ANY_TYPE)
		text_add(out, " type=%d", rule->m_type);
	for (uint32_t i = 0; i < rule->test_count && i < DVK_HOLD_TESTS; i++)
		test_words(call ? field_at(call, replies, &rule->tests[i]) : NULL, &rule->tests[i],
			   out);
}
