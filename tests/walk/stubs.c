/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stubs.c - a step done in the MUK by the stubs of the protocol tables and M3FTP's
 * client, from this process.
 */
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "m3ftp/client.h"
#include "walk.h"

#define FS      FS_PROC_NR
#define ENTRIES 7 /* at once, so that a list takes several calls */

/* A result of 0 or an error, and the number that came with it. */
static int64_t number(int result, int64_t value)
{
	return result ? result : value;
}

static int64_t with_data(struct answer *answer, int result, uint64_t bytes)
{
	answer->bytes = result ? 0 : (uint32_t)bytes;
	return number(result, (int64_t)bytes);
}

static int64_t move_data(const struct step *s, struct answer *answer)
{
	struct fs_read_reply read_reply = { 0 };
	struct fs_pread_reply pread_reply = { 0 };
	struct fs_write_reply write_reply = { 0 };
	struct fs_pwrite_reply pwrite_reply = { 0 };
	int result;

	if (s->op == OP_READ) {
		result = fs_call_read(FS, s->fd, answer->data, s->bytes, &read_reply);
		return with_data(answer, result, read_reply.bytes);
	}
	if (s->op == OP_PREAD) {
		result = fs_call_pread(FS, s->fd, s->place, answer->data, s->bytes, &pread_reply);
		return with_data(answer, result, pread_reply.bytes);
	}
	if (s->op == OP_WRITE) {
		result = fs_call_write(FS, s->fd, s->data, s->bytes, &write_reply);
		return number(result, (int64_t)write_reply.bytes);
	}
	result = fs_call_pwrite(FS, s->fd, s->place, s->data, s->bytes, &pwrite_reply);
	return number(result, (int64_t)pwrite_reply.bytes);
}

static int64_t list_folder(const char *path, struct answer *answer)
{
	struct list list = { .text = answer->data };
	struct fs_open_reply opened = { .fd = -1 };
	struct fs_dirent entries[ENTRIES];
	struct fs_getdents_reply got;
	int result = fs_call_open(FS, path, FS_OPEN_RDONLY | FS_OPEN_DIRECTORY, 0, &opened);

	if (result)
		return result;
	do {
		got.bytes = 0;
		result = fs_call_getdents(FS, opened.fd, entries, sizeof(entries), &got);
		for (size_t i = 0; !result && i < got.bytes / sizeof(entries[0]); i++)
			list_add(&list, entries[i].name, entries[i].type);
	} while (!result && got.bytes);
	list_finish(&list);
	answer->bytes = list.used;
	return result ? result : fs_call_close(FS, opened.fd);
}

static int memory_file(const void *data, size_t bytes)
{
	int fd = memfd_create("walk", MFD_CLOEXEC);

	if (fd >= 0 && (write(fd, data, bytes) != (ssize_t)bytes || lseek(fd, 0, SEEK_SET))) {
		close(fd);
		return -1;
	}
	return fd;
}

static int64_t transfer(const struct step *s, struct answer *answer)
{
	struct m3ftp_job job = { .path = s->path.muk, .mode = s->mode & 0777 };
	struct m3ftp_result moved = { 0 };
	ssize_t got = 0;
	int result;

	job.fd = memory_file(s->data, s->op == OP_PUT ? s->bytes : 0);
	if (job.fd < 0)
		return EDVSGENERIC;
	result = s->op == OP_PUT ? m3ftp_put(M3FTP_PROC_NR, &job, &moved)
				 : m3ftp_get(M3FTP_PROC_NR, &job, &moved);
	if (s->op == OP_GET && !result)
		got = pread(job.fd, answer->data, WALK_DATA_MAX, 0);
	close(job.fd);
	answer->bytes = got > 0 ? (uint32_t)got : 0;
	return number(result, (int64_t)moved.bytes);
}

