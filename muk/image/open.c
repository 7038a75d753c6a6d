/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * open.c - an image comes and goes: checks, lock, journal, memory, map.
 *
 * Each step that fails says in words what is wrong with which file. The lock is
 * taken before the journal is looked at: a journal that somebody is using is not
 * ours to replay.
 */
#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <dvk/errors.h>

#include "file.h"
#include "image_impl.h"

#define LOAD_BYTES (1u << 20)

/* What the steps of an opening share. */
struct opening {
	const struct image_options *options;
	struct image *image;
	char *reason;
};

static int explain(struct opening *opening, int error, const char *what)
{
	const char *name = opening->options->filename;

	snprintf(opening->reason, IMAGE_REASON_BYTES, "%s: %s", name ? name : "memory image", what);
	return error;
}

static int explain_errno(struct opening *opening, const char *what)
{
	int error = file_error(errno);
	char text[128];

	snprintf(text, sizeof(text), "%s: %s", what, strerror(errno));
	return explain(opening, error, text);
}

/* 1: the file itself is what will be changed, now or when it is saved. */
static int changes_file(const struct image_options *options)
{
	return options->filename && !(options->flags & (IMAGE_VOLATILE | IMAGE_READ_ONLY));
}

static int check_file(struct opening *opening)
{
	struct stat st;

	if (fstat(opening->image->file_fd, &st) < 0)
		return explain_errno(opening, "cannot be looked at");
	if (!S_ISREG(st.st_mode))
		return explain(opening, EDVSINVAL, "is not a regular file");
	if (!st.st_size)
		return explain(opening, EDVSINVAL, "is empty; mkfs.minix makes an image");
	if ((uint64_t)st.st_size > IMAGE_BYTES_MAX)
		return explain(opening, EDVSINVAL, "is larger than 4 TiB");
	opening->image->bytes = (uint64_t)st.st_size;
	return 0;
}

static int lock_file(struct opening *opening)
{
	int holder = 0, error;
	char text[128];

	error = file_lock(opening->image->file_fd, !changes_file(opening->options), &holder);
	if (error == EDVSBUSY && holder)
		snprintf(text, sizeof(text), "is in use by process %d%s", holder,
			 holder == getpid() ? " (this one, for another device)" : "");
	else if (error == EDVSBUSY)
		snprintf(text, sizeof(text), "is in use by another process");
	else
		snprintf(text, sizeof(text), "cannot be locked: %s", dvk_strerror(error));
	return error ? explain(opening, error, text) : 0;
}

static int open_journal(struct opening *opening)
{
	struct image *image = opening->image;
	char *path = realpath(opening->options->filename, NULL);
	char text[128];
	int error;

	if (!path)
		return explain_errno(opening, "its path cannot be resolved");
	error = journal_open(&image->journal, path, image->bytes);
	free(path);
	if (!error)
		error = journal_replay(&image->journal, image->file_fd);
	if (error >= 0) {
		image->replayed = error;
		return 0;
	}
	snprintf(text, sizeof(text), "its journal (.commit beside it) cannot be used: %s",
		 dvk_strerror(error));
	return explain(opening, error, text);
}

