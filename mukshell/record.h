/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record.h - all that happens in a DC, into a file.
 */
#ifndef MUKSHELL_RECORD_H
#define MUKSHELL_RECORD_H

#include "shell.h"

/* Files with this ending are recordings, others text. */
#define RECORD_SUFFIX ".muktrace"
#define RECORD_BYTES  (16LL << 30) /* of a file, unless the user says otherwise */

/* When it ends by itself; Ctrl-C and the DC's end always do. */
struct record_limits {
	int64_t until_ns; /* CLOCK_MONOTONIC; INT64_MAX: never */
	long long events; /* 0: any number */
	long long bytes;  /* of the file; 0: any number */
};

/* 1 when a file of that name is to be a recording. */
int record_is_wanted(const char *path);

/*
 * Records full events, then the state in which it all ended, and says what was
 * written and what was lost. 0, or the printed error.
 */
int record_run(struct shell *shell, const char *path, const struct record_limits *limits);

#endif
