/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_mv.c - gives files another name or puts them into a folder.
 */
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "files.h"

/* Into a folder the file keeps its name. */
static int move(struct shell *shell, const char *source, const char *target, int into)
{
	const char *slash = strrchr(source, '/');
	char path[SHELL_PATH_BYTES];
	int result;

	if (!into)
		return files_rename(shell, source, target);
	result = files_join(target, slash + 1, path);
	return result ? result : files_rename(shell, source, path);
}

/* a/ means a folder, which must be there. */
static int names_folder(const char *word)
{
	size_t length = strlen(word);

	return length > 0 && word[length - 1] == '/';
}

static int mv_run(struct shell *shell, const struct arguments *arguments)
{
	int last = arguments->count - 1;
	char source[SHELL_PATH_BYTES], target[SHELL_PATH_BYTES];
	struct fs_stat stat;
	int result = files_begin(shell);
	int into;

	if (!result)
		result = files_path(shell, arguments->words[last], target);
	if (result)
		return result;
	into = files_stat(shell, target, &stat) == 0 && S_ISDIR(stat.mode);
	if (!into && (last > 1 || names_folder(arguments->words[last])))
		return shell_error(shell, EDVSNOTDIR, "%s", arguments->words[last]);
	for (int i = 0; i < last && !result; i++) {
		result = files_path(shell, arguments->words[i], source);
		if (result)
			return result;
		result = move(shell, source, target, into);
		if (result)
			shell_error(shell, result, "%s to %s", arguments->words[i],
				    arguments->words[last]);
	}
	return result;
}

const struct command command_mv = {
	.name = "mv",
	.group = GROUP_FILES,
	.arguments = "SOURCE... TARGET",
	.summary = "rename MUK's files, or put them into a folder",
	.example = "-mv /tmp/a /tmp/b",
	.words_min = 2,
	.words_max = -1,
	.flags = COMMAND_ACTS,
	.complete = complete_muk_path,
	.run = mv_run,
};
