/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * output.h - where one command's output goes: terminal, pager, program or file.
 */
#ifndef MUKSHELL_OUTPUT_H
#define MUKSHELL_OUTPUT_H

#include "shell.h"
#include "words.h"

struct output {
	FILE *stream; /* opened for the command, or NULL: the shell's own */
	enum line_target target;
	FILE *before; /* what to restore */
	int terminal;
	int columns;
};

/* Points shell->out where the line says. flags: of the command. 0, or the printed error. */
int output_begin(struct shell *shell, const struct line *line, unsigned int flags,
		 struct output *ret_output);
/* Closes and restores; result is the command's, and what is returned unless closing failed. */
int output_end(struct shell *shell, const struct line *line, struct output *output, int result);

/* The size of the terminal behind shell->out into *shell; called before each command. */
void output_measure(struct shell *shell);

/* pager.c: a stream that shows up to a screen as it is and more through $PAGER. */
FILE *pager_open(FILE *terminal, int rows);

#endif
