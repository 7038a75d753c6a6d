/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * calls_file.c - handlers for open files: open, creat, close, dup, fcntl, lseek,
 * fsync, sync, commit, umask, as.
 */
#include <fcntl.h>

#include "fs/server.h"

static_assert(FS_OPEN_CREAT == O_CREAT && FS_OPEN_EXCL == O_EXCL && FS_OPEN_TRUNC == O_TRUNC &&
		      FS_OPEN_APPEND == O_APPEND && FS_OPEN_CLOEXEC == O_CLOEXEC,
	      "flags of open");

/* The protocol's flags are x86's; two of them differ elsewhere. */
static int host_flags(uint32_t flags)
{
	int host = (int)(flags & ~(uint32_t)(FS_OPEN_DIRECTORY | FS_OPEN_NOFOLLOW));

	return host | (flags & FS_OPEN_DIRECTORY ? O_DIRECTORY : 0) |
	       (flags & FS_OPEN_NOFOLLOW ? O_NOFOLLOW : 0);
}

static int open_path(struct client *client, const char *path, int flags, mode_t mode)
{
	int fd = fs_open(&client->process, path, flags, mode);

	if (fd >= 0) {
		client->row->files++;
		rows_show_file(client, fd, path);
	}
	return fd;
}

int call_open(void *state, struct server_call *call, const struct fs_open_request *request,
	      struct fs_open_reply *reply)
{
	reply->fd = open_path(state, call->paths[0], host_flags(request->flags), request->mode);
	return reply->fd < 0 ? reply->fd : 0;
}

int call_creat(void *state, struct server_call *call, const struct fs_creat_request *request,
	       struct fs_creat_reply *reply)
{
	reply->fd = open_path(state, call->paths[0], O_WRONLY | O_CREAT | O_TRUNC, request->mode);
	return reply->fd < 0 ? reply->fd : 0;
}

int call_close(void *state, struct server_call *call, const struct fs_close_request *request)
{
	struct client *client = state;
	struct file *file = NULL;
	int error = process_file(&client->process, request->fd, &file);

	(void)call;
	if (error)
		return error;
	error = fs_close(&client->process, request->fd);
	client->row->files--;
	if (!file->refs)
		rows_clear_file(client->server, file);
	return error;
}

static int duplicate(struct client *client, int fd, int from)
{
	int to = fs_dup(&client->process, fd, from);

	if (to >= 0) {
		client->row->files++;
		rows_show_file(client, to, NULL);
	}
	return to;
}

int call_dup(void *state, struct server_call *call, const struct fs_dup_request *request,
	     struct fs_dup_reply *reply)
{
	(void)call;
	reply->fd = duplicate(state, request->fd, 0);
	return reply->fd < 0 ? reply->fd : 0;
}

/* Nothing here execs, so the one flag of a descriptor is always off. */
int call_fcntl(void *state, struct server_call *call, const struct fs_fcntl_request *request,
	       struct fs_fcntl_reply *reply)
{
	const int settable = O_APPEND | O_NONBLOCK;
	struct client *client = state;
	struct file *file;
	int error = process_file(&client->process, request->fd, &file);

	(void)call;
	if (error)
		return error;
	switch (request->command) {
	case F_DUPFD:
		if (request->argument < 0 || request->argument >= FS_OPEN_MAX)
			return EDVSINVAL;
		reply->value = duplicate(client, request->fd, (int)request->argument);
		break;
	case F_GETFD:
	case F_SETFD:
		reply->value = 0;
		break;
	case F_GETFL:
		reply->value = file->flags & (O_ACCMODE | settable);
		break;
	case F_SETFL:
		file->flags = (file->flags & ~settable) | ((int)request->argument & settable);
		rows_show_file(client, request->fd, NULL);
		break;
	default:
		return EDVSINVAL;
	}
	return reply->value < 0 ? (int)reply->value : 0;
}

int call_lseek(void *state, struct server_call *call, const struct fs_lseek_request *request,
	       struct fs_lseek_reply *reply)
{
	struct client *client = state;
	int64_t position =
		fs_lseek(&client->process, request->fd, request->offset, (int)request->whence);

	(void)call;
	if (position < 0)
		return (int)position;
	reply->offset = position;
	rows_show_file(client, request->fd, NULL);
	return 0;
}

int call_sync(void *state, struct server_call *call)
{
	struct client *client = state;

	(void)call;
	return fs_sync(client->server->fs);
}

int call_fsync(void *state, struct server_call *call, const struct fs_fsync_request *request)
{
	struct client *client = state;
	struct file *file;
	int error = process_file(&client->process, request->fd, &file);

	return error ? error : call_sync(state, call);
}

int call_commit(void *state, struct server_call *call)
{
	struct client *client = state;

	(void)call;
	return fs_commit(client->server->fs);
}

int call_as(void *state, struct server_call *call, const struct fs_as_request *request,
	    struct fs_as_reply *reply)
{
	struct client *client = state;
	uint32_t uid = (uint32_t)request->uid, gid = (uint32_t)request->gid;

	(void)call;
	if (client->own_uid)
		return EDVSPERM;
	if ((uid == FS_UNCHANGED) != (gid == FS_UNCHANGED))
		return EDVSINVAL;
	reply->uid = client->as_uid;
	reply->gid = client->as_gid;
	client->as_uid = uid;
	client->as_gid = gid;
	client_use_rights(client);
	return 0;
}

int call_umask(void *state, struct server_call *call, const struct fs_umask_request *request,
	       struct fs_umask_reply *reply)
{
	struct client *client = state;

	(void)call;
	reply->mask = client->process.mask;
	client->process.mask = request->mask & 0777;
	return 0;
}
