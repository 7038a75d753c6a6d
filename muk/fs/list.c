/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * list.c - directories to stand in and to read: chdir, getcwd, getdents.
 */
#include <string.h>
#include <unistd.h>

#include "fs/format.h"
#include "fs/operations.h"

int fs_chdir(struct process *process, const char *path)
{
	struct inode *ip;
	int error = path_inode(process, path, PATH_FOLLOW, &ip);

	if (error)
		return error;
	error = S_ISDIR(ip->mode) ? process_may(process, ip, X_OK) : EDVSNOTDIR;
	if (error) {
		inode_put(ip);
		return error;
	}
	inode_put(process->cwd);
	process->cwd = ip;
	return 0;
}

/* The name under which dir has the inode nr. */
static int find_name(struct inode *dir, uint32_t nr, char *ret_name)
{
	uint32_t slot = 0, found_nr;
	int found;

	for (; (found = directory_next(dir, &slot, &found_nr, ret_name)) > 0; slot++)
		if (found_nr == nr && strcmp(ret_name, ".") != 0 && strcmp(ret_name, "..") != 0)
			return 0;
	return found < 0 ? found : EDVSNOENT;
}

/* From ip, which is put, to its parent, which is held; its name there in front. */
static int go_up(struct inode **ip, char *text, size_t *begin)
{
	char name[DISK_NAME_MAX + 1];
	struct dirent_found up;
	struct inode *parent;
	size_t length;
	int error = directory_lookup(*ip, "..", &up);

	if (!error)
		error = inode_get((*ip)->fs, up.nr, &parent);
	if (error)
		return error;
	error = find_name(parent, (*ip)->nr, name);
	inode_put(*ip);
	*ip = parent;
	if (error)
		return error;
	length = strlen(name);
	if (length + 1 > *begin)
		return EDVSRANGE;
	*begin -= length;
	memcpy(text + *begin, name, length);
	text[--*begin] = '/';
	return 0;
}

int64_t fs_getcwd(struct process *process, char *ret_path, size_t room)
{
	char *text = process->fs->walks[1].rest;
	struct inode *ip = inode_hold(process->cwd);
	size_t begin = FS_PATH_MAX, length;
	int error = ip->nlinks ? 0 : EDVSNOENT;

	while (!error && ip->nr != DISK_ROOT_INODE)
		error = go_up(&ip, text, &begin);
	inode_put(ip);
	if (error)
		return error;
	if (begin == FS_PATH_MAX)
		text[--begin] = '/';
	length = FS_PATH_MAX - begin;
	if (length + 1 > room)
		return EDVSRANGE;
	memcpy(ret_path, text + begin, length);
	ret_path[length] = '\0';
	return (int64_t)length;
}

int fs_getdents(struct process *process, int fd, struct entries *entries)
{
	char name[DISK_NAME_MAX + 1];
	struct entry entry = { .name = name };
	struct file *file;
	uint32_t bytes = process->fs->super.format->dirent_bytes, slot;
	int error = process_file(process, fd, &file), found;

	if (error)
		return error;
	if (!S_ISDIR(file->inode->mode))
		return EDVSNOTDIR;
	if (!file->inode->nlinks)
		return EDVSNOENT;
	fs_begin(process->fs);
	slot = (uint32_t)((file->position + bytes - 1) / bytes);
	for (; (found = directory_next(file->inode, &slot, &entry.nr, name)) > 0; slot++) {
		entry.mode = inode_mode(process->fs, entry.nr);
		entry.next = (slot + 1) * bytes;
		if (entries->each(entries, &entry))
			break;
		file->position = entry.next;
	}
	return found < 0 ? found : 0;
}
