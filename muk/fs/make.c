/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * make.c - mkdir, mknod and symlink: new inodes that are not opened.
 */
#include <string.h>
#include <unistd.h>

#include "fs/format.h"
#include "fs/operations.h"

int fs_mkdir(struct process *process, const char *path, mode_t mode)
{
	struct fs *fs = process->fs;
	struct walk *walk = &fs->walks[0];
	struct inode *ip = NULL;
	int error = walk_create(process, path, true, walk);

	if (error)
		return error;
	if (walk->dir->nlinks >= fs->super.format->links_max)
		error = EDVSMLINK;
	if (!error)
		error = fs_begin_change(fs);
	if (!error)
		error = new_node(process, walk, S_IFDIR | (mode & (01777) & ~process->mask), &ip);
	inode_put(ip);
	walk_done(walk);
	return error;
}

static bool is_special(mode_t mode)
{
	return S_ISCHR(mode) || S_ISBLK(mode) || S_ISFIFO(mode) || S_ISSOCK(mode);
}

int fs_mknod(struct process *process, const char *path, mode_t mode, uint32_t device)
{
	struct fs *fs = process->fs;
	struct walk *walk = &fs->walks[0];
	struct inode *ip = NULL;
	int error;

	if (!(mode & S_IFMT))
		mode |= S_IFREG;
	if (S_ISDIR(mode))
		return EDVSPERM;
	if (!is_special(mode) && !S_ISREG(mode))
		return EDVSINVAL;
	error = walk_create(process, path, false, walk);
	if (error)
		return error;
	if ((S_ISCHR(mode) || S_ISBLK(mode)) && process->uid)
		error = EDVSPERM;
	if (!error)
		error = fs_begin_change(fs);
	if (!error)
		error = new_node(process, walk, mode & ~process->mask, &ip);
	if (!error && (S_ISCHR(mode) || S_ISBLK(mode))) {
		ip->zones[0] = device;
		inode_touch(ip, 0);
	}
	inode_put(ip);
	walk_done(walk);
	return error;
}

/* The text of a new link in its one block. */
static int write_text(struct inode *ip, const char *target)
{
	size_t length = strlen(target);
	unsigned char *bytes;
	uint32_t block;
	bool is_new;
	int error = zone_ensure(ip, 0, &block, &is_new);

	if (error)
		return error;
	bytes = block_fresh(ip->fs, block, BLOCK_META);
	if (!bytes)
		return EDVSNOMEM;
	memcpy(bytes, target, length);
	ip->size = (uint32_t)length;
	return 0;
}

/* As new_node, with the text; its failure leaves nothing behind. */
static int new_link(struct process *process, struct walk *walk, const char *target)
{
	struct inode *ip;
	int error = new_node(process, walk, S_IFLNK | 0777, &ip);

	if (error)
		return error;
	error = write_text(ip, target);
	if (error && !directory_lookup(walk->dir, walk->name, &walk->found) &&
	    !directory_remove(walk->dir, walk->found.slot))
		ip->nlinks = 0;
	inode_put(ip);
	return error;
}

int fs_symlink(struct process *process, const char *target, const char *path)
{
	struct fs *fs = process->fs;
	struct walk *walk = &fs->walks[0];
	int error;

	if (!*target)
		return EDVSNOENT;
	if (strlen(target) >= FS_PATH_MAX || strlen(target) >= fs->super.block_bytes)
		return EDVSNAMETOOLONG;
	error = walk_create(process, path, false, walk);
	if (error)
		return error;
	error = fs_begin_change(fs);
	if (!error)
		error = new_link(process, walk, target);
	walk_done(walk);
	return error;
}
