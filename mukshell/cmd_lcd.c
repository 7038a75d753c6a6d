/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_lcd.c - where paths on the host start.
 */
#include <stdlib.h>
#include <unistd.h>

#include "command.h"
#include "shell.h"

static int lcd_run(struct shell *shell, const struct arguments *arguments)
{
	const char *path = arguments->count ? arguments->words[0] : getenv("HOME");

	if (!path || chdir(path))
		return shell_error(shell, 0, "%s: %m", path ? path : "HOME");
	return 0;
}

const struct command command_lcd = {
	.name = "lcd",
	.group = GROUP_FILES,
	.arguments = "[PATH]",
	.summary = "go to a folder of the host, for get, put and @FILE",
	.example = "lcd /tmp",
	.words_min = 0,
	.words_max = 1,
	.flags = COMMAND_WITHOUT_DC,
	.complete = complete_host_path,
	.run = lcd_run,
};
