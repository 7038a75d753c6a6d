/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spread.c - times in buckets, log-linear: exact up to 16 ns, then 16 to a doubling.
 */
#include "spread.h"

static int bucket_of(int64_t ns)
{
	int shift;

	if (ns < SPREAD_PARTS)
		return (int)ns;
	shift = 63 - __builtin_clzll((uint64_t)ns) - 4;
	return shift * SPREAD_PARTS + (int)(ns >> shift);
}

int64_t spread_bucket_ns(int bucket)
{
	int shift = bucket / SPREAD_PARTS - 1;

	if (bucket < 2 * SPREAD_PARTS)
		return bucket;
	return (int64_t)(bucket % SPREAD_PARTS + SPREAD_PARTS) << shift;
}

void spread_add(struct spread *spread, int64_t ns)
{
	int bucket;

	if (ns < 0)
		return;
	bucket = bucket_of(ns);
	if (!spread->count || ns < spread->min_ns)
		spread->min_ns = ns;
	if (!spread->count || ns > spread->max_ns)
		spread->max_ns = ns;
	spread->count++;
	spread->sum_ns += (double)ns;
	spread->buckets[bucket < SPREAD_BUCKETS ? bucket : SPREAD_BUCKETS - 1]++;
}

int64_t spread_at(const struct spread *spread, int per_mille)
{
	/* The rank of the one asked for, from 1. */
	uint64_t rank = (spread->count * (uint64_t)per_mille + 999) / 1000;
	uint64_t seen = 0;
	int64_t ns;

	if (!spread->count)
		return -1;
	for (int i = 0; i < SPREAD_BUCKETS; i++) {
		seen += spread->buckets[i];
		if (seen < rank || !seen)
			continue;
		ns = spread_bucket_ns(i) +
		     (i < 2 * SPREAD_PARTS ? 0 : 1LL << (i / SPREAD_PARTS - 1)) / 2;
		if (ns < spread->min_ns)
			return spread->min_ns;
		return ns > spread->max_ns ? spread->max_ns : ns;
	}
	return spread->max_ns;
}
