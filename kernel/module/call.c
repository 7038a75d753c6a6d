/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * call.c - an entry that is one transition: the slot, the stop, the transition, the wait.
 */
#include <linux/nospec.h>
#include <linux/sched/signal.h>

#include "op.h"

void call_enter(struct call *call) __acquires(RCU) __acquires(&call->container->lock)
{
	transition_enter(call->container);
}

void call_tell_request(struct call *call)
{
	const struct proc *p;

	if (call->nr == NONE)
		return;
	p = dc_proc(&call->container->dc, call->nr);
	call->entry->request_ep = p->request_ep;
	call->entry->request_call = p->request_call;
}

void call_leave(struct call *call) __releases(&call->container->lock) __releases(RCU)
{
	struct wake_list list __uninitialized;

	call_tell_request(call);
	transition_commit(call->container, call->member, &list);
	if (call->entry->ready_max)
		ready_collect(call);
	transition_unlock(call->container, &list);
}

int call_own_slot(struct call *call)
{
	const struct dc *dc = &call->container->dc;
	int nr = call->entry->slot_nr;
	const struct proc *p;
	struct member *member;

	if (!call->member->task)
		return EDVSDVSINIT;
	if (!dc_has_nr(dc, nr))
		return EDVSNOTBIND;
	nr = (int)array_index_nospec(nr + NR_TASKS, dc->nr_slots) - NR_TASKS;
	p = dc_proc(dc, nr);
	member = member_of(call->container, p);
	if (p->rts & DVK_RTS_SLOT_FREE || !member || member->file != call->file)
		return EDVSNOTBIND;
	call->nr = nr;
	call->incarnation = dc_rest(dc, nr)->incarnation;
	call->sleeps = member;
	member->current_nr = nr;
	return 0;
}

/* Under the lock; DVK_BLOCKED when a wait has begun. */
static int transit(struct call *call, const struct op *op)
{
	struct dc *dc = &call->container->dc;
	int rc = op->needs & OP_SLOT ? call_own_slot(call) : 0;

	if (rc)
		return rc;
	if (op->needs & OP_SLOT && dc_proc(dc, call->nr)->rts == DVK_RTS_STOPPED) {
		sleep_begin_stopped(call);
		return DVK_ENTRY_STOPPED;
	}
	/* The program jumped out of a wait: what it would have heard is lost. */
	if (op->needs & OP_WAITS &&
	    container_sleep(call->container, call->nr)->state == SLEEP_READY)
		sleep_forget(call->container, call->nr);
	rc = op->transition(call);
	/* Its statistics, and when it made it, are its row's too. */
	if (op->needs & OP_SLOT)
		host_mark(dc, (size_t)(call->nr + NR_TASKS));
	if (op->needs & OP_WAITS && rc == DVK_BLOCKED)
		rc = sleep_begin(call);
	return rc;
}

int call_transition(struct call *call, const struct op *op)
{
	int is_async = call->entry->flags & DVK_ENTRY_ASYNC;
	int rc, is_blocked;

	for (;;) {
		call_enter(call);
		rc = transit(call, op);
		is_blocked = op->needs & OP_WAITS && rc == DVK_BLOCKED;
		call_leave(call);
		if (rc != DVK_ENTRY_STOPPED || is_async)
			break;
		rc = sleep_end(call, DC_NEVER);
		if (rc != DVK_ENTRY_STOPPED || signal_pending(current))
			return rc;
	}
	if (!is_blocked)
		return rc;
	return is_async ? DVK_ENTRY_WAITS : sleep_end(call, call->entry->deadline_ns);
}
