/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * error.c - names and meanings of the error numbers, from the table in errors.h.
 */
#include <stddef.h>

#include <dvk/errors.h>

const char *dvk_errname(int code)
{
	switch (code) {
#define DVK_ERROR(name, number, meaning) \
	case -(number):                  \
		return #name;
		DVK_ERRORS(DVK_ERROR)
#undef DVK_ERROR
	default:
		return NULL;
	}
}

const char *dvk_strerror(int code)
{
	switch (code) {
#define DVK_ERROR(name, number, meaning) \
	case -(number):                  \
		return meaning;
		DVK_ERRORS(DVK_ERROR)
#undef DVK_ERROR
	default:
		return code < 0 ? "unknown error" : "no error";
	}
}
