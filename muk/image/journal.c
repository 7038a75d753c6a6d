/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * journal.c - stores one commit, finds it again, applies it; see journal.h.
 *
 * All numbers are little-endian as this machine's are (x86-64, aarch64). Emptying
 * is one write over the header: the blocks of the file stay, so that the next
 * commit need not ask the host's file system for them; a large file is cut.
 */
#include "journal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <dvk/errors.h>

#include "checksum.h"
#include "file.h"

#define JOURNAL_MAGIC      0x31544d434b564d00ull
#define JOURNAL_KEEP_BYTES (4u << 20)

struct journal_header {
	uint64_t magic;
	uint64_t count;       /* of the pieces */
	uint64_t data_bytes;  /* of all pieces */
	uint64_t image_bytes; /* the image that it belongs to has this size */
	uint64_t checksum;    /* over this header with 0 here, the table, the data */
};

struct journal_entry {
	uint64_t offset;
	uint64_t bytes;
};

static_assert(sizeof(struct journal_header) == 40, "the journal's format");
static_assert(sizeof(struct journal_entry) == 16, "the journal's format");

int journal_open(struct journal *journal, const char *image_path, uint64_t image_bytes)
{
	struct stat st;
	int error;

	if (asprintf(&journal->path, "%s.commit", image_path) < 0)
		return EDVSNOMEM;
	journal->image_bytes = image_bytes;
	journal->fd = open(journal->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (journal->fd < 0 || fstat(journal->fd, &st) < 0) {
		error = file_error(errno);
		journal_close(journal, 0);
		return error;
	}
	journal->file_bytes = (uint64_t)st.st_size;
	return 0;
}

void journal_close(struct journal *journal, int remove)
{
	if (remove && journal->fd >= 0 && unlink(journal->path) < 0)
		fprintf(stderr, "%s: cannot be removed: %m\n", journal->path);
	if (journal->fd >= 0)
		close(journal->fd);
	free(journal->path);
	journal->fd = -1;
	journal->path = NULL;
}

int journal_empty(struct journal *journal)
{
	static const struct journal_header nothing;

	if (journal->file_bytes > JOURNAL_KEEP_BYTES || !journal->file_bytes) {
		if (ftruncate(journal->fd, 0) < 0)
			return file_error(errno);
		journal->file_bytes = 0;
		return 0;
	}
	return file_write(journal->fd, 0, &nothing, sizeof(nothing));
}

static uint64_t sum_pieces(struct journal_header *header, const struct journal_entry *table,
			   const struct image_piece *pieces)
{
	struct checksum sum;

	header->checksum = 0;
	checksum_init(&sum);
	checksum_add(&sum, header, sizeof(*header));
	checksum_add(&sum, table, header->count * sizeof(*table));
	for (uint64_t i = 0; i < header->count; i++)
		checksum_add(&sum, pieces[i].data, pieces[i].bytes);
	return checksum_value(&sum);
}

/* Fills header and table, and the vectors (2 + count) that write them all. */
static void lay_out(struct journal_header *header, struct journal_entry *table,
		    const struct image_piece *pieces, struct iovec *ret_vectors)
{
	size_t count = header->count;

	for (size_t i = 0; i < count; i++) {
		table[i] = (struct journal_entry){ pieces[i].offset, pieces[i].bytes };
		ret_vectors[2 + i].iov_base = (void *)(uintptr_t)pieces[i].data;
		ret_vectors[2 + i].iov_len = pieces[i].bytes;
		header->data_bytes += pieces[i].bytes;
	}
	header->checksum = sum_pieces(header, table, pieces);
	ret_vectors[0] = (struct iovec){ header, sizeof(*header) };
	ret_vectors[1] = (struct iovec){ table, count * sizeof(*table) };
}

int journal_store(struct journal *journal, const struct image_piece *pieces, int count)
{
	struct journal_header header = {
		.magic = JOURNAL_MAGIC,
		.count = (uint64_t)count,
		.image_bytes = journal->image_bytes,
	};
	struct journal_entry *table = calloc((size_t)count + 1, sizeof(*table));
	struct iovec *vectors = calloc((size_t)count + 2, sizeof(*vectors));
	int error = EDVSNOMEM;
	uint64_t bytes;

	if (!table || !vectors)
		goto out;
	lay_out(&header, table, pieces, vectors);
	bytes = sizeof(header) + header.count * sizeof(*table) + header.data_bytes;
	if (bytes > journal->file_bytes)
		journal->file_bytes = bytes;
	error = file_write_vectors(journal->fd, 0, vectors, count + 2);
	if (error) {
		/* Give the room back: it may be what others lack. */
		journal->file_bytes = 0;
		if (journal_empty(journal) < 0)
			error = EDVSIO;
	}
out:
	free(vectors);
	free(table);
	return error;
}

/* Finds the pieces of a journal that lies at data: 1, 0 if it is not a whole one, or an error. */
static int parse(const struct journal *journal, const char *data, struct image_piece **ret_pieces)
{
	const struct journal_entry *table = (const void *)(data + sizeof(struct journal_header));
	struct journal_header header;
	uint64_t room = journal->file_bytes - sizeof(header), begin;
	struct image_piece *pieces;

	memcpy(&header, data, sizeof(header));
	if (header.magic != JOURNAL_MAGIC || header.image_bytes != journal->image_bytes ||
	    header.count > room / sizeof(*table) ||
	    header.data_bytes > room - header.count * sizeof(*table))
		return 0;
	pieces = calloc(header.count + 1, sizeof(*pieces));
	if (!pieces)
		return EDVSNOMEM;
	begin = sizeof(header) + header.count * sizeof(*table);
	for (uint64_t i = 0; i < header.count; i++) {
		const struct journal_entry *entry = &table[i];

		if (entry->bytes > header.data_bytes || entry->offset > header.image_bytes ||
		    entry->bytes > header.image_bytes - entry->offset)
			goto nothing;
		pieces[i] = (struct image_piece){ entry->offset, data + begin, entry->bytes };
		begin += entry->bytes;
		header.data_bytes -= entry->bytes;
	}
	if (header.data_bytes)
		goto nothing;
	memcpy(&header, data, sizeof(header));
	if (sum_pieces(&header, table, pieces) !=
	    ((const struct journal_header *)(const void *)data)->checksum)
		goto nothing;
	*ret_pieces = pieces;
	return 1;
nothing:
	free(pieces);
	return 0;
}

static int apply(const struct image_piece *pieces, uint64_t count, int image_fd)
{
	for (uint64_t i = 0; i < count; i++) {
		int error = file_write(image_fd, pieces[i].offset, pieces[i].data, pieces[i].bytes);

		if (error)
			return error;
	}
	return fdatasync(image_fd) < 0 ? file_error(errno) : 1;
}

int journal_replay(struct journal *journal, int image_fd)
{
	struct image_piece *pieces = NULL;
	int done;
	char *data;

	if (journal->file_bytes < sizeof(struct journal_header))
		return journal_empty(journal);
	data = mmap(NULL, journal->file_bytes, PROT_READ, MAP_PRIVATE, journal->fd, 0);
	if (data == MAP_FAILED)
		return file_error(errno);
	done = parse(journal, data, &pieces);
	if (done == 1)
		done = apply(pieces, ((const struct journal_header *)(const void *)data)->count,
			     image_fd);
	free(pieces);
	munmap(data, journal->file_bytes);
	if (done >= 0) {
		int error = journal_empty(journal);

		return error ? error : done;
	}
	return done;
}
