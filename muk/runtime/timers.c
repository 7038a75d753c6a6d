/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timers.c - the heap: no task is due before its parent; each knows its place.
 */
#include "timers.h"

static void put(struct timers *timers, int place, struct task *task)
{
	timers->heap[place] = task;
	task->heap_index = place;
}

static void sift_up(struct timers *timers, int place)
{
	struct task *task = timers->heap[place];

	while (place > 0 && task->deadline_ns < timers->heap[(place - 1) / 2]->deadline_ns) {
		put(timers, place, timers->heap[(place - 1) / 2]);
		place = (place - 1) / 2;
	}
	put(timers, place, task);
}

static void sift_down(struct timers *timers, int place)
{
	struct task *task = timers->heap[place];
	int child;

	while ((child = 2 * place + 1) < timers->count) {
		if (child + 1 < timers->count &&
		    timers->heap[child + 1]->deadline_ns < timers->heap[child]->deadline_ns)
			child++;
		if (task->deadline_ns <= timers->heap[child]->deadline_ns)
			break;
		put(timers, place, timers->heap[child]);
		place = child;
	}
	put(timers, place, task);
}

void timers_add(struct timers *timers, struct task *task)
{
	timers->heap[timers->count] = task;
	sift_up(timers, timers->count++);
}

void timers_remove(struct timers *timers, struct task *task)
{
	int place = task->heap_index;
	struct task *last;

	if (place < 0)
		return;
	task->heap_index = -1;
	last = timers->heap[--timers->count];
	if (last == task)
		return;
	put(timers, place, last);
	sift_up(timers, place);
	sift_down(timers, last->heap_index);
}
