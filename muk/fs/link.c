/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link.c - names given and taken: link, unlink, rmdir, readlink.
 */
#include <string.h>
#include <unistd.h>

#include "fs/format.h"
#include "fs/operations.h"

int fs_link(struct process *process, const char *old_path, const char *new_path)
{
	struct fs *fs = process->fs;
	struct walk *walk = &fs->walks[0];
	struct inode *ip;
	int error = path_inode(process, old_path, 0, &ip);

	if (error)
		return error;
	error = walk_create(process, new_path, false, walk);
	if (error)
		goto put;
	if (S_ISDIR(ip->mode))
		error = EDVSPERM;
	else if (!ip->nlinks)
		error = EDVSNOENT;
	else if (ip->nlinks >= fs->super.format->links_max)
		error = EDVSMLINK;
	else
		error = fs_begin_change(fs);
	if (!error)
		error = bitmap_reserve(fs, FS_RESERVE);
	if (!error)
		error = directory_enter(walk->dir, walk->name, ip->nr);
	if (!error) {
		ip->nlinks++;
		inode_touch(ip, INODE_CTIME);
	}
	walk_done(walk);
put:
	inode_put(ip);
	return error;
}

int may_remove(struct process *process, struct inode *dir, struct inode *ip, bool is_dir)
{
	int error = process_may(process, dir, W_OK | X_OK);

	if (error)
		return error;
	if (process->fs->super.read_only)
		return EDVSROFS;
	if ((dir->mode & S_ISVTX) && process->uid && process->uid != ip->uid &&
	    process->uid != dir->uid)
		return EDVSPERM;
	if (is_dir && !S_ISDIR(ip->mode))
		return EDVSNOTDIR;
	if (is_dir && ip->nr == DISK_ROOT_INODE)
		return EDVSBUSY;
	return !is_dir && S_ISDIR(ip->mode) ? EDVSISDIR : 0;
}

/* Takes the entry that the walk found away from ip. */
static int remove_entry(struct process *process, struct walk *walk, struct inode *ip, bool is_dir)
{
	int error = may_remove(process, walk->dir, ip, is_dir);

	if (!error && is_dir) {
		int empty = directory_is_empty(ip);

		error = empty < 0 ? empty : empty ? 0 : EDVSNOTEMPTY;
	}
	if (!error)
		error = fs_begin_change(process->fs);
	if (!error)
		error = directory_remove(walk->dir, walk->found.slot);
	if (error)
		return error;
	if (is_dir && walk->dir->nlinks)
		walk->dir->nlinks--;
	if (is_dir)
		ip->nlinks = 0;
	else if (ip->nlinks)
		ip->nlinks--;
	inode_touch(ip, INODE_CTIME);
	return 0;
}

int fs_unlink(struct process *process, const char *path)
{
	struct walk *walk = &process->fs->walks[0];
	struct inode *ip;
	int error = walk_parent(process, path, walk);

	if (error)
		return error;
	error = walk->last == LAST_NAME ? walk_last(process, walk, &ip) : EDVSISDIR;
	if (!error) {
		if (walk->slash)
			error = S_ISDIR(ip->mode) ? EDVSISDIR : EDVSNOTDIR;
		else
			error = remove_entry(process, walk, ip, false);
		inode_put(ip);
	}
	walk_done(walk);
	return error;
}

int fs_rmdir(struct process *process, const char *path)
{
	static const int refused[] = {
		[LAST_NAME] = 0,
		[LAST_DOT] = EDVSINVAL,
		[LAST_DOTDOT] = EDVSNOTEMPTY,
		[LAST_ROOT] = EDVSBUSY,
	};
	struct walk *walk = &process->fs->walks[0];
	struct inode *ip;
	int error = walk_parent(process, path, walk);

	if (error)
		return error;
	error = refused[walk->last];
	if (!error)
		error = walk_last(process, walk, &ip);
	if (!error) {
		error = remove_entry(process, walk, ip, true);
		inode_put(ip);
	}
	walk_done(walk);
	return error;
}

int64_t fs_readlink(struct process *process, const char *path, char *ret_text, size_t room)
{
	char *text = process->fs->walks[1].rest;
	struct inode *ip;
	int length, error = fs_begin(process->fs);

	if (!error)
		error = path_inode(process, path, 0, &ip);
	if (error)
		return error;
	length = S_ISLNK(ip->mode) ? symlink_text(ip, text, FS_PATH_MAX) : EDVSINVAL;
	inode_put(ip);
	if (length < 0)
		return length;
	if ((size_t)length > room)
		length = (int)room;
	memcpy(ret_text, text, (size_t)length);
	return length;
}
