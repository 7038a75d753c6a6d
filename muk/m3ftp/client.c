/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * client.c - the client's side of M3FTP: two buffers of whole pages, used anew for
 * each piece, so that they stay in the processor's cache on their way.
 */
#include "m3ftp/client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "m3ftp/host_io.h"
#include "protocol/m3ftp.h"

#define PIECE_MIN 4096u

/* Two buffers: one is on its way by messages while the host reads or writes the other. */
struct copy {
	const struct m3ftp_job *job;
	struct m3ftp_result *result;
	int ftp_ep;
	int handle;
	uint64_t size;
	uint32_t piece;
	char *buffers[2];
	size_t buffer_bytes;
	struct host_io io;
};

/* What the caller and the server agree on, and no more than a small file needs. */
static uint32_t piece_of(const struct copy *copy, uint32_t piece_max, uint64_t size)
{
	uint32_t piece = copy->job->piece_bytes;

	if (!piece || piece > piece_max)
		piece = piece_max;
	if (size && size < piece)
		piece = ((uint32_t)size / PIECE_MIN + 1) * PIECE_MIN;
	return piece < PIECE_MIN ? PIECE_MIN : piece;
}

/* One is enough when nothing goes on at the same time. */
static int take_buffers(struct copy *copy, int count)
{
	copy->buffer_bytes = (size_t)count * copy->piece;
	copy->buffers[0] = mmap(NULL, copy->buffer_bytes, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (copy->buffers[0] == MAP_FAILED)
		return EDVSNOMEM;
	copy->buffers[1] = copy->buffers[0] + copy->buffer_bytes - copy->piece;
	return 0;
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

static int interrupted(void *context)
{
	return moved(context, 0);
}

/* Ends what the host does; the bytes, or the error of the transfer. */
static int64_t end_host(struct copy *copy)
{
	int64_t bytes = host_io_end(&copy->io);

	if (bytes >= 0 || bytes == -EINTR)
		return bytes < 0 ? EDVSINTR : bytes;
	copy->result->host_errno = (int)-bytes;
	return EDVSIO;
}

/* The piece before this one is on the host. */
static int end_write(struct copy *copy)
{
	int64_t bytes = end_host(copy);

	return bytes <= 0 ? (int)bytes : moved(copy, (uint64_t)bytes);
}

static int get_pieces(struct copy *copy)
{
	uint64_t asked = 0;

	for (int at = 0;; at ^= 1) {
		struct m3ftp_get_reply got = { 0 };
		int error = m3ftp_call_get(copy->ftp_ep, copy->handle, (int64_t)asked,
					   copy->buffers[at], copy->piece, &got);
		int before = end_write(copy);

		if (!error && got.bytes > copy->piece)
			error = EDVSIO;
		if (before || error || !got.bytes)
			return before ? before : error;
		host_io_begin(&copy->io, HOST_IO_WRITE, copy->buffers[at], got.bytes);
		asked += got.bytes;
		/* The size that was told is no more than a hint: only 0 bytes are the end. */
		if (got.bytes < copy->piece && asked == copy->size)
			return end_write(copy);
	}
}

static int put_pieces(struct copy *copy)
{
	host_io_begin(&copy->io, HOST_IO_READ, copy->buffers[0], copy->piece);
	for (int at = 0;; at ^= 1) {
		struct m3ftp_put_reply put;
		int64_t bytes = end_host(copy);
		int error;

		if (bytes <= 0)
			return (int)bytes;
		/* A short one was the last; a terminal would have to be told twice. */
		if (bytes == copy->piece)
			host_io_begin(&copy->io, HOST_IO_READ, copy->buffers[at ^ 1], copy->piece);
		error = m3ftp_call_put(copy->ftp_ep, copy->handle, (int64_t)copy->result->bytes,
				       copy->buffers[at], (uint32_t)bytes, &put);
		if (!error && put.bytes != (uint64_t)bytes)
			error = EDVSIO;
		if (!error)
			error = moved(copy, (uint64_t)bytes);
		if (error || bytes < copy->piece)
			return error;
	}
}

/*
 * Moves the pieces, then ends the transfer, in order or not. Only a file's bytes
 * are moved by a thread: a terminal or a pipe could keep it waiting for ever.
 */
static int run(struct copy *copy, uint32_t piece_max, int (*pieces)(struct copy *copy))
{
	struct stat st;
	int is_file = !fstat(copy->job->fd, &st) && S_ISREG(st.st_mode), in_thread, error;
	uint64_t size = pieces == get_pieces ? copy->size : is_file ? (uint64_t)st.st_size : 0;

	copy->piece = piece_of(copy, piece_max, size);
	in_thread = is_file && size > copy->piece;
	error = take_buffers(copy, in_thread ? 2 : 1);
	if (!error) {
		host_io_init(&copy->io, copy->job->fd, in_thread);
		copy->io.interrupted = in_thread ? NULL : interrupted;
		copy->io.context = copy;
		error = pieces(copy);
		host_io_deinit(&copy->io);
		munmap(copy->buffers[0], copy->buffer_bytes);
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
