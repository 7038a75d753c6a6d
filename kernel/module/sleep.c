/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sleep.c - a slot's wait, from DVK_BLOCKED to its result.
 *
 *   NONE --[sleep_begin]--> WAITS --[sleep_tell]--> READY --[sleep_outcome]--> NONE
 *
 * sleep_tell() runs at the commit of the transition that ended the wait, by whomever.
 * A wait of which its program was told DVK_ENTRY_WAITS stays WAITS or READY until it is
 * asked for, by DVK_OP_WAIT or, if it was begun without sleeping, with ready slots.
 */
#include <linux/sched/signal.h>

#include "op.h"
#include "slot.h"

struct member *sleep_tell(struct container *container, const struct host_wakened *woken)
{
	struct slot_sleep *sleep = container_sleep(container, woken->nr);
	struct member *member = member_of(container, dc_proc(&container->dc, woken->nr));

	if (sleep->state != SLEEP_WAITS)
		return NULL;
	WRITE_ONCE(sleep->state, SLEEP_READY);
	sleep->handover = (uint8_t)woken->handover;
	if (sleep->is_async && member)
		list_add_tail(&sleep->ready, &member->ready);
	return member;
}

void sleep_forget(struct container *container, int nr)
{
	struct slot_sleep *sleep = container_sleep(container, nr);

	list_del_init(&sleep->ready);
	WRITE_ONCE(sleep->state, SLEEP_NONE);
	sleep->is_stopped = 0;
}

static void begin(struct call *call)
{
	struct slot_sleep *sleep = container_sleep(call->container, call->nr);

	sleep->is_async = !!(call->entry->flags & DVK_ENTRY_ASYNC);
	sleep->is_stopped = 0;
	sleep->handover = 0;
	WRITE_ONCE(sleep->state, SLEEP_WAITS);
}

void sleep_begin_stopped(struct call *call)
{
	begin(call);
	container_sleep(call->container, call->nr)->is_stopped = 1;
}

/* How the slot's wait has ended, as its program is told; DVK_BLOCKED: a debugger keeps it. */
static int fetch(struct call *call)
{
	return engine_result(&call->container->dc, call->nr, &call->entry->m);
}

/* The engine ended the wait itself, or DVK_BLOCKED: it goes on. */
static int end_now(struct call *call, int rc)
{
	if (rc == DVK_DONE)
		rc = fetch(call);
	if (rc != DVK_BLOCKED)
		sleep_forget(call->container, call->nr);
	return rc;
}

int sleep_begin(struct call *call)
{
	struct proc *p = dc_proc(&call->container->dc, call->nr);

	begin(call);
	if (likely(!p->cancelled))
		return DVK_BLOCKED;
	p->cancelled = 0;
	return end_now(call, engine_cancel(&call->container->dc, call->nr));
}

/* The process that waited in the slot is gone, and perhaps another has come. */
static int is_gone(const struct call *call)
{
	const struct dc *dc = &call->container->dc;

	return READ_ONCE(dc_rest(dc, call->nr)->incarnation) != call->incarnation ||
	       READ_ONCE(dc_proc(dc, call->nr)->rts) & DVK_RTS_SLOT_FREE;
}

int sleep_outcome(struct call *call, int why, int *ret_again)
{
	struct slot_sleep *sleep = container_sleep(call->container, call->nr);
	int rc = DVK_BLOCKED;

	*ret_again = 0;
	if (is_gone(call))
		return EDVSNOTBIND;
	/* Another thread of the process has asked for its end. */
	if (sleep->state == SLEEP_NONE)
		return EDVSPROCSTS;
	if (sleep->state == SLEEP_READY && sleep->is_stopped) {
		sleep_forget(call->container, call->nr);
		return DVK_ENTRY_STOPPED;
	}
	if (sleep->state == SLEEP_READY) {
		rc = end_now(call, DVK_DONE);
		/* Stopped since it was told: it is told again. */
		if (rc == DVK_BLOCKED) {
			list_del_init(&sleep->ready);
			WRITE_ONCE(sleep->state, SLEEP_WAITS);
		}
	} else if (why == -ETIME && !sleep->is_stopped) {
		rc = end_now(call, engine_timeout(&call->container->dc, call->nr));
	}
	if (rc != DVK_BLOCKED)
		return rc;
	if (why == -EINTR) {
		if (!sleep->is_stopped)
			return DVK_ENTRY_WAITS;
		sleep_forget(call->container, call->nr);
		return DVK_ENTRY_STOPPED;
	}
	*ret_again = 1;
	return DVK_BLOCKED;
}

static int slot_is_over(void *data)
{
	const struct call *call = data;

	return READ_ONCE(container_sleep(call->container, call->nr)->state) != SLEEP_WAITS ||
	       is_gone(call);
}

int sleep_on(wait_queue_head_t *queue, int (*is_over)(void *data), void *data, int64_t deadline_ns)
{
	ktime_t expires = deadline_ns;
	DEFINE_WAIT(wait);
	int rc = 0;

	for (;;) {
		prepare_to_wait(queue, &wait, TASK_INTERRUPTIBLE);
		if (is_over(data))
			break;
		rc = -EINTR;
		if (signal_pending(current))
			break;
		rc = -ETIME;
		if (!schedule_hrtimeout_range(deadline_ns == DC_NEVER ? NULL : &expires,
					      current->timer_slack_ns, HRTIMER_MODE_ABS))
			break;
		rc = 0;
	}
	finish_wait(queue, &wait);
	return rc;
}

/* The common end, which changes nothing that others see: no transition. 1: *ret_rc has it. */
static int fetch_quietly(struct call *call, int *ret_rc)
{
	struct slot_sleep *sleep = container_sleep(call->container, call->nr);
	int rc = DVK_BLOCKED;

	spin_lock(&call->container->lock);
	if (!is_gone(call) && sleep->state == SLEEP_READY && !sleep->is_stopped)
		rc = end_now(call, DVK_DONE);
	if (rc != DVK_BLOCKED)
		call_tell_request(call);
	spin_unlock(&call->container->lock);
	*ret_rc = rc;
	return rc != DVK_BLOCKED;
}

int sleep_end(struct call *call, int64_t deadline_ns)
{
	int rc, again, why;

	do {
		why = sleep_on(&call->sleeps->wait, slot_is_over, call, deadline_ns);
		if (likely(!why) && likely(fetch_quietly(call, &rc)))
			return rc;
		call_enter(call);
		rc = sleep_outcome(call, why, &again);
		call_leave(call);
		/* A copy that goes on ends the wait when it ends. */
		if (why == -ETIME)
			deadline_ns = DC_NEVER;
	} while (again);
	return rc;
}
