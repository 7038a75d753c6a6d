/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * files_list.c - paths and folders.
 */
#include <stdlib.h>
#include <string.h>

#include "files.h"

#define LIST_ENTRIES 256     /* asked for at once */
#define LIST_MAX     1000000 /* of one folder */

/* Puts one part behind path, or goes one up. */
static int append(char path[SHELL_PATH_BYTES], const char *part, size_t length)
{
	size_t used = strlen(path);

	if (length == 0 || (length == 1 && part[0] == '.'))
		return 0;
	if (length == 2 && part[0] == '.' && part[1] == '.') {
		*strrchr(path, '/') = '\0';
		if (path[0] == '\0')
			strcpy(path, "/");
		return 0;
	}
	if (path[used - 1] == '/')
		used--;
	if (used + 1 + length >= SHELL_PATH_BYTES)
		return EDVSNAMETOOLONG;
	path[used++] = '/';
	memcpy(path + used, part, length);
	path[used + length] = '\0';
	return 0;
}

int files_join(const char *folder, const char *word, char ret_path[SHELL_PATH_BYTES])
{
	int result = 0;

	strcpy(ret_path, *word == '/' ? "/" : folder);
	while (*word && !result) {
		size_t length = strcspn(word, "/");

		result = append(ret_path, word, length);
		word += length + (word[length] == '/');
	}
	return result;
}

int files_path(struct shell *shell, const char *word, char ret_path[SHELL_PATH_BYTES])
{
	if (!*word)
		return shell_error(shell, EDVSNOENT, "an empty path names no file");
	if (files_join(shell->cwd, word, ret_path))
		return shell_error(shell, EDVSNAMETOOLONG, "a path has at most %d bytes",
				   SHELL_PATH_BYTES - 1);
	return 0;
}

static int is_self_or_parent(const struct fs_dirent *entry)
{
	return !strcmp(entry->name, ".") || !strcmp(entry->name, "..");
}

/* Adds what FS gave; names are cut at their field's end whatever came. */
static int add_entries(struct files_list *list, struct fs_dirent *entries, int count)
{
	struct fs_dirent *bigger;

	if (list->count + count > LIST_MAX)
		return EDVSRANGE;
	bigger = realloc(list->entries, (size_t)(list->count + count) * sizeof(*bigger));
	if (!bigger)
		return EDVSNOMEM;
	list->entries = bigger;
	for (int i = 0; i < count; i++) {
		entries[i].name[sizeof(entries[i].name) - 1] = '\0';
		if (!is_self_or_parent(&entries[i]))
			list->entries[list->count++] = entries[i];
	}
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct fs_dirent *)a)->name, ((const struct fs_dirent *)b)->name);
}

static int read_entries(struct shell *shell, int fd, struct files_list *list)
{
	struct fs_dirent *entries = calloc(LIST_ENTRIES, sizeof(*entries));
	int result = entries ? 0 : EDVSNOMEM;

	while (!result) {
		message m = { .m_type = FS_CALL_GETDENTS };
		struct fs_getdents_request *request = (void *)m.payload;
		size_t got;

		request->fd = fd;
		request->buffer.address = dvk_address(entries);
		request->buffer.bytes = LIST_ENTRIES * sizeof(*entries);
		result = shell_sendrec(shell, shell->fs_ep, &m, shell->timeout_ms);
		if (!result && m.m_type < 0)
			result = m.m_type;
		if (result)
			break;
		got = ((struct fs_getdents_reply *)m.payload)->bytes / sizeof(*entries);
		if (got == 0)
			break;
		result = got > LIST_ENTRIES ? EDVSIO : add_entries(list, entries, (int)got);
	}
	free(entries);
	return result;
}

int files_list(struct shell *shell, const char *path, struct files_list *ret_list)
{
	int fd = files_open(shell, path, FS_OPEN_RDONLY | FS_OPEN_DIRECTORY, 0);
	int result;

	memset(ret_list, 0, sizeof(*ret_list));
	if (fd < 0)
		return fd;
	result = read_entries(shell, fd, ret_list);
	files_close(shell, fd);
	if (result) {
		files_list_deinit(ret_list);
		return result;
	}
	if (ret_list->count)
		qsort(ret_list->entries, (size_t)ret_list->count, sizeof(*ret_list->entries),
		      by_name);
	return 0;
}

void files_list_deinit(struct files_list *list)
{
	free(list->entries);
	memset(list, 0, sizeof(*list));
}
