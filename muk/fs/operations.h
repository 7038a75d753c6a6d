/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * operations.h - what a process can ask of the file system.
 *
 * Each is one operation with the results and errors of POSIX as Linux gives them;
 * the errors are EDVS codes. Paths end with a NUL. The server's handlers stand on
 * these, and so do the tests.
 */
#ifndef MUK_FS_OPERATIONS_H
#define MUK_FS_OPERATIONS_H

#include "fs/core.h"

/*
 * Makes the file system of a device; the device stays the caller's. *ret_reason
 * gets a sentence on failure (EDVSINVAL: not a MINIX file system that we know).
 */
int fs_mount(struct device *device, struct fs **ret_fs, char ret_reason[FS_REASON_BYTES]);
/* Commits and frees; returns the commit's error. The processes are gone before. */
int fs_unmount(struct fs *fs);

/* Where read puts bytes and write gets them; offset counts from the call's begin. */
struct transfer {
	int (*move)(struct transfer *transfer, uint64_t offset, void *data, size_t bytes);
};

/* open.c */
int fs_open(struct process *process, const char *path, int flags, mode_t mode);
int fs_close(struct process *process, int fd);
/* The lowest free descriptor at or above from. */
int fs_dup(struct process *process, int fd, int from);
int64_t fs_lseek(struct process *process, int fd, int64_t offset, int whence);
int fs_mkdir(struct process *process, const char *path, mode_t mode);
int fs_mknod(struct process *process, const char *path, mode_t mode, uint32_t device);
int fs_symlink(struct process *process, const char *target, const char *path);
void file_put(struct file *file);
/*
 * Walks to where something new is to be made; EDVSEXIST. When it returns 0,
 * walk_done() is due.
 */
int walk_create(struct process *process, const char *path, bool is_dir, struct walk *walk);
/* walk names nothing yet: a new inode of that mode, entered there. */
int new_node(struct process *process, struct walk *walk, mode_t mode, struct inode **ret_inode);

/* read_write.c; position -1: the file's own */
struct io {
	int fd;
	uint64_t bytes;
	int64_t position;
	struct transfer *transfer;
};
int64_t fs_read(struct process *process, const struct io *io);
int64_t fs_write(struct process *process, const struct io *io);
/*
 * The address of the file's bytes from position on, and how many lie there (0: end).
 * Until fs_unmap() they are this file's, also when it is cut or removed.
 */
int64_t fs_map(struct process *process, const struct io *io, const void **ret_address);
void fs_unmap(struct process *process);
int64_t inode_read(struct inode *ip, uint64_t position, uint64_t bytes, struct transfer *transfer);
/* Zeros from size to the end of its block, so that growing shows zeros. */
int inode_zero_tail(struct inode *ip, uint64_t size);

/* link.c, rename.c */
int fs_link(struct process *process, const char *old_path, const char *new_path);
int fs_unlink(struct process *process, const char *path);
int fs_rmdir(struct process *process, const char *path);
int fs_rename(struct process *process, const char *old_path, const char *new_path);
/* At most room bytes, without a NUL; returns how many. */
int64_t fs_readlink(struct process *process, const char *path, char *ret_text, size_t room);
/* Is the directory the same as dir, or above it? 1, 0 or an error. */
int is_above(struct inode *above, struct inode *dir);
/* May the entry ip of dir be removed, or (is_dir) be removed or replaced as a directory? */
int may_remove(struct process *process, struct inode *dir, struct inode *ip, bool is_dir);

/* status.c */
int fs_stat(struct process *process, const char *path, int flags, struct stat *ret_stat);
int fs_fstat(struct process *process, int fd, struct stat *ret_stat);
int fs_access(struct process *process, const char *path, int what);
int fs_chmod(struct process *process, const char *path, mode_t mode);
int fs_fchmod(struct process *process, int fd, mode_t mode);
/* FS_UNCHANGED leaves the one or the other as it is. */
#define FS_UNCHANGED UINT32_MAX
int fs_chown(struct process *process, const char *path, uint32_t uid, uint32_t gid);
int fs_fchown(struct process *process, int fd, uint32_t uid, uint32_t gid);
/* times: access, modification; NULL is now */
int fs_utime(struct process *process, const char *path, const uint32_t *times);
int fs_truncate(struct process *process, const char *path, int64_t size);
int fs_ftruncate(struct process *process, int fd, int64_t size);
int inode_resize(struct inode *ip, uint64_t size);
int fs_chdir(struct process *process, const char *path);
void inode_status(struct inode *ip, struct stat *ret_stat);

/* The absolute path of the process's directory; returns its length without the NUL. */
int64_t fs_getcwd(struct process *process, char *ret_path, size_t room);

/* getdents: calls each for the entries until it returns nonzero. */
struct entry {
	uint32_t nr;
	mode_t mode;   /* its type, 0 when the inode cannot be read */
	uint32_t next; /* position behind it */
	const char *name;
};
struct entries {
	int (*each)(struct entries *entries, const struct entry *entry);
};
int fs_getdents(struct process *process, int fd, struct entries *entries);

#endif
