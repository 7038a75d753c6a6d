/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.h - whole reads and writes of a file, with errors as EDVS codes.
 */
#ifndef MUK_IMAGE_FILE_H
#define MUK_IMAGE_FILE_H

#include <stddef.h>
#include <stdint.h>

struct iovec;

/* The EDVS code of an errno; what has none of its own is EDVSIO. */
int file_error(int error_number);

/* Reads exactly bytes; EDVSIO when the file ends before. */
int file_read(int fd, uint64_t offset, void *ret_data, size_t bytes);

int file_write(int fd, uint64_t offset, const void *data, size_t bytes);

/* Writes count vectors one after the other from offset; the vectors are used up. */
int file_write_vectors(int fd, uint64_t offset, struct iovec *vectors, int count);

/*
 * Locks the file against other openings (shared: against writers only). EDVSBUSY;
 * *ret_holder is the pid of who has it, 0 if that cannot be known.
 */
int file_lock(int fd, int shared, int *ret_holder);

#endif
