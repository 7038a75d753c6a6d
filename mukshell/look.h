/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * look.h - what the commands that look have in common.
 */
#ifndef MUKSHELL_LOOK_H
#define MUKSHELL_LOOK_H

#include <inspect.h>

#include "shell.h"

/* A state of the DC with its index. */
struct look {
	struct dvk_snapshot *snapshot;
	struct inspect *in;
};

/*
 * Takes a snapshot; when the DC's lock is stuck, says on standard error who holds
 * it. 0, or the printed error. look_end() in any case after 0.
 */
int look_begin(struct shell *shell, struct look *ret_look);
void look_end(struct look *look);

/*
 * Says on standard error who keeps others waiting and does not go on by himself: a
 * sentence each, with --json an object each.
 */
void look_blame(struct shell *shell, const struct look *look);
#define LOOK_BLAME_JSON                                                               \
	"On standard error, one object a line for each who keeps others waiting and " \
	"does not go on by himself: what `why` says of him"

/* The bound process that a word names. 0, or the printed error. */
int look_process(struct shell *shell, const struct look *look, const char *word,
		 const struct dvk_procinfo **ret_process);

/* Prints the grid as the session wants it and destroys it. error: of its making. */
int look_print(struct shell *shell, struct inspect_grid *grid, int error);

/* Prints all tables of these types (NULL-terminated); word: only this owner's, or NULL. */
int look_tables(struct shell *shell, const char *const *types, const char *word);
/* What the commands that do this say of themselves. */
#define LOOK_TABLES_DETAILS                                                                    \
	"The server's own memory is read from outside: no message is sent, and it works also " \
	"when the server hangs or is stopped. The line above the rows says what it did "       \
	"meanwhile. Where several MUKs share the DC, ENDPOINT chooses one."
#define LOOK_TABLES_JSON                                \
	"an array, one object a table:\n"               \
	"table   its type\n"                            \
	"owner   whose it is\n"                         \
	"stamp   what its owner did when it was read\n" \
	"rows    array of objects, their keys are the fields of the table"

#endif
