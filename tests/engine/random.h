/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * random.h - numbers that are the same in each run (xorshift64*).
 */
#ifndef TEST_RANDOM_H
#define TEST_RANDOM_H

#include <stdint.h>

static inline uint32_t random_next(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (uint32_t)(*state * 2685821657736338717ull >> 32);
}

/* 0 .. limit - 1 */
static inline int random_below(uint64_t *state, int limit)
{
	return (int)(random_next(state) % (uint32_t)limit);
}

#endif
