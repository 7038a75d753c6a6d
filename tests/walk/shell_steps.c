/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell_steps.c - a step done in the MUK by lines for a mukshell.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell.h"

#define LIST_BYTES (128 * (int)sizeof(struct fs_dirent))

/* The step's data as a file of the host. */
static void write_file(struct walker *w, const struct step *s)
{
	int fd = open(w->file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, s->data, s->bytes) != (ssize_t)s->bytes ||
	    fchmod(fd, s->mode & 0777) || close(fd))
		abort();
}

static int64_t write_data(struct walker *w, const struct step *s)
{
	json_t *reply;
	int64_t result;

	write_file(w, s);
	if (s->op == OP_WRITE)
		reply = shell_ask(w, &result, "-call fs.write fd=%d buffer=@%s", s->fd, w->file);
	else
		reply = shell_ask(w, &result, "-call fs.pwrite fd=%d offset=%lld buffer=@%s", s->fd,
				  (long long)s->place, w->file);
	return shell_finish(reply, result, "bytes");
}

static int64_t list_folder(struct walker *w, const struct step *s, struct answer *answer)
{
	struct list list = { .text = answer->data };
	int64_t result, fd;
	const json_t *entry;
	json_t *reply = shell_ask(w, &result, "-call fs.open path=\"%s\" flags=RDONLY|DIRECTORY",
				  s->path.muk);
	size_t i;

	fd = shell_finish(reply, result, "fd");
	if (result)
		return result;
	reply = shell_ask(w, &result, "-call fs.getdents fd=%lld buffer=%d", (long long)fd,
			  LIST_BYTES);
	json_array_foreach(json_object_get(reply, "buffer"), i, entry)
	{
		const char *type = json_string_value(json_object_get(entry, "type"));

		list_add(&list, json_string_value(json_object_get(entry, "name")),
			 type[0] == 'D'   ? FS_TYPE_DIR
			 : type[0] == 'S' ? FS_TYPE_SYMLINK
					  : FS_TYPE_FILE);
	}
	json_decref(reply);
	list_finish(&list);
	answer->bytes = list.used;
	reply = shell_ask(w, &result, "-call fs.close fd=%lld", (long long)fd);
	return shell_finish(reply, result, NULL);
}

static int64_t get_file(struct walker *w, const struct step *s, struct answer *answer)
{
	int64_t result;
	json_t *reply;
	int fd;

	unlink(w->file);
	reply = shell_ask(w, &result, "-get \"%s\" %s", s->path.muk, w->file);
	if (!reply)
		return result;
	result = shell_field(reply, "bytes");
	json_decref(reply);
	fd = open(w->file, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		ssize_t got = pread(fd, answer->data, WALK_DATA_MAX, 0);

		answer->bytes = got > 0 ? (uint32_t)got : 0;
		close(fd);
	}
	return result;
}

static int64_t put_file(struct walker *w, const struct step *s)
{
	int64_t result;
	json_t *reply;

	unlink(w->file);
	write_file(w, s);
	reply = shell_ask(w, &result, "-put %s \"%s\"", w->file, s->path.muk);
	if (reply)
		result = shell_field(reply, "bytes");
	json_decref(reply);
	return result;
}

static const struct {
	uint32_t flag;
	const char *name;
} open_flags[] = {
	{ FS_OPEN_CREAT, "CREAT" },       { FS_OPEN_EXCL, "EXCL" },
	{ FS_OPEN_TRUNC, "TRUNC" },       { FS_OPEN_APPEND, "APPEND" },
	{ FS_OPEN_NOFOLLOW, "NOFOLLOW" }, { FS_OPEN_DIRECTORY, "DIRECTORY" },
};

static int64_t open_file(struct walker *w, const struct step *s)
{
	static const char *const how[] = { "RDONLY", "WRONLY", "RDWR" };
	char flags[128];
	int64_t result;
	json_t *reply;

	strcpy(flags, how[s->flags & 3]);
	for (size_t i = 0; i < sizeof(open_flags) / sizeof(open_flags[0]); i++) {
		if (!(s->flags & open_flags[i].flag))
			continue;
		strcat(flags, "|");
		strcat(flags, open_flags[i].name);
	}
	reply = shell_ask(w, &result, "-call fs.open path=\"%s\" flags=%s mode=%o", s->path.muk,
			  flags, s->mode);
	return shell_finish(reply, result, "fd");
}

static int64_t seek(struct walker *w, const struct step *s)
{
	static const char *const whence[] = { "SET", "CUR", "END" };
	int64_t result;
	json_t *r = shell_ask(w, &result, "-call fs.lseek fd=%d whence=%s offset=%lld", s->fd,
			      whence[s->flags], (long long)s->place);

	return shell_finish(r, result, "offset");
}

