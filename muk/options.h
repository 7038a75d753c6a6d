/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - muk's command line, from one table: reading, --help, the man page.
 */
#ifndef MUK_OPTIONS_H
#define MUK_OPTIONS_H

#include <sys/types.h>

#define MUK_UNSET      (-1)
#define MUK_EXIT_USAGE 3

/* What muk does. */
enum muk_action {
	MUK_RUN,
	MUK_CHECK,
	MUK_HELP,
	MUK_MAN,
	MUK_VERSION,
};

struct muk_options {
	const char *config; /* the configuration's file name */
	const char *dir;    /* where the DC's segment is made or found; NULL: the usual folders */
	int dcid;           /* instead of the configuration's; MUK_UNSET */
	int runtime;        /* the same; enum runtime_kind */
	int has_group;
	gid_t group; /* with has_group: whose members may enter the DC that it makes */
	int verbose;
	enum muk_action action;
};

/* Reads the command line. 0, or MUK_EXIT_USAGE after it has said what is wrong. */
int muk_options_read(int argc, char **argv, struct muk_options *ret_options);

/* Writes --help, or the man page, to standard output. */
void muk_options_help(void);
void muk_options_man(void);

#endif
