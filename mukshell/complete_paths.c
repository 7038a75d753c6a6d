/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * complete_paths.c - names of processes and files that could stand at the cursor.
 *
 * FS is asked with a short timeout for all its calls together; when it hangs
 * there are no proposals, and the prompt stays quick. Processes come from the
 * state that the prompt has seen last.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <inspect.h>

#include "complete.h"
#include "files.h"
#include "talk.h"

/* ---- processes ------------------------------------------------------------- */

void complete_endpoint_after(struct shell *shell, struct completion *completion, const char *prefix)
{
	struct inspect *in = shell->last ? inspect_create(shell->last, NULL) : NULL;
	char name[INSPECT_NAME_BYTES], text[128];

	if (!in)
		return;
	for (int i = 0; i < shell->last->count; i++) {
		snprintf(text, sizeof(text), "%s%s", prefix,
			 inspect_name(in, shell->last->procs[i].endpoint, name));
		completion_add(completion, text);
	}
	inspect_destroy(in);
}

void complete_endpoint(struct shell *shell, struct completion *completion)
{
	complete_endpoint_after(shell, completion, "");
}

/* ---- files ------------------------------------------------------------------ */

/* prefix + folder + name, with a slash behind a folder's name. */
static void propose(struct completion *completion, const struct completion_paths *paths,
		    const char *name, int is_folder)
{
	const char *slash = strrchr(paths->path, '/');
	int folder_bytes = slash ? (int)(slash + 1 - paths->path) : 0;
	char text[2 * SHELL_PATH_BYTES];

	if (name[0] == '.' && paths->path[folder_bytes] != '.')
		return;
	snprintf(text, sizeof(text), "%s%.*s%s%s", paths->prefix, folder_bytes, paths->path, name,
		 is_folder ? "/" : "");
	if (is_folder)
		completion_add_open(completion, text);
	else
		completion_add(completion, text);
}

static void list_muk_folder(struct shell *shell, struct completion *completion,
			    const struct completion_paths *paths)
{
	const char *slash = strrchr(paths->path, '/');
	char folder[SHELL_PATH_BYTES], path[SHELL_PATH_BYTES];
	struct files_list list;

	if (slash && slash - paths->path + 1 >= (long)sizeof(folder))
		return;
	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash + 1 - paths->path) : 0,
		 paths->path);
	if (files_join(shell->cwd, folder, path) || files_list(shell, path, &list))
		return;
	for (int i = 0; i < list.count; i++)
		propose(completion, paths, list.entries[i].name,
			list.entries[i].type == FS_TYPE_DIR);
	files_list_deinit(&list);
}

void complete_muk_paths(struct shell *shell, struct completion *completion,
			const struct completion_paths *paths)
{
	long timeout_before = shell->timeout_ms;

	if (shell->read_only || shell->lost || !shell->view || files_begin(shell))
		return;
	shell->timeout_ms = COMPLETION_MS / COMPLETION_FS_CALLS;
	list_muk_folder(shell, completion, paths);
	shell->timeout_ms = timeout_before;
}

void complete_muk_path(struct shell *shell, struct completion *completion)
{
	const struct completion_paths paths = { "", completion->word };

	complete_muk_paths(shell, completion, &paths);
}

static int is_host_folder(const struct dirent *entry, DIR *dir)
{
	struct stat st;

	if (entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN)
		return entry->d_type == DT_DIR;
	return fstatat(dirfd(dir), entry->d_name, &st, 0) == 0 && S_ISDIR(st.st_mode);
}

void complete_host_paths(struct completion *completion, const struct completion_paths *paths)
{
	const char *slash = strrchr(paths->path, '/');
	char folder[4096] = ".";
	struct dirent *entry;
	DIR *dir;

	if (slash && slash - paths->path + 1 < (long)sizeof(folder))
		snprintf(folder, sizeof(folder), "%.*s", (int)(slash + 1 - paths->path),
			 paths->path);
	dir = opendir(folder);
	while (dir && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			propose(completion, paths, entry->d_name, is_host_folder(entry, dir));
	if (dir)
		closedir(dir);
}

void complete_host_path(struct shell *shell, struct completion *completion)
{
	const struct completion_paths paths = { "", completion->word };

	(void)shell;
	complete_host_paths(completion, &paths);
}
