/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * status.c - what is known of a file: told (stat, access) and set (chmod, chown, utime).
 */
#include <sys/sysmacros.h>
#include <string.h>
#include <unistd.h>

#include "fs/format.h"
#include "fs/operations.h"

static bool has_zones(const struct inode *ip)
{
	return S_ISREG(ip->mode) || S_ISDIR(ip->mode) || S_ISLNK(ip->mode);
}

void inode_status(struct inode *ip, struct stat *ret_stat)
{
	memset(ret_stat, 0, sizeof(*ret_stat));
	ret_stat->st_ino = ip->nr;
	ret_stat->st_mode = ip->mode;
	ret_stat->st_nlink = ip->nlinks;
	ret_stat->st_uid = ip->uid;
	ret_stat->st_gid = ip->gid;
	ret_stat->st_size = ip->size;
	ret_stat->st_blksize = ip->fs->super.block_bytes;
	ret_stat->st_atim.tv_sec = ip->atime;
	ret_stat->st_mtim.tv_sec = ip->mtime;
	ret_stat->st_ctim.tv_sec = ip->ctime;
	if (S_ISCHR(ip->mode) || S_ISBLK(ip->mode))
		ret_stat->st_rdev = makedev(ip->zones[0] >> 8, ip->zones[0] & 0xff);
	if (has_zones(ip)) {
		zone_count(ip);
		ret_stat->st_blocks = ip->nr_zones * (super_zone_bytes(&ip->fs->super) / 512);
	}
}

int fs_stat(struct process *process, const char *path, int flags, struct stat *ret_stat)
{
	struct inode *ip;
	int error = fs_begin(process->fs);

	if (!error)
		error = path_inode(process, path, flags, &ip);
	if (error)
		return error;
	inode_status(ip, ret_stat);
	inode_put(ip);
	return 0;
}

int fs_fstat(struct process *process, int fd, struct stat *ret_stat)
{
	struct file *file;
	int error = process_file(process, fd, &file);

	if (!error)
		inode_status(file->inode, ret_stat);
	return error;
}

int fs_access(struct process *process, const char *path, int what)
{
	struct inode *ip;
	int error;

	if (what & ~(R_OK | W_OK | X_OK))
		return EDVSINVAL;
	error = path_inode(process, path, PATH_FOLLOW, &ip);
	if (error)
		return error;
	if ((what & W_OK) && process->fs->super.read_only && has_zones(ip))
		error = EDVSROFS;
	if (!error)
		error = process_may(process, ip, what);
	inode_put(ip);
	return error;
}

static int change_mode(struct process *process, struct inode *ip, mode_t mode)
{
	int error = fs_begin_change(process->fs);

	if (!error)
		error = process_owns(process, ip);
	if (error)
		return error;
	mode &= 07777;
	if (process->uid && process->gid != ip->gid)
		mode &= ~(mode_t)S_ISGID;
	ip->mode = (uint16_t)((ip->mode & S_IFMT) | mode);
	inode_touch(ip, INODE_CTIME);
	return 0;
}

int fs_chmod(struct process *process, const char *path, mode_t mode)
{
	struct inode *ip;
	int error = path_inode(process, path, PATH_FOLLOW, &ip);

	if (error)
		return error;
	error = change_mode(process, ip, mode);
	inode_put(ip);
	return error;
}

int fs_fchmod(struct process *process, int fd, mode_t mode)
{
	struct file *file;
	int error = process_file(process, fd, &file);

	return error ? error : change_mode(process, file->inode, mode);
}

/* The owner may give a file to his own group; all else is the superuser's. */
static int may_give(const struct process *process, const struct inode *ip, uint32_t uid,
		    uint32_t gid)
{
	if (!process->uid)
		return 0;
	if (process->uid != ip->uid || (uid != FS_UNCHANGED && uid != ip->uid))
		return EDVSPERM;
	return gid == FS_UNCHANGED || gid == ip->gid || gid == process->gid ? 0 : EDVSPERM;
}

static int change_owner(struct process *process, struct inode *ip, uint32_t uid, uint32_t gid)
{
	uint32_t gid_max = ip->fs->super.format->version == 1 ? UINT8_MAX : UINT16_MAX;
	int error = fs_begin_change(process->fs);

	if (!error)
		error = may_give(process, ip, uid, gid);
	if (error)
		return error;
	if ((uid != FS_UNCHANGED && uid > UINT16_MAX) || (gid != FS_UNCHANGED && gid > gid_max))
		return EDVSINVAL;
	if (uid != FS_UNCHANGED)
		ip->uid = (uint16_t)uid;
	if (gid != FS_UNCHANGED)
		ip->gid = (uint16_t)gid;
	if (!S_ISDIR(ip->mode))
		ip->mode &= (uint16_t) ~(S_ISUID | (ip->mode & S_IXGRP ? S_ISGID : 0));
	inode_touch(ip, INODE_CTIME);
	return 0;
}

int fs_chown(struct process *process, const char *path, uint32_t uid, uint32_t gid)
{
	struct inode *ip;
	int error = path_inode(process, path, PATH_FOLLOW, &ip);

	if (error)
		return error;
	error = change_owner(process, ip, uid, gid);
	inode_put(ip);
	return error;
}

int fs_fchown(struct process *process, int fd, uint32_t uid, uint32_t gid)
{
	struct file *file;
	int error = process_file(process, fd, &file);

	return error ? error : change_owner(process, file->inode, uid, gid);
}

static int change_times(struct process *process, struct inode *ip, const uint32_t *times)
{
	int error = fs_begin_change(process->fs);

	if (!error)
		error = process_owns(process, ip);
	if (error == EDVSPERM && !times)
		error = process_may(process, ip, W_OK);
	if (error)
		return error;
	inode_touch(ip, times ? INODE_CTIME : INODE_ATIME | INODE_MTIME | INODE_CTIME);
	if (times) {
		ip->atime = times[0];
		ip->mtime = times[1];
	}
	return 0;
}

int fs_utime(struct process *process, const char *path, const uint32_t *times)
{
	struct inode *ip;
	int error = path_inode(process, path, PATH_FOLLOW, &ip);

	if (error)
		return error;
	error = change_times(process, ip, times);
	inode_put(ip);
	return error;
}
