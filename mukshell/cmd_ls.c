/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_ls.c - what is in MUK's folders.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <json.h>

#include "command.h"
#include "files_show.h"
#include "shell.h"

/* One path's entries; a file stands for itself. */
struct listing {
	struct shell *shell;
	int is_long;
	int count;
	struct files_entry *entries;
	struct files_list list;
	json_t *array; /* with --json: what all paths have given */
};

static void fetch_entry(struct listing *listing, const char *path, const char *name)
{
	struct files_entry *entry = &listing->entries[listing->count++];

	entry->name = name;
	if (files_lstat(listing->shell, path, &entry->stat))
		memset(&entry->stat, 0, sizeof(entry->stat));
	if (!S_ISLNK(entry->stat.mode) || files_readlink(listing->shell, path, entry->target))
		entry->target[0] = '\0';
}

/* Only -l and JSON ask for each entry. */
static int fetch_folder(struct listing *listing, const char *path)
{
	int asks = listing->is_long || listing->shell->json;
	int result = files_list(listing->shell, path, &listing->list);
	char child[SHELL_PATH_BYTES];

	if (result)
		return result;
	listing->entries = calloc((size_t)listing->list.count + 1, sizeof(*listing->entries));
	if (!listing->entries)
		return EDVSNOMEM;
	for (int i = 0; i < listing->list.count; i++) {
		const char *name = listing->list.entries[i].name;

		if (shell_interrupted(listing->shell))
			return EDVSINTR;
		if (asks && files_join(path, name, child) == 0)
			fetch_entry(listing, child, name);
		else
			listing->entries[listing->count++].name = name;
	}
	return 0;
}

static int fetch(struct listing *listing, const char *path, const char *word)
{
	struct fs_stat stat;
	int result = files_stat(listing->shell, path, &stat);

	if (result == 0 && S_ISDIR(stat.mode))
		return fetch_folder(listing, path);
	if (result && files_lstat(listing->shell, path, &stat))
		return result;
	listing->entries = calloc(1, sizeof(*listing->entries));
	if (!listing->entries)
		return EDVSNOMEM;
	fetch_entry(listing, path, word);
	return 0;
}

static void print_long(const struct listing *listing)
{
	for (int i = 0; i < listing->count; i++) {
		const struct files_entry *entry = &listing->entries[i];
		char mode[11], when[32];

		files_mode_text(entry->stat.mode, mode);
		files_time_text(entry->stat.mtime, when, sizeof(when));
		fprintf(listing->shell->out, "%s %3d %4u %4u %10llu %s %s%s%s\n", mode,
			entry->stat.nlink, entry->stat.uid, entry->stat.gid,
			(unsigned long long)entry->stat.size, when, entry->name,
			entry->target[0] ? " -> " : "", entry->target);
	}
}

/* In columns on a terminal, one a line elsewhere. */
static void print_short(const struct listing *listing)
{
	int width = 1, per_line, rows;

	for (int i = 0; i < listing->count; i++)
		if ((int)strlen(listing->entries[i].name) + 2 > width)
			width = (int)strlen(listing->entries[i].name) + 2;
	per_line = listing->shell->columns > width ? listing->shell->columns / width : 1;
	rows = (listing->count + per_line - 1) / per_line;
	for (int row = 0; row < rows; row++) {
		for (int i = row; i < listing->count; i += rows)
			fprintf(listing->shell->out, "%-*s", i + rows < listing->count ? width : 0,
				listing->entries[i].name);
		fputc('\n', listing->shell->out);
	}
}

static int list_path(struct listing *listing, const char *word, int show_name)
{
	char path[SHELL_PATH_BYTES];
	int result = files_path(listing->shell, word, path);

	if (result)
		return result;
	listing->count = 0;
	result = fetch(listing, path, word);
	if (result)
		shell_error(listing->shell, result, "%s", word);
	else if (listing->array)
		for (int i = 0; i < listing->count; i++)
			json_array_append_new(listing->array,
					      files_entry_json(&listing->entries[i]));
	else {
		if (show_name)
			fprintf(listing->shell->out, "%s:\n", word);
		(listing->is_long ? print_long : print_short)(listing);
	}
	free(listing->entries);
	listing->entries = NULL;
	files_list_deinit(&listing->list);
	return result;
}

static int ls_run(struct shell *shell, const struct arguments *arguments)
{
	struct listing listing = { .shell = shell,
				   .is_long = argument_option(arguments, "long") != NULL };
	int result = files_begin(shell);
	int failed;

	if (result)
		return result;
	listing.array = shell->json ? json_array() : NULL;
	if (arguments->count == 0)
		result = list_path(&listing, ".", 0);
	for (int i = 0; i < arguments->count; i++) {
		failed = list_path(&listing, arguments->words[i], arguments->count > 1);
		result = result ? result : failed;
	}
	if (listing.array)
		inspect_json_print(listing.array, shell->out);
	return result;
}

static const struct command_option options[] = {
	{ "long", 'l', NULL, "modes, links, owner, size and time of each", NULL },
	{ 0 },
};

const struct command command_ls = {
	.name = "ls",
	.group = GROUP_FILES,
	.arguments = "[PATH]...",
	.summary = "list MUK's files",
	.example = "ls -l /",
	.json = "an array: name, type, mode (octal), ino, nlink, uid, gid, size, blocks,\n"
		"atime, mtime, ctime (seconds since 1970), target (of a symbolic link)",
	.options = options,
	.words_min = 0,
	.words_max = -1,
	.flags = COMMAND_ACTS,
	.complete = complete_muk_path,
	.run = ls_run,
};
