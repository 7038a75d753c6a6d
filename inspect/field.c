/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * field.c - a field of a message or a row as a value, by its kind.
 *
 * The bytes came from somebody else and may be garbage: every value of every kind
 * gives a text, and lengths found in the data are never believed.
 */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include <protocol/protocol.h>

#include "index.h"

static void set_endpoint(const struct inspect *in, struct inspect_value *value)
{
	char name[INSPECT_NAME_BYTES];

	value->kind = INSPECT_NUMBER;
	if (in)
		snprintf(value->text, sizeof(value->text), "%s",
			 inspect_name(in, (int)value->number, name));
}

static void set_flags(const struct protocol_set *set, struct inspect_value *value)
{
	uint32_t rest = (uint32_t)value->number;
	struct text t;

	value->kind = INSPECT_WORDS;
	text_init(&t, value->text, sizeof(value->text));
	for (int i = 0; set && i < set->count; i++) {
		const struct protocol_value *v = &set->values[i];

		if (((uint32_t)value->number & v->mask) != v->value)
			continue;
		text_add(&t, "%s%s", t.used ? "|" : "", v->name);
		rest &= ~v->mask;
	}
	if (rest)
		text_add(&t, "%s0x%x", t.used ? "|" : "", rest);
	if (!t.used)
		text_add(&t, "0");
}

static void set_enum(const struct protocol_set *set, struct inspect_value *value)
{
	uint32_t number = (uint32_t)value->number;

	for (int i = 0; set && i < set->count; i++) {
		if (set->values[i].value != number)
			continue;
		inspect_value_set_text(value, "%s", set->values[i].name);
		return;
	}
	inspect_value_set_text(value, "%" PRIu32, number);
}

static void set_time(struct inspect_value *value)
{
	time_t seconds = value->number;
	struct tm tm;

	if (value->number && localtime_r(&seconds, &tm) &&
	    !strftime(value->text, sizeof(value->text), "%Y-%m-%d %H:%M:%S", &tm))
		value->text[0] = '\0';
}

/* A moment of the monotonic clock, as the time that has gone since. */
static void set_moment(struct inspect_value *value)
{
	struct timespec now;
	int64_t since;
	struct text t;

	if (!value->number) {
		value->kind = INSPECT_NOTHING;
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (__builtin_sub_overflow(now.tv_sec * 1000000000 + now.tv_nsec, value->number, &since))
		return;
	text_init(&t, value->text, sizeof(value->text));
	if (since < 0 && since > INT64_MIN)
		text_add(&t, "in ");
	text_add_duration(&t, since < 0 ? (since > INT64_MIN ? -since : INT64_MAX) : since);
	if (since >= 0)
		text_add(&t, " ago");
}

static void set_milliseconds(struct inspect_value *value)
{
	int64_t ns;

	if (__builtin_mul_overflow(value->number, (int64_t)1000000, &ns) || ns < 0)
		return;
	value->kind = INSPECT_DURATION;
	value->number = ns;
	if (!ns)
		snprintf(value->text, sizeof(value->text), "0 ms");
}

static void set_number(const struct inspect *in, const struct protocol_field *field,
		       struct inspect_value *value)
{
	switch (field->kind) {
	case PROTOCOL_UINT:
	case PROTOCOL_HEX:
		value->kind = INSPECT_HEX;
		return;
	case PROTOCOL_SIZE:
		value->kind = INSPECT_BYTES;
		return;
	case PROTOCOL_BOOL:
		value->kind = INSPECT_BOOLEAN;
		return;
	case PROTOCOL_ENDPOINT:
		set_endpoint(in, value);
		return;
	case PROTOCOL_MODE:
		snprintf(value->text, sizeof(value->text), "0%03" PRIo32, (uint32_t)value->number);
		return;
	case PROTOCOL_DEV:
		snprintf(value->text, sizeof(value->text), "%" PRIu32 ",%" PRIu32,
			 (uint32_t)value->number >> 8, (uint32_t)value->number & 0xff);
		return;
	case PROTOCOL_FLAGS:
		set_flags(field->set, value);
		return;
	case PROTOCOL_ENUM:
		set_enum(field->set, value);
		return;
	case PROTOCOL_TIME:
		set_time(value);
		return;
	case PROTOCOL_TIME_NS:
		set_moment(value);
		return;
	case PROTOCOL_MS:
		set_milliseconds(value);
		return;
	default:
		return;
	}
}

/* The head of a path or name: how long it is, and how much of it is here. */
static void set_path(const struct protocol_field *field, const char *at,
		     struct inspect_value *value)
{
	size_t head = offsetof(struct protocol_path, text);
	size_t room = field->bytes > head ? field->bytes - head : 0;
	uint32_t bytes;

	memcpy(&bytes, at + offsetof(struct protocol_path, bytes), sizeof(bytes));
	inspect_value_set_text(value, "%.*s%s", (int)(bytes < room ? bytes : room), at + head,
			       bytes < room ? "" : "...");
}

void inspect_field_value(const struct inspect *in, const struct protocol_field *field,
			 const void *data, struct inspect_value *ret_value)
{
	const char *at = (const char *)data + field->offset;
	struct protocol_buffer buffer;

	inspect_value_set_number(ret_value, INSPECT_NUMBER, 0);
	switch (field->kind) {
	case PROTOCOL_PATH:
	case PROTOCOL_NAME:
		set_path(field, at, ret_value);
		return;
	case PROTOCOL_IN:
	case PROTOCOL_OUT:
		memcpy(&buffer, at, sizeof(buffer));
		inspect_value_set_text(ret_value, "0x%" PRIx64 "[%" PRIu32 "]", buffer.address,
				       buffer.bytes);
		return;
	case PROTOCOL_TEXT:
		inspect_value_set_text(ret_value, "%.*s", (int)field->bytes, at);
		return;
	default:
		ret_value->number = protocol_get_number(field, data);
		set_number(in, field, ret_value);
	}
}
