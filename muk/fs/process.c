/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * process.c - what FS keeps of each process: who it is, where it stands, its files.
 */
#include <string.h>
#include <unistd.h>

#include "fs/operations.h"

int process_init(struct process *process, struct fs *fs)
{
	memset(process, 0, sizeof(*process));
	process->fs = fs;
	process->mask = S_IWGRP | S_IWOTH;
	return inode_get(fs, DISK_ROOT_INODE, &process->cwd);
}

void process_deinit(struct process *process)
{
	fs_unmap(process);
	for (int fd = 0; fd < FS_OPEN_MAX; fd++)
		if (process->files[fd])
			file_put(process->files[fd]);
	inode_put(process->cwd);
	memset(process, 0, sizeof(*process));
}

int process_fork(const struct process *parent, struct process *ret_child)
{
	*ret_child = *parent;
	ret_child->mapped = NULL;
	inode_hold(ret_child->cwd);
	for (int fd = 0; fd < FS_OPEN_MAX; fd++)
		if (ret_child->files[fd])
			ret_child->files[fd]->refs++;
	return 0;
}

int process_file(struct process *process, int fd, struct file **ret_file)
{
	if (fd < 0 || fd >= FS_OPEN_MAX || !process->files[fd])
		return EDVSBADF;
	*ret_file = process->files[fd];
	return 0;
}

static bool superuser_may(const struct inode *ip, int what)
{
	return !(what & X_OK) || S_ISDIR(ip->mode) ||
	       (ip->mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0;
}

int process_may(const struct process *process, const struct inode *ip, int what)
{
	int bits = ip->mode;

	if (!process->uid)
		return superuser_may(ip, what) ? 0 : EDVSACCES;
	if (process->uid == ip->uid)
		bits >>= 6;
	else if (process->gid == ip->gid)
		bits >>= 3;
	return (bits & what) == what ? 0 : EDVSACCES;
}

int process_owns(const struct process *process, const struct inode *ip)
{
	return !process->uid || process->uid == ip->uid ? 0 : EDVSPERM;
}