static int64_t do_fd(const struct step *s, struct answer *answer)
{
	struct fs_lseek_reply lseek_reply = { 0 };
	struct fs_dup_reply dup_reply = { 0 };
	int result;

	switch (s->op) {
	case OP_CLOSE:
		return fs_call_close(FS, s->fd);
	case OP_LSEEK:
		result = fs_call_lseek(FS, s->fd, s->flags, s->place, &lseek_reply);
		return number(result, lseek_reply.offset);
	case OP_FTRUNCATE:
		return fs_call_ftruncate(FS, s->fd, s->place);
	case OP_FSYNC:
		return fs_call_fsync(FS, s->fd);
	case OP_SYNC:
		return fs_call_sync(FS);
	case OP_DUP:
		result = fs_call_dup(FS, s->fd, &dup_reply);
		return number(result, dup_reply.fd);
	case OP_FCHMOD:
		return fs_call_fchmod(FS, s->fd, s->flags);
	case OP_FSTAT:
		return fs_call_fstat(FS, s->fd, &answer->stat, sizeof(answer->stat));
	default:
		return move_data(s, answer);
	}
}

static int64_t do_names(const struct step *s, struct answer *answer)
{
	struct fs_readlink_reply link_reply = { 0 };
	const char *path = s->path.muk;
	int result;

	switch (s->op) {
	case OP_MKDIR:
		return fs_call_mkdir(FS, path, s->flags);
	case OP_RMDIR:
		return fs_call_rmdir(FS, path);
	case OP_UNLINK:
		return fs_call_unlink(FS, path);
	case OP_LINK:
		return fs_call_link(FS, path, s->to.muk);
	case OP_RENAME:
		return fs_call_rename(FS, path, s->to.muk);
	case OP_SYMLINK:
		return fs_call_symlink(FS, path, s->to.muk);
	case OP_READLINK:
		result = fs_call_readlink(FS, path, answer->data, WALK_DATA_MAX, &link_reply);
		return with_data(answer, result, link_reply.bytes);
	case OP_CHMOD:
		return fs_call_chmod(FS, path, s->flags);
	case OP_CHOWN:
		return fs_call_chown(FS, path, s->flags, s->mode);
	case OP_UTIME:
		return fs_call_utime(FS, path, s->place, s->place);
	case OP_ACCESS:
		return fs_call_access(FS, path, s->flags);
	case OP_TRUNCATE:
		return fs_call_truncate(FS, path, s->place);
	case OP_MKNOD:
		return fs_call_mknod(FS, path, S_IFREG | s->flags, 0);
	default:
		return do_fd(s, answer);
	}
}

static int64_t where(struct answer *answer)
{
	struct fs_getcwd_reply reply = { 0 };
	int result = fs_call_getcwd(FS, answer->data, WALK_DATA_MAX, &reply);

	answer->bytes = (uint32_t)strnlen(answer->data, result ? 0 : reply.bytes);
	return result;
}

static int64_t do_step(const struct step *s, struct answer *answer)
{
	struct fs_open_reply open_reply = { 0 };
	struct fs_creat_reply creat_reply = { 0 };
	struct fs_umask_reply umask_reply = { 0 };
	const char *path = s->path.muk;
	int result;

	switch (s->op) {
	case OP_OPEN:
		result = fs_call_open(FS, path, s->flags, s->mode, &open_reply);
		return number(result, open_reply.fd);
	case OP_CREAT:
		result = fs_call_creat(FS, path, s->flags, &creat_reply);
		return number(result, creat_reply.fd);
	case OP_STAT:
		return fs_call_stat(FS, path, &answer->stat, sizeof(answer->stat));
	case OP_LSTAT:
		return fs_call_lstat(FS, path, &answer->stat, sizeof(answer->stat));
	case OP_CHDIR:
		return fs_call_chdir(FS, path);
	case OP_GETCWD:
		return where(answer);
	case OP_UMASK:
		result = fs_call_umask(FS, s->flags, &umask_reply);
		return number(result, umask_reply.mask);
	case OP_LIST:
		return list_folder(path, answer);
	case OP_GET:
	case OP_PUT:
		return transfer(s, answer);
	default:
		return do_names(s, answer);
	}
}

void stubs_do(struct walker *w, const struct step *step, struct answer *answer)
{
	(void)w;
	answer->bytes = 0;
	answer->result = do_step(step, answer);
}
