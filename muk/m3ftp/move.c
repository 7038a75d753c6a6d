/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * move.c - the pieces of a transfer, between FS's files and a client's buffer.
 *
 * An FS of our process tells where a file's bytes lie: from there they go to the
 * client in one copy, before FS can run again. Else, and for what is put, they
 * pass through a buffer that stays in the processor's cache.
 */
#include "m3ftp/transfer.h"

/* One step of a get: bytes (at most) of the file from offset on to place at of the client's. */
struct step {
	const struct server_call *call;
	const struct protocol_buffer *buffer;
	int fd;
	int64_t offset;
	uint64_t at;
	uint64_t bytes;
};

/* Moves straight from FS's memory. Returns the bytes moved, EDVSNOSYS if that is not to be had. */
static int64_t get_mapped(struct m3ftp *ftp, const struct step *step)
{
	struct fs_map_reply map;
	int error = fs_call_map(ftp->fs_ep, step->fd, step->offset, &map);

	if (error)
		return error;
	if (map.pid != ftp->pid)
		return EDVSNOSYS;
	if (map.bytes > step->bytes)
		map.bytes = step->bytes;
	if (!map.bytes)
		return 0;
	error = server_copy_out(step->call, step->buffer, step->at,
				(const void *)(uintptr_t)map.address, map.bytes);
	return error ? error : (int64_t)map.bytes;
}

static int64_t get_copied(struct m3ftp *ftp, const struct step *step)
{
	uint32_t room =
		step->bytes < M3FTP_BOUNCE_BYTES ? (uint32_t)step->bytes : M3FTP_BOUNCE_BYTES;
	struct fs_pread_reply got;
	int error = fs_call_pread(ftp->fs_ep, step->fd, step->offset, ftp->bounce, room, &got);

	if (!error && got.bytes > room)
		error = EDVSIO;
	if (!error && got.bytes)
		error = server_copy_out(step->call, step->buffer, step->at, ftp->bounce, got.bytes);
	return error ? error : (int64_t)got.bytes;
}

int transfer_get(void *state, struct server_call *call, const struct m3ftp_get_request *request,
		 struct m3ftp_get_reply *reply)
{
	struct m3ftp *ftp = state;
	int i = transfer_find(ftp, call, request->handle), is_mapped = 1;
	struct step step = { .call = call, .buffer = &request->buffer };

	if (i < 0 || ftp->rows[i].direction != M3FTP_DIRECTION_GET)
		return EDVSBADF;
	if (request->offset < 0)
		return EDVSINVAL;
	step.fd = ftp->rows[i].fd;
	while (step.at < request->buffer.bytes) {
		int64_t moved;

		step.offset = request->offset + (int64_t)step.at;
		step.bytes = request->buffer.bytes - step.at;
		moved = is_mapped ? get_mapped(ftp, &step) : get_copied(ftp, &step);
		if (moved == EDVSNOSYS && is_mapped) {
			is_mapped = 0;
			continue;
		}
		if (moved < 0)
			return (int)moved;
		if (!moved)
			break;
		step.at += (uint64_t)moved;
	}
	ftp->rows[i].done = (uint64_t)request->offset + step.at;
	ftp->rows[i].pieces++;
	ftp->rows[i].last_ns = server_now_ns();
	reply->bytes = step.at;
	return 0;
}

/* Writes all of the bounce buffer's first bytes to the file. */
static int write_all(struct m3ftp *ftp, int fd, int64_t offset, uint32_t bytes)
{
	uint32_t done = 0;

	while (done < bytes) {
		struct fs_pwrite_reply put;
		int error = fs_call_pwrite(ftp->fs_ep, fd, offset + done, ftp->bounce + done,
					   bytes - done, &put);

		if (error)
			return error;
		if (!put.bytes || put.bytes > bytes - done)
			return EDVSIO;
		done += (uint32_t)put.bytes;
	}
	return 0;
}

int transfer_put(void *state, struct server_call *call, const struct m3ftp_put_request *request,
		 struct m3ftp_put_reply *reply)
{
	struct m3ftp *ftp = state;
	int i = transfer_find(ftp, call, request->handle), error;
	uint32_t done = 0;

	if (i < 0 || ftp->rows[i].direction != M3FTP_DIRECTION_PUT)
		return EDVSBADF;
	if (request->offset < 0)
		return EDVSINVAL;
	while (done < request->buffer.bytes) {
		uint32_t bytes = request->buffer.bytes - done;

		if (bytes > M3FTP_BOUNCE_BYTES)
			bytes = M3FTP_BOUNCE_BYTES;
		error = server_copy_in(call, &request->buffer, done, ftp->bounce, bytes);
		if (!error)
			error = write_all(ftp, ftp->rows[i].fd, request->offset + done, bytes);
		if (error)
			return error;
		done += bytes;
	}
	ftp->rows[i].done = ftp->rows[i].size = (uint64_t)request->offset + done;
	ftp->rows[i].pieces++;
	ftp->rows[i].last_ns = server_now_ns();
	reply->bytes = done;
	return 0;
}
