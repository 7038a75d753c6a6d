/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hold_words.c - words of a person into rules and messages, by the protocol tables.
 */
#include <stdlib.h>
#include <string.h>

#include <inspect.h>
#include <protocol/protocol.h>

#include "complete.h"
#include "hold_words.h"
#include "raw.h"
#include "talk.h"

/* Fields that words may name. */
struct fields {
	const struct protocol_field *list;
	int count;
};

static struct fields fields_of(const struct protocol_call *call, int reply)
{
	if (!call)
		return (struct fields){ NULL, 0 };
	return reply ? (struct fields){ call->reply, call->reply_count }
		     : (struct fields){ call->request, call->request_count };
}

static int number_of(const struct protocol_field *field, const char *word, int64_t *ret_number)
{
	const struct protocol_value *value =
		field && field->set ? protocol_value_find(field->set, word) : NULL;
	char *end;

	if (value) {
		*ret_number = value->value;
		return 0;
	}
	*ret_number = strtoll(word, &end, 0);
	return end == word || *end ? EDVSINVAL : 0;
}

/* ---- rules ---- */

/* The operator in "bytes>=100", the longest that fits; NULL: none. */
static const char *find_operator(const char *word, uint8_t *ret_op, size_t *ret_length)
{
	static const char *const words[] = {
#define WORD(name, text) text,
		DVK_TESTS(WORD)
#undef WORD
	};
	const char *at = word + strcspn(word, "=!<>&");

	*ret_length = 0;
	for (uint8_t op = 0; *at && op < DVK_TEST_COUNT; op++) {
		size_t length = strlen(words[op]);

		if (strncmp(at, words[op], length) != 0 || length <= *ret_length)
			continue;
		*ret_op = op;
		*ret_length = length;
	}
	return *ret_length ? at : NULL;
}

/* Where a raw accessor lies. */
static int raw_place(const char *name, struct dvk_test *test)
{
	for (const struct raw_field *field = raw_fields; field->name; field++) {
		if (strcmp(field->name, name) != 0 || field->bytes > 8)
			continue;
		test->offset = (uint16_t)(field->offset - (int)offsetof(message, payload));
		test->bytes = (uint8_t)field->bytes;
		return 0;
	}
	return EDVSNOENT;
}

static int parse_test(struct shell *shell, const struct fields *fields, const char *word,
		      struct dvk_test *ret_test)
{
	const struct protocol_field *field;
	struct dvk_test test = { 0 };
	char name[64];
	size_t length;
	const char *at = find_operator(word, &test.op, &length);

	if (!at || at == word || at - word >= (long)sizeof(name))
		return shell_error(shell, 0,
				   "'%s' is no filter: SERVER.CALL, FIELD=VALUE, != < <= > >= &",
				   word);
	memcpy(name, word, (size_t)(at - word));
	name[at - word] = '\0';
	field = protocol_field_find(fields->list, fields->count, name);
	if (field && protocol_is_number(field)) {
		test.offset = field->offset;
		test.bytes = (uint8_t)field->bytes;
	} else if (raw_place(name, &test)) {
		return shell_error(shell, 0, "'%s' is no number of this message", name);
	}
	if (number_of(field, at + length, &test.value))
		return shell_error(shell, 0, "'%s' is no number", at + length);
	*ret_test = test;
	return 0;
}

/* "fs.open", "fs.*": the server, and the call or NULL. */
static int parse_call(struct shell *shell, const char *word, int *ret_ep,
		      const struct protocol_call **ret_call)
{
	const char *dot = strrchr(word, '.'), *slash = strrchr(word, '/');
	const struct protocol *protocol;
	char server[64], *name;
	int matches;

	if (dot - word >= (long)sizeof(server))
		return shell_error(shell, 0, "'%s' is no SERVER.CALL", word);
	memcpy(server, word, (size_t)(dot - word));
	server[dot - word] = '\0';
	if (talk_server(shell, server, ret_ep))
		return EDVSNOENT;
	*ret_call = NULL;
	if (strcmp(dot + 1, "*") == 0)
		return 0;
	name = slash ? server + (slash - word) + 1 : server;
	protocol = protocol_find(name);
	*ret_call = protocol ? protocol_call_find(protocol, dot + 1, &matches) : NULL;
	return *ret_call ? 0 : shell_error(shell, 0, "%s has no call '%s'", name, dot + 1);
}

static uint32_t kinds_of(const struct arguments *arguments)
{
	uint32_t kinds = 0;

	if (argument_option(arguments, "reply"))
		kinds |= DVK_HOLD_KIND(DVK_HELD_REPLY);
	if (argument_option(arguments, "notify"))
		kinds |= DVK_HOLD_KIND(DVK_HELD_NOTIFY);
	return kinds ? kinds : DVK_HOLD_KIND(DVK_HELD_CALL) | DVK_HOLD_KIND(DVK_HELD_SEND);
}

static int parse_word(struct shell *shell, const char *word, struct dvk_hold *rule,
		      struct fields *fields)
{
	int reply = (rule->kinds & DVK_HOLD_KIND(DVK_HELD_REPLY)) != 0;
	const struct protocol_call *call = NULL;
	long long type;
	int result;

