/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commit.c - changes reach the disk in order.
 *
 * Data is written in place first: it lies in blocks that were the file's own or
 * free since the last commit, so nothing on the disk refers to it yet. All that
 * refers - indirect blocks, directories, inodes, bitmaps - follows in one commit,
 * all or nothing. So the disk always holds a whole file system, and a file that
 * was synced is in it.
 */
#include "fs/core.h"

int commit_data(struct fs *fs)
{
	return blocks_write(&fs->blocks, BLOCK_DATA, fs->device->ops->write);
}

int fs_commit(struct fs *fs)
{
	int error;

	if (fs->super.read_only || (!fs_is_changed(fs) && !fs->nr_held))
		return 0;
	error = inodes_store(fs);
	if (!error)
		error = commit_data(fs);
	if (!error)
		error = blocks_write(&fs->blocks, BLOCK_META, fs->device->ops->commit);
	if (error)
		return error;
	bitmap_release_held(fs);
	fs->commits++;
	return 0;
}

int fs_sync(struct fs *fs)
{
	int error = fs_commit(fs);

	if (!error && !fs->super.read_only)
		error = fs->device->ops->flush(fs->device);
	return error;
}

bool fs_is_changed(const struct fs *fs)
{
	return fs->changed_inodes || fs->blocks.counts[BLOCK_DATA] || fs->blocks.counts[BLOCK_META];
}

/* Keeps what is held in memory within its limit. */
static int settle(struct fs *fs)
{
	int error = 0;

	if (fs->blocks.counts[BLOCK_DATA] > fs->blocks.limit / 4 * 3)
		error = commit_data(fs);
	if (!error && fs->blocks.counts[BLOCK_META] > fs->blocks.limit / 4)
		error = fs_commit(fs);
	blocks_trim(&fs->blocks);
	return error;
}

void fs_hide(struct fs *fs)
{
	__atomic_store_n(&fs->changes, fs->changes | 1, __ATOMIC_RELAXED);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

void fs_show(struct fs *fs)
{
	__atomic_store_n(&fs->changes, fs->changes + (fs->changes & 1), __ATOMIC_RELEASE);
}

int fs_begin(struct fs *fs)
{
	/* Without a map, reading keeps copies as well. */
	if (!fs->device->map)
		fs_hide(fs);
	if (!fs->device->map)
		blocks_trim(&fs->blocks);
	return 0;
}

int fs_begin_change(struct fs *fs)
{
	int error;

	if (fs->super.read_only)
		return EDVSROFS;
	fs_hide(fs);
	error = settle(fs);
	return error ? error : blocks_reserve(&fs->blocks);
}
