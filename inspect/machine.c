/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * machine.c - where what no snapshot has comes from: the time of day, and threads.
 *
 * It is this machine as it is now, until a file says what was there and then.
 */
#include <time.h>

#include "machine.h"

static const struct inspect_host *elsewhere;

void inspect_host_use(const struct inspect_host *host)
{
	elsewhere = host;
}

const struct inspect_host *inspect_host(void)
{
	return elsewhere;
}

int64_t inspect_wall_ns(int64_t monotonic_ns)
{
	struct timespec mono, wall;
	int64_t offset, ns;

	clock_gettime(CLOCK_MONOTONIC, &mono);
	clock_gettime(CLOCK_REALTIME, &wall);
	offset = (wall.tv_sec - mono.tv_sec) * 1000000000 + wall.tv_nsec - mono.tv_nsec;
	if (elsewhere)
		offset = elsewhere->wall_offset_ns;
	if (monotonic_ns < 0 || __builtin_add_overflow(offset, monotonic_ns, &ns) || ns < 0)
		return 0;
	return ns;
}
