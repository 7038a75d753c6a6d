/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * request_number.c - what a person writes for a field that is a number.
 *
 * Numbers are decimal, 0x or 0 as in C; permission bits always octal; names of a
 * set stand alone or joined by |, and a number can stand in their place.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "request.h"

/* Four bytes hold it: as signed or, for bits and ids, as unsigned. */
static int fits(const struct protocol_field *field, int64_t number)
{
	if (field->bytes == sizeof(int64_t))
		return 1;
	switch (field->kind) {
	case PROTOCOL_INT:
	case PROTOCOL_ENDPOINT:
	case PROTOCOL_PID:
	case PROTOCOL_FD:
		return number >= INT32_MIN && number <= INT32_MAX;
	default:
		return number >= 0 && number <= UINT32_MAX;
	}
}

static int parse_plain(const char *value, int base, int64_t *ret_number)
{
	const char *digits = value + (*value == '-' || *value == '+');
	char *end;

	if (!isdigit((unsigned char)*digits))
		return EDVSINVAL;
	errno = 0;
	if (*value == '-')
		*ret_number = strtoll(value, &end, base);
	else
		*ret_number = (int64_t)strtoull(value, &end, base);
	if (*end)
		return EDVSINVAL;
	return errno ? EDVSRANGE : 0;
}

static int parse_set(const struct protocol_set *set, const char *value, int64_t *ret_number)
{
	char name[64];
	int64_t number;
	*ret_number = 0;

	for (;;) {
		size_t length = strcspn(value, "|,");
		const struct protocol_value *named;

		if (length == 0 || length >= sizeof(name))
			return EDVSINVAL;
		memcpy(name, value, length);
		name[length] = '\0';
		named = protocol_value_find(set, name);
		if (named)
			number = named->value;
		else if (parse_plain(name, 0, &number))
			return EDVSINVAL;
		*ret_number |= number;
		value += length;
		if (*value == '\0')
			return 0;
		if (!set->is_flags)
			return EDVSINVAL;
		value++;
	}
}

static int parse_bool(const char *value, int64_t *ret_number)
{
	static const char *const words[] = { "no", "yes", "false", "true", "off", "on", "0", "1" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcasecmp(value, words[i])) {
			*ret_number = (int64_t)(i % 2);
			return 0;
		}
	return EDVSINVAL;
}

/* "3,1" or a number. */
static int parse_dev(const char *value, int64_t *ret_number)
{
	const char *comma = strchr(value, ',');
	char major[16];
	int64_t high, low;

	if (!comma)
		return parse_plain(value, 0, ret_number);
	if ((size_t)(comma - value) >= sizeof(major))
		return EDVSINVAL;
	memcpy(major, value, (size_t)(comma - value));
	major[comma - value] = '\0';
	if (parse_plain(major, 10, &high) || parse_plain(comma + 1, 10, &low))
		return EDVSINVAL;
	if (high < 0 || high >= 1 << 24 || low < 0 || low > 255)
		return EDVSRANGE;
	*ret_number = high << 8 | low;
	return 0;
}

/* A number of ms, or a time with its unit. */
static int parse_ms(const char *value, int64_t *ret_number)
{
	int64_t ns;

	if (parse_plain(value, 10, ret_number) == 0)
		return 0;
	if (inspect_parse_duration(value, &ns))
		return EDVSINVAL;
	*ret_number = ns / 1000000;
	return 0;
}

static int parse_kind(const struct protocol_field *field, const char *value, int64_t *ret_number)
{
	switch (field->kind) {
	case PROTOCOL_MODE:
		return parse_plain(value, 8, ret_number);
	case PROTOCOL_FLAGS:
	case PROTOCOL_ENUM:
		return parse_set(field->set, value, ret_number);
	case PROTOCOL_BOOL:
		return parse_bool(value, ret_number);
	case PROTOCOL_DEV:
		return parse_dev(value, ret_number);
	case PROTOCOL_MS:
		return parse_ms(value, ret_number);
	case PROTOCOL_TIME:
		if (strcmp(value, "now"))
			return parse_plain(value, 0, ret_number);
		*ret_number = time(NULL);
		return 0;
	default:
		return parse_plain(value, 0, ret_number);
	}
}

int request_number(const struct protocol_field *field, const char *value, int64_t *ret_number)
{
	int64_t number;
	int result = parse_kind(field, value, &number);

	if (result)
		return result;
	if (!fits(field, number))
		return EDVSRANGE;
	*ret_number = number;
	return 0;
}
