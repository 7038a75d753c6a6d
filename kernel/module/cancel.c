/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cancel.c - giving up waits: one's own that goes on, and others' of the same process.
 */
#include <linux/pid.h>

#include "op.h"

/* Ends the wait of nr, or the next one that it would begin; under the lock. */
static int cancel(struct container *container, int nr)
{
	struct slot_sleep *sleep = container_sleep(container, nr);
	struct proc *p = dc_proc(&container->dc, nr);

	p->cancelled = 1;
	if (sleep->state != SLEEP_WAITS || sleep->is_stopped)
		return 0;
	p->cancelled = 0;
	/* During a copy it takes effect at the copy's end, which wakes it. */
	if (engine_cancel(&container->dc, nr) != DVK_BLOCKED)
		host_wake(&container->dc, nr, 0);
	return 0;
}

static int cancel_transition(struct call *call)
{
	struct container *container = call->container;
	const struct dc *dc = &container->dc;
	int ep = call->entry->ep, nr = dvk_endpoint_nr(ep);
	const struct proc *p;

	if (ep == SELF) {
		int rc = call_own_slot(call);

		return rc ? rc : cancel(container, call->nr);
	}
	if (!dc_has_nr(dc, nr))
		return EDVSRANGE;
	p = dc_proc(dc, nr);
	if (p->endpoint != ep)
		return EDVSENDPOINT;
	if (p->rts & DVK_RTS_SLOT_FREE)
		return EDVSNOTBIND;
	if (!member_is_of(member_of(container, p), call->file->tgid))
		return EDVSPRIVILEGES;
	return cancel(container, nr);
}

const struct op op_CANCEL = { .needs = OP_DC | OP_MEMBER, .transition = cancel_transition };

static int cancel_thread_transition(struct call *call)
{
	struct container *container = call->container;
	const struct pid *pid = find_vpid(call->entry->value);
	int i, nr;

	for (i = 0; pid && i < container->nr_members; i++) {
		const struct member *member = container->members[i];

		if (!member || member->tid != pid || !member_is_of(member, call->file->tgid))
			continue;
		nr = member_slot(container, member);
		return nr == NONE ? EDVSNOTBIND : cancel(container, nr);
	}
	return EDVSBADPID;
}

const struct op op_CANCEL_THREAD = { .needs = OP_DC | OP_MEMBER,
				     .transition = cancel_thread_transition };

/* The wait of the slot goes on, or with why -ETIME ends. */
static int go_on(struct call *call, int why)
{
	int is_async = call->entry->flags & DVK_ENTRY_ASYNC, again = 0;
	struct slot_sleep *sleep;
	int rc;

	call_enter(call);
	rc = call_own_slot(call);
	if (!rc) {
		sleep = container_sleep(call->container, call->nr);
		rc = sleep_outcome(call, why, &again);
		sleep->is_async = !!is_async;
	}
	call_leave(call);
	if (!again)
		return rc;
	if (is_async)
		return DVK_ENTRY_WAITS;
	return sleep_end(call, why ? DC_NEVER : call->entry->deadline_ns);
}

static int wait_run(struct call *call)
{
	return go_on(call, 0);
}

const struct op op_WAIT = { .needs = OP_DC | OP_MEMBER, .run = wait_run };

static int end_wait_run(struct call *call)
{
	return go_on(call, -ETIME);
}

const struct op op_END_WAIT = { .needs = OP_DC | OP_MEMBER, .run = end_wait_run };

static int has_ready(void *data)
{
	const struct call *call = data;

	return !list_empty_careful(&call->member->ready) || !READ_ONCE(call->member->task);
}

/* What is ready comes along with every entry; this one waits for it. */
static int ready_run(struct call *call)
{
	if (call->entry->deadline_ns == 0)
		return 0;
	if (sleep_on(&call->member->wait, has_ready, call, call->entry->deadline_ns) == -EINTR)
		return DVK_ENTRY_WAITS;
	return READ_ONCE(call->member->task) ? 0 : EDVSDVSINIT;
}

const struct op op_READY = { .needs = OP_DC | OP_MEMBER, .run = ready_run };
