/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host.c - a step done on the host.
 *
 * What M3FTP does is done here as it is documented: a file that is put is made
 * beside its place and renamed, one that is fetched is opened and read.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "walk.h"

/* One argument for all: the walker, who does it, what, and what comes of it. */
struct doing {
	struct walker *w;
	struct client *client;
	const struct step *step;
	struct answer *answer;
	int fd; /* of the host; -1: none */
};

static uint32_t type_of(unsigned char type)
{
	return type == DT_DIR   ? FS_TYPE_DIR
	       : type == DT_LNK ? FS_TYPE_SYMLINK
	       : type == DT_REG ? FS_TYPE_FILE
				: FS_TYPE_UNKNOWN;
}

static int64_t list_folder(struct doing *d)
{
	struct list list = { .text = d->answer->data };
	int fd = open(d->step->path.host, O_RDONLY | O_DIRECTORY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir)
		return -1;
	while ((entry = readdir(dir)))
		list_add(&list, entry->d_name, type_of(entry->d_type));
	closedir(dir);
	list_finish(&list);
	d->answer->bytes = list.used;
	return 0;
}

static int64_t get_file(struct doing *d)
{
	int fd = open(d->step->path.host, O_RDONLY | O_NONBLOCK);
	struct stat st;
	ssize_t got;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		errno = EISDIR;
		return -1;
	}
	got = pread(fd, d->answer->data, WALK_DATA_MAX, 0);
	close(fd);
	d->answer->bytes = got > 0 ? (uint32_t)got : 0;
	return got < 0 ? -1 : st.st_size;
}

static int check_target(const char *path)
{
	struct stat st;

	errno = 0;
	if (stat(path, &st) == 0) {
		errno = S_ISREG(st.st_mode) ? 0 : S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
		return errno ? -1 : 0;
	}
	if (errno == ENOENT && path[strlen(path) - 1] == '/')
		errno = EISDIR;
	return errno == ENOENT ? 0 : -1;
}

/* As cp does, the shell puts a file into what is a folder. */
static void find_target(const struct doing *d, char ret_path[WALK_PATH_BYTES])
{
	struct stat st;

	strcpy(ret_path, d->step->path.host);
	if (d->client->is_shell && stat(ret_path, &st) == 0 && S_ISDIR(st.st_mode))
		strcat(ret_path, "/file");
}

static int64_t put_file(struct doing *d)
{
	char path[WALK_PATH_BYTES], temporary[WALK_PATH_BYTES + 16];
	int fd, failed;

	find_target(d, path);
	if (check_target(path))
		return -1;
	snprintf(temporary, sizeof(temporary), "%.*s.put", (int)(strrchr(path, '/') + 1 - path),
		 path);
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		return -1;
	failed = fchmod(fd, d->step->mode & 0777) ||
		 write(fd, d->step->data, d->step->bytes) != (ssize_t)d->step->bytes;
	failed |= close(fd);
	failed = failed || rename(temporary, path);
	if (failed) {
		int error = errno;

		unlink(temporary);
		errno = error;
		return -1;
	}
	return d->step->bytes;
}

static int64_t take_stat(struct doing *d, int result, const struct stat *st)
{
	if (!result)
		stat_of_host(st, &d->answer->stat);
	return result;
}

static int64_t where(struct doing *d)
{
	size_t root = strlen(d->w->host_root);
	char text[WALK_PATH_BYTES];

	if (!getcwd(text, sizeof(text)))
		return -1;
	d->answer->bytes = (uint32_t)strlen(text + root);
	memcpy(d->answer->data, text + root, d->answer->bytes);
	return 0;
}

