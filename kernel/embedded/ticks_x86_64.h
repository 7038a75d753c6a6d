/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ticks_x86_64.h - the processor's counter on x86-64.
 */
#ifndef EMBEDDED_TICKS_X86_64_H
#define EMBEDDED_TICKS_X86_64_H

#include <x86intrin.h>

static inline int64_t ticks_counter(void)
{
	return (int64_t)__rdtsc();
}

static inline void ticks_relax(void)
{
	_mm_pause();
}

#endif
