/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * calls_data.c - handlers that move bytes between files and clients.
 */
#include <string.h>

#include "fs/server.h"

/* A client's buffer. */
struct client_transfer {
	struct transfer transfer;
	const struct server_call *call;
	const struct protocol_buffer *buffer;
};

static int move_out(struct transfer *transfer, uint64_t offset, void *data, size_t bytes)
{
	struct client_transfer *to = (struct client_transfer *)transfer;

	return server_copy_out(to->call, to->buffer, offset, data, bytes);
}

static int move_in(struct transfer *transfer, uint64_t offset, void *data, size_t bytes)
{
	struct client_transfer *from = (struct client_transfer *)transfer;

	return server_copy_in(from->call, from->buffer, offset, data, bytes);
}

/* A read or write under way: what io needs besides the buffer. */
struct place {
	int fd;
	int64_t position; /* -1: the file's own */
	uint64_t *ret_bytes;
};

static int finish(struct client *client, const struct place *place, int64_t done)
{
	if (done < 0)
		return (int)done;
	*place->ret_bytes = (uint64_t)done;
	if (place->position < 0)
		rows_show_file(client, place->fd, NULL);
	return 0;
}

static int read_to(struct client *client, const struct server_call *call,
		   const struct protocol_buffer *buffer, const struct place *place)
{
	struct client_transfer to = { { move_out }, call, buffer };
	struct io io = { place->fd, buffer->bytes, place->position, &to.transfer };

	return finish(client, place, fs_read(&client->process, &io));
}

static int write_from(struct client *client, const struct server_call *call,
		      const struct protocol_buffer *buffer, const struct place *place)
{
	struct client_transfer from = { { move_in }, call, buffer };
	struct io io = { place->fd, buffer->bytes, place->position, &from.transfer };

	return finish(client, place, fs_write(&client->process, &io));
}

int call_read(void *state, struct server_call *call, const struct fs_read_request *request,
	      struct fs_read_reply *reply)
{
	struct place place = { request->fd, -1, &reply->bytes };

	return read_to(state, call, &request->buffer, &place);
}

int call_write(void *state, struct server_call *call, const struct fs_write_request *request,
	       struct fs_write_reply *reply)
{
	struct place place = { request->fd, -1, &reply->bytes };

	return write_from(state, call, &request->buffer, &place);
}

int call_pread(void *state, struct server_call *call, const struct fs_pread_request *request,
	       struct fs_pread_reply *reply)
{
	struct place place = { request->fd, request->offset, &reply->bytes };

	return request->offset < 0 ? EDVSINVAL : read_to(state, call, &request->buffer, &place);
}

int call_pwrite(void *state, struct server_call *call, const struct fs_pwrite_request *request,
		struct fs_pwrite_reply *reply)
{
	struct place place = { request->fd, request->offset, &reply->bytes };

	return request->offset < 0 ? EDVSINVAL : write_from(state, call, &request->buffer, &place);
}

int call_map(void *state, struct server_call *call, const struct fs_map_request *request,
	     struct fs_map_reply *reply)
{
	struct client *client = state;
	struct io io = { .fd = request->fd, .position = request->offset };
	const void *address = NULL;
	int64_t bytes = request->offset < 0 ? EDVSINVAL : fs_map(&client->process, &io, &address);

	(void)call;
	if (bytes < 0)
		return (int)bytes;
	reply->address = dvk_address(address);
	reply->bytes = (uint64_t)bytes;
	reply->pid = client->server->pid;
	return 0;
}

/* Entries of a directory gathered for a client. */
struct gathering {
	struct entries entries;
	struct fs_dirent *records;
	uint32_t count, room;
};

static uint32_t type_of(mode_t mode)
{
	return (mode & S_IFMT) >> 12; /* the protocol's numbers are those of the mode */
}

static int gather(struct entries *entries, const struct entry *entry)
{
	struct gathering *gathering = (struct gathering *)entries;
	struct fs_dirent *record = &gathering->records[gathering->count];

	if (gathering->count == gathering->room)
		return 1;
	memset(record, 0, sizeof(*record));
	record->ino = entry->nr;
	record->next = entry->next;
	record->type = type_of(entry->mode);
	record->length = (int32_t)strlen(entry->name);
	protocol_put_text(record->name, sizeof(record->name), entry->name);
	gathering->count++;
	return 0;
}

int call_getdents(void *state, struct server_call *call, const struct fs_getdents_request *request,
		  struct fs_getdents_reply *reply)
{
	struct client *client = state;
	uint32_t bytes =
		request->buffer.bytes < FS_CHUNK_BYTES ? request->buffer.bytes : FS_CHUNK_BYTES;
	struct gathering gathering = {
		.entries = { gather },
		.records = (struct fs_dirent *)(void *)client->server->fs->staging,
		.room = bytes / sizeof(struct fs_dirent),
	};
	int error;

	if (!gathering.room)
		return EDVSINVAL;
	error = fs_getdents(&client->process, request->fd, &gathering.entries);
	if (error)
		return error;
	reply->bytes = gathering.count * sizeof(struct fs_dirent);
	rows_show_file(client, request->fd, NULL);
	return server_copy_out(call, &request->buffer, 0, gathering.records, reply->bytes);
}

int call_readlink(void *state, struct server_call *call, const struct fs_readlink_request *request,
		  struct fs_readlink_reply *reply)
{
	struct client *client = state;
	char *text = (char *)client->server->fs->staging;
	int64_t bytes;

	if (!request->buffer.bytes)
		return EDVSINVAL;
	bytes = fs_readlink(&client->process, call->paths[0], text,
			    request->buffer.bytes < FS_PATH_MAX ? request->buffer.bytes
								: FS_PATH_MAX);
	if (bytes < 0)
		return (int)bytes;
	reply->bytes = (uint64_t)bytes;
	return server_copy_out(call, &request->buffer, 0, text, reply->bytes);
}

int call_getcwd(void *state, struct server_call *call, const struct fs_getcwd_request *request,
		struct fs_getcwd_reply *reply)
{
	struct client *client = state;
	char *text = (char *)client->server->fs->staging;
	int64_t bytes = fs_getcwd(&client->process, text,
				  request->buffer.bytes < FS_PATH_MAX ? request->buffer.bytes
								      : FS_PATH_MAX);

	if (bytes < 0)
		return (int)bytes;
	reply->bytes = (uint64_t)bytes;
	return server_copy_out(call, &request->buffer, 0, text, (size_t)bytes + 1);
}
