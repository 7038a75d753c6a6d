/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fixture.h - an image in a folder of its own, and writes that are cut or fail.
 *
 * Every write that the library makes goes through pwritev, which the linker gives
 * to us (--wrap): a child ends in the middle of the n-th, or it fails.
 */
#ifndef TESTS_IMAGE_FIXTURE_H
#define TESTS_IMAGE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>

#include <dvk/errors.h>
#include "image/image.h"

#define IMAGE_BYTES 600000 /* more than two chunks, and no whole number of pages */
#define PIECES      3
#define PIECE_BYTES 5000

extern char dir[32], path[64], journal_path[80];
extern const uint64_t offsets[PIECES];

/* What the next writes do: nothing happens while at is 0. */
struct cut {
	int at;       /* the n-th write from now */
	int error;    /* fails with this errno; 0: the process ends there */
	size_t bytes; /* that were written before it ended */
	int seen;
};
extern struct cut cut;

/* Makes the folder and the names; the other removes it. Both for main(). */
void fixture_init(void);
int fixture_deinit(void);

void make_file(const char *name, size_t bytes, unsigned char byte);
struct image *open_image(enum image_kind kind, unsigned int flags);
/* PIECES pieces at offsets, filled with byte. */
void make_pieces(struct image_piece *ret_pieces, unsigned char byte);
/* The byte that fills all pieces of data; -1 if they are not all filled with one. */
int state_of(const unsigned char *data);
int state_of_file(void);

#endif
