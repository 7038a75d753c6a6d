/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.c - the program's options: one table for getopt, --help and the man page.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "program.h"

const struct program_option program_options[] = {
	{ "command", 'c', "COMMAND", "run a command and leave; may be given several times" },
	{ "file", 'f', "SCRIPT", "run the lines of a file (- for standard input) and leave" },
	{ "json", OPTION_JSON, NULL,
	  "print one JSON value for each command, one object a line for streams" },
	{ "read-only", OPTION_READ_ONLY, NULL,
	  "only look: no slot, no messages, the DC's memory is mapped read-only" },
	{ "dir", OPTION_DIR, "DIR", "the folder where DCs live" },
	{ "quiet", 'q', NULL, "no greeting, no remarks, no hints" },
	{ "version", OPTION_VERSION, NULL, "print the version" },
	{ "help", 'h', NULL, "print this" },
	{ "man", OPTION_MAN, NULL, NULL },
	{ NULL, 0, NULL, NULL },
};

static_assert(sizeof(program_options) / sizeof(program_options[0]) <= PROGRAM_OPTIONS,
	      "getopt's tables have room");

void program_getopt(struct option *ret_long, char *ret_short)
{
	const struct program_option *option = program_options;

	*ret_short = '\0';
	for (; option->name; option++) {
		*ret_long++ =
			(struct option){ option->name, option->value != NULL, NULL, option->code };
		if (option->code <= OPTION_LETTERS)
			ret_short +=
				sprintf(ret_short, "%c%s", option->code, option->value ? ":" : "");
	}
	memset(ret_long, 0, sizeof(*ret_long));
}
