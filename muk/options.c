/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.c - muk's command line: the table, and what is made from it.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dvk/limits.h>
#include <dvk/state.h>

#include "config/muk_config.h"
#include "options.h"
#include "runtime/task.h"

#define USAGE "muk CONFIG [OPTIONS]"

struct option_row {
	const char *name;
	char letter;          /* 0: none */
	const char *argument; /* NULL: it takes none */
	const char *meaning;
	int (*take)(struct muk_options *options, const char *argument);
};

static int take_dcid(struct muk_options *options, const char *argument)
{
	char *end;
	long dcid = strtol(argument, &end, 10);

	if (end == argument || *end || dcid < 0 || dcid >= NR_DCS) {
		fprintf(stderr, "muk: --dc %s: expected a number from 0 to %d\n", argument,
			NR_DCS - 1);
		return MUK_EXIT_USAGE;
	}
	options->dcid = (int)dcid;
	return 0;
}

static int take_runtime(struct muk_options *options, const char *argument)
{
	if (strcmp(argument, "coroutines") == 0)
		options->runtime = RUNTIME_COROUTINES;
	else if (strcmp(argument, "threads") == 0)
		options->runtime = RUNTIME_THREADS;
	else {
		fprintf(stderr, "muk: --runtime %s: expected coroutines or threads\n", argument);
		return MUK_EXIT_USAGE;
	}
	return 0;
}

static int take_dir(struct muk_options *options, const char *argument)
{
	if (!*argument) {
		fputs("muk: --dir: expected the name of a folder\n", stderr);
		return MUK_EXIT_USAGE;
	}
	options->dir = argument;
	return 0;
}

static int take_group(struct muk_options *options, const char *argument)
{
	if (dvk_parse_group(argument, &options->group)) {
		fprintf(stderr, "muk: --group %s: expected a group of this machine\n", argument);
		return MUK_EXIT_USAGE;
	}
	options->has_group = 1;
	return 0;
}

static int take_verbose(struct muk_options *options, const char *argument)
{
	(void)argument;
	options->verbose = 1;
	return 0;
}

#define ACTION(function, what)                                                 \
	static int function(struct muk_options *options, const char *argument) \
	{                                                                      \
		(void)argument;                                                \
		options->action = what;                                        \
		return 0;                                                      \
	}
ACTION(take_check, MUK_CHECK)
ACTION(take_help, MUK_HELP)
ACTION(take_man, MUK_MAN)
ACTION(take_version, MUK_VERSION)

static const struct option_row rows[] = {
	{ "dc", 0, "N", "the DC's number, instead of the configuration's dcid", take_dcid },
	{ "runtime", 0, "coroutines|threads", "what tasks are, instead of the configuration's",
	  take_runtime },
	{ "dir", 0, "DIR", "the folder of the DC's segment, instead of the usual ones", take_dir },
	{ "group", 0, "GROUP", "whose members may enter the DC too, when this makes it",
	  take_group },
	{ "check", 0, NULL, "only reads the configuration, and says what is wrong with it",
	  take_check },
	{ "verbose", 'v', NULL, "prints a line for each server when it is ready", take_verbose },
	{ "help", 'h', NULL, "prints this, and all entries of the configuration", take_help },
	{ "man", 0, NULL, "prints the manual page, for man -l -", take_man },
	{ "version", 'V', NULL, "prints the version", take_version },
};
#define ROWS ((int)(sizeof(rows) / sizeof(rows[0])))

static void make_options(struct option *ret_long, char *ret_letters)
{
	memset(ret_long, 0, (ROWS + 1) * sizeof(*ret_long));
	for (int i = 0; i < ROWS; i++) {
		ret_long[i].name = rows[i].name;
		ret_long[i].has_arg = rows[i].argument ? required_argument : no_argument;
		ret_long[i].val = 256 + i;
		if (rows[i].letter)
			*ret_letters++ = rows[i].letter;
	}
	*ret_letters = '\0';
}

