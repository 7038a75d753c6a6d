/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * export.h - what happened, in the forms of other programs.
 */
#ifndef MUKSHELL_EXPORT_H
#define MUKSHELL_EXPORT_H

#include <stdio.h>

#include "trace_command.h"

/* A run of the command: its lines go to line() of the format. */
struct export
{
	struct trace trace;
	FILE *out;
	uint64_t count; /* lines or packets written */
	void *context;  /* the format's own */
};

struct export_format {
	const char *name;
	const char *summary;
	/* The lines; all NULL when it takes events. */
	int (*begin)(struct export *export); /* 0 or the printed error; or NULL */
	inspect_line_fn *line;               /* its context is the export's trace */
	void (*end)(struct export *export);  /* or NULL */
	/* Writes all events by itself: no filter is taken. 0, or the printed error. */
	int (*events)(struct export *export);
};

extern const struct export_format export_pcapng; /* export_pcapng.c */
extern const struct export_format export_chrome; /* export_chrome.c */

/* trace is the first member, so that a line function finds its export. */
static inline struct export *export_of(void *context)
{
	return context;
}

#endif
