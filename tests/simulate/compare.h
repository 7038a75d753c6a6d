/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compare.h - how the comparisons say what is not as it should be.
 */
#ifndef SIMULATE_COMPARE_H
#define SIMULATE_COMPARE_H

#include <string.h>

#include "simulation.h"

/* Writes sim->failure; -1. */
int compare_fail(struct simulation *sim, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* What is compared, as numbers; the words say what it is. */
#define EXPECT(sim, nr, is, should, what)                                                         \
	do {                                                                                      \
		long long is_ = (long long)(is), should_ = (long long)(should);                   \
                                                                                                  \
		if (__builtin_expect(is_ != should_, 0))                                          \
			return compare_fail(sim, "slot %d: %s is %lld, should be %lld", nr, what, \
					    is_, should_);                                        \
	} while (0)

static inline int same_message(const message *a, const message *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* compare_debug.c: rules, what is held, tables, exits. */
int compare_debug(struct simulation *sim);

#endif