	if (strchr(word, '.') && !strpbrk(word, "=<>&")) {
		result = parse_call(shell, word, reply ? &rule->src_ep : &rule->dst_ep, &call);
		if (!result && call) {
			rule->call_type = call->number;
			*fields = fields_of(call, reply);
		}
		return result;
	}
	if (strncmp(word, "type=", 5) == 0) {
		result = shell_number(shell, word + 5, (const long long[]){ -1000, INT32_MAX },
				      &type);
		if (!result)
			rule->m_type = (int32_t)type;
		return result;
	}
	if (rule->test_count == DVK_HOLD_TESTS)
		return shell_error(shell, EDVSRANGE, "at most %d comparisons", DVK_HOLD_TESTS);
	return parse_test(shell, fields, word, &rule->tests[rule->test_count++]);
}

int hold_parse(struct shell *shell, const struct arguments *arguments, struct dvk_hold *ret_rule)
{
	struct dvk_hold rule = { .src_ep = ANY,
				 .dst_ep = ANY,
				 .m_type = DVK_ANY_TYPE,
				 .call_type = DVK_ANY_TYPE,
				 .kinds = kinds_of(arguments) };
	const char *from = argument_option(arguments, "from"),
		   *to = argument_option(arguments, "to");
	struct fields fields = { NULL, 0 };
	int result = 0;

	for (int i = 0; i < arguments->count && !result; i++)
		result = parse_word(shell, arguments->words[i], &rule, &fields);
	if (!result && from)
		result = shell_endpoint(shell, from, &rule.src_ep);
	if (!result && to)
		result = shell_endpoint(shell, to, &rule.dst_ep);
	if (!result)
		*ret_rule = rule;
	return result;
}

/* ---- messages ---- */

int hold_find(struct shell *shell, const char *word, struct dvk_held *ret_held)
{
	static const long long range[2] = { 1, INT64_MAX };
	struct dvk_held *held = calloc(DVK_HELD, sizeof(*held));
	long long id = 0;
	int result = held ? shell_number(shell, word, range, &id) : EDVSNOMEM, count = 0, i = 0;

	if (!result)
		result = shell_slot(shell);
	if (!result) {
		count = dvk_held(held, DVK_HELD);
		while (i < count && held[i].id != (uint64_t)id)
			i++;
		if (i < count)
			*ret_held = held[i];
		else
			result = shell_error(shell, count < 0 ? count : EDVSNOMSG,
					     "%s is not held (`hold list`)", word);
	}
	free(held);
	return result;
}

static int put_field(struct shell *shell, const struct protocol_field *field, const char *text,
		     message *m)
{
	void *at = m->payload + field->offset;
	int64_t number;

	if (field->kind == PROTOCOL_PATH && strlen(text) < PROTOCOL_PATH_TEXT) {
		protocol_put_path(at, text);
		return 0;
	}
	if (field->kind == PROTOCOL_NAME && strlen(text) < PROTOCOL_NAME_TEXT) {
		protocol_put_name(at, text);
		return 0;
	}
	if (!protocol_is_number(field) || number_of(field, text, &number))
		return shell_error(shell, 0, "%s cannot be '%s' here", field->name, text);
	protocol_set_number(field, m->payload, number);
	return 0;
}

static const struct protocol_call *call_of(struct shell *shell, const struct dvk_held *held)
{
	const struct protocol_call *call = NULL;
	struct dvk_snapshot *snapshot;
	struct inspect *in;

	if (held->kind != DVK_HELD_CALL || shell_snapshot(shell, &snapshot))
		return NULL;
	in = inspect_create(snapshot, NULL);
	if (in)
		call = inspect_call(in, held->dst_ep, held->m.m_type);
	inspect_destroy(in);
	dvk_snapshot_free(snapshot);
	return call;
}

int hold_message(struct shell *shell, const struct arguments *arguments,
		 const struct dvk_held *held, int answer, message *m)
{
	struct fields fields = fields_of(call_of(shell, held), answer);
	char bytes[512], name[64];
	struct text reason;
	struct raw raw;
	int result = 0;

	raw_init(&raw);
	raw.m = *m;
	text_init(&reason, bytes, sizeof(bytes));
	for (int i = 1; i < arguments->count && !result; i++) {
		const char *word = arguments->words[i], *is = strchr(word, '=');
		const struct protocol_field *field = NULL;

		if (is && is - word < (long)sizeof(name)) {
			snprintf(name, sizeof(name), "%.*s", (int)(is - word), word);
			field = protocol_field_find(fields.list, fields.count, name);
		}
		if (field)
			result = put_field(shell, field, is + 1, &raw.m);
		else if (raw_word(&raw, word, &reason))
			result = shell_error(shell, 0, "%s", bytes);
	}
	if (!result)
		*m = raw.m;
	raw_deinit(&raw);
	return result;
}

void complete_held(struct shell *shell, struct completion *completion)
{
	struct dvk_held *held;
	char text[32];
	int count;

	if (completion->count || shell->own_ep == NONE)
		return;
	held = calloc(DVK_HELD, sizeof(*held));
	count = held ? dvk_held(held, DVK_HELD) : 0;
	for (int i = 0; i < count; i++) {
		snprintf(text, sizeof(text), "%llu", (unsigned long long)held[i].id);
		completion_add(completion, text);
	}
	free(held);
}
