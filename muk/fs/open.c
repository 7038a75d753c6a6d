/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * open.c - files opened and closed, and what makes new inodes.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "fs/format.h"
#include "fs/operations.h"

static bool is_readable(int flags)
{
	return (flags & O_ACCMODE) != O_WRONLY;
}

static bool is_writable(int flags)
{
	return (flags & O_ACCMODE) != O_RDONLY;
}

void file_put(struct file *file)
{
	if (--file->refs)
		return;
	inode_put(file->inode);
	file->inode = NULL;
}

static int free_fd(const struct process *process, int from)
{
	for (int fd = from; fd < FS_OPEN_MAX; fd++)
		if (!process->files[fd])
			return fd;
	return EDVSMFILE;
}

static struct file *free_file(struct fs *fs)
{
	for (int i = 0; i < FS_FILES; i++) {
		struct file *file = &fs->files[(fs->file_search + i) % FS_FILES];

		if (!file->refs) {
			fs->file_search = (int)(file - fs->files);
			return file;
		}
	}
	return NULL;
}

static bool is_last_of(const char *name, enum walk_last last)
{
	return last == LAST_NAME && name[0];
}

/* May a new entry be made in the directory? */
static int may_create(struct process *process, const struct inode *dir)
{
	if (process->fs->super.read_only)
		return EDVSROFS;
	if (!dir->nlinks)
		return EDVSNOENT;
	return process_may(process, dir, W_OK | X_OK);
}

int walk_create(struct process *process, const char *path, bool is_dir, struct walk *walk)
{
	struct inode *ip;
	int error = walk_parent(process, path, walk);

	if (error)
		return error;
	error = is_last_of(walk->name, walk->last) ? walk_last(process, walk, &ip) : EDVSEXIST;
	if (!error) {
		inode_put(ip);
		error = EDVSEXIST;
	} else if (error == EDVSNOENT) {
		error = !is_dir && walk->slash ? EDVSNOENT : may_create(process, walk->dir);
	}
	if (error)
		walk_done(walk);
	return error;
}

/* Who owns what is made in dir, and its set-group-id bit. */
static void set_owner(const struct process *process, const struct inode *dir, struct inode *ip)
{
	ip->uid = (uint16_t)process->uid;
	ip->gid = (uint16_t)process->gid;
	if (dir->mode & S_ISGID) {
		ip->gid = dir->gid;
		if (S_ISDIR(ip->mode))
			ip->mode |= S_ISGID;
	}
}

int new_node(struct process *process, struct walk *walk, mode_t mode, struct inode **ret_inode)
{
	struct inode *ip;
	int error = bitmap_reserve(process->fs, FS_RESERVE);

	if (!error)
		error = inode_create(process->fs, mode, &ip);
	if (error)
		return error;
	set_owner(process, walk->dir, ip);
	if (S_ISDIR(mode)) {
		error = directory_enter(ip, ".", ip->nr);
		if (!error)
			error = directory_enter(ip, "..", walk->dir->nr);
	}
	if (!error)
		error = directory_enter(walk->dir, walk->name, ip->nr);
	if (error) {
		inode_put(ip); /* it has no links yet, so it goes */
		return error;
	}
	ip->nlinks = S_ISDIR(mode) ? 2 : 1;
	if (S_ISDIR(mode))
		walk->dir->nlinks++;
	*ret_inode = ip;
	return 0;
}

/* An open under way. */
struct opening {
	struct process *process;
	struct walk *walk;
	int flags;
	mode_t mode;
	bool is_new;
	struct inode *inode;
};

static int create_file(struct opening *opening)
{
	struct process *process = opening->process;
	mode_t mode = S_IFREG | (opening->mode & 07777 & ~process->mask);
	int error = may_create(process, opening->walk->dir);

	if (!error)
		error = new_node(process, opening->walk, mode, &opening->inode);
	opening->is_new = !error;
	return error;
}

static bool stops_at_link(const struct opening *opening)
{
	bool exclusive = (opening->flags & O_CREAT) && (opening->flags & O_EXCL);

	return exclusive || ((opening->flags & O_NOFOLLOW) && !opening->walk->slash);
}

/* Goes to the end of the path, through links, and makes the file if asked. */
static int find(struct opening *opening)
{
	struct walk *walk = opening->walk;

	for (;;) {
		struct inode *ip;
		int error;

		if ((opening->flags & O_CREAT) && walk->last == LAST_NAME && walk->slash)
			return EDVSISDIR;
		error = walk_last(opening->process, walk, &ip);
		if (error == EDVSNOENT && opening->flags & O_CREAT)
			return create_file(opening);
		if (error)
			return error;
		opening->inode = ip;
		if (!S_ISLNK(ip->mode) || stops_at_link(opening))
			return 0;
		opening->inode = NULL;
		error = walk_follow(opening->process, walk, ip);
		inode_put(ip);
		if (error)
			return error;
	}
}

