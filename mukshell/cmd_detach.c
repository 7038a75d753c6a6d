/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_detach.c - lets the DC go; the shell stays.
 */
#include "command.h"
#include "session.h"

static int detach_run(struct shell *shell, const struct arguments *arguments)
{
	(void)arguments;
	session_detach(shell);
	return 0;
}

const struct command command_detach = {
	.name = "detach",
	.group = GROUP_SHELL,
	.arguments = "",
	.summary = "let the DC go and stay in the shell",
	.example = "detach",
	.run = detach_run,
};
