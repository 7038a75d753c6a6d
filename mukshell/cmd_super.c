/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_super.c - the superblocks of mounted file systems.
 */
#include "command.h"
#include "look.h"

static int super_run(struct shell *shell, const struct arguments *arguments)
{
	static const char *const types[] = { "fs.super", NULL };

	return look_tables(shell, types, arguments->count ? arguments->words[0] : NULL);
}

const struct command command_super = {
	.name = "super",
	.group = GROUP_LOOK,
	.arguments = "[ENDPOINT]",
	.summary = "show the superblocks of mounted file systems",
	.details = LOOK_TABLES_DETAILS,
	.example = "super",
	.json = LOOK_TABLES_JSON,
	.words_max = 1,
	.complete = complete_endpoint,
	.run = super_run,
};
