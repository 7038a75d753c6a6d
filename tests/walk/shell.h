/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell.h - a line for the walker's mukshell and what it answers.
 */
#ifndef TESTS_WALK_SHELL_H
#define TESTS_WALK_SHELL_H

#include <jansson.h>

#include "walk.h"

/* Sends a line; the object that comes back, or NULL and the error in *ret_result. */
json_t *shell_ask(struct walker *w, int64_t *ret_result, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* These take the answer to a call, free it, and return the result (of NULL: as it was). */
/* name: the number of the reply that is the result; NULL: none. */
int64_t shell_finish(json_t *answer, int64_t result, const char *name);
/* What the server filled goes to answer. */
int64_t shell_take_buffer(json_t *reply, int64_t result, struct answer *answer);
int64_t shell_take_stat(json_t *reply, int64_t result, struct answer *answer);

int64_t shell_field(const json_t *record, const char *name);

#endif
