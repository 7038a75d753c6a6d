/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * checksum.c - a sum of four lanes of 64 bits; see checksum.h.
 *
 * Each lane takes every fourth word: xor, multiply by an odd constant, fold the
 * high half down, so each bit of a word reaches the whole lane.
 */
#include "checksum.h"

#include <string.h>

#define PRIME       0x9e3779b97f4a7c15ull
#define BLOCK_BYTES ((size_t)CHECKSUM_LANES * 8)

static uint64_t mix(uint64_t lane, uint64_t word)
{
	lane = (lane ^ word) * PRIME;
	return lane ^ (lane >> 32);
}

static void add_blocks(struct checksum *sum, const unsigned char *data, size_t blocks)
{
	uint64_t a = sum->lanes[0], b = sum->lanes[1], c = sum->lanes[2], d = sum->lanes[3];
	uint64_t words[CHECKSUM_LANES];

	for (; blocks; blocks--, data += BLOCK_BYTES) {
		memcpy(words, data, BLOCK_BYTES);
		a = mix(a, words[0]);
		b = mix(b, words[1]);
		c = mix(c, words[2]);
		d = mix(d, words[3]);
	}
	sum->lanes[0] = a;
	sum->lanes[1] = b;
	sum->lanes[2] = c;
	sum->lanes[3] = d;
}

void checksum_init(struct checksum *sum)
{
	memset(sum, 0, sizeof(*sum));
	for (int i = 0; i < CHECKSUM_LANES; i++)
		sum->lanes[i] = PRIME * (uint64_t)(i + 1);
}

void checksum_add(struct checksum *sum, const void *data, size_t bytes)
{
	const unsigned char *from = data;
	size_t held = sum->bytes % BLOCK_BYTES;

	if (!bytes)
		return;
	sum->bytes += bytes;
	if (held) {
		size_t part = BLOCK_BYTES - held < bytes ? BLOCK_BYTES - held : bytes;

		memcpy(sum->rest + held, from, part);
		from += part;
		bytes -= part;
		if (held + part < BLOCK_BYTES)
			return;
		add_blocks(sum, sum->rest, 1);
	}
	add_blocks(sum, from, bytes / BLOCK_BYTES);
	memcpy(sum->rest, from + bytes / BLOCK_BYTES * BLOCK_BYTES, bytes % BLOCK_BYTES);
}

uint64_t checksum_value(const struct checksum *sum)
{
	struct checksum last = *sum;
	size_t held = last.bytes % BLOCK_BYTES;
	uint64_t value = last.bytes;

	if (held) {
		memset(last.rest + held, 0, BLOCK_BYTES - held);
		add_blocks(&last, last.rest, 1);
	}
	for (int i = 0; i < CHECKSUM_LANES; i++)
		value = mix(value, last.lanes[i]);
	return value;
}
