/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image.c - reads, writes and commits of an image; see image.h.
 *
 * data_fd is what the map shows: the file itself, or for a memory image (and a
 * volatile one) a memfd. In a file, the room for a commit is asked for before the
 * journal is written, so that a full host disk is an error before anything has
 * changed; only a broken medium can fail after that.
 */
#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include <dvk/errors.h>

#include "file.h"
#include "image_impl.h"

#define RUN_PIECES 64 /* written at once */

uint64_t image_bytes(const struct image *image)
{
	return image->bytes;
}

int image_was_replayed(const struct image *image)
{
	return image->replayed;
}

const void *image_map(const struct image *image)
{
	return image->map;
}

static int in_range(const struct image *image, uint64_t offset, uint64_t bytes)
{
	return offset <= image->bytes && bytes <= image->bytes - offset;
}

int image_read(struct image *image, uint64_t offset, void *ret_data, size_t bytes)
{
	if (!in_range(image, offset, bytes))
		return EDVSRANGE;
	return file_read(image->data_fd, offset, ret_data, bytes);
}

static int may_change(const struct image *image, const struct image_piece *pieces, int count)
{
	if (image->flags & IMAGE_READ_ONLY)
		return EDVSROFS;
	if (image->failed)
		return EDVSIO;
	for (int i = 0; i < count; i++)
		if (!in_range(image, pieces[i].offset, pieces[i].bytes))
			return EDVSRANGE;
	return 0;
}

static void mark(unsigned char *chunks, const struct image_piece *piece)
{
	uint64_t last = (piece->offset + piece->bytes - 1) / IMAGE_CHUNK_BYTES;

	for (uint64_t i = piece->offset / IMAGE_CHUNK_BYTES; piece->bytes && i <= last; i++)
		chunks[i] = 1;
}

/* Pieces that lie one after the other go in one write; returns how many did, or an error. */
static int write_run(int fd, const struct image_piece *pieces, int count)
{
	struct iovec vectors[RUN_PIECES];
	uint64_t end = pieces[0].offset;
	int used = 0, error;

	while (used < count && used < RUN_PIECES && pieces[used].offset == end) {
		vectors[used].iov_base = (void *)(uintptr_t)pieces[used].data;
		vectors[used].iov_len = pieces[used].bytes;
		end += pieces[used++].bytes;
	}
	error = file_write_vectors(fd, pieces[0].offset, vectors, used);
	return error ? error : used;
}

static int write_all(int fd, const struct image_piece *pieces, int count)
{
	for (int i = 0; i < count;) {
		int done = write_run(fd, pieces + i, count - i);

		if (done < 0)
			return done;
		i += done;
	}
	return 0;
}

static int write_pieces(struct image *image, const struct image_piece *pieces, int count)
{
	/* What fails is in doubt, and saving too much does no harm. */
	for (int i = 0; image->dirty && i < count; i++)
		mark(image->dirty, &pieces[i]);
	return write_all(image->data_fd, pieces, count);
}

int image_write(struct image *image, const struct image_piece *pieces, int count)
{
	int error = may_change(image, pieces, count);

	return error ? error : write_pieces(image, pieces, count);
}

/* Makes sure that the host's file system has the blocks of one chunk, or at least of the piece. */
static int reserve_chunk(struct image *image, uint64_t chunk, const struct image_piece *piece)
{
	uint64_t begin = chunk * IMAGE_CHUNK_BYTES;
	uint64_t bytes = image->bytes - begin;

	if (bytes > IMAGE_CHUNK_BYTES)
		bytes = IMAGE_CHUNK_BYTES;
	if (!fallocate(image->file_fd, FALLOC_FL_KEEP_SIZE, (off_t)begin, (off_t)bytes)) {
		image->reserved[chunk] = 1;
		return 0;
	}
	if (errno == EOPNOTSUPP || errno == ENOSYS)
		return 0;
	if (!fallocate(image->file_fd, FALLOC_FL_KEEP_SIZE, (off_t)piece->offset,
		       (off_t)piece->bytes))
		return 0;
	return file_error(errno);
}

static int reserve(struct image *image, const struct image_piece *pieces, int count)
{
	for (int i = 0; i < count; i++) {
		const struct image_piece *piece = &pieces[i];
		uint64_t chunk = piece->offset / IMAGE_CHUNK_BYTES;

		for (; piece->bytes && chunk * IMAGE_CHUNK_BYTES < piece->offset + piece->bytes;
		     chunk++) {
			int error = image->reserved[chunk] ? 0 : reserve_chunk(image, chunk, piece);

			if (error)
				return error;
		}
	}
	return 0;
}

/* Room, journal, file, empty journal: the order that makes it all or nothing. */
static int commit_to_file(struct image *image, const struct image_piece *pieces, int count)
{
	int error = reserve(image, pieces, count);

	if (error)
		return error;
	error = journal_store(&image->journal, pieces, count);
	if (error)
		return error;
	error = write_all(image->file_fd, pieces, count);
	if (!error)
		error = journal_empty(&image->journal);
	if (!error)
		return 0;
	image->failed = 1;
	return EDVSIO;
}

int image_commit(struct image *image, const struct image_piece *pieces, int count)
{
	int error = may_change(image, pieces, count);

	if (error || !count)
		return error;
	/* What is only in memory ends with the process: there is no half of it to see. */
	if (image->data_fd != image->file_fd)
		return write_pieces(image, pieces, count);
	return commit_to_file(image, pieces, count);
}

/* Brings what has changed in memory to the file, in one commit. */
static int save(struct image *image)
{
	uint64_t chunks = (image->bytes + IMAGE_CHUNK_BYTES - 1) / IMAGE_CHUNK_BYTES;
	struct image_piece *pieces = calloc(chunks, sizeof(*pieces));
	int count = 0, error;

	if (!pieces)
		return EDVSNOMEM;
	for (uint64_t i = 0; i < chunks; i++) {
		uint64_t begin = i * IMAGE_CHUNK_BYTES, left = image->bytes - begin;
		size_t bytes = left < IMAGE_CHUNK_BYTES ? left : IMAGE_CHUNK_BYTES;

		if (!image->dirty[i])
			continue;
		if (count && pieces[count - 1].offset + pieces[count - 1].bytes == begin)
			pieces[count - 1].bytes += bytes;
		else
			pieces[count++] = (struct image_piece){ begin, image->map + begin, bytes };
	}
	error = image->failed ? EDVSIO : commit_to_file(image, pieces, count);
	if (!error)
		memset(image->dirty, 0, chunks);
	free(pieces);
	return error;
}

int image_flush(struct image *image)
{
	int error = 0;

	if (image->file_fd < 0 || image->flags & (IMAGE_VOLATILE | IMAGE_READ_ONLY))
		return 0;
	if (image->dirty)
		error = save(image);
	if (!error && image->failed)
		error = EDVSIO;
	if (!error && fdatasync(image->file_fd) < 0)
		error = file_error(errno);
	return error;
}

int image_close(struct image *image)
{
	int error;

	if (!image)
		return 0;
	error = image->dirty ? save(image) : 0;
	image_release(image);
	return error;
}
