/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_zones.c - where a file lies on the disk.
 *
 * Zones of data that follow each other, in the file and on the disk, are one row.
 */
#include <stdlib.h>

#include "command.h"
#include "look_disk.h"

struct run {
	uint64_t index;
	uint32_t zone, count;
	int level;
};

struct zones {
	struct shell *shell;
	const char *word;
	struct run *runs;
	int count, room;
	int error; /* of finding the inode */
};

static int goes_on(const struct run *run, uint32_t zone, uint64_t index)
{
	return !run->level && run->zone + run->count == zone && run->index + run->count == index;
}

static int add(void *context, uint32_t zone, uint64_t index, int level)
{
	struct zones *zones = context;
	struct run *runs;

	if (zones->count && !level && goes_on(&zones->runs[zones->count - 1], zone, index)) {
		zones->runs[zones->count - 1].count++;
		return 0;
	}
	if (zones->count == zones->room) {
		zones->room = zones->room ? 2 * zones->room : 64;
		runs = realloc(zones->runs, (size_t)zones->room * sizeof(*runs));
		if (!runs)
			return EDVSNOMEM;
		zones->runs = runs;
	}
	zones->runs[zones->count++] = (struct run){ index, zone, 1, level };
	return 0;
}

static int collect(struct minix *minix, void *context)
{
	struct zones *zones = context;
	struct minix_inode inode;
	uint32_t nr;

	zones->count = 0;
	zones->error = look_disk_inode(zones->shell, minix, zones->word, &nr);
	if (zones->error)
		return 0;
	zones->error = minix_inode(minix, nr, &inode);
	return zones->error ? 0 : minix_zones(minix, &inode, add, zones);
}

static int print(struct zones *zones)
{
	static const struct inspect_heading headings[] = {
		{ "index", "INDEX", 1 },
		{ "zone", "ZONE", 1 },
		{ "count", "COUNT", 1 },
		{ "kind", "KIND", 0 },
	};
	static const char *const kinds[] = { "data", "indirect", "double", "triple" };
	struct inspect_grid *grid = look_disk_grid(headings, 4);

	for (int i = 0; grid && i < zones->count; i++) {
		(void)inspect_grid_row(grid);
		look_disk_number(grid, zones->runs[i].index);
		look_disk_number(grid, zones->runs[i].zone);
		look_disk_number(grid, zones->runs[i].count);
		look_disk_text(grid, kinds[zones->runs[i].level & 3]);
	}
	return look_print(zones->shell, grid, grid ? 0 : EDVSNOMEM);
}

static int zones_run(struct shell *shell, const struct arguments *arguments)
{
	struct zones zones = { .shell = shell, .word = arguments->words[0] };
	int error = look_disk(shell, collect, &zones);

	if (!error && zones.error)
		error = shell_error(shell, zones.error, "%s", zones.word);
	else if (!error)
		error = print(&zones);
	free(zones.runs);
	return error;
}

const struct command command_zones = {
	.name = "zones",
	.group = GROUP_LOOK,
	.arguments = "PATH|INODE",
	.summary = "show where on the disk a file lies",
	.details = LOOK_DISK_DETAILS "Holes have no zones and no row. `icheck` asks the other way "
				     "round.",
	.example = "zones /",
	.json = "an array, one object a run of zones:\n"
		"index  place of the first in the file, in zones\n"
		"zone   its number on the disk\n"
		"count  how many follow each other\n"
		"kind   data, indirect, double or triple",
	.words_min = 1,
	.words_max = 1,
	.complete = complete_muk_path,
	.run = zones_run,
};
