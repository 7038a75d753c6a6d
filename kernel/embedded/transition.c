/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * transition.c - the end of a transition that woke somebody.
 *
 * Between the commit and the last wake-up the caller may be killed: then slots
 * are ready whose threads sleep. The burial of the caller sweeps and wakes all.
 */
#include "embedded.h"

__thread struct host_wakes host_wakes;

int64_t host_wall_ns(struct dc *dc)
{
	struct timespec now;

	(void)dc;
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

void host_unlock_waking(struct dc *dc, const struct seat *seat)
{
	struct wake_list list;

	wake_distribute(dc, seat, &list);
	lock_release(seat);
	if (list.count || list.all || host_wakes.count)
		wake_deliver(dc, seat, &list);
}
