/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arguments.h - options and words of one command.
 */
#ifndef MUKSHELL_ARGUMENTS_H
#define MUKSHELL_ARGUMENTS_H

#include "command.h"

struct arguments_problem {
	char text[160]; /* "there is no option --x" */
};

/*
 * Fills *arguments from the words after the command's name, which stay as they
 * are. Its command is set, and its words have room for count. 0, or EDVSINVAL and
 * the problem.
 */
int arguments_parse(struct arguments *arguments, char **words, int count,
		    struct arguments_problem *ret_problem);

#endif
