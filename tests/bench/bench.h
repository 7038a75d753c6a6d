/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench.h - what the benches share: a clock, pinning, and the line they print.
 *
 * A program measures each figure and its peer side by side, once, and prints a
 * line a figure; bench.sh runs all programs five times and prints the medians.
 */
#ifndef BENCH_H
#define BENCH_H

#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

/* CLOCK_MONOTONIC in ns. */
static inline int64_t bench_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Keeps the calling thread on one core; what it makes later stays there too. */
static inline void bench_pin(int core)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(core, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/*
 * A figure is the fastest of so many batches, for a peer as for ourselves: what else
 * runs on the machine only adds.
 */
#define BENCH_BATCHES 50

/* Takes a batch of trips that began at began_ns into *best_ns, which is 0 at first. */
static inline void bench_batch(int64_t began_ns, long trips, double *best_ns)
{
	double ns = (double)(bench_now_ns() - began_ns) / (double)trips;

	if (*best_ns == 0 || ns < *best_ns)
		*best_ns = ns;
}

struct bench_result {
	const char *name; /* of DESIGN's table */
	double value;
	const char *unit;
	const char *better; /* "less" or "more" */
	const char *peer;   /* "-": none */
	double peer_value;
};

static inline void bench_print(const struct bench_result *r)
{
	printf("%s\t%.3f\t%s\t%s\t%s\t%.3f\n", r->name, r->value, r->unit, r->better, r->peer,
	       r->peer_value);
	fflush(stdout);
}

#endif
