/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_cd.c - where paths in MUK start.
 *
 * FS is told as well, so that relative paths of `call` start there too.
 */
#include <string.h>

#include "command.h"
#include "files.h"

static int cd_run(struct shell *shell, const struct arguments *arguments)
{
	const char *word = arguments->count ? arguments->words[0] : "/";
	char path[SHELL_PATH_BYTES];
	int result = files_begin(shell);

	if (!result)
		result = files_path(shell, word, path);
	if (result)
		return result;
	result = files_simple(shell, FS_CALL_CHDIR, path);
	if (result)
		return shell_error(shell, result, "%s", word);
	strcpy(shell->cwd, path);
	return 0;
}

const struct command command_cd = {
	.name = "cd",
	.group = GROUP_FILES,
	.arguments = "[PATH]",
	.summary = "go to a folder of MUK; without one, to /",
	.example = "cd /",
	.words_min = 0,
	.words_max = 1,
	.flags = COMMAND_ACTS,
	.complete = complete_muk_path,
	.run = cd_run,
};
