/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * transition.c - the frame around each transition of the engine.
 *
 * Enter, calls of the engine, leave: the commit tells the slots that were woken, and
 * their threads are woken when the lock is free, within the same RCU section, so that
 * they are still there.
 */
#include <linux/poll.h>
#include <linux/rcupdate.h>

#include "op.h"

void transition_enter(struct container *container) __acquires(RCU) __acquires(&container->lock)
{
	rcu_read_lock();
	spin_lock(&container->lock);
	container->dc.state->now = ktime_get_ns();
}

/* More were woken than could be noted: all that sleep are looked at. */
static void sweep(struct container *container)
{
	int nr;

	for (nr = -NR_TASKS; nr < container->dc.nr_procs; nr++) {
		const struct proc *p = dc_proc(&container->dc, nr);
		struct host_wakened woken = { .nr = nr };
		struct member *member = NULL;

		if (!p->rts || p->rts & DVK_RTS_SLOT_FREE)
			member = sleep_tell(container, &woken);
		if (member)
			wake_up_interruptible_all(&member->wait);
	}
}

void transition_commit(struct container *container, const struct member *self,
		       struct wake_list *ret_list)
{
	struct host_frame *frame = &container->frame;
	int i;

	container->dc.state->transitions++;
	public_commit(container);
	ret_list->count = 0;
	for (i = 0; i < frame->wake_count; i++) {
		const struct host_wakened *woken = &frame->wakes[i];
		struct member *member = sleep_tell(container, woken);

		/* What this thread does without sleeping comes with its entry. */
		if (!member || (member == self && container_sleep(container, woken->nr)->is_async))
			continue;
		ret_list->members[ret_list->count].member = member;
		ret_list->members[ret_list->count++].handover = woken->handover;
	}
	frame->wake_count = 0;
	if (frame->wake_overflow)
		sweep(container);
	frame->wake_overflow = 0;
}

/*
 * A hand-over is a synchronous wake-up: the woken one comes to the waker's processor,
 * and runs as soon as the waker sleeps, which it is about to.
 */
static void wake(struct member *member, int handover)
{
	if (!wq_has_sleeper(&member->wait))
		return;
	if (handover)
		wake_up_interruptible_sync_poll(&member->wait, EPOLLIN);
	else
		wake_up_interruptible_poll(&member->wait, EPOLLIN);
}

void transition_unlock(struct container *container, const struct wake_list *list)
	__releases(&container->lock) __releases(RCU)
{
	int i;

	spin_unlock(&container->lock);
	for (i = 0; i < list->count; i++)
		wake(list->members[i].member, list->members[i].handover);
	rcu_read_unlock();
}

void transition_leave(struct container *container, const struct member *self)
	__releases(&container->lock) __releases(RCU)
{
	struct wake_list list __uninitialized;

	transition_commit(container, self, &list);
	transition_unlock(container, &list);
}
