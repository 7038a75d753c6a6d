/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * path.c - from the text of a path to an inode, or to where one may be made.
 *
 * A walk holds one directory and what is left of the text. A symbolic link on the
 * way is put in front of the rest and walked in turn; FS_SYMLINK_MAX of them are
 * one too many. Each directory walked through must be one and grant X.
 */
#include <string.h>
#include <unistd.h>

#include "fs/core.h"

static int go_to(struct walk *walk, struct inode *dir)
{
	inode_put(walk->dir);
	walk->dir = dir;
	return 0;
}

static int go_to_root(struct process *process, struct walk *walk)
{
	struct inode *root;
	int error = inode_get(process->fs, DISK_ROOT_INODE, &root);

	return error ? error : go_to(walk, root);
}

int symlink_text(struct inode *ip, char *ret_text, size_t room)
{
	uint32_t bytes = ip->fs->super.block_bytes, done = 0;

	if (ip->size >= room)
		return EDVSNAMETOOLONG;
	while (done < ip->size) {
		uint32_t part = ip->size - done < bytes ? ip->size - done : bytes, block, count;
		const unsigned char *data;
		int error = zone_run(ip, done / bytes, 1, &block, &count);

		if (error)
			return error;
		data = block ? block_get(ip->fs, block) : NULL;
		if (!data)
			return EDVSIO;
		memcpy(ret_text + done, data, part);
		done += part;
	}
	ret_text[done] = '\0';
	return (int)strlen(ret_text);
}

/* The link's text comes in front of what is left at tail. */
static int expand(struct process *process, struct walk *walk, struct inode *ip, const char *tail)
{
	bool more = *tail || walk->slash;
	size_t left = strlen(tail);
	int length;

	if (++walk->links > FS_SYMLINK_MAX)
		return EDVSLOOP;
	length = symlink_text(ip, walk->name, sizeof(walk->name));
	if (length <= 0)
		return length ? length : EDVSNOENT;
	if ((size_t)length + more + left >= sizeof(walk->rest))
		return EDVSNAMETOOLONG;
	memmove(walk->rest + length + more, tail, left + 1);
	memcpy(walk->rest, walk->name, (size_t)length);
	if (more)
		walk->rest[length] = '/';
	return walk->rest[0] == '/' ? go_to_root(process, walk) : 0;
}

/* Cuts one component off at into walk->name; returns what is behind it. */
static char *take_component(struct walk *walk, char *at)
{
	size_t length = strcspn(at, "/");

	memcpy(walk->name, at, length);
	walk->name[length] = '\0';
	at += length;
	walk->slash = *at == '/';
	walk->last = LAST_NAME;
	if (strcmp(walk->name, ".") == 0)
		walk->last = LAST_DOT;
	else if (strcmp(walk->name, "..") == 0)
		walk->last = LAST_DOTDOT;
	return at + strspn(at, "/");
}

int walk_last(struct process *process, struct walk *walk, struct inode **ret_inode)
{
	int error;

	if (walk->last == LAST_ROOT || walk->last == LAST_DOT ||
	    (walk->last == LAST_DOTDOT && walk->dir->nr == DISK_ROOT_INODE)) {
		*ret_inode = inode_hold(walk->dir);
		return 0;
	}
	error = directory_lookup(walk->dir, walk->name, &walk->found);
	return error ? error : inode_get(process->fs, walk->found.nr, ret_inode);
}

/* Walks over the component in walk->name, which is not the last one. */
static int step(struct process *process, struct walk *walk, char **at)
{
	struct inode *ip;
	int error = walk_last(process, walk, &ip);

	if (error)
		return error;
	if (!S_ISLNK(ip->mode))
		return go_to(walk, ip);
	error = expand(process, walk, ip, *at);
	inode_put(ip);
	*at = walk->rest;
	return error;
}

static int to_parent(struct process *process, struct walk *walk)
{
	char *at = walk->rest + strspn(walk->rest, "/");
	int error = 0;

	walk->last = LAST_ROOT;
	walk->slash = false;
	while (*at) {
		if (!S_ISDIR(walk->dir->mode))
			return EDVSNOTDIR;
		error = process_may(process, walk->dir, X_OK);
		if (error)
			return error;
		at = take_component(walk, at);
		if (!*at)
			return 0;
		error = step(process, walk, &at);
		if (error)
			return error;
		at += strspn(at, "/");
		walk->last = LAST_ROOT;
	}
	return 0;
}

int walk_parent(struct process *process, const char *path, struct walk *walk)
{
	size_t length = strnlen(path, FS_PATH_MAX);
	int error = 0;

	walk->dir = NULL;
	walk->links = 0;
	if (!length)
		return EDVSNOENT;
	if (length == FS_PATH_MAX)
		return EDVSNAMETOOLONG;
	memcpy(walk->rest, path, length + 1);
	if (path[0] == '/')
		error = go_to_root(process, walk);
	else
		walk->dir = inode_hold(process->cwd);
	if (!error)
		error = to_parent(process, walk);
	if (error)
		walk_done(walk);
	return error;
}

int walk_follow(struct process *process, struct walk *walk, struct inode *ip)
{
	int error = expand(process, walk, ip, "");

	return error ? error : to_parent(process, walk);
}

void walk_done(struct walk *walk)
{
	inode_put(walk->dir);
	walk->dir = NULL;
}

int path_inode(struct process *process, const char *path, int flags, struct inode **ret_inode)
{
	struct walk *walk = &process->fs->walks[0];
	struct inode *ip = NULL;
	int error = walk_parent(process, path, walk);

	if (error)
		return error;
	while (!(error = walk_last(process, walk, &ip))) {
		if (!S_ISLNK(ip->mode) || !(flags & PATH_FOLLOW || walk->slash))
			break;
		error = walk_follow(process, walk, ip);
		inode_put(ip);
		if (error)
			break;
	}
	if (!error && walk->slash && !S_ISDIR(ip->mode)) {
		inode_put(ip);
		error = EDVSNOTDIR;
	}
	walk_done(walk);
	if (!error)
		*ret_inode = ip;
	return error;
}
