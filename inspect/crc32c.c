/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crc32c.c - Castagnoli's checksum by eight tables, for little endian machines as
 * for others.
 */
#include "crc32c.h"

#define POLYNOMIAL 0x82f63b78u /* of iSCSI and ext4, the bits turned round */

void crc32c_init(struct crc32c *crc)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t sum = i;

		for (int bit = 0; bit < 8; bit++)
			sum = sum >> 1 ^ (sum & 1 ? POLYNOMIAL : 0);
		crc->table[0][i] = sum;
	}
	for (int t = 1; t < 8; t++)
		for (int i = 0; i < 256; i++)
			crc->table[t][i] = crc->table[t - 1][i] >> 8 ^
					   crc->table[0][crc->table[t - 1][i] & 0xff];
}

static uint32_t word_at(const unsigned char *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

uint32_t crc32c_add(const struct crc32c *crc, uint32_t sum, const void *data, size_t bytes)
{
	const unsigned char *at = data;

	sum = ~sum;
	for (; bytes >= 8; bytes -= 8, at += 8) {
		uint32_t low = sum ^ word_at(at), high = word_at(at + 4);

		sum = crc->table[7][low & 0xff] ^ crc->table[6][low >> 8 & 0xff] ^
		      crc->table[5][low >> 16 & 0xff] ^ crc->table[4][low >> 24] ^
		      crc->table[3][high & 0xff] ^ crc->table[2][high >> 8 & 0xff] ^
		      crc->table[1][high >> 16 & 0xff] ^ crc->table[0][high >> 24];
	}
	for (; bytes; bytes--, at++)
		sum = sum >> 8 ^ crc->table[0][(sum ^ *at) & 0xff];
	return ~sum;
}
