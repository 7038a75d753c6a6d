/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_icheck.c - whose zones these are.
 */
#include <stdlib.h>

#include "command.h"
#include "look_disk.h"

struct owner {
	uint32_t zone;
	uint32_t inode; /* 0: nobody */
	uint64_t index;
	int level;
	int is_used;
};

struct icheck {
	struct owner owners[COMMAND_WORDS];
	int count;
	uint32_t nr; /* the inode whose zones are looked at */
	uint32_t first_data_zone;
	uint64_t zones;
};

static int note(void *context, uint32_t zone, uint64_t index, int level)
{
	struct icheck *icheck = context;

	for (int i = 0; i < icheck->count; i++) {
		struct owner *owner = &icheck->owners[i];

		if (owner->zone != zone || owner->inode)
			continue;
		owner->inode = icheck->nr;
		owner->index = index;
		owner->level = level;
	}
	return 0;
}

static int collect(struct minix *minix, void *context)
{
	struct icheck *icheck = context;
	struct minix_inode inode;
	int error = 0;

	icheck->first_data_zone = (uint32_t)minix->super.first_data_zone;
	icheck->zones = minix->super.zones;
	for (int i = 0; i < icheck->count; i++) {
		icheck->owners[i].inode = 0;
		icheck->owners[i].is_used = minix_zone_is_used(minix, icheck->owners[i].zone) > 0;
	}
	for (icheck->nr = 1; icheck->nr <= minix->super.inodes && !error; icheck->nr++) {
		int is_used = minix_inode_is_used(minix, icheck->nr);

		if (is_used > 0)
			error = minix_inode(minix, icheck->nr, &inode);
		if (is_used > 0 && !error)
			error = minix_zones(minix, &inode, note, icheck);
		if (is_used < 0)
			error = is_used;
	}
	return error;
}

static const char *state_of(const struct icheck *icheck, const struct owner *owner)
{
	if (owner->zone >= icheck->zones)
		return "outside";
	if (owner->zone < icheck->first_data_zone)
		return "super block, bitmaps or inodes";
	if (owner->inode)
		return owner->level ? "indirect" : "data";
	return owner->is_used ? "in use by nobody" : "free";
}

static int print(struct shell *shell, const struct icheck *icheck)
{
	static const struct inspect_heading headings[] = {
		{ "zone", "ZONE", 1 },
		{ "inode", "INODE", 1 },
		{ "index", "INDEX", 1 },
		{ "state", "STATE", 0 },
	};
	const struct inspect_value nothing = { .kind = INSPECT_NOTHING };
	struct inspect_grid *grid = look_disk_grid(headings, 4);

	for (int i = 0; grid && i < icheck->count; i++) {
		const struct owner *owner = &icheck->owners[i];

		(void)inspect_grid_row(grid);
		look_disk_number(grid, owner->zone);
		if (owner->inode) {
			look_disk_number(grid, owner->inode);
			look_disk_number(grid, owner->index);
		} else {
			(void)inspect_grid_value(grid, &nothing);
			(void)inspect_grid_value(grid, &nothing);
		}
		look_disk_text(grid, state_of(icheck, owner));
	}
	return look_print(shell, grid, grid ? 0 : EDVSNOMEM);
}

static int icheck_run(struct shell *shell, const struct arguments *arguments)
{
	static const long long range[2] = { 0, UINT32_MAX };
	struct icheck icheck = { .count = 0 };
	long long zone;
	int error = 0;

	for (int i = 0; i < arguments->count && !error; i++) {
		error = shell_number(shell, arguments->words[i], range, &zone);
		if (!error)
			icheck.owners[icheck.count++].zone = (uint32_t)zone;
	}
	if (!error)
		error = look_disk(shell, collect, &icheck);
	return error ? error : print(shell, &icheck);
}

const struct command command_icheck = {
	.name = "icheck",
	.group = GROUP_LOOK,
	.arguments = "ZONE...",
	.summary = "say which inodes have these zones",
	.details = LOOK_DISK_DETAILS "With `ncheck` one gets from a bad block of a device to the "
				     "file that it is of.",
	.example = "icheck 2 200",
	.json = "an array, one object a zone:\n"
		"zone   as asked for\n"
		"inode  whose it is, or null\n"
		"index  its place in that file, in zones, or null\n"
		"state  data, indirect, free, in use by nobody, outside, or super block, bitmaps "
		"or inodes",
	.words_min = 1,
	.words_max = -1,
	.run = icheck_run,
};