static int check_type(const struct opening *opening)
{
	const struct inode *ip = opening->inode;
	int flags = opening->flags;

	if ((flags & O_CREAT) && (flags & O_EXCL))
		return EDVSEXIST;
	if ((flags & O_CREAT) && S_ISDIR(ip->mode))
		return EDVSISDIR;
	if ((flags & O_DIRECTORY || opening->walk->slash) && !S_ISDIR(ip->mode))
		return EDVSNOTDIR;
	if (S_ISLNK(ip->mode))
		return EDVSLOOP;
	if (S_ISDIR(ip->mode) && (is_writable(flags) || flags & O_TRUNC))
		return EDVSISDIR;
	return 0;
}

static int may_open(const struct opening *opening)
{
	int flags = opening->flags;
	int what = (is_readable(flags) ? R_OK : 0) |
		   (is_writable(flags) || flags & O_TRUNC ? W_OK : 0);
	int error = process_may(opening->process, opening->inode, what);

	if (!error && (what & W_OK) && opening->process->fs->super.read_only)
		error = EDVSROFS;
	if (!error && !S_ISREG(opening->inode->mode) && !S_ISDIR(opening->inode->mode))
		error = EDVSNXIO; /* devices, pipes and sockets have no driver here */
	return error;
}

/* The inode of the path, held and fit to be opened. */
static int open_inode(struct opening *opening, const char *path)
{
	int error = walk_parent(opening->process, path, opening->walk);

	if (error)
		return error;
	error = find(opening);
	if (!error && !opening->is_new) {
		error = check_type(opening);
		if (!error)
			error = may_open(opening);
		if (!error && (opening->flags & O_TRUNC) && S_ISREG(opening->inode->mode))
			error = inode_resize(opening->inode, 0);
		if (error)
			inode_put(opening->inode);
	}
	walk_done(opening->walk);
	return error;
}

/* Beginning of what changes things if the file system can be changed at all. */
static int begin_open(struct fs *fs, int flags)
{
	bool changes = flags & (O_CREAT | O_TRUNC) || is_writable(flags);

	return changes && !fs->super.read_only ? fs_begin_change(fs) : fs_begin(fs);
}

int fs_open(struct process *process, const char *path, int flags, mode_t mode)
{
	struct opening opening = { process, &process->fs->walks[0], flags, mode, false, NULL };
	int fd = free_fd(process, 0), error;
	struct file *file = free_file(process->fs);

	if ((flags & O_ACCMODE) == O_ACCMODE)
		return EDVSINVAL;
	if (fd < 0)
		return fd;
	if (!file)
		return EDVSNFILE;
	error = begin_open(process->fs, flags);
	if (!error)
		error = open_inode(&opening, path);
	if (error)
		return error;
	*file = (struct file){ .refs = 1, .flags = flags, .inode = opening.inode };
	process->files[fd] = file;
	return fd;
}

int fs_close(struct process *process, int fd)
{
	struct file *file;
	int error = process_file(process, fd, &file);

	if (error)
		return error;
	process->files[fd] = NULL;
	/* It may be freed now. That nothing can be written at the moment is no error of close. */
	if (!file->inode->nlinks && !process->fs->super.read_only)
		(void)fs_begin_change(process->fs);
	file_put(file);
	return 0;
}

int fs_dup(struct process *process, int fd, int from)
{
	struct file *file;
	int error = process_file(process, fd, &file), to;

	if (error)
		return error;
	if (from < 0 || from >= FS_OPEN_MAX)
		return EDVSINVAL;
	to = free_fd(process, from);
	if (to < 0)
		return to;
	file->refs++;
	process->files[to] = file;
	return to;
}

int64_t fs_lseek(struct process *process, int fd, int64_t offset, int whence)
{
	struct file *file;
	int error = process_file(process, fd, &file);
	int64_t base = 0, position;

	if (error)
		return error;
	if (whence == SEEK_CUR)
		base = (int64_t)file->position;
	else if (whence == SEEK_END)
		base = file->inode->size;
	else if (whence != SEEK_SET)
		return EDVSINVAL;
	if (__builtin_add_overflow(base, offset, &position) || position < 0 ||
	    (uint64_t)position > process->fs->super.max_size)
		return EDVSINVAL;
	file->position = (uint64_t)position;
	return position;
}