static int open_file(struct opening *opening)
{
	int writable = changes_file(opening->options), error;
	struct image *image = opening->image;

	image->file_fd = open(opening->options->filename,
			      (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK);
	if (image->file_fd < 0)
		return explain_errno(opening, "cannot be opened");
	error = check_file(opening);
	if (!error)
		error = lock_file(opening);
	if (!error && writable)
		error = open_journal(opening);
	return error;
}

/* Copies bytes of from to the same place of to, through room. */
static int copy_part(int from, int to, uint64_t offset, void *room)
{
	ssize_t got = pread(from, room, LOAD_BYTES, (off_t)offset);
	int error;

	if (got <= 0)
		return got ? file_error(errno) : EDVSIO;
	error = file_write(to, offset, room, (size_t)got);
	return error ? error : (int)got;
}

/* Loads the file into memory; holes stay holes. */
static int load(struct image *image)
{
	void *room = malloc(LOAD_BYTES);
	uint64_t at = 0;
	int error = room ? 0 : EDVSNOMEM;

	while (!error && at < image->bytes) {
		off_t data = lseek(image->file_fd, (off_t)at, SEEK_DATA);

		if (data < 0 && errno == ENXIO)
			break;
		if (data > (off_t)at)
			at = (uint64_t)data;
		error = copy_part(image->file_fd, image->data_fd, at, room);
		if (error > 0) {
			at += (uint64_t)error;
			error = 0;
		}
	}
	free(room);
	return error;
}

static int make_memory(struct opening *opening)
{
	struct image *image = opening->image;
	int error;

	image->data_fd = memfd_create("muk-image", MFD_CLOEXEC);
	if (image->data_fd < 0 || ftruncate(image->data_fd, (off_t)image->bytes) < 0)
		return explain_errno(opening, "no memory for it");
	error = image->file_fd >= 0 ? load(image) : 0;
	return error ? explain(opening, error, "cannot be loaded into memory") : 0;
}

static int map_data(struct opening *opening)
{
	struct image *image = opening->image;
	uint64_t chunks = (image->bytes + IMAGE_CHUNK_BYTES - 1) / IMAGE_CHUNK_BYTES;
	void *map = mmap(NULL, image->bytes, PROT_READ, MAP_SHARED, image->data_fd, 0);

	if (map == MAP_FAILED)
		return explain_errno(opening, "cannot be mapped");
	image->map = map;
	image->reserved = calloc(chunks, 1);
	if (image->journal.fd >= 0 && image->data_fd != image->file_fd)
		image->dirty = calloc(chunks, 1);
	if (!image->reserved ||
	    (image->journal.fd >= 0 && image->data_fd != image->file_fd && !image->dirty))
		return explain(opening, EDVSNOMEM, "no memory for its tables");
	return 0;
}

static int open_steps(struct opening *opening)
{
	const struct image_options *options = opening->options;
	struct image *image = opening->image;
	int error;

	image->flags = options->flags;
	image->bytes = options->bytes;
	if (options->filename) {
		error = open_file(opening);
		if (error)
			return error;
	} else if (!image->bytes || image->bytes > IMAGE_BYTES_MAX) {
		return explain(opening, EDVSINVAL, "has no size and no file");
	}
	image->data_fd = image->file_fd;
	if (options->kind == IMAGE_MEMORY || options->flags & IMAGE_VOLATILE ||
	    image->file_fd < 0) {
		error = make_memory(opening);
		if (error)
			return error;
	}
	return map_data(opening);
}

int image_open(const struct image_options *options, struct image **ret_image,
	       char ret_reason[IMAGE_REASON_BYTES])
{
	struct opening opening = { options, calloc(1, sizeof(*opening.image)), ret_reason };
	int error;

	ret_reason[0] = '\0';
	if (!opening.image)
		return explain(&opening, EDVSNOMEM, "no memory");
	opening.image->data_fd = opening.image->file_fd = opening.image->journal.fd = -1;
	error = open_steps(&opening);
	if (error) {
		opening.image->failed = 1; /* what the journal holds is not lost by this */
		image_release(opening.image);
		return error;
	}
	*ret_image = opening.image;
	return 0;
}

void image_release(struct image *image)
{
	if (image->map)
		munmap((void *)(uintptr_t)image->map, image->bytes);
	/* The journal of a commit that could not be finished is for the next opening. */
	if (image->journal.fd >= 0)
		journal_close(&image->journal, !image->failed);
	if (image->data_fd >= 0 && image->data_fd != image->file_fd)
		close(image->data_fd);
	if (image->file_fd >= 0)
		close(image->file_fd);
	free(image->dirty);
	free(image->reserved);
	free(image);
}
