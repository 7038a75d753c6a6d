/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * value.c - a value of a grid: its kind, and the words for it.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "inspect.h"

void inspect_value_set_text(struct inspect_value *value, const char *format, ...)
{
	va_list arguments;

	value->kind = INSPECT_TEXT;
	value->number = 0;
	va_start(arguments, format);
	if (vsnprintf(value->text, sizeof(value->text), format, arguments) < 0)
		value->text[0] = '\0';
	va_end(arguments);
}

void inspect_value_set_number(struct inspect_value *value, enum inspect_kind kind, int64_t number)
{
	value->kind = kind;
	value->number = number;
	value->text[0] = '\0';
}

void inspect_value_text(const struct inspect_value *value, struct text *out)
{
	if (value->kind != INSPECT_NOTHING && value->text[0]) {
		text_add(out, "%s", value->text);
		return;
	}
	switch (value->kind) {
	case INSPECT_NOTHING:
	case INSPECT_TEXT:
	case INSPECT_WORDS:
		text_add(out, "-");
		return;
	case INSPECT_NUMBER:
		text_add(out, "%" PRId64, value->number);
		return;
	case INSPECT_BOOLEAN:
		text_add(out, value->number ? "yes" : "no");
		return;
	case INSPECT_DURATION:
		text_add_duration(out, value->number);
		return;
	case INSPECT_BYTES:
		text_add_bytes(out, (uint64_t)value->number);
		return;
	case INSPECT_HEX:
		text_add(out, "0x%" PRIx64, (uint64_t)value->number);
		return;
	}
}
