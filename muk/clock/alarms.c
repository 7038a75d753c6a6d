/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alarms.c - a binary heap of alarms by deadline, and where each slot's is in it.
 *
 * Invariant: place[i] of the slot of rows[p].ep is p + 1 for every p < count, and
 * no row comes before its parent.
 */
#include <string.h>

#include "clock/alarms.h"

#define NS_PER_MS 1000000

static int slot_of(int ep)
{
	return dvk_endpoint_nr(ep) + NR_TASKS;
}

static void put(struct alarms *alarms, int p, const struct clock_alarm_row *row)
{
	alarms->rows[p] = *row;
	alarms->place[slot_of(row->ep)] = (int16_t)(p + 1);
}

static void rise(struct alarms *alarms, int p)
{
	struct clock_alarm_row row = alarms->rows[p];

	while (p > 0 && alarms->rows[(p - 1) / 2].deadline_ns > row.deadline_ns) {
		put(alarms, p, &alarms->rows[(p - 1) / 2]);
		p = (p - 1) / 2;
	}
	put(alarms, p, &row);
}

static void sink(struct alarms *alarms, int p)
{
	struct clock_alarm_row row = alarms->rows[p];
	int child;

	while ((child = 2 * p + 1) < alarms->count) {
		if (child + 1 < alarms->count &&
		    alarms->rows[child + 1].deadline_ns < alarms->rows[child].deadline_ns)
			child++;
		if (alarms->rows[child].deadline_ns >= row.deadline_ns)
			break;
		put(alarms, p, &alarms->rows[child]);
		p = child;
	}
	put(alarms, p, &row);
}

struct clock_alarm_row *alarms_find(struct alarms *alarms, int ep)
{
	int slot = slot_of(ep);

	if (slot < 0 || slot >= ALARMS_MAX || !alarms->place[slot])
		return NULL;
	return &alarms->rows[alarms->place[slot] - 1];
}

int alarms_set(struct alarms *alarms, int ep, int64_t deadline_ns, int64_t period_ms)
{
	struct clock_alarm_row *old = alarms_find(alarms, ep);
	int slot = slot_of(ep);

	if (slot < 0 || slot >= ALARMS_MAX)
		return EDVSRANGE;
	if (old)
		alarms_remove(alarms, old);
	alarms->rows[alarms->count] = (struct clock_alarm_row){
		.id = ++alarms->next_id,
		.ep = ep,
		.deadline_ns = deadline_ns,
		.period_ms = period_ms,
	};
	rise(alarms, alarms->count++);
	return 0;
}

void alarms_remove(struct alarms *alarms, struct clock_alarm_row *row)
{
	int p = (int)(row - alarms->rows);
	struct clock_alarm_row last = alarms->rows[--alarms->count];

	alarms->place[slot_of(row->ep)] = 0;
	memset(&alarms->rows[alarms->count], 0, sizeof(last));
	if (p == alarms->count)
		return;
	put(alarms, p, &last);
	rise(alarms, p);
	sink(alarms, alarms->place[slot_of(last.ep)] - 1);
}

struct clock_alarm_row *alarms_first(struct alarms *alarms)
{
	return alarms->count ? &alarms->rows[0] : NULL;
}

void alarms_fired(struct alarms *alarms, int64_t now_ns)
{
	struct clock_alarm_row *row = &alarms->rows[0];
	int64_t period_ns = row->period_ms * NS_PER_MS;

	if (!row->period_ms) {
		alarms_remove(alarms, row);
		return;
	}
	/* Those that came while nobody could look are one: a notification is a bit. */
	row->fired++;
	row->deadline_ns += period_ns * ((now_ns - row->deadline_ns) / period_ns + 1);
	sink(alarms, 0);
}
