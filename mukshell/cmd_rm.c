/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_rm.c - removes files and, if asked, folders with all that is in them.
 */
#include <sys/stat.h>

#include "command.h"
#include "files.h"

#define RM_DEPTH 64

static int remove_path(struct shell *shell, const char *path, int depth);

static int remove_folder(struct shell *shell, const char *path, int depth)
{
	struct files_list list;
	char child[SHELL_PATH_BYTES];
	int result = depth < RM_DEPTH ? files_list(shell, path, &list) : EDVSLOOP;

	if (result)
		return result;
	for (int i = 0; i < list.count && !result; i++) {
		result = shell_interrupted(shell) ? EDVSINTR
						  : files_join(path, list.entries[i].name, child);
		if (!result)
			result = remove_path(shell, child, depth + 1);
	}
	files_list_deinit(&list);
	return result ? result : files_simple(shell, FS_CALL_RMDIR, path);
}

/* depth 0: folders are not removed. */
static int remove_path(struct shell *shell, const char *path, int depth)
{
	struct fs_stat stat;
	int result = files_lstat(shell, path, &stat);

	if (result)
		return result;
	if (!S_ISDIR(stat.mode))
		return files_simple(shell, FS_CALL_UNLINK, path);
	return depth ? remove_folder(shell, path, depth) : EDVSISDIR;
}

static int rm_run(struct shell *shell, const struct arguments *arguments)
{
	int depth = argument_option(arguments, "recursive") ? 1 : 0;
	char path[SHELL_PATH_BYTES];
	int result = files_begin(shell);
	int failed;

	if (result)
		return result;
	for (int i = 0; i < arguments->count; i++) {
		failed = files_path(shell, arguments->words[i], path);
		if (!failed) {
			failed = remove_path(shell, path, depth);
			if (failed)
				shell_error(shell, failed, "%s%s", arguments->words[i],
					    failed == EDVSISDIR ? " (rm -r removes folders)" : "");
		}
		result = result ? result : failed;
	}
	return result;
}

static const struct command_option options[] = {
	{ "recursive", 'r', NULL, "folders too, with all that is in them", NULL },
	{ 0 },
};

const struct command command_rm = {
	.name = "rm",
	.group = GROUP_FILES,
	.arguments = "PATH...",
	.summary = "remove MUK's files",
	.example = "-rm -r /tmp/old",
	.options = options,
	.words_min = 1,
	.words_max = -1,
	.flags = COMMAND_ACTS,
	.complete = complete_muk_path,
	.run = rm_run,
};
