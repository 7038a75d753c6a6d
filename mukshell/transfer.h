/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * transfer.h - files in and out through M3FTP, for get and put.
 */
#ifndef MUKSHELL_TRANSFER_H
#define MUKSHELL_TRANSFER_H

#include "files.h"

#define TRANSFER_DEPTH 64 /* folders within each other */

/* What a get or put command has moved so far. */
struct transfer {
	struct shell *shell;
	int ftp_ep;
	int is_put;
	int recursive;
	int files;
	uint64_t bytes;
	int64_t began_ns;   /* of the file under way */
	int64_t shown_ns;   /* when progress was shown last */
	const char *name;   /* of the file under way */
	const char *target; /* put: its name in MUK */
	int to_stream;      /* get: to shell->out, so nothing else goes there */
};

/* Binds our slot and finds FS and M3FTP; prints. */
int transfer_begin(struct shell *shell, struct transfer *ret_transfer);
/* Says what was moved. */
void transfer_end(struct transfer *transfer);

/* One file; path is MUK's. The error is printed. "-" is standard output or input. */
int transfer_get(struct transfer *transfer, const char *path, const char *host);
int transfer_put(struct transfer *transfer, const char *host, const char *path);

/* transfer_progress.c: a line on a terminal, and 1 when the user has interrupted. */
int transfer_progress(void *transfer, uint64_t done, uint64_t size);
void transfer_progress_end(struct transfer *transfer);

/* The last part of a path; "/" has none: "". */
const char *transfer_basename(const char *path);

#endif