static const struct option_row *row_of(int value)
{
	if (value >= 256)
		return &rows[value - 256];
	for (int i = 0; i < ROWS; i++)
		if (rows[i].letter == value)
			return &rows[i];
	return NULL;
}

int muk_options_read(int argc, char **argv, struct muk_options *ret_options)
{
	struct muk_options options = { .dcid = MUK_UNSET, .runtime = MUK_UNSET };
	struct option long_options[ROWS + 1];
	char letters[ROWS + 1];
	int value;

	make_options(long_options, letters);
	while ((value = getopt_long(argc, argv, letters, long_options, NULL)) != -1) {
		const struct option_row *row = row_of(value);

		if (!row || row->take(&options, optarg) != 0) {
			fputs("usage: " USAGE "; muk --help lists the options\n", stderr);
			return MUK_EXIT_USAGE;
		}
	}
	options.config = argv[optind];
	if (options.action <= MUK_CHECK && (!options.config || argv[optind + 1])) {
		fprintf(stderr, "muk: %s\nusage: " USAGE "; muk --help lists the options\n",
			options.config ? "more than one configuration" : "no configuration given");
		return MUK_EXIT_USAGE;
	}
	*ret_options = options;
	return 0;
}

void muk_options_help(void)
{
	char left[64];

	puts("usage: " USAGE "\n"
	     "Boots a MUK: its servers as tasks of this process, in a Distributed Container (DC).\n"
	     "SIGTERM and SIGINT stop it, with everything written; a second one at once.\n"
	     "Exit status: 0 stopped in order, 1 it could not start or stop, 3 usage.\n");
	for (int i = 0; i < ROWS; i++) {
		snprintf(left, sizeof(left), "%s%s%s", rows[i].name, rows[i].argument ? " " : "",
			 rows[i].argument ? rows[i].argument : "");
		printf("  --%-28s %s\n", left, rows[i].meaning);
	}
	puts("\nA configuration is in this notation, or in libconfig's ('entry = value;'). File\n"
	     "names start at its folder. A server without its endpoint is not started.\n");
	muk_config_print_help(stdout);
}

void muk_options_man(void)
{
	puts(".TH MUK 1\n.SH NAME\nmuk \\- boot a unikernel made of servers\n"
	     ".SH SYNOPSIS\n.B muk\n.I CONFIG\n[OPTIONS]\n"
	     ".SH DESCRIPTION\n"
	     "Reads a configuration, makes its Distributed Container (DC) if there is none, and\n"
	     "starts the servers as tasks of this process. Prints one line when all are ready,\n"
	     "with the time since the process began: the processor time up to main, and the\n"
	     "time of day from there on.\n"
	     "SIGTERM, SIGINT and SIGHUP stop the servers in the reverse order, with everything\n"
	     "written; a second one ends the process at once.\n"
	     "When it dies of SIGSEGV, SIGBUS, SIGILL, SIGFPE or SIGABRT, it first lets the\n"
	     "mukshell beside it write a dump of its DC to $XDG_STATE_HOME/muk/NAME-dcN.mukdump "
	     "(or ~/.local/state/muk), says so,\n"
	     "and mukshell load FILE shows the state in which it died.\n"
	     "No privileges are needed. Members of an embedded DC share memory and trust each\n"
	     "other; its border is the permission of its segment.\n.SH OPTIONS");
	for (int i = 0; i < ROWS; i++) {
		printf(".TP\n\\fB\\-\\-%s\\fR", rows[i].name);
		if (rows[i].argument)
			printf(" \\fI%s\\fR", rows[i].argument);
		printf("\n%s\n", rows[i].meaning);
	}
	puts(".SH CONFIGURATION\nIn the published notation or in libconfig's syntax. File names\n"
	     "start at the folder of the file that has them. A server without its endpoint is\n"
	     "not started.\n.nf");
	muk_config_print_help(stdout);
	puts(".fi\n.SH EXIT STATUS\n0: stopped in order. 1: it could not start, or stop in order.\n"
	     "3: usage.\n.SH SEE ALSO\n.BR mukshell (1)");
}
