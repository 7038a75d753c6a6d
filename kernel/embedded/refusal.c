/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * refusal.c - why a DC could not be opened, one sentence per thread.
 */
#include <stdarg.h>
#include <stdio.h>

#include "segment.h"

#define REFUSAL_BYTES 1024

static __thread char sentence[REFUSAL_BYTES];

int refuse(int code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(sentence, sizeof(sentence), format, arguments);
	va_end(arguments);
	return code;
}

const char *refusal(void)
{
	return sentence;
}
