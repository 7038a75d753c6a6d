/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_get.c - MUK's files to the host.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "transfer.h"

static int is_host_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int host_join(struct transfer *transfer, const char *folder, const char *name,
		     char ret_path[PATH_MAX])
{
	const char *slash = *folder && folder[strlen(folder) - 1] == '/' ? "" : "/";

	if (snprintf(ret_path, PATH_MAX, "%s%s%s", folder, slash, name) >= PATH_MAX)
		return shell_error(transfer->shell, EDVSNAMETOOLONG, "%s", name);
	return 0;
}

static int get_folder(struct transfer *transfer, const char *path, const char *host, int depth);

/* What stands in a folder; a name that would lead out of it is refused. */
static int get_entry(struct transfer *transfer, const struct fs_dirent *entry,
		     const char *folders[2], int depth)
{
	char path[SHELL_PATH_BYTES], host[PATH_MAX];
	struct fs_stat stat;
	int result;

	if (strchr(entry->name, '/') || files_join(folders[0], entry->name, path))
		return shell_error(transfer->shell, EDVSINVAL, "%s: a bad name", entry->name);
	result = host_join(transfer, folders[1], entry->name, host);
	if (result)
		return result;
	result = files_lstat(transfer->shell, path, &stat);
	if (result)
		return shell_error(transfer->shell, result, "%s", path);
	if (S_ISDIR(stat.mode))
		return get_folder(transfer, path, host, depth + 1);
	if (S_ISREG(stat.mode))
		return transfer_get(transfer, path, host);
	shell_note(transfer->shell, "%s is no file; left out", path);
	return 0;
}

static int get_folder(struct transfer *transfer, const char *path, const char *host, int depth)
{
	const char *folders[2] = { path, host };
	struct files_list list;
	int result;

	if (depth > TRANSFER_DEPTH)
		return shell_error(transfer->shell, EDVSLOOP, "%s: too deep", path);
	if (mkdir(host, 0777) && errno != EEXIST)
		return shell_error(transfer->shell, 0, "%s: on the host: %m", host);
	result = files_list(transfer->shell, path, &list);
	if (result)
		return shell_error(transfer->shell, result, "%s", path);
	for (int i = 0; i < list.count && !result; i++)
		result = get_entry(transfer, &list.entries[i], folders, depth);
	files_list_deinit(&list);
	return result;
}

/* into: the target is a folder that keeps the names of what comes. */
static int get_path(struct transfer *transfer, const char *path, const char *target, int into)
{
	struct fs_stat stat;
	char host[PATH_MAX];
	int result = files_stat(transfer->shell, path, &stat);

	if (result)
		return shell_error(transfer->shell, result, "%s", path);
	if (S_ISDIR(stat.mode) && !transfer->recursive)
		return shell_error(transfer->shell, EDVSISDIR, "%s (get -r fetches folders)", path);
	if (!into || !strcmp(target, "-"))
		snprintf(host, sizeof(host), "%s", target);
	else if (host_join(transfer, target, transfer_basename(path), host))
		return EDVSNAMETOOLONG;
	return S_ISDIR(stat.mode) ? get_folder(transfer, path, host, 0)
				  : transfer_get(transfer, path, host);
}

static int get_run(struct shell *shell, const struct arguments *arguments)
{
	int count = arguments->count;
	const char *target = count > 1 ? arguments->words[--count] : ".";
	struct transfer transfer;
	char path[SHELL_PATH_BYTES];
	int into = 1;
	int result = transfer_begin(shell, &transfer);

	if (result)
		return result;
	transfer.recursive = argument_option(arguments, "recursive") != NULL;
	if (arguments->count == 2)
		into = is_host_folder(target) && !transfer.recursive;
	else if (arguments->count > 2 && !is_host_folder(target))
		return shell_error(shell, 0, "%s: is no folder on the host", target);
	for (int i = 0; i < count && !result; i++) {
		result = files_path(shell, arguments->words[i], path);
		if (!result)
			result = get_path(&transfer, path, target, into);
	}
	if (!result)
		transfer_end(&transfer);
	return result;
}

static const struct command_option options[] = {
	{ "recursive", 'r', NULL, "folders too; what is in SOURCE goes into TARGET", NULL },
	{ 0 },
};

static void get_complete(struct shell *shell, struct completion *completion)
{
	complete_muk_path(shell, completion);
	if (completion->count > 0)
		complete_host_path(shell, completion);
}

const struct command command_get = {
	.name = "get",
	.group = GROUP_FILES,
	.arguments = "SOURCE... [TARGET]",
	.summary = "fetch MUK's files to the host, through M3FTP",
	.details =
		"TARGET is a file, a folder, or - for standard output; without one the files go\n"
		"to the host's folder (`lcd`). A file has its name when it is whole.",
	.example = "get /index.html - | wc -c",
	.json = "files  how many\nbytes  of all together",
	.options = options,
	.words_min = 1,
	.words_max = -1,
	.flags = COMMAND_ACTS | COMMAND_STREAM,
	.complete = get_complete,
	.run = get_run,
};
