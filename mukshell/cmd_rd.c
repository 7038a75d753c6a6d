/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_rd.c - RDISK's table of devices.
 */
#include "command.h"
#include "look.h"

static int rd_run(struct shell *shell, const struct arguments *arguments)
{
	static const char *const types[] = { "rdisk.device", NULL };

	return look_tables(shell, types, arguments->count ? arguments->words[0] : NULL);
}

const struct command command_rd = {
	.name = "rd",
	.group = GROUP_LOOK,
	.arguments = "[ENDPOINT]",
	.summary = "show RDISK's devices and what was read and written",
	.details = LOOK_TABLES_DETAILS,
	.example = "rd",
	.json = LOOK_TABLES_JSON,
	.words_max = 1,
	.complete = complete_endpoint,
	.run = rd_run,
};
