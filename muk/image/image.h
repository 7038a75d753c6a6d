/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image.h - a disk image, in a file or in memory, with changes that are all or nothing.
 *
 * RDISK's devices and FS's FILE_IMG stand on it; it knows nothing of messages.
 * The image is mapped read-only and written through its descriptor, so that what
 * was written is seen through the map at once. A commit goes first to a journal
 * beside the image (IMAGE.commit), then to the image, then the journal is emptied:
 * a process that is killed anywhere between leaves the old state or the new one.
 * Only image_flush() forces anything to the medium. One thread at a time.
 */
#ifndef MUK_IMAGE_IMAGE_H
#define MUK_IMAGE_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#define IMAGE_REASON_BYTES 320
#define IMAGE_BYTES_MAX    (1ull << 42)

enum image_kind {
	IMAGE_FILE,   /* the file itself is changed */
	IMAGE_MEMORY, /* the file, if there is one, is loaded; saved by flush and close */
};

enum image_flags {
	IMAGE_VOLATILE = 1,  /* nothing is ever written back */
	IMAGE_READ_ONLY = 2, /* writes get EDVSROFS */
};

struct image_options {
	enum image_kind kind;
	unsigned int flags;   /* enum image_flags */
	const char *filename; /* NULL: memory of zeros */
	uint64_t bytes;       /* the size when there is no file; ignored otherwise */
};

/* Some bytes of the image and what they become. */
struct image_piece {
	uint64_t offset;
	const void *data;
	size_t bytes;
};

struct image;

/*
 * Opens an image, locks it against others, and finishes a commit that was cut
 * off. The image is the caller's until image_close. EDVSNOENT, EDVSACCES,
 * EDVSBUSY (in use), EDVSINVAL (empty, not a file, too large), EDVSNOMEM, EDVSIO,
 * EDVSNOSPC; what is wrong in words goes to ret_reason.
 */
int image_open(const struct image_options *options, struct image **ret_image,
	       char ret_reason[IMAGE_REASON_BYTES]);

/*
 * Saves what is to be saved, removes the journal and frees the image, also when
 * it returns the error of the saving. NULL is fine.
 */
int image_close(struct image *image);

uint64_t image_bytes(const struct image *image);

/* 1: opening found a complete journal and finished its commit. */
int image_was_replayed(const struct image *image);

/*
 * The image's bytes, read-only, until image_close. An image that somebody cuts
 * short under us faults (SIGBUS) where it ended; image_read says EDVSIO instead.
 */
const void *image_map(const struct image *image);

/* Copies bytes from offset to ret_data. EDVSRANGE, EDVSIO. */
int image_read(struct image *image, uint64_t offset, void *ret_data, size_t bytes);

/*
 * Writes the pieces one after the other; a failure leaves some of them written.
 * EDVSRANGE (nothing was written), EDVSROFS, EDVSNOSPC, EDVSIO, EDVSFAULT.
 */
int image_write(struct image *image, const struct image_piece *pieces, int count);

/*
 * Writes all pieces or none, also when this process is killed meanwhile. Pieces
 * may overlap: later ones win. After EDVSIO on the image itself the journal is
 * kept, all later changes get EDVSIO, and the next opening finishes the commit.
 */
int image_commit(struct image *image, const struct image_piece *pieces, int count);

/* What was written is on the medium when it returns 0. EDVSIO, EDVSNOSPC. */
int image_flush(struct image *image);

#endif