static int64_t do_fd(struct walker *w, const struct step *s, struct answer *answer)
{
	long long place = s->place;
	int64_t result;
	json_t *r;

	switch (s->op) {
	case OP_CLOSE:
		r = shell_ask(w, &result, "-call fs.close fd=%d", s->fd);
		return shell_finish(r, result, NULL);
	case OP_READ:
		r = shell_ask(w, &result, "-call fs.read fd=%d buffer=%u", s->fd, s->bytes);
		return shell_take_buffer(r, result, answer);
	case OP_PREAD:
		r = shell_ask(w, &result, "-call fs.pread fd=%d offset=%lld buffer=%u", s->fd,
			      place, s->bytes);
		return shell_take_buffer(r, result, answer);
	case OP_LSEEK:
		return seek(w, s);
	case OP_FTRUNCATE:
		r = shell_ask(w, &result, "-call fs.ftruncate fd=%d size=%lld", s->fd, place);
		return shell_finish(r, result, NULL);
	case OP_FSYNC:
		r = shell_ask(w, &result, "-call fs.fsync fd=%d", s->fd);
		return shell_finish(r, result, NULL);
	case OP_DUP:
		r = shell_ask(w, &result, "-call fs.dup fd=%d", s->fd);
		return shell_finish(r, result, "fd");
	case OP_FCHMOD:
		r = shell_ask(w, &result, "-call fs.fchmod fd=%d mode=%o", s->fd, s->flags);
		return shell_finish(r, result, NULL);
	case OP_FSTAT:
		r = shell_ask(w, &result, "-call fs.fstat fd=%d buffer=80", s->fd);
		return shell_take_stat(r, result, answer);
	default:
		return write_data(w, s);
	}
}

/* Calls of paths, whose reply is empty. */
static json_t *ask_path(struct walker *w, const struct step *s, int64_t *ret_result)
{
	const char *path = s->path.muk;

	switch (s->op) {
	case OP_MKDIR:
		return shell_ask(w, ret_result, "-call fs.mkdir path=\"%s\" mode=%o", path,
				 s->flags);
	case OP_RMDIR:
		return shell_ask(w, ret_result, "-call fs.rmdir path=\"%s\"", path);
	case OP_UNLINK:
		return shell_ask(w, ret_result, "-call fs.unlink path=\"%s\"", path);
	case OP_LINK:
	case OP_RENAME:
		return shell_ask(w, ret_result, "-call fs.%s old=\"%s\" new=\"%s\"",
				 s->op == OP_LINK ? "link" : "rename", path, s->to.muk);
	case OP_SYMLINK:
		return shell_ask(w, ret_result, "-call fs.symlink target=\"%s\" path=\"%s\"", path,
				 s->to.muk);
	case OP_CHMOD:
		return shell_ask(w, ret_result, "-call fs.chmod path=\"%s\" mode=%o", path,
				 s->flags);
	case OP_CHOWN:
		return shell_ask(w, ret_result, "-call fs.chown path=\"%s\" uid=%u gid=%u", path,
				 s->flags, s->mode);
	case OP_UTIME:
		return shell_ask(w, ret_result, "-call fs.utime path=\"%s\" atime=%lld mtime=%lld",
				 path, (long long)s->place, (long long)s->place);
	case OP_ACCESS:
		return shell_ask(w, ret_result, "-call fs.access path=\"%s\" access=%u", path,
				 s->flags);
	case OP_TRUNCATE:
		return shell_ask(w, ret_result, "-call fs.truncate path=\"%s\" size=%lld", path,
				 (long long)s->place);
	case OP_MKNOD:
		return shell_ask(w, ret_result, "-call fs.mknod path=\"%s\" mode=%o dev=0", path,
				 S_IFREG | s->flags);
	case OP_CHDIR:
		return shell_ask(w, ret_result, "-call fs.chdir path=\"%s\"", path);
	default:
		return shell_ask(w, ret_result, "-call fs.sync");
	}
}

static int is_of_paths(enum walk_op op)
{
	return op == OP_SYNC || op == OP_CHDIR || op == OP_TRUNCATE ||
	       (op >= OP_MKDIR && op <= OP_SYMLINK) || (op >= OP_CHMOD && op <= OP_MKNOD);
}

static int64_t do_step(struct walker *w, const struct step *s, struct answer *answer)
{
	const char *path = s->path.muk;
	int64_t result;
	json_t *r;

	switch (s->op) {
	case OP_OPEN:
		return open_file(w, s);
	case OP_CREAT:
		r = shell_ask(w, &result, "-call fs.creat path=\"%s\" mode=%o", path, s->flags);
		return shell_finish(r, result, "fd");
	case OP_STAT:
	case OP_LSTAT:
		r = shell_ask(w, &result, "-call fs.%s path=\"%s\" buffer=80",
			      s->op == OP_STAT ? "stat" : "lstat", path);
		return shell_take_stat(r, result, answer);
	case OP_READLINK:
		r = shell_ask(w, &result, "-call fs.readlink path=\"%s\" buffer=1000", path);
		return shell_take_buffer(r, result, answer);
	case OP_GETCWD:
		r = shell_ask(w, &result, "-call fs.getcwd buffer=1000");
		result = shell_take_buffer(r, result, answer);
		answer->bytes = (uint32_t)strnlen(answer->data, answer->bytes);
		return result < 0 ? result : 0;
	case OP_UMASK:
		r = shell_ask(w, &result, "-call fs.umask mask=%o", s->flags);
		return shell_finish(r, result, "mask");
	case OP_LIST:
		return list_folder(w, s, answer);
	case OP_GET:
		return get_file(w, s, answer);
	case OP_PUT:
		return put_file(w, s);
	default:
		return do_fd(w, s, answer);
	}
}

void shell_do(struct walker *w, const struct step *step, struct answer *answer)
{
	json_t *reply;

	answer->bytes = 0;
	if (!is_of_paths(step->op)) {
		answer->result = do_step(w, step, answer);
		return;
	}
	reply = ask_path(w, step, &answer->result);
	json_decref(reply);
}
