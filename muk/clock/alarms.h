/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alarms.h - the alarms that are set: a heap, the next one to come first.
 *
 * Each slot has at most one. The heap's rows are what CLOCK registers as
 * clock.alarm: the first count of them are set, the others are zero.
 */
#ifndef MUK_CLOCK_ALARMS_H
#define MUK_CLOCK_ALARMS_H

#include <stdint.h>

#include <dvk/dvk.h>
#include "protocol/clock.h"

#define ALARMS_MAX (NR_TASKS + NR_PROCS_MAX)

struct alarms {
	struct clock_alarm_row rows[ALARMS_MAX];
	int16_t place[ALARMS_MAX]; /* of a slot's alarm in rows, plus 1; 0: none */
	int count;
	int next_id;
};

/* The alarm of the slot of ep, of whatever generation; NULL: none, or no such slot. */
struct clock_alarm_row *alarms_find(struct alarms *alarms, int ep);

/*
 * Sets the alarm of ep, in the place of the one it has: at deadline_ns, then every
 * period_ms (0: once). EDVSRANGE when ep has no slot.
 */
int alarms_set(struct alarms *alarms, int ep, int64_t deadline_ns, int64_t period_ms);

/* Takes a row out. */
void alarms_remove(struct alarms *alarms, struct clock_alarm_row *row);

/* The next one to come; NULL: none is set. */
struct clock_alarm_row *alarms_first(struct alarms *alarms);

/* The first one has fired: it comes again at its next time after now_ns, or is gone. */
void alarms_fired(struct alarms *alarms, int64_t now_ns);

#endif
