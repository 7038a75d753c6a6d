/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arguments.h - options and words of one command.
 */
#ifndef MUKSHELL_ARGUMENTS_H
#define MUKSHELL_ARGUMENTS_H

#include "command.h"

struct arguments_problem {
	char text[160];		/* "there is no option --x" */
};

/*
 * Fills *arguments (its command is set) from the words after the command's name;
 * words is put in order in place, options aside. 0, or EDVSINVAL and the problem.
 */
int arguments_parse(struct arguments *arguments, char **words, int count,
		    struct arguments_problem *ret_problem);

#endif
