/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * words.h - a line of the shell, taken apart: words, and where the output goes.
 */
#ifndef MUKSHELL_WORDS_H
#define MUKSHELL_WORDS_H

#include "command.h"

enum line_target {
	LINE_TO_OUT,     /* nothing said: where the shell prints */
	LINE_TO_PROGRAM, /* COMMAND | program */
	LINE_TO_FILE,    /* COMMAND > file */
	LINE_APPENDS,    /* COMMAND >> file */
};

struct line {
	int count;
	char *words[COMMAND_WORDS];
	enum line_target target;
	char *target_text;  /* the program's line or the file's name, else NULL */
	int may_fail;       /* began with `-`: a script goes on when it fails */
	char *host_command; /* !COMMAND: for the host's shell; then no words */
};

/*
 * Takes text apart. 0, or EDVSINVAL (a quote without its end, nothing after | or
 * >), EDVS2BIG (too many words), with *ret_problem a constant sentence. The line
 * owns its strings until line_deinit(), which is fine after a failure too.
 */
int line_init(struct line *line, const char *text, const char **ret_problem);
void line_deinit(struct line *line);

/* Where the last word of an unfinished line begins, and its quote (' " or 0). */
int line_last_word(const char *text, int length, char *ret_quote);

/* word in a form that line_init() reads as this one word; the caller frees it. */
char *word_quote(const char *word);

#endif
