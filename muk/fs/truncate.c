/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * truncate.c - files made shorter or longer without writing.
 */
#include <fcntl.h>
#include <unistd.h>

#include "fs/operations.h"

int inode_resize(struct inode *ip, uint64_t size)
{
	uint64_t old = ip->size;
	int error = 0;

	if (size > ip->fs->super.max_size)
		return EDVSFBIG;
	if (size < old) {
		error = zone_truncate(ip, size);
		if (!error)
			error = inode_zero_tail(ip, size);
	} else if (size > old) {
		error = inode_zero_tail(ip, old);
	}
	if (error)
		return error;
	ip->size = (uint32_t)size;
	inode_touch(ip, INODE_MTIME | INODE_CTIME);
	return 0;
}

static int resize(struct process *process, struct inode *ip, int64_t size)
{
	int error = fs_begin_change(process->fs);

	return error ? error : inode_resize(ip, (uint64_t)size);
}

int fs_truncate(struct process *process, const char *path, int64_t size)
{
	struct inode *ip;
	int error;

	if (size < 0)
		return EDVSINVAL;
	error = path_inode(process, path, PATH_FOLLOW, &ip);
	if (error)
		return error;
	if (S_ISDIR(ip->mode))
		error = EDVSISDIR;
	else if (!S_ISREG(ip->mode))
		error = EDVSINVAL;
	if (!error)
		error = process_may(process, ip, W_OK);
	if (!error)
		error = resize(process, ip, size);
	inode_put(ip);
	return error;
}

int fs_ftruncate(struct process *process, int fd, int64_t size)
{
	struct file *file;
	int error;

	if (size < 0)
		return EDVSINVAL;
	error = process_file(process, fd, &file);
	if (error)
		return error;
	if ((file->flags & O_ACCMODE) == O_RDONLY || !S_ISREG(file->inode->mode))
		return EDVSINVAL;
	return resize(process, file->inode, size);
}
