/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text.c - strings in fixed buffers, and how lengths of time and sizes are said.
 *
 * What does not fit is cut; nothing here fails or allocates.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "inspect.h"

void text_init(struct text *t, char *bytes, size_t size)
{
	t->bytes = bytes;
	t->size = size;
	t->used = 0;
	bytes[0] = '\0';
}

void text_add(struct text *t, const char *format, ...)
{
	size_t room = t->size - t->used;
	va_list arguments;
	int wanted;

	va_start(arguments, format);
	wanted = vsnprintf(t->bytes + t->used, room, format, arguments);
	va_end(arguments);
	if (wanted < 0)
		return;
	t->used += (size_t)wanted < room ? (size_t)wanted : room - 1;
}

/* The length of the UTF-8 character at s, 0 when it is none, ASCII, or a control. */
static size_t utf8_length(const unsigned char *s, size_t count)
{
	size_t length = s[0] >= 0xf0 && s[0] < 0xf5 ? 4 : s[0] >= 0xe0 ? 3 : 2;

	if (s[0] < 0xc2 || s[0] >= 0xf5 || length > count)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xc2 && s[1] < 0xa0) || (s[0] == 0xe0 && s[1] < 0xa0) ||
	    (s[0] == 0xed && s[1] >= 0xa0) || (s[0] == 0xf0 && s[1] < 0x90) ||
	    (s[0] == 0xf4 && s[1] >= 0x90))
		return 0;
	return length;
}

static void add_escape(struct text *t, unsigned char c)
{
	static const char letters[] = "n\nr\rt\t\"\"\\\\";

	for (const char *p = letters; *p; p += 2) {
		if ((unsigned char)p[1] == c) {
			text_add(t, "\\%c", p[0]);
			return;
		}
	}
	text_add(t, "\\x%02x", c);
}

void text_add_quoted(struct text *t, const char *bytes, size_t count)
{
	const unsigned char *s = (const unsigned char *)bytes;
	size_t i = 0;

	text_add(t, "\"");
	while (i < count) {
		size_t length = s[i] < 0x80 ? 0 : utf8_length(s + i, count - i);

		if (length)
			text_add(t, "%.*s", (int)length, bytes + i);
		else if (isprint(s[i]) && s[i] < 0x7f && s[i] != '"' && s[i] != '\\')
			text_add(t, "%c", s[i]);
		else
			add_escape(t, s[i]);
		i += length ? length : 1;
	}
	text_add(t, "\"");
}

void text_add_duration(struct text *t, int64_t ns)
{
	static const struct {
		const char *unit;
		int64_t ns;
		int64_t limit;
	} units[] = {
		{ "us", 1000, 1000000 },
		{ "ms", 1000000, 1000000000 },
		{ "s", 1000000000, 60000000000 },
	};
	int64_t s = ns / 1000000000;

	if (ns < 0)
		ns = 0;
	if (ns < 1000) {
		text_add(t, "%" PRId64 " ns", ns);
		return;
	}
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (ns >= units[i].limit)
			continue;
		if (ns < 10 * units[i].ns && ns % units[i].ns >= units[i].ns / 10)
			text_add(t, "%" PRId64 ".%" PRId64 " %s", ns / units[i].ns,
				 ns % units[i].ns * 10 / units[i].ns, units[i].unit);
		else
			text_add(t, "%" PRId64 " %s", ns / units[i].ns, units[i].unit);
		return;
	}
	if (s < 3600)
		text_add(t, "%" PRId64 " m %" PRId64 " s", s / 60, s % 60);
	else if (s < 86400)
		text_add(t, "%" PRId64 " h %" PRId64 " m", s / 3600, s % 3600 / 60);
	else
		text_add(t, "%" PRId64 " d %" PRId64 " h", s / 86400, s % 86400 / 3600);
}

void text_add_bytes(struct text *t, uint64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	uint64_t rest = 0;
	int unit = 0;

	while (bytes >= 1024 && unit < 6) {
		rest = bytes % 1024;
		bytes /= 1024;
		unit++;
	}
	if (unit && bytes < 10)
		text_add(t, "%" PRIu64 ".%" PRIu64 " %s", bytes, rest * 10 / 1024, units[unit]);
	else
		text_add(t, "%" PRIu64 " %s", bytes, units[unit]);
}

void text_add_error(struct text *t, int code)
{
	const char *name = dvk_errname(code);

	if (name)
		text_add(t, "%s (%s)", name, dvk_strerror(code));
	else
		text_add(t, "%d", code);
}

int inspect_parse_duration(const char *word, int64_t *ret_ns)
{
	static const struct {
		const char *unit;
		double ns;
	} units[] = {
		{ "", 1e9 }, { "s", 1e9 },  { "ms", 1e6 },   { "us", 1e3 },
		{ "ns", 1 }, { "m", 60e9 }, { "h", 3600e9 },
	};
	char *end;
	double number;

	if (!isdigit((unsigned char)word[0]) && word[0] != '.')
		return EDVSINVAL;
	number = strtod(word, &end);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(end, units[i].unit) != 0)
			continue;
		if (!(number * units[i].ns < 9e18))
			return EDVSINVAL;
		*ret_ns = (int64_t)(number * units[i].ns);
		return 0;
	}
	return EDVSINVAL;
}
