/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ticks.h - host ticks: the cheapest clock that all processors agree on.
 *
 * The DC's maker chooses the kind and keeps one pair (ticks, CLOCK_MONOTONIC) in
 * the segment. Whoever converts takes a second pair: two points give the line, and
 * it gets more exact the longer the DC runs, without a wait for a calibration.
 */
#ifndef EMBEDDED_TICKS_H
#define EMBEDDED_TICKS_H

#include <stdint.h>
#include <time.h>

#if defined(__x86_64__)
#include "ticks_x86_64.h"
#elif defined(__aarch64__)
#include "ticks_aarch64.h"
#else
#include "ticks_generic.h"
#endif

enum ticks_kind {
	TICKS_CLOCK,   /* CLOCK_MONOTONIC ns */
	TICKS_COUNTER, /* the processor's */
};

struct ticks_pair {
	int64_t ticks;
	int64_t ns; /* CLOCK_MONOTONIC */
};

/* The line through the maker's pair and one of now. */
struct ticks_line {
	struct ticks_pair first, second;
};

static inline int64_t ticks_monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static inline int64_t ticks_read(uint32_t kind)
{
	if (__builtin_expect(kind == TICKS_COUNTER, 1))
		return ticks_counter();
	return ticks_monotonic_ns();
}

/* The kind that this machine's kernel trusts. */
uint32_t ticks_best_kind(void);

struct ticks_pair ticks_pair_now(uint32_t kind);

/* CLOCK_MONOTONIC ns of ticks; 0 stays 0 ("no time"). */
int64_t ticks_to_ns(const struct ticks_line *line, int64_t ticks);

#endif
