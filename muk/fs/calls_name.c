/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * calls_name.c - handlers for names, and the table of all handlers.
 */
#include "fs/server.h"

static int call_link(void *state, struct server_call *call, const struct fs_link_request *request)
{
	struct client *client = state;

	(void)request;
	return fs_link(&client->process, call->paths[0], call->paths[1]);
}

static int call_unlink(void *state, struct server_call *call,
		       const struct fs_unlink_request *request)
{
	struct client *client = state;

	(void)request;
	return fs_unlink(&client->process, call->paths[0]);
}

static int call_rename(void *state, struct server_call *call,
		       const struct fs_rename_request *request)
{
	struct client *client = state;

	(void)request;
	return fs_rename(&client->process, call->paths[0], call->paths[1]);
}

static int call_symlink(void *state, struct server_call *call,
			const struct fs_symlink_request *request)
{
	struct client *client = state;

	(void)request;
	return fs_symlink(&client->process, call->paths[0], call->paths[1]);
}

static int call_mkdir(void *state, struct server_call *call, const struct fs_mkdir_request *request)
{
	struct client *client = state;

	return fs_mkdir(&client->process, call->paths[0], request->mode);
}

static int call_rmdir(void *state, struct server_call *call, const struct fs_rmdir_request *request)
{
	struct client *client = state;

	(void)request;
	return fs_rmdir(&client->process, call->paths[0]);
}

static int call_mknod(void *state, struct server_call *call, const struct fs_mknod_request *request)
{
	struct client *client = state;

	return fs_mknod(&client->process, call->paths[0], request->mode, request->dev);
}

static int call_chdir(void *state, struct server_call *call, const struct fs_chdir_request *request)
{
	struct client *client = state;

	(void)request;
	return fs_chdir(&client->process, call->paths[0]);
}

const struct fs_handlers fs_handlers = {
	.read = call_read,
	.write = call_write,
	.open = call_open,
	.close = call_close,
	.creat = call_creat,
	.link = call_link,
	.unlink = call_unlink,
	.chdir = call_chdir,
	.mknod = call_mknod,
	.chmod = call_chmod,
	.chown = call_chown,
	.stat = call_stat,
	.lseek = call_lseek,
	.fstat = call_fstat,
	.utime = call_utime,
	.access = call_access,
	.sync = call_sync,
	.rename = call_rename,
	.mkdir = call_mkdir,
	.rmdir = call_rmdir,
	.dup = call_dup,
	.symlink = call_symlink,
	.readlink = call_readlink,
	.lstat = call_lstat,
	.fcntl = call_fcntl,
	.umask = call_umask,
	.getdents = call_getdents,
	.fstatfs = call_fstatfs,
	.statfs = call_statfs,
	.fsync = call_fsync,
	.truncate = call_truncate,
	.ftruncate = call_ftruncate,
	.fchmod = call_fchmod,
	.fchown = call_fchown,
	.pread = call_pread,
	.pwrite = call_pwrite,
	.map = call_map,
	.getcwd = call_getcwd,
	.as = call_as,
	.commit = call_commit,
};
