/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * idle.c - when no task can run, and what is looked after now and then while
 * they do.
 *
 * The thread sleeps on libdvk's futex as long as no task waits for a descriptor,
 * else in epoll, where libdvk's own descriptor is too.
 */
#include "scheduler.h"

/* Slots that others made ready. */
static void take_ready(struct scheduler *s)
{
	int nrs[64];
	int count;

	do {
		count = dvk_take_ready(nrs, 64);
		for (int i = 0; i < count; i++) {
			struct task *task = s->by_nr[nrs[i] + NR_TASKS];

			/* It may have timed out meanwhile, and do something else now. */
			if (task && row_state(task->row) == SERVER_TASK_CALLING)
				task_ready(s, task);
		}
	} while (count == 64);
}

static void expire(struct scheduler *s)
{
	int64_t now_ns;

	if (s->timers.count == 0)
		return;
	now_ns = runtime_now_ns();
	while (timers_next_ns(&s->timers) <= now_ns) {
		struct task *task = s->timers.heap[0];

		timers_remove(&s->timers, task);
		task_ready(s, task);
	}
}

void idle_poll(struct scheduler *s)
{
	take_ready(s);
	if (s->fd_waits)
		fds_poll(s, 0);
	expire(s);
}

void idle_sleep(struct scheduler *s)
{
	int64_t deadline_ns;

	take_ready(s);
	expire(s);
	if (s->ready.head)
		return;
	notes_write(s);
	dvk_set_current(NONE);
	deadline_ns = timers_next_ns(&s->timers);
	if (s->fd_waits == 0) {
		dvk_park(deadline_ns);
	} else if (!dvk_park_prepare()) {
		fds_poll(s, deadline_ns);
		dvk_park_done();
	}
	take_ready(s);
	expire(s);
}
