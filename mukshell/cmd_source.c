/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_source.c - runs the lines of a file here.
 */
#include "command.h"
#include "run.h"

static int source_run(struct shell *shell, const struct arguments *arguments)
{
	return run_script(shell, arguments->words[0]);
}

const struct command command_source = {
	.name = "source",
	.group = GROUP_SHELL,
	.arguments = "SCRIPT",
	.summary = "run the commands of a file",
	.details = "It stops at the first command that fails, unless the line begins with `-`. "
		   "What follows # is a comment. Commands are written out in full.",
	.example = "source samples/demo/tour.msh",
	.words_min = 1,
	.words_max = 1,
	.flags = COMMAND_WITHOUT_DC | COMMAND_STREAM,
	.complete = complete_host_path,
	.run = source_run,
};
