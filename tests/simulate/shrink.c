/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shrink.c - a program that fails, with fewer and fewer steps.
 *
 * Chunks are left out, first large ones, then single steps, as long as what is
 * left still fails somehow; it is over when no single step can go.
 */
#include <string.h>

#include "simulation.h"

int replay(struct simulation *sim, const uint32_t *steps, int count, FILE *out)
{
	int i;

	simulation_begin(sim, sim->seed);
	for (i = 0; i < count; i++)
		if (simulation_replay(sim, steps[i], out))
			return i;
	return -1;
}

/* Leaves out each chunk that it fails without. */
static int leave_out(struct simulation *sim, uint32_t *steps, int count, int chunk)
{
	static uint32_t fewer[STEPS_MAX];
	int at = 0, failed;

	while (at < count) {
		int rest = count - at < chunk ? 0 : count - at - chunk;

		memcpy(fewer, steps, at * sizeof(*steps));
		memcpy(fewer + at, steps + count - rest, rest * sizeof(*steps));
		failed = replay(sim, fewer, at + rest, NULL);
		if (failed < 0) {
			at += chunk;
			continue;
		}
		count = failed + 1;
		memcpy(steps, fewer, count * sizeof(*steps));
	}
	return count;
}

int shrink(struct simulation *sim, uint32_t *steps, int count)
{
	int chunk = count / 2, before;

	for (; chunk > 1; chunk /= 2)
		count = leave_out(sim, steps, count, chunk);
	do {
		before = count;
		count = leave_out(sim, steps, count, 1);
	} while (count < before);
	return count;
}
