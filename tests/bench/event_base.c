/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_base.c - the trips over an engine that has no hook for events. Run by
 * `event`; prints ns a trip.
 */
#include <stdio.h>

#include "engine.h"
#include "event_trips.h"

/* The rare events, which the engine emits out of line. */
void event_emit(struct dc *dc, const struct event_what *what, const message *m)
{
	(void)dc;
	(void)what;
	(void)m;
}

int main(void)
{
	printf("%.3f\n", event_trip_ns(0, 0));
	return 0;
}
