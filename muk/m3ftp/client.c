/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * client.c - the client's side of M3FTP: one buffer of whole pages, used anew for
 * each piece, so that it stays in the processor's cache on its way.
 */
#include "m3ftp/client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "protocol/m3ftp.h"

#define PIECE_MIN 4096u

struct copy {
	const struct m3ftp_job *job;
	struct m3ftp_result *result;
	int ftp_ep;
	int handle;
	uint64_t size;
	uint32_t piece;
	char *buffer;
	int at_end; /* of fd; a terminal would have to be told twice */
};

/* What the caller and the server agree on, in a buffer of its own. */
static int take_buffer(struct copy *copy, uint32_t piece_max)
{
	uint32_t asked = copy->job->piece_bytes;

	copy->piece = asked && asked < piece_max ? asked : piece_max;
	if (copy->piece < PIECE_MIN)
		copy->piece = PIECE_MIN;
	copy->buffer = mmap(NULL, copy->piece, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	return copy->buffer == MAP_FAILED ? EDVSNOMEM : 0;
}

static int host_failed(struct copy *copy)
{
	copy->result->host_errno = errno;
	return EDVSIO;
}

/* Tells the caller; also, with 0 bytes, after a signal: it may want to end. */
static int moved(struct copy *copy, uint64_t bytes)
{
	const struct m3ftp_job *job = copy->job;

	copy->result->bytes += bytes;
	if (job->progress && job->progress(job->context, copy->result->bytes, copy->size))
		return EDVSINTR;
	return 0;
}

static int write_host(struct copy *copy, uint64_t bytes)
{
	uint64_t done = 0;

	while (done < bytes) {
		ssize_t now = write(copy->job->fd, copy->buffer + done, bytes - done);

		if (now < 0 && errno == EINTR) {
			if (moved(copy, 0))
				return EDVSINTR;
			continue;
		}
		if (now < 0)
			return host_failed(copy);
		done += (uint64_t)now;
	}
	return 0;
}

/* Fills the buffer, unless the file ends before; returns the bytes. */
static int64_t read_host(struct copy *copy)
{
	uint32_t done = 0;

	while (done < copy->piece && !copy->at_end) {
		ssize_t now = read(copy->job->fd, copy->buffer + done, copy->piece - done);

		if (now < 0 && errno == EINTR) {
			if (moved(copy, 0))
				return EDVSINTR;
			continue;
		}
		if (now < 0)
			return host_failed(copy);
		if (!now)
			copy->at_end = 1;
		done += (uint32_t)now;
	}
	return done;
}

static int get_pieces(struct copy *copy)
{
	int error = 0;

	while (!error) {
		struct m3ftp_get_reply got;

		error = m3ftp_call_get(copy->ftp_ep, copy->handle, (int64_t)copy->result->bytes,
				       copy->buffer, copy->piece, &got);
		if (!error && !got.bytes)
			return 0;
		if (!error && got.bytes > copy->piece)
			error = EDVSIO;
		if (!error)
			error = write_host(copy, got.bytes);
		if (!error)
			error = moved(copy, got.bytes);
		/* The size that was told is no more than a hint: only 0 bytes are the end. */
		if (!error && got.bytes < copy->piece && copy->result->bytes == copy->size)
			return 0;
	}
	return error;
}

static int put_pieces(struct copy *copy)
{
	int error = 0;

	while (!error) {
		struct m3ftp_put_reply put;
		int64_t bytes = read_host(copy);

		if (bytes <= 0)
			return (int)bytes;
		error = m3ftp_call_put(copy->ftp_ep, copy->handle, (int64_t)copy->result->bytes,
				       copy->buffer, (uint32_t)bytes, &put);
		if (!error && put.bytes != (uint64_t)bytes)
			error = EDVSIO;
		if (!error)
			error = moved(copy, (uint64_t)bytes);
	}
	return error;
}

/* Moves the pieces, then ends the transfer, in order or not. */
static int run(struct copy *copy, uint32_t piece_max, int (*pieces)(struct copy *copy))
{
	int error = take_buffer(copy, piece_max);

	if (!error) {
		error = pieces(copy);
		munmap(copy->buffer, copy->piece);
	}
	if (error) {
		/* The first error is the one that matters. */
		(void)m3ftp_call_abort(copy->ftp_ep, copy->handle);
		return error;
	}
	return m3ftp_call_close(copy->ftp_ep, copy->handle);
}

int m3ftp_get(int ftp_ep, const struct m3ftp_job *job, struct m3ftp_result *ret_result)
{
	struct copy copy = { .job = job, .result = ret_result, .ftp_ep = ftp_ep };
	struct m3ftp_get_open_reply opened;
	int error;

	memset(ret_result, 0, sizeof(*ret_result));
	error = m3ftp_call_get_open(ftp_ep, job->path, &opened);
	if (error)
		return error;
	copy.handle = opened.handle;
	copy.size = opened.size;
	ret_result->mode = opened.mode;
	ret_result->mtime = opened.mtime;
	return run(&copy, opened.piece_max, get_pieces);
}

int m3ftp_put(int ftp_ep, const struct m3ftp_job *job, struct m3ftp_result *ret_result)
{
	struct copy copy = { .job = job, .result = ret_result, .ftp_ep = ftp_ep };
	struct m3ftp_put_open_reply opened;
	int error;

	memset(ret_result, 0, sizeof(*ret_result));
	error = m3ftp_call_put_open(ftp_ep, job->path, job->mode, &opened);
	if (error)
		return error;
	copy.handle = opened.handle;
	copy.size = job->size;
	return run(&copy, opened.piece_max, put_pieces);
}
