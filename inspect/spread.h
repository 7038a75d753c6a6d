/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spread.h - how lengths of time are spread: smallest, largest, percentiles.
 *
 * Times are counted in buckets of which 16 make a doubling: what is said of them is
 * within 3 %, however many there are; smallest, largest and sum are exact.
 */
#ifndef INSPECT_SPREAD_H
#define INSPECT_SPREAD_H

#include <stdint.h>

#define SPREAD_PARTS   16
#define SPREAD_BUCKETS (60 * SPREAD_PARTS)

struct spread {
	uint64_t count;
	int64_t min_ns, max_ns;
	double sum_ns;
	uint32_t buckets[SPREAD_BUCKETS];
};

/* An all-zero spread has no times. Negative ones are not counted. */
void spread_add(struct spread *spread, int64_t ns);
/* The time that so many per mille are not above; -1 when there is none. */
int64_t spread_at(const struct spread *spread, int per_mille);
/* -1 when there is none. */
static inline int64_t spread_min(const struct spread *spread)
{
	return spread->count ? spread->min_ns : -1;
}
static inline int64_t spread_max(const struct spread *spread)
{
	return spread->count ? spread->max_ns : -1;
}
/* Where a bucket begins; it ends where the next one does. */
int64_t spread_bucket_ns(int bucket);

#endif
