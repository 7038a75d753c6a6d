/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * field.c - the fields of messages and rows: reading, filling, checking.
 *
 * What is read came from somebody else: nothing here trusts it.
 */
#include <string.h>

#include <dvk/errors.h>
#include "protocol.h"

int protocol_is_number(const struct protocol_field *field)
{
	switch (field->kind) {
	case PROTOCOL_PATH:
	case PROTOCOL_NAME:
	case PROTOCOL_IN:
	case PROTOCOL_OUT:
	case PROTOCOL_TEXT:
		return 0;
	default:
		return 1;
	}
}

/* Of the four-byte kinds, these have a sign. */
static int is_signed(enum protocol_kind kind)
{
	return kind == PROTOCOL_INT || kind == PROTOCOL_ENDPOINT || kind == PROTOCOL_PID ||
	       kind == PROTOCOL_FD;
}

int64_t protocol_get_number(const struct protocol_field *field, const void *data)
{
	const char *at = (const char *)data + field->offset;
	int64_t value = 0;
	uint32_t word;

	if (!protocol_is_number(field))
		return 0;
	if (field->bytes == sizeof(value)) {
		memcpy(&value, at, sizeof(value));
		return value;
	}
	memcpy(&word, at, sizeof(word));
	return is_signed(field->kind) ? (int64_t)(int32_t)word : (int64_t)word;
}

void protocol_set_number(const struct protocol_field *field, void *data, int64_t value)
{
	char *at = (char *)data + field->offset;
	uint32_t word = (uint32_t)value;

	if (!protocol_is_number(field))
		return;
	if (field->bytes == sizeof(value))
		memcpy(at, &value, sizeof(value));
	else
		memcpy(at, &word, sizeof(word));
}

/* The first bytes of text, and a NUL when it fits; returns its length. */
static uint32_t put_inline(char *ret_text, size_t room, const char *text)
{
	size_t length = strlen(text);

	if (length < room)
		memcpy(ret_text, text, length + 1);
	else
		memcpy(ret_text, text, room);
	return (uint32_t)(length > UINT32_MAX ? UINT32_MAX : length);
}

void protocol_put_path(struct protocol_path *ret_path, const char *text)
{
	ret_path->address = (uint64_t)(uintptr_t)text;
	ret_path->bytes = put_inline(ret_path->text, sizeof(ret_path->text), text);
}

void protocol_put_name(struct protocol_name *ret_name, const char *text)
{
	ret_name->address = (uint64_t)(uintptr_t)text;
	ret_name->bytes = put_inline(ret_name->text, sizeof(ret_name->text), text);
}

void protocol_put_text(char *ret_text, size_t bytes, const char *text)
{
	size_t length = strnlen(text, bytes - 1);

	memcpy(ret_text, text, length);
	memset(ret_text + length, 0, bytes - length);
}

/* Path and name have the same head: address, bytes, text. */
static int check_path(const struct protocol_field *field, const char *at)
{
	struct protocol_path path = { 0 };
	size_t room = field->bytes - offsetof(struct protocol_path, text);

	memcpy(&path, at, field->bytes);
	if (path.bytes == 0)
		return EDVSNOENT;
	if (path.bytes > PROTOCOL_PATH_MAX)
		return EDVSNAMETOOLONG;
	if (path.bytes >= room)
		return path.address ? 0 : EDVSFAULT;
	return strnlen(path.text, room) == path.bytes ? 0 : EDVSINVAL;
}

static int check_buffer(const char *at)
{
	struct protocol_buffer buffer;

	memcpy(&buffer, at, sizeof(buffer));
	if (buffer.bytes > PROTOCOL_BUFFER_MAX)
		return EDVSRANGE;
	return buffer.bytes && !buffer.address ? EDVSFAULT : 0;
}

static int check_set(const struct protocol_set *set, const char *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	if (set->is_flags)
		return value & ~set->all ? EDVSINVAL : 0;
	for (int i = 0; i < set->count; i++)
		if (set->values[i].value == value)
			return 0;
	return EDVSINVAL;
}

static int check_bool(const char *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value > 1 ? EDVSINVAL : 0;
}

static int check_field(const struct protocol_field *field, const void *payload)
{
	const char *at = (const char *)payload + field->offset;

	switch (field->kind) {
	case PROTOCOL_PATH:
	case PROTOCOL_NAME:
		return check_path(field, at);
	case PROTOCOL_IN:
	case PROTOCOL_OUT:
		return check_buffer(at);
	case PROTOCOL_FLAGS:
	case PROTOCOL_ENUM:
		return check_set(field->set, at);
	case PROTOCOL_BOOL:
		return check_bool(at);
	case PROTOCOL_TEXT:
		return memchr(at, '\0', field->bytes) ? 0 : EDVSINVAL;
	default:
		return 0;
	}
}

int protocol_check_request(const struct protocol_call *call, const void *payload)
{
	for (int i = 0; i < call->request_count; i++) {
		int result = check_field(&call->request[i], payload);

		if (result < 0)
			return result;
	}
	return 0;
}
