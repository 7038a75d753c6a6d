/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * program.h - the program's own options and its ways to run.
 */
#ifndef MUKSHELL_PROGRAM_H
#define MUKSHELL_PROGRAM_H

#include "shell.h"

#define PROGRAM_STEPS    256 /* -c and -f together */
#define MUKSHELL_VERSION "0.2"

struct program_option {
	const char *name;
	int code;          /* its letter; above OPTION_LETTERS it has none */
	const char *value; /* NULL: takes none */
	const char *summary;
};
#define OPTION_LETTERS 255
enum { OPTION_JSON = OPTION_LETTERS + 1, OPTION_READ_ONLY, OPTION_DIR, OPTION_VERSION, OPTION_MAN };
#define PROGRAM_OPTIONS 16                            /* room for the table, its end included */
extern const struct program_option program_options[]; /* ends with a NULL name */

/* The table in getopt_long's two forms; letters take 2 * PROGRAM_OPTIONS bytes. */
struct option;
void program_getopt(struct option *ret_long, char *ret_short);

/* One -c or -f. */
struct program_step {
	int is_script;
	const char *text;
};

struct program {
	struct shell *shell;
	const char *attach; /* the DC, NULL: none */
	const char *load;   /* the file, NULL: none */
	int count;
	struct program_step steps[PROGRAM_STEPS];
};

/* interactive.c: prompts until Ctrl-D or quit. */
void program_converse(struct program *program);

/* manual.c: the program's help for a terminal, and its man page. */
void manual_print_usage(FILE *out);
void manual_print_roff(FILE *out);

#endif
