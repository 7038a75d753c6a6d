/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * line.h - reading a line from a person.
 */
#ifndef MUKSHELL_LINE_H
#define MUKSHELL_LINE_H

#include "shell.h"

/* Sets completion up and loads the history; once, before reader_line(). */
void reader_start(struct shell *shell);
/* Writes the history. */
void reader_stop(void);

/*
 * A line, the caller's to free; "" after Ctrl-C, NULL at the end (Ctrl-D). While
 * it waits, idle is called about twice a second; what it returns, unless NULL, is
 * the new prompt, shown on a line of its own.
 */
char *reader_line(const char *prompt, const char *(*idle)(void));

#endif
