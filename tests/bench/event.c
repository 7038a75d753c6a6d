/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event.c - what an event costs: nobody looks, the flight recorder, full records.
 *
 * Each figure is the difference to a trip over an engine without the hook,
 * divided by the events of a trip; the peer's value is that engine's transition.
 */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "event_trips.h"

static double base_trip_ns(char *program)
{
	char command[512];
	double ns = 0;
	FILE *pipe;

	snprintf(command, sizeof(command), "%s/../bench-parts/event_base", dirname(program));
	pipe = popen(command, "r");
	if (!pipe || fscanf(pipe, "%lf", &ns) != 1 || pclose(pipe) != 0) {
		fprintf(stderr, "event: %s failed\n", command);
		exit(1);
	}
	return ns;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int recorder, traced;
	} cases[] = {
		{ "event.untraced", 0, 0 },
		{ "event.recorded", 1, 0 },
		{ "event.traced", 1, 1 },
	};
	double base = base_trip_ns(argv[argc - 1]);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		double trip = event_trip_ns(cases[i].recorder, cases[i].traced);
		struct bench_result r = {
			cases[i].name,     (trip - base) / EVENTS_A_TRIP, "ns", "less",
			"bare transition", base / EVENTS_A_TRIP
		};

		bench_print(&r);
	}
	return 0;
}
