/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timers.h - tasks by the time at which they must go on: a binary heap.
 */
#ifndef RUNTIME_TIMERS_H
#define RUNTIME_TIMERS_H

#include "runtime.h"

struct timers {
	struct task *heap[TASKS_MAX]; /* the earliest first */
	int count;
};

/* Puts a task in, which is not there, by its deadline_ns. There is room for all. */
void timers_add(struct timers *timers, struct task *task);
/* Takes a task out; nothing when it is not there. */
void timers_remove(struct timers *timers, struct task *task);

/* The earliest deadline; NEVER when there is none. */
static inline int64_t timers_next_ns(const struct timers *timers)
{
	return timers->count ? timers->heap[0]->deadline_ns : NEVER;
}

#endif
