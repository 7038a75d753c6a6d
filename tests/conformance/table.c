/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table.c - the table of errors, as the cases are checked against it.
 */
#include <stddef.h>

#include "steps.h"

static const char *const call_names[] = {
#define CONF_NAME(name, ...) #name,
	DVK_CALL_ERRORS(CONF_NAME)
#undef CONF_NAME
		"PEEK",
	"SET_SOURCES",
	"SET_TARGETS",
	"DENY",
	"KEEP_REQUEST",
	"AS",
	"SET_LEVEL",
	"REBIND",
	"FORK",
	"BUSY",
	"step"
};

#define CONF_LIST(name, ...) static const int errors_of_##name[] = { __VA_ARGS__ };
DVK_CALL_ERRORS(CONF_LIST)
#undef CONF_LIST

const char *call_name(enum conf_call call)
{
	return call_names[call];
}

int call_may_return(enum conf_call call, int error)
{
	static const struct {
		const int *list;
		size_t count;
	} rows[] = {
#define CONF_ROW(name, ...) { errors_of_##name, sizeof(errors_of_##name) / sizeof(int) },
		DVK_CALL_ERRORS(CONF_ROW)
#undef CONF_ROW
	};

	for (size_t i = 0; call < CALLS && i < rows[call].count; i++)
		if (rows[call].list[i] == error)
			return 1;
	return call >= CALLS;
}
