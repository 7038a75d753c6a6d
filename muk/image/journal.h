/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * journal.h - the file beside an image in which a commit waits until it is done.
 *
 * It is empty, or holds one commit: a header, the table of the pieces, their
 * bytes. It counts only when the checksum over all of it is right, so that one
 * which was cut off while it was written is nothing.
 */
#ifndef MUK_IMAGE_JOURNAL_H
#define MUK_IMAGE_JOURNAL_H

#include "image.h"

struct journal {
	int fd;               /* -1: there is none */
	uint64_t image_bytes; /* of the image it belongs to */
	uint64_t file_bytes;  /* how far it has been written */
	char *path;
};

/* Opens or makes the journal of the image at image_path (resolved). */
int journal_open(struct journal *journal, const char *image_path, uint64_t image_bytes);

/* Closes it; with remove, the file goes too. */
void journal_close(struct journal *journal, int remove);

/* Stores the commit. After a failure the journal is empty. */
int journal_store(struct journal *journal, const struct image_piece *pieces, int count);

/* What it holds is done, or was never complete. */
int journal_empty(struct journal *journal);

/*
 * Applies a complete commit that it holds to image_fd and puts that on the medium,
 * then empties it. Returns 1 if it did, 0 if there was none, or an error.
 */
int journal_replay(struct journal *journal, int image_fd);

#endif
