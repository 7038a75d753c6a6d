/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image_impl.h - what image.c and open.c share; nobody else includes it.
 */
#ifndef MUK_IMAGE_IMAGE_IMPL_H
#define MUK_IMAGE_IMAGE_IMPL_H

#include "image.h"
#include "journal.h"

/* The unit in which memory images are saved and room in a file is asked for. */
#define IMAGE_CHUNK_BYTES ((uint64_t)(256u << 10))

struct image {
	uint64_t bytes;
	const char *map;    /* read-only, of data_fd */
	int data_fd;        /* what is read and written: file_fd or a memfd */
	int file_fd;        /* -1: memory without a file */
	unsigned int flags; /* enum image_flags */
	int replayed;
	int failed;              /* a commit is only in the journal; nothing may follow it */
	unsigned char *dirty;    /* a byte a chunk: changed in memory, to be saved; or NULL */
	unsigned char *reserved; /* a byte a chunk: the host's file system has its blocks */
	struct journal journal;  /* fd -1: the file is never changed */
};

/* Frees everything without saving. */
void image_release(struct image *image);

#endif
