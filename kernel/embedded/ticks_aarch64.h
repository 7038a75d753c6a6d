/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ticks_aarch64.h - the processor's counter on aarch64.
 */
#ifndef EMBEDDED_TICKS_AARCH64_H
#define EMBEDDED_TICKS_AARCH64_H

#include <stdint.h>

static inline int64_t ticks_counter(void)
{
	uint64_t ticks;

	__asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
	return (int64_t)ticks;
}

static inline void ticks_relax(void)
{
	__asm__ volatile("yield" ::: "memory");
}

#endif
