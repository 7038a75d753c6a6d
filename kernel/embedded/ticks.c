/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ticks.c - which clock ticks are, and what time they tell.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "ticks.h"

#define CLOCKSOURCE "/sys/devices/system/clocksource/clocksource0/current_clocksource"

uint32_t ticks_best_kind(void)
{
	char source[32] = "";
	int fd = open(CLOCKSOURCE, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return TICKS_CLOCK;
	got = read(fd, source, sizeof(source) - 1);
	close(fd);
	if (got <= 0)
		return TICKS_CLOCK;
	source[strcspn(source, "\n")] = '\0';
	/* These two are the counters that ticks_counter() reads. */
	if (strcmp(source, "tsc") == 0 || strcmp(source, "arch_sys_counter") == 0)
		return TICKS_COUNTER;
	return TICKS_CLOCK;
}

struct ticks_pair ticks_pair_now(uint32_t kind)
{
	struct ticks_pair best = { 0 };
	int64_t best_width = INT64_MAX;

	/* The narrowest of a few: an interrupt between the readings would spoil it. */
	for (int i = 0; i < 3; i++) {
		int64_t before = ticks_read(kind);
		int64_t ns = ticks_monotonic_ns();
		int64_t after = ticks_read(kind);

		if (after - before >= best_width)
			continue;
		best_width = after - before;
		best = (struct ticks_pair){ .ticks = before + best_width / 2, .ns = ns };
	}
	return best;
}

int64_t ticks_to_ns(const struct ticks_line *line, int64_t ticks)
{
	int64_t run = line->second.ticks - line->first.ticks;
	int64_t rise = line->second.ns - line->first.ns;

	if (ticks == 0)
		return 0;
	if (run <= 0 || rise <= 0)
		return line->second.ns;
	return line->second.ns + (int64_t)((__int128)(ticks - line->second.ticks) * rise / run);
}
