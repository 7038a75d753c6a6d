/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ticks_generic.h - where no counter is known: CLOCK_MONOTONIC is the counter.
 */
#ifndef EMBEDDED_TICKS_GENERIC_H
#define EMBEDDED_TICKS_GENERIC_H

#include <stdint.h>
#include <time.h>

static inline int64_t ticks_counter(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static inline void ticks_relax(void)
{
	__asm__ volatile("" ::: "memory");
}

#endif
