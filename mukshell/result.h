/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * result.h - what the last command printed as JSON, kept for `expect` and for Lua.
 */
#ifndef MUKSHELL_RESULT_H
#define MUKSHELL_RESULT_H

#include <jansson.h>

#include "command.h"
#include "shell.h"

#define RESULT_BYTES (16 << 20) /* kept of one command; what prints more keeps nothing */

/* A command's output on its way: it goes where it did, and is kept too. */
struct result {
	FILE *before; /* shell->out, to be restored; NULL: nothing is kept */
	struct shell *shell;
	char *text;
	size_t bytes, capacity;
	int is_too_long;
};

/* Before and after a command runs. failed: what it returned. */
void result_begin(struct shell *shell, struct result *ret_result);
void result_end(struct shell *shell, const struct command *command, struct result *result,
		int failed);

/* The error object becomes the result; takes it over. */
void result_set(struct shell *shell, json_t *value);

/*
 * What path names in value: keys and indices (from 0, -1 is the last) joined by dots;
 * `count` is how many an array has, and a key of an array is that key of any of its
 * members: found() is called for each until it returns 1. Returns what it did, 0 at last.
 */
typedef int result_found_fn(void *context, json_t *value);
int result_find(json_t *value, const char *path, result_found_fn *found, void *context);

/*
 * 1 when "op" holds between a value and a word, 0 when not, EDVSINVAL when op is none:
 * = != < <= > >= compare numbers, else texts; ~ is a pattern with * and ?.
 */
int result_compare(const json_t *value, const char *op, const char *word);

#endif
