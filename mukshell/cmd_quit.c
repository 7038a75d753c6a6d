/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_quit.c - ends the shell, or the script that it runs.
 */
#include "command.h"
#include "shell.h"

static int quit_run(struct shell *shell, const struct arguments *arguments)
{
	(void)arguments;
	shell->quit = 1;
	return 0;
}

const struct command command_quit = {
	.name = "quit",
	.group = GROUP_SHELL,
	.arguments = "",
	.summary = "leave; Ctrl-D does it as well",
	.details = "The MUK runs on. The shell's slot is given back.",
	.example = "quit",
	.flags = COMMAND_WITHOUT_DC,
	.run = quit_run,
};
