/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * complete.h - what could stand at the cursor, and what is expected there.
 *
 * Knows nothing of readline: the tests and line.c use it alike.
 */
#ifndef MUKSHELL_COMPLETE_H
#define MUKSHELL_COMPLETE_H

#include "command.h"

#define COMPLETION_MAX      4096 /* proposals for one word */
#define COMPLETION_MS       40   /* what asking FS may take ... */
#define COMPLETION_FS_CALLS 3    /* ... for open, getdents and close */

struct completion_list {
	int count;
	int capacity;
	char **texts;       /* whole words */
	char *open;         /* by place: 1 when no blank follows the word */
	size_t word_length; /* of the word at the cursor, without its quotes */
	char hint[512];     /* what is expected here, "" when nothing is known */
};

/*
 * Fills *list (zeroed by the caller) for the word that ends at point. The list
 * owns its strings until completion_list_deinit().
 */
void complete_line(struct shell *shell, const char *text, int point, struct completion_list *list);
void completion_list_deinit(struct completion_list *list);

/* Puts what is expected next into the hint, in place of the command's usage. */
void completion_hint(struct completion *completion, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Names of processes, each with prefix put before it. */
void complete_endpoint_after(struct shell *shell, struct completion *completion,
			     const char *prefix);
/* complete_call.c: SERVER.CALL and, behind it, fields and values. */
void complete_call_words(struct shell *shell, struct completion *completion);

/* complete_paths.c: paths that begin with path, each with prefix put before it. */
struct completion_paths {
	const char *prefix; /* "path=", "buf=@" */
	const char *path;
};
void complete_muk_paths(struct shell *shell, struct completion *completion,
			const struct completion_paths *paths);
void complete_host_paths(struct completion *completion, const struct completion_paths *paths);

#endif
