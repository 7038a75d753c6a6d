/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * calls_status.c - handlers that tell of files and set what can be set of them.
 */
#include <sys/sysmacros.h>

#include "fs/format.h"
#include "fs/server.h"

static int tell(struct client *client, const struct server_call *call,
		const struct protocol_buffer *buffer, const struct stat *st)
{
	struct fs_stat record = {
		.dev = client->server->dev,
		.mode = st->st_mode,
		.ino = st->st_ino,
		.nlink = (int32_t)st->st_nlink,
		.uid = st->st_uid,
		.gid = st->st_gid,
		.rdev = major(st->st_rdev) << 8 | minor(st->st_rdev),
		.size = (uint64_t)st->st_size,
		.blocks = (uint64_t)st->st_blocks,
		.block_bytes = (int32_t)st->st_blksize,
		.atime = st->st_atim.tv_sec,
		.mtime = st->st_mtim.tv_sec,
		.ctime = st->st_ctim.tv_sec,
	};

	return server_copy_out(call, buffer, 0, &record, sizeof(record));
}

int call_stat(void *state, struct server_call *call, const struct fs_stat_request *request)
{
	struct client *client = state;
	struct stat st;
	int error = fs_stat(&client->process, call->paths[0], PATH_FOLLOW, &st);

	return error ? error : tell(client, call, &request->buffer, &st);
}

int call_lstat(void *state, struct server_call *call, const struct fs_lstat_request *request)
{
	struct client *client = state;
	struct stat st;
	int error = fs_stat(&client->process, call->paths[0], 0, &st);

	return error ? error : tell(client, call, &request->buffer, &st);
}

int call_fstat(void *state, struct server_call *call, const struct fs_fstat_request *request)
{
	struct client *client = state;
	struct stat st;
	int error = fs_fstat(&client->process, request->fd, &st);

	return error ? error : tell(client, call, &request->buffer, &st);
}

static int tell_fs(struct client *client, const struct server_call *call,
		   const struct protocol_buffer *buffer)
{
	const struct super *super = &client->server->fs->super;
	struct fs_statfs record = {
		.magic = super->format->magic,
		.version = super->format->version,
		.block_bytes = (int32_t)super->block_bytes,
		.name_max = (int32_t)super->format->name_max,
		.blocks = (uint64_t)(super->zones - super->first_zone) << super->log_zone,
		.blocks_free = (uint64_t)super->free_zones << super->log_zone,
		.inodes = super->ninodes,
		.inodes_free = super->free_inodes,
		.dev = client->server->dev,
		.read_only = super->read_only,
	};

	return server_copy_out(call, buffer, 0, &record, sizeof(record));
}

int call_statfs(void *state, struct server_call *call, const struct fs_statfs_request *request)
{
	struct client *client = state;
	struct stat st;
	int error = fs_stat(&client->process, call->paths[0], PATH_FOLLOW, &st);

	return error ? error : tell_fs(client, call, &request->buffer);
}

int call_fstatfs(void *state, struct server_call *call, const struct fs_fstatfs_request *request)
{
	struct client *client = state;
	struct file *file;
	int error = process_file(&client->process, request->fd, &file);

	return error ? error : tell_fs(client, call, &request->buffer);
}

int call_chmod(void *state, struct server_call *call, const struct fs_chmod_request *request)
{
	struct client *client = state;

	return fs_chmod(&client->process, call->paths[0], request->mode);
}

int call_chown(void *state, struct server_call *call, const struct fs_chown_request *request)
{
	struct client *client = state;

	return fs_chown(&client->process, call->paths[0], request->uid, request->gid);
}

int call_fchmod(void *state, struct server_call *call, const struct fs_fchmod_request *request)
{
	struct client *client = state;

	(void)call;
	return fs_fchmod(&client->process, request->fd, request->mode);
}

int call_fchown(void *state, struct server_call *call, const struct fs_fchown_request *request)
{
	struct client *client = state;

	(void)call;
	return fs_fchown(&client->process, request->fd, request->uid, request->gid);
}

/* Times that the disk cannot hold are not guessed; two negative ones mean now. */
int call_utime(void *state, struct server_call *call, const struct fs_utime_request *request)
{
	uint32_t times[2] = { (uint32_t)request->atime, (uint32_t)request->mtime };
	struct client *client = state;

	if (request->atime < 0 && request->mtime < 0)
		return fs_utime(&client->process, call->paths[0], NULL);
	if (request->atime != times[0] || request->mtime != times[1])
		return EDVSINVAL;
	return fs_utime(&client->process, call->paths[0], times);
}

int call_access(void *state, struct server_call *call, const struct fs_access_request *request)
{
	struct client *client = state;

	return fs_access(&client->process, call->paths[0], (int)request->access);
}

int call_truncate(void *state, struct server_call *call, const struct fs_truncate_request *request)
{
	struct client *client = state;

	return fs_truncate(&client->process, call->paths[0], request->size);
}

int call_ftruncate(void *state, struct server_call *call,
		   const struct fs_ftruncate_request *request)
{
	struct client *client = state;

	(void)call;
	return fs_ftruncate(&client->process, request->fd, request->size);
}
