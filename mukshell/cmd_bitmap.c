/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_bitmap.c - what is free and what is in use on the disk, as runs.
 */
#include <stdlib.h>

#include "command.h"
#include "look_disk.h"

struct run {
	const char *of;
	uint32_t first, last;
	int is_used;
};

struct bitmap {
	struct run *runs;
	int count, room;
};

static int add(struct bitmap *bitmap, const char *of, uint32_t nr, int is_used)
{
	struct run *last = bitmap->count ? &bitmap->runs[bitmap->count - 1] : NULL;
	struct run *runs;

	if (last && last->of == of && last->is_used == is_used) {
		last->last = nr;
		return 0;
	}
	if (bitmap->count == bitmap->room) {
		bitmap->room = bitmap->room ? 2 * bitmap->room : 64;
		runs = realloc(bitmap->runs, (size_t)bitmap->room * sizeof(*runs));
		if (!runs)
			return EDVSNOMEM;
		bitmap->runs = runs;
	}
	bitmap->runs[bitmap->count++] = (struct run){ of, nr, nr, is_used };
	return 0;
}

static int collect(struct minix *minix, void *context)
{
	static const char inodes[] = "inodes", zones[] = "zones";
	struct bitmap *bitmap = context;
	int error = 0;

	bitmap->count = 0;
	for (uint32_t nr = 1; nr <= minix->super.inodes && !error; nr++) {
		int is_used = minix_inode_is_used(minix, nr);

		error = is_used < 0 ? is_used : add(bitmap, inodes, nr, is_used);
	}
	for (uint32_t nr = (uint32_t)minix->super.first_data_zone;
	     nr < minix->super.zones && !error; nr++) {
		int is_used = minix_zone_is_used(minix, nr);

		error = is_used < 0 ? is_used : add(bitmap, zones, nr, is_used);
	}
	return error;
}

static int bitmap_run(struct shell *shell, const struct arguments *arguments)
{
	static const struct inspect_heading headings[] = {
		{ "of", "OF", 0 },       { "first", "FIRST", 1 }, { "last", "LAST", 1 },
		{ "count", "COUNT", 1 }, { "state", "STATE", 0 },
	};
	struct bitmap bitmap = { .count = 0 };
	struct inspect_grid *grid;
	int error = look_disk(shell, collect, &bitmap);

	(void)arguments;
	if (!error) {
		grid = look_disk_grid(headings, 5);
		for (int i = 0; grid && i < bitmap.count; i++) {
			const struct run *run = &bitmap.runs[i];

			(void)inspect_grid_row(grid);
			look_disk_text(grid, run->of);
			look_disk_number(grid, run->first);
			look_disk_number(grid, run->last);
			look_disk_number(grid, run->last - run->first + 1);
			look_disk_text(grid, run->is_used ? "used" : "free");
		}
		error = look_print(shell, grid, grid ? 0 : EDVSNOMEM);
	}
	free(bitmap.runs);
	return error;
}

const struct command command_bitmap = {
	.name = "bitmap",
	.group = GROUP_LOOK,
	.summary = "show which inodes and zones are free, as runs",
	.details = LOOK_DISK_DETAILS "Many short runs are fragmentation.",
	.example = "bitmap",
	.json = "an array, one object a run:\n"
		"of     inodes or zones\n"
		"first, last  the numbers\n"
		"count  how many\n"
		"state  used or free",
	.run = bitmap_run,
};
