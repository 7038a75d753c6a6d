/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hold_words.c - words of a person into held messages, by the protocol tables.
 */
#include <stdlib.h>
#include <string.h>

#include <inspect.h>
#include <protocol/protocol.h>

#include "complete.h"
#include "hold_words.h"
#include "raw.h"

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

/* The number of the one that was held last; 0: none is. */
static uint64_t newest(const struct dvk_held *held, int count)
{
	uint64_t id = 0;

	for (int i = 0; i < count; i++)
		if (held[i].kind != DVK_HELD_COPY && held[i].id > id)
			id = held[i].id;
	return id;
}

int hold_find(struct shell *shell, const char *word, struct dvk_held *ret_held)
{
	static const long long range[2] = { 1, INT64_MAX };
	struct dvk_held *held = calloc(DVK_HELD, sizeof(*held));
	int is_last = strcmp(word, "last") == 0, result = held ? 0 : EDVSNOMEM, count = 0, i = 0;
	long long id = 0;

	if (!result && !is_last)
		result = shell_number(shell, word, range, &id);

	if (!result)
		result = shell_slot(shell);
	if (!result) {
		count = dvk_held(held, DVK_HELD);
		if (is_last)
			id = (long long)newest(held, count);
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
	completion_add(completion, "last");
	held = calloc(DVK_HELD, sizeof(*held));
	count = held ? dvk_held(held, DVK_HELD) : 0;
	for (int i = 0; i < count; i++) {
		snprintf(text, sizeof(text), "%llu", (unsigned long long)held[i].id);
		completion_add(completion, text);
	}
	free(held);
}
