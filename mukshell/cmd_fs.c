/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_fs.c - FS's tables: clients, open files, inodes in use.
 */
#include "command.h"
#include "look.h"

static int fs_run(struct shell *shell, const struct arguments *arguments)
{
	static const char *const types[] = { "fs.client", "fs.file", "fs.inode", NULL };

	return look_tables(shell, types, arguments->count ? arguments->words[0] : NULL);
}

const struct command command_fs = {
	.name = "fs",
	.group = GROUP_LOOK,
	.arguments = "[ENDPOINT]",
	.summary = "show FS's clients, open files and inodes in use",
	.details = LOOK_TABLES_DETAILS,
	.example = "fs",
	.json = LOOK_TABLES_JSON,
	.words_max = 1,
	.complete = complete_endpoint,
	.run = fs_run,
};
