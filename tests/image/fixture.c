/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fixture.c - see fixture.h.
 */
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

char dir[32];
char path[64], journal_path[80];

struct cut cut;

ssize_t __real_pwritev(int fd, const struct iovec *vectors, int count, off_t offset);
ssize_t __wrap_pwritev(int fd, const struct iovec *vectors, int count, off_t offset);

ssize_t __wrap_pwritev(int fd, const struct iovec *vectors, int count, off_t offset)
{
	size_t left = cut.bytes;

	if (!cut.at || ++cut.seen != cut.at)
		return __real_pwritev(fd, vectors, count, offset);
	if (cut.error) {
		errno = cut.error;
		return -1;
	}
	for (int i = 0; i < count && left; i++) {
		size_t part = vectors[i].iov_len < left ? vectors[i].iov_len : left;

		if (pwrite(fd, vectors[i].iov_base, part, offset) != (ssize_t)part)
			_exit(2);
		offset += (off_t)part;
		left -= part;
	}
	_exit(1);
}

void make_file(const char *name, size_t bytes, unsigned char byte)
{
	unsigned char *data = malloc(bytes + 1);
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_non_null(data);
	memset(data, byte, bytes + 1);
	assert_int_equal(write(fd, data, bytes), bytes);
	close(fd);
	free(data);
}

struct image *open_image(enum image_kind kind, unsigned int flags)
{
	const struct image_options options = { kind, flags, path, 0 };
	char reason[IMAGE_REASON_BYTES];
	struct image *image = NULL;

	if (image_open(&options, &image, reason))
		fail_msg("%s", reason);
	return image;
}

const uint64_t offsets[PIECES] = { 0, 262140, IMAGE_BYTES - 5000 };
static unsigned char piece_data[PIECE_BYTES];

void make_pieces(struct image_piece *ret_pieces, unsigned char byte)
{
	memset(piece_data, byte, sizeof(piece_data));
	for (int i = 0; i < PIECES; i++)
		ret_pieces[i] = (struct image_piece){ offsets[i], piece_data, sizeof(piece_data) };
}

/* The byte that fills all pieces of data; -1 if they are not all filled with one. */
int state_of(const unsigned char *data)
{
	for (int i = 0; i < PIECES; i++)
		for (size_t k = 0; k < sizeof(piece_data); k++)
			if (data[offsets[i] + k] != data[0])
				return -1;
	return data[0];
}

int state_of_file(void)
{
	unsigned char *data = malloc(IMAGE_BYTES);
	int fd = open(path, O_RDONLY), state;

	assert_non_null(data);
	assert_int_equal(read(fd, data, IMAGE_BYTES), IMAGE_BYTES);
	state = state_of(data);
	close(fd);
	free(data);
	return state;
}

void fixture_init(void)
{
	snprintf(dir, sizeof(dir), "/tmp/test_image.XXXXXX");
	if (!mkdtemp(dir))
		abort();
	snprintf(path, sizeof(path), "%s/image", dir);
	snprintf(journal_path, sizeof(journal_path), "%s/image.commit", dir);
}

int fixture_deinit(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}