static int64_t change_folder(struct doing *d)
{
	int fd = open(d->step->path.host, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	close(d->client->cwd);
	d->client->cwd = fd;
	return 0;
}

static int64_t change_umask(struct doing *d)
{
	mode_t before = d->client->umask;

	d->client->umask = d->step->flags & 0777;
	return before;
}

static int64_t set_times(const struct step *step)
{
	struct timeval times[2] = { { step->place, 0 }, { step->place, 0 } };

	return utimes(step->path.host, times);
}

static int64_t with_data(struct doing *d, int64_t got)
{
	d->answer->bytes = got > 0 ? (uint32_t)got : 0;
	return got;
}

/* What takes a descriptor. */
static int64_t do_fd(struct doing *d)
{
	const struct step *s = d->step;
	struct stat st;

	switch (s->op) {
	case OP_CLOSE:
		return close(d->fd);
	case OP_READ:
		return with_data(d, read(d->fd, d->answer->data, s->bytes));
	case OP_PREAD:
		return with_data(d, pread(d->fd, d->answer->data, s->bytes, s->place));
	case OP_WRITE:
		return write(d->fd, s->data, s->bytes);
	case OP_PWRITE:
		return pwrite(d->fd, s->data, s->bytes, s->place);
	case OP_LSEEK:
		return lseek(d->fd, s->place, (int)s->flags);
	case OP_FTRUNCATE:
		return ftruncate(d->fd, s->place);
	case OP_FSYNC:
		return fsync(d->fd);
	case OP_DUP:
		return dup(d->fd);
	case OP_FCHMOD:
		return fchmod(d->fd, s->flags);
	case OP_FSTAT:
		return take_stat(d, fstat(d->fd, &st), &st);
	default:
		return 0; /* sync: nothing to see */
	}
}

static int64_t do_names(struct doing *d)
{
	const struct step *s = d->step;
	const char *path = s->path.host;

	switch (s->op) {
	case OP_MKDIR:
		return mkdir(path, s->flags);
	case OP_RMDIR:
		return rmdir(path);
	case OP_UNLINK:
		return unlink(path);
	case OP_LINK:
		return link(path, s->to.host);
	case OP_RENAME:
		return rename(path, s->to.host);
	case OP_SYMLINK:
		return symlink(path, s->to.host);
	case OP_READLINK:
		return with_data(d, readlink(path, d->answer->data, WALK_DATA_MAX));
	case OP_CHMOD:
		return chmod(path, s->flags);
	case OP_CHOWN:
		return chown(path, s->flags, s->mode);
	case OP_UTIME:
		return set_times(s);
	case OP_ACCESS:
		return access(path, (int)s->flags);
	case OP_TRUNCATE:
		return truncate(path, s->place);
	case OP_MKNOD:
		return mknod(path, S_IFREG | s->flags, 0);
	default:
		return do_fd(d);
	}
}

static int64_t do_step(struct doing *d)
{
	const struct step *s = d->step;
	struct stat st;

	switch (s->op) {
	case OP_OPEN:
		return open(s->path.host, (int)s->flags | O_CLOEXEC, s->mode);
	case OP_CREAT:
		return open(s->path.host, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, s->flags);
	case OP_STAT:
		return take_stat(d, stat(s->path.host, &st), &st);
	case OP_LSTAT:
		return take_stat(d, lstat(s->path.host, &st), &st);
	case OP_CHDIR:
		return change_folder(d);
	case OP_GETCWD:
		return where(d);
	case OP_UMASK:
		return change_umask(d);
	case OP_LIST:
		return list_folder(d);
	case OP_GET:
		return get_file(d);
	case OP_PUT:
		return put_file(d);
	default:
		return do_names(d);
	}
}

void host_do(struct walker *w, struct client *client, const struct step *step,
	     struct answer *answer)
{
	struct doing d = { w, client, step, answer, -1 };

	if (step->fd < WALK_FDS)
		d.fd = client->fds[step->fd];
	answer->bytes = 0;
	if (fchdir(client->cwd))
		abort();
	umask(client->umask);
	answer->result = do_step(&d);
	if (answer->result < 0)
		answer->result = -errno;
}
