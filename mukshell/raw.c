/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * raw.c - messages by hand, by the classic accessors alone.
 *
 * The accessors are one table; offsets and sizes come from the message itself.
 */
#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <dvk/errors.h>
#include <dvk/limits.h>

#include <accessors.h>

#include "raw.h"
#include "reply.h"

const struct raw_field raw_fields[] = {
#define ACCESSOR(name, kind) \
	{ #name, RAW_##kind, offsetof(message, name), sizeof(((message *)0)->name) },
	RAW_ACCESSORS(ACCESSOR)
#undef ACCESSOR
		{ NULL, RAW_INT, 0, 0 },
};

#define RAW_BUFFER_MAX (1u << 20)

void raw_init(struct raw *raw)
{
	memset(raw, 0, sizeof(*raw));
	raw->timeout_ms = -1;
}

void raw_deinit(struct raw *raw)
{
	for (int i = 0; i < raw->count; i++)
		free(raw->memory[i]);
	raw->count = 0;
}

static int parse_number(const char *value, long long *ret_number)
{
	char *end;

	errno = 0;
	*ret_number = *value == '-' ? strtoll(value, &end, 0) : (long long)strtoull(value, &end, 0);
	return errno || end == value || *end ? EDVSINVAL : 0;
}

/* Memory of our own that the message refers to. */
static int keep(struct raw *raw, char *memory, size_t bytes, uint64_t *ret_address)
{
	if (!memory)
		return EDVSNOMEM;
	if (raw->count == RAW_TEXTS) {
		free(memory);
		return EDVSRANGE;
	}
	raw->memory[raw->count] = memory;
	raw->bytes[raw->count++] = bytes;
	*ret_address = (uint64_t)(uintptr_t)memory;
	return 0;
}

/* A number is an address, @BYTES a buffer, anything else a text. */
static int parse_address(struct raw *raw, const char *value, uint64_t *ret_address)
{
	long long number;

	if (*value == '@' && parse_number(value + 1, &number) == 0) {
		if (number < 1 || number > RAW_BUFFER_MAX)
			return EDVSRANGE;
		return keep(raw, calloc(1, (size_t)number), (size_t)number, ret_address);
	}
	if (isdigit((unsigned char)*value) && parse_number(value, &number) == 0) {
		*ret_address = (uint64_t)number;
		return 0;
	}
	return keep(raw, strdup(value), 0, ret_address);
}

static int store_number(const struct raw_field *field, const char *value, char *at)
{
	long long number;

	if (parse_number(value, &number))
		return EDVSINVAL;
	if (field->bytes == 2) {
		if (number < INT16_MIN || number > INT16_MAX)
			return EDVSRANGE;
		memcpy(at, &(int16_t){ (int16_t)number }, 2);
	} else if (field->bytes == 4) {
		if (number < INT32_MIN || number > UINT32_MAX)
			return EDVSRANGE;
		memcpy(at, &(int32_t){ (int32_t)number }, 4);
	} else {
		memcpy(at, &number, 8);
	}
	return 0;
}

static int store(struct raw *raw, const struct raw_field *field, const char *value)
{
	char *at = (char *)&raw->m + field->offset;
	uint64_t address;
	int result;

	switch (field->kind) {
	case RAW_INT:
	case RAW_SHORT:
	case RAW_LONG:
		return store_number(field, value, at);
	case RAW_ADDRESS:
		result = parse_address(raw, value, &address);
		if (!result)
			memcpy(at, &address, sizeof(address));
		return result;
	case RAW_TEXT:
		if (strlen(value) >= (size_t)field->bytes)
			return EDVSRANGE;
		strcpy(at, value);
		return 0;
	}
	return EDVSINVAL;
}

static int set_timeout(struct raw *raw, const char *value)
{
	int64_t ns;

	if (inspect_parse_duration(value, &ns) || ns < 0 || ns / 1000000 > DVK_TIMEOUT_MAX_MS)
		return EDVSINVAL;
	raw->timeout_ms = (long)(ns / 1000000);
	return 0;
}

static int unknown_word(const char *word, struct text *reason)
{
	text_add(reason, "'%s' is not FIELD=VALUE: type=NUMBER, timeout=TIME, or", word);
	for (const struct raw_field *field = raw_fields; field->name; field++)
		text_add(reason, " %s", field->name);
	return EDVSINVAL;
}

static int bad_value(const struct raw_field *field, const char *value, int code,
		     struct text *reason)
{
	static const char *const expected[] = { "a number", "a number", "a number",
						"an address, a text or @BYTES", "a text" };

	text_add(reason, "%s: '%s' %s; it takes %s of %d bytes", field->name, value,
		 code == EDVSRANGE ? "does not fit" : "is wrong", expected[field->kind],
		 field->bytes);
	return code;
}

int raw_word(struct raw *raw, const char *word, struct text *reason)
{
	static const struct raw_field type = { "type", RAW_INT, offsetof(message, m_type), 4 };
	const char *equals = strchr(word, '=');
	size_t length = equals ? (size_t)(equals - word) : 0;
	const struct raw_field *field = raw_fields;
	int result;

	if (!equals)
		return unknown_word(word, reason);
	if (!strncmp(word, "timeout=", 8)) {
		if (set_timeout(raw, equals + 1) == 0)
			return 0;
		text_add(reason, "timeout: '%s' is no time: 500ms, 2s, 1m", equals + 1);
		return EDVSINVAL;
	}
	if (!strncmp(word, "type=", 5))
		field = &type;
	else
		while (field->name && (strncmp(field->name, word, length) || field->name[length]))
			field++;
	if (!field->name)
		return unknown_word(word, reason);
	result = store(raw, field, equals + 1);
	return result ? bad_value(field, equals + 1, result, reason) : 0;
}

void raw_show_buffers(const struct raw *raw, FILE *out)
{
	for (int i = 0; i < raw->count; i++)
		if (raw->bytes[i])
			reply_show_bytes(out, raw->memory[i], raw->bytes[i]);
}

void complete_raw(struct shell *shell, struct completion *completion)
{
	char text[32];

	if (completion->count == 0) {
		complete_endpoint(shell, completion);
		return;
	}
	completion_add_open(completion, "type=");
	completion_add_open(completion, "timeout=");
	for (const struct raw_field *field = raw_fields; field->name; field++) {
		snprintf(text, sizeof(text), "%s=", field->name);
		completion_add_open(completion, text);
	}
}
