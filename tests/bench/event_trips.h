/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_trips.h - the load under which events are measured: a sendrec and its
 * reply between two coroutines, two events a trip.
 */
#ifndef BENCH_EVENT_TRIPS_H
#define BENCH_EVENT_TRIPS_H

#define EVENTS_A_TRIP 2

/* ns of one trip. recorder: the flight recorder is on; traced: a view asks for records. */
double event_trip_ns(int recorder, int traced);

#endif
