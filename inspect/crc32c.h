/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crc32c.h - Castagnoli's checksum, eight bytes at a time.
 */
#ifndef INSPECT_CRC32C_H
#define INSPECT_CRC32C_H

#include <stddef.h>
#include <stdint.h>

struct crc32c {
	uint32_t table[8][256];
};

void crc32c_init(struct crc32c *crc);
/* Of bytes that follow those whose sum is sum; begin with 0. */
uint32_t crc32c_add(const struct crc32c *crc, uint32_t sum, const void *data, size_t bytes);

#endif
