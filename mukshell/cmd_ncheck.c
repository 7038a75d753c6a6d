/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_ncheck.c - the names of inodes.
 */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "look_disk.h"

struct found {
	uint32_t nr;
	char *path;
};

struct ncheck {
	uint32_t wanted[COMMAND_WORDS];
	int wanted_count;
	struct found *found;
	int count, room;
};

static void forget(struct ncheck *ncheck)
{
	while (ncheck->count)
		free(ncheck->found[--ncheck->count].path);
}

static int is_wanted(const struct ncheck *ncheck, uint32_t nr)
{
	for (int i = 0; i < ncheck->wanted_count; i++)
		if (ncheck->wanted[i] == nr)
			return 1;
	return 0;
}

static int note(void *context, const struct minix_walk *walk, const struct minix_entry *entry)
{
	struct ncheck *ncheck = context;
	char bytes[4096];
	struct found *found;
	struct text path;

	if (!is_wanted(ncheck, entry->nr))
		return 0;
	/* The root has no other names than these. */
	if ((strcmp(entry->name, ".") == 0 || strcmp(entry->name, "..") == 0) &&
	    !(entry->nr == MINIX_ROOT && entry->dir == MINIX_ROOT && !entry->name[1]))
		return 0;
	if (ncheck->count == ncheck->room) {
		ncheck->room = ncheck->room ? 2 * ncheck->room : 64;
		found = realloc(ncheck->found, (size_t)ncheck->room * sizeof(*found));
		if (!found)
			return EDVSNOMEM;
		ncheck->found = found;
	}
	text_init(&path, bytes, sizeof(bytes));
	if (entry->nr == MINIX_ROOT)
		text_add(&path, "/");
	else
		minix_path(walk, entry, &path);
	found = &ncheck->found[ncheck->count];
	found->nr = entry->nr;
	found->path = strdup(bytes);
	if (!found->path)
		return EDVSNOMEM;
	ncheck->count++;
	return 0;
}

static int collect(struct minix *minix, void *context)
{
	forget(context);
	return minix_tree(minix, note, context);
}

static int ncheck_run(struct shell *shell, const struct arguments *arguments)
{
	static const struct inspect_heading headings[] = { { "inode", "INODE", 1 },
							   { "path", "PATH", 0 } };
	static const long long range[2] = { 1, UINT32_MAX };
	struct ncheck ncheck = { .count = 0 };
	struct inspect_grid *grid;
	long long nr;
	int error = 0;

	for (int i = 0; i < arguments->count && !error; i++) {
		error = shell_number(shell, arguments->words[i], range, &nr);
		if (!error)
			ncheck.wanted[ncheck.wanted_count++] = (uint32_t)nr;
	}
	if (!error)
		error = look_disk(shell, collect, &ncheck);
	if (!error) {
		grid = look_disk_grid(headings, 2);
		for (int i = 0; grid && i < ncheck.count; i++) {
			(void)inspect_grid_row(grid);
			look_disk_number(grid, ncheck.found[i].nr);
			look_disk_text(grid, ncheck.found[i].path);
		}
		error = look_print(shell, grid, grid ? 0 : EDVSNOMEM);
	}
	forget(&ncheck);
	free(ncheck.found);
	return error;
}

const struct command command_ncheck = {
	.name = "ncheck",
	.group = GROUP_LOOK,
	.arguments = "INODE...",
	.summary = "list all names of inodes",
	.details = LOOK_DISK_DETAILS "An inode that is open without a name, or free, has none.",
	.example = "ncheck 1 2",
	.json = "an array, one object a name:\n"
		"inode  its number\n"
		"path   one of its paths",
	.words_min = 1,
	.words_max = -1,
	.run = ncheck_run,
};
