/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mount.c - makes a file system of a device, and lets it go with everything written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "fs/operations.h"

static uint32_t wall_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME_COARSE, &now);
	return (uint32_t)now.tv_sec;
}

static void destroy(struct fs *fs)
{
	if (fs->inodes)
		inodes_deinit(fs);
	blocks_deinit(&fs->blocks);
	free(fs->staging);
	free(fs->held);
	free(fs->pinned);
	free(fs);
}

/* The tables of a file system whose super block is read. */
static int make_tables(struct fs *fs, struct device *device)
{
	size_t zone_words = (size_t)(fs->super.zones - fs->super.first_zone + 1) / 64 + 1;

	fs->device = device;
	fs->now = wall_clock;
	fs->held = calloc(zone_words, sizeof(fs->held[0]));
	fs->pinned = calloc(zone_words, sizeof(fs->pinned[0]));
	fs->staging = malloc(FS_CHUNK_BYTES);
	if (!fs->held || !fs->pinned || !fs->staging ||
	    blocks_init(&fs->blocks, device, fs->super.block_bytes))
		return EDVSNOMEM;
	return inodes_init(fs);
}

static int check_root(struct fs *fs)
{
	struct inode *root;
	int error = inode_get(fs, DISK_ROOT_INODE, &root);

	if (error)
		return error;
	if (!S_ISDIR(root->mode) || !root->nlinks)
		error = EDVSINVAL;
	inode_put(root);
	return error;
}

int fs_mount(struct device *device, struct fs **ret_fs, char ret_reason[FS_REASON_BYTES])
{
	struct fs *fs = calloc(1, sizeof(*fs));
	const char *what = "no memory for its tables";
	int error = EDVSNOMEM;

	if (!fs)
		goto fail;
	error = super_read(&fs->super, device, ret_reason);
	if (error) {
		free(fs);
		return error;
	}
	error = make_tables(fs, device);
	if (error)
		goto fail;
	what = "its bitmaps cannot be read";
	error = bitmap_count(fs);
	if (error)
		goto fail;
	what = "inode 1 is not a directory, so there is no root (see fsck.minix)";
	error = check_root(fs);
	if (error)
		goto fail;
	what = "the inodes that a crash left cannot be freed";
	error = inodes_free_orphans(fs);
	if (error)
		goto fail;
	*ret_fs = fs;
	return 0;
fail:
	snprintf(ret_reason, FS_REASON_BYTES, "%s: %s", device->name, what);
	if (fs)
		destroy(fs);
	return error;
}

int fs_unmount(struct fs *fs)
{
	int error;

	if (!fs)
		return 0;
	error = fs_sync(fs);
	destroy(fs);
	return error;
}
