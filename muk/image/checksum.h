/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * checksum.h - tells a journal that was written whole from one that was cut off.
 *
 * It guards against torn writes, not against people. Four lanes, so that it keeps
 * up with memory. The sum depends on the bytes alone, not on how they were cut up.
 */
#ifndef MUK_IMAGE_CHECKSUM_H
#define MUK_IMAGE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#define CHECKSUM_LANES 4

struct checksum {
	uint64_t lanes[CHECKSUM_LANES];
	uint64_t bytes;
	unsigned char rest[CHECKSUM_LANES * 8]; /* bytes % sizeof(rest) of them wait here */
};

void checksum_init(struct checksum *sum);
void checksum_add(struct checksum *sum, const void *data, size_t bytes);
uint64_t checksum_value(const struct checksum *sum);

#endif
