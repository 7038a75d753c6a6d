/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_put.c - the host's files into MUK.
 */
#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "transfer.h"

static int make_folder(struct transfer *transfer, const char *path)
{
	struct fs_stat stat;
	int result = files_stat(transfer->shell, path, &stat);

	if (result == 0)
		return S_ISDIR(stat.mode) ? 0
					  : shell_error(transfer->shell, EDVSNOTDIR, "%s", path);
	result = files_mkdir(transfer->shell, path, 0755);
	return result ? shell_error(transfer->shell, result, "%s", path) : 0;
}

static int put_folder(struct transfer *transfer, const char *host, const char *path, int depth);

static int put_entry(struct transfer *transfer, const char *name, const char *folders[2], int depth)
{
	char path[SHELL_PATH_BYTES], host[PATH_MAX];
	struct stat st;

	if (files_join(folders[1], name, path) ||
	    snprintf(host, sizeof(host), "%s/%s", folders[0], name) >= (int)sizeof(host))
		return shell_error(transfer->shell, EDVSNAMETOOLONG, "%s", name);
	if (stat(host, &st))
		return shell_error(transfer->shell, 0, "%s: on the host: %m", host);
	if (S_ISDIR(st.st_mode))
		return put_folder(transfer, host, path, depth + 1);
	if (S_ISREG(st.st_mode))
		return transfer_put(transfer, host, path);
	shell_note(transfer->shell, "%s is no file; left out", host);
	return 0;
}

static int put_folder(struct transfer *transfer, const char *host, const char *path, int depth)
{
	const char *folders[2] = { host, path };
	struct dirent **entries;
	int count;
	int result;

	if (depth > TRANSFER_DEPTH)
		return shell_error(transfer->shell, EDVSLOOP, "%s: too deep", host);
	result = make_folder(transfer, path);
	if (result)
		return result;
	count = scandir(host, &entries, NULL, alphasort);
	if (count < 0)
		return shell_error(transfer->shell, 0, "%s: on the host: %m", host);
	for (int i = 0; i < count; i++) {
		if (!result && strcmp(entries[i]->d_name, ".") && strcmp(entries[i]->d_name, ".."))
			result = put_entry(transfer, entries[i]->d_name, folders, depth);
		free(entries[i]);
	}
	free(entries);
	return result;
}

static int put_path(struct transfer *transfer, const char *host, const char *target, int into)
{
	const char *name = transfer_basename(host);
	char path[SHELL_PATH_BYTES];
	struct stat st = { 0 };

	if (strcmp(host, "-") && stat(host, &st))
		return shell_error(transfer->shell, 0, "%s: on the host: %m", host);
	if (S_ISDIR(st.st_mode) && !transfer->recursive)
		return shell_error(transfer->shell, EDVSISDIR, "%s (put -r stores folders)", host);
	if (into && (!*name || !strcmp(name, "-")))
		return shell_error(transfer->shell, 0, "%s needs a name in MUK", host);
	if (files_join(target, into ? name : "", path))
		return shell_error(transfer->shell, EDVSNAMETOOLONG, "%s", host);
	return S_ISDIR(st.st_mode) ? put_folder(transfer, host, path, 0)
				   : transfer_put(transfer, host, path);
}

static int is_folder(struct shell *shell, const char *path)
{
	struct fs_stat stat;

	return files_stat(shell, path, &stat) == 0 && S_ISDIR(stat.mode);
}

static int put_run(struct shell *shell, const struct arguments *arguments)
{
	int count = arguments->count;
	const char *word = count > 1 ? arguments->words[--count] : ".";
	struct transfer transfer;
	char target[SHELL_PATH_BYTES];
	int into = 1;
	int result = transfer_begin(shell, &transfer);

	if (!result)
		result = files_path(shell, word, target);
	if (result)
		return result;
	transfer.is_put = 1;
	transfer.recursive = argument_option(arguments, "recursive") != NULL;
	if (arguments->count == 2)
		into = is_folder(shell, target) && !transfer.recursive;
	else if (arguments->count > 2 && !is_folder(shell, target))
		return shell_error(shell, EDVSNOTDIR, "%s", word);
	for (int i = 0; i < count && !result; i++)
		result = put_path(&transfer, arguments->words[i], target, into);
	if (!result)
		transfer_end(&transfer);
	return result;
}

static const struct command_option options[] = {
	{ "recursive", 'r', NULL, "folders too; what is in SOURCE goes into TARGET", NULL },
	{ 0 },
};

static void put_complete(struct shell *shell, struct completion *completion)
{
	complete_host_path(shell, completion);
	if (completion->count > 0)
		complete_muk_path(shell, completion);
}

const struct command command_put = {
	.name = "put",
	.group = GROUP_FILES,
	.arguments = "SOURCE... [TARGET]",
	.summary = "store the host's files in MUK, through M3FTP",
	.details = "TARGET is a file or a folder in MUK; without one the files go to the shell's "
		   "folder (`cd`). SOURCE - is standard input. A file appears when it is whole.",
	.example = "put /etc/hostname /tmp-hostname",
	.json = "files  how many\nbytes  of all together",
	.options = options,
	.words_min = 1,
	.words_max = -1,
	.flags = COMMAND_ACTS | COMMAND_STREAM,
	.complete = put_complete,
	.run = put_run,
};
