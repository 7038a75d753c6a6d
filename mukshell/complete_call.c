/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * complete_call.c - SERVER.CALL, its fields and their values, from the tables.
 *
 * Only the value of an endpoint or a path asks anybody; all else is at hand.
 */
#include <string.h>

#include <inspect.h>

#include "complete.h"
#include "request.h"
#include "shell.h"

static void add_calls(const struct protocol *protocol, struct completion *completion)
{
	char text[96];

	for (int i = 0; i < protocol->count; i++) {
		snprintf(text, sizeof(text), "%s.%s", protocol->name, protocol->calls[i].name);
		completion_add(completion, text);
	}
}

void complete_call(struct shell *shell, struct completion *completion)
{
	int has_dot = strchr(completion->word, '.') != NULL;
	char text[64];

	(void)shell;
	for (int i = 0; i < protocol_count; i++) {
		if (protocols[i]->endpoint == NONE)
			continue;
		if (has_dot) {
			add_calls(protocols[i], completion);
		} else {
			snprintf(text, sizeof(text), "%s.", protocols[i]->name);
			completion_add_open(completion, text);
		}
	}
}

/* Names of a set behind the last | of the value. */
static void complete_set(const struct protocol_field *field, struct completion *completion)
{
	const char *bar = strrchr(completion->word, '|');
	const char *value = bar ? bar : strchr(completion->word, '=');
	char text[512];

	for (int i = 0; i < field->set->count; i++) {
		snprintf(text, sizeof(text), "%.*s%s", (int)(value + 1 - completion->word),
			 completion->word, field->set->values[i].name);
		if (field->set->is_flags)
			completion_add_open(completion, text);
		else
			completion_add(completion, text);
	}
}

/* word@ or word= stays in front of what is proposed for the value. */
static void complete_value(struct shell *shell, const struct protocol_field *field,
			   struct completion *completion)
{
	char prefix[64];
	const char *value = strchr(completion->word, '=') + 1;
	struct completion_paths paths = { prefix, value };

	snprintf(prefix, sizeof(prefix), "%s=", field->name);
	switch (field->kind) {
	case PROTOCOL_PATH:
	case PROTOCOL_NAME:
		complete_muk_paths(shell, completion, &paths);
		return;
	case PROTOCOL_IN:
		snprintf(prefix, sizeof(prefix), "%s=@", field->name);
		paths.path = value + (*value == '@');
		complete_host_paths(completion, &paths);
		return;
	case PROTOCOL_ENDPOINT:
		complete_endpoint_after(shell, completion, prefix);
		return;
	case PROTOCOL_FLAGS:
	case PROTOCOL_ENUM:
		complete_set(field, completion);
		return;
	default:
		return;
	}
}

static int is_given(const struct completion *completion, const char *name)
{
	size_t length = strlen(name);

	for (int i = 1; i < completion->count; i++)
		if (!strncmp(completion->words[i], name, length) &&
		    completion->words[i][length] == '=')
			return 1;
	return 0;
}

static void add_fields(const struct protocol_call *call, struct completion *completion)
{
	char text[64];

	for (int i = 0; i < call->request_count; i++) {
		if (is_given(completion, call->request[i].name))
			continue;
		snprintf(text, sizeof(text), "%s=", call->request[i].name);
		completion_add_open(completion, text);
	}
	if (*completion->word) {
		completion_add_open(completion, "timeout=");
		completion_add_open(completion, "to=");
	}
}

void complete_call_words(struct shell *shell, struct completion *completion)
{
	const struct protocol_field *field = NULL;
	const char *equals = strchr(completion->word, '=');
	const char *slash;
	struct request request;
	char name[64], bytes[512];
	struct text reason;

	if (completion->count == 0) {
		complete_call(shell, completion);
		return;
	}
	slash = strrchr(completion->words[0], '/');
	text_init(&reason, bytes, sizeof(bytes));
	if (request_init(&request, slash ? slash + 1 : completion->words[0], &reason))
		return;
	text_init(&reason, bytes, sizeof(bytes));
	request_signature(request.protocol, request.call, &reason);
	completion_hint(completion, "%s", bytes);
	if (!equals) {
		add_fields(request.call, completion);
		return;
	}
	snprintf(name, sizeof(name), "%.*s", (int)(equals - completion->word), completion->word);
	field = protocol_field_find(request.call->request, request.call->request_count, name);
	if (field)
		complete_value(shell, field, completion);
	else if (!strcmp(name, "to"))
		complete_endpoint_after(shell, completion, "to=");
}
