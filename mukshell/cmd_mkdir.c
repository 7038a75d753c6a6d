/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_mkdir.c - makes folders.
 */
#include <sys/stat.h>

#include "command.h"
#include "files.h"

/* Every folder on the way; one that is there already is fine. */
static int make_all(struct shell *shell, const char *path)
{
	char part[SHELL_PATH_BYTES];
	struct fs_stat stat;
	int result = 0;

	for (int i = 1; !result && path[i - 1]; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		snprintf(part, sizeof(part), "%.*s", i, path);
		if (files_stat(shell, part, &stat) == 0)
			result = S_ISDIR(stat.mode) ? 0 : EDVSNOTDIR;
		else
			result = files_mkdir(shell, part, 0755);
	}
	return result;
}

static int mkdir_run(struct shell *shell, const struct arguments *arguments)
{
	int parents = argument_option(arguments, "parents") != NULL;
	char path[SHELL_PATH_BYTES];
	int result = files_begin(shell);

	for (int i = 0; i < arguments->count && !result; i++) {
		result = files_path(shell, arguments->words[i], path);
		if (result)
			return result;
		result = parents ? make_all(shell, path) : files_mkdir(shell, path, 0755);
		if (result)
			shell_error(shell, result, "%s", arguments->words[i]);
	}
	return result;
}

static const struct command_option options[] = {
	{ "parents", 'p', NULL, "make what is missing on the way; no error if it is there", NULL },
	{ 0 },
};

const struct command command_mkdir = {
	.name = "mkdir",
	.group = GROUP_FILES,
	.arguments = "PATH...",
	.summary = "make folders in MUK",
	.example = "mkdir -p /tmp/new",
	.options = options,
	.words_min = 1,
	.words_max = -1,
	.flags = COMMAND_ACTS,
	.complete = complete_muk_path,
	.run = mkdir_run,
};
