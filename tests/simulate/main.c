/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - runs episodes until so many steps are made, or replays one.
 *
 * simulate [--no-shrink] [SEED=n] [STEPS=n]		n steps, from episode SEED on
 * simulate SEED=n STEPS=i,j,k				these steps of one episode, shown
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "simulation.h"

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int show(struct simulation *sim, const uint32_t *steps, int count)
{
	int failed_at;

	printf("%s: %d slots\n", sim->config->name, sim->dc.nr_slots);
	failed_at = replay(sim, steps, count, stdout);
	printf("%s%s\n", failed_at < 0 ? "passed" : "FAILED: ", failed_at < 0 ? "" : sim->failure);
	return failed_at >= 0;
}

/* Draws all of the episode up to the last of the steps, then makes these alone. */
static int show_part(struct simulation *sim, uint64_t seed, const uint32_t *steps, int count)
{
	uint32_t n;
	int i;

	simulation_begin(sim, seed);
	for (n = 0; n < STEPS_MAX && n <= steps[count - 1]; n++)
		if (simulation_step(sim, n))
			break;
	for (i = 0; i < count && steps[i] <= n; i++)
		;
	return show(sim, steps, i);
}

static void report(struct simulation *sim, int failed_at, int shrinks)
{
	static uint32_t steps[STEPS_MAX];
	int i, count = failed_at + 1;

	printf("FAILED: seed %llu, step %d: %s\n", (unsigned long long)sim->seed, failed_at,
	       sim->failure);
	if (!shrinks)
		return;
	for (i = 0; i < count; i++)
		steps[i] = (uint32_t)i;
	count = shrink(sim, steps, count);
	show(sim, steps, count);
	printf("make simulate SEED=%llu STEPS=", (unsigned long long)sim->seed);
	for (i = 0; i < count; i++)
		printf("%u,", steps[i]);
	printf("\n");
}

/* Episodes with seed, seed + 1 and on. */
static int run_episodes(struct simulation *sim, uint64_t seed, uint64_t steps, int shrinks)
{
	uint64_t outcomes[3] = { 0 }, episodes = 0;
	double began = seconds();
	int i;

	for (; sim->steps_made < steps; seed++, episodes++) {
		simulation_begin(sim, seed);
		for (i = 0; i < sim->config->steps && sim->steps_made < steps; i++) {
			if (simulation_step(sim, (uint32_t)i)) {
				report(sim, i, shrinks);
				return 1;
			}
			outcomes[sim->expected.rc < 0 ? 2 : sim->expected.rc]++;
		}
	}
	printf("%llu steps passed in %.1f s: %llu episodes, %llu done, %llu blocked, %llu "
	       "refused\n",
	       (unsigned long long)sim->steps_made, seconds() - began, (unsigned long long)episodes,
	       (unsigned long long)outcomes[0], (unsigned long long)outcomes[1],
	       (unsigned long long)outcomes[2]);
	return 0;
}

static int parse_list(const char *text, uint32_t *ret_steps)
{
	int count = 0;
	char *end;

	while (*text && count < STEPS_MAX) {
		ret_steps[count++] = (uint32_t)strtoul(text, &end, 10);
		text = *end == ',' ? end + 1 : end + strlen(end);
	}
	return count;
}

int main(int argc, char **argv)
{
	static struct simulation sim;
	static uint32_t list[STEPS_MAX];
	const char *steps = SIMULATE_STEPS, *seed = "1";
	int i, shrinks = 1, rc;

	for (i = 1; i < argc; i++) {
		if (!strncmp(argv[i], "SEED=", 5) && argv[i][5])
			seed = argv[i] + 5;
		else if (!strncmp(argv[i], "STEPS=", 6) && argv[i][6])
			steps = argv[i] + 6;
		else if (!strcmp(argv[i], "--no-shrink"))
			shrinks = 0;
	}
	if (simulation_init(&sim))
		return 2;
	if (strchr(steps, ','))
		rc = show_part(&sim, strtoull(seed, NULL, 10), list, parse_list(steps, list));
	else
		rc = run_episodes(&sim, strtoull(seed, NULL, 10), strtoull(steps, NULL, 10),
				  shrinks);
	simulation_deinit(&sim);
	return rc;
}
