/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device_thread.h - this thread at the DC on the module, and what its slots were told.
 */
#ifndef LIB_DEVICE_THREAD_H
#define LIB_DEVICE_THREAD_H

#include "device.h"

/* How many slots that became ready one entry brings along. */
#define DEVICE_READY 16

/* What the module said of a slot; of one thread's, so guarded by nothing. */
struct device_slot {
	int ready; /* 1: its wait is over, and result and m say how */
	int result;
	struct dvk_request request; /* the last that it received */
	message m;
};

struct device_thread {
	unsigned int epoch; /* of the device when current was set */
	int current;        /* its slot, NONE */
	const struct dvk_parker *parker;
	int ends_wait;  /* 1: the parker gives the wait up before its time */
	int told_count; /* slots of others' making, for dvk_take_ready() */
	int told[DEVICE_READY];
	int more; /* 1: the module has more of them */
};
extern __thread struct device_thread device_thread;

static inline struct device_slot *device_slot(int nr)
{
	return &device.slots[nr + NR_TASKS];
}

static inline int device_has_nr(int nr)
{
	return nr >= -NR_TASKS && nr < device.nr_procs;
}

/* Keeps what an entry told of slots; those that this thread itself made ready go to run. */
void device_take(const struct dvk_entry *entry, const struct dvk_ready *ready, int to_run);
/* DVK_OP_READY: takes what others made ready, and until deadline_ns waits for it. */
void device_fetch(int64_t deadline_ns);

#endif
