/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * presence.c - waiting for binds and unbinds.
 *
 * A thread that waits for its own bind has no slot to wait in: it sleeps in its
 * member's queue until another has bound it.
 */
#include "op.h"

static int wait_bind_transition(struct call *call)
{
	int bound = NONE;
	int rc = engine_wait_bind(&call->container->dc, call->nr, call->entry->ep,
				  call->entry->deadline_ns, &bound);

	if (rc == DVK_DONE)
		call->entry->m.m_source = bound;
	return rc;
}

const struct op op_WAIT_BIND = { .needs = OP_HAS_SLOT | OP_WAITS,
				 .transition = wait_bind_transition };

static int wait_unbind_transition(struct call *call)
{
	return engine_wait_unbind(&call->container->dc, call->nr, call->entry->ep,
				  call->entry->deadline_ns);
}

const struct op op_WAIT_UNBIND = { .needs = OP_HAS_SLOT | OP_WAITS,
				   .transition = wait_unbind_transition };

/* The slot that another has given this thread: 0 and its endpoint; under the lock. */
static int own_endpoint(struct call *call)
{
	const struct dc *dc = &call->container->dc;
	int nr;

	if (!call->member->task)
		return EDVSDVSINIT;
	nr = member_slot(call->container, call->member);
	if (nr != NONE) {
		call->entry->ep = dc_proc(dc, nr)->endpoint;
		return 0;
	}
	return dc->state->running ? EDVSAGAIN : EDVSDCNOTRUN;
}

static int look(struct call *call)
{
	int rc;

	spin_lock(&call->container->lock);
	rc = own_endpoint(call);
	spin_unlock(&call->container->lock);
	return rc;
}

static int is_bound(void *data)
{
	return look(data) != EDVSAGAIN;
}

static int wait_own_run(struct call *call)
{
	int rc = look(call), why;

	if (rc != EDVSAGAIN || !call->entry->deadline_ns)
		return rc;
	why = sleep_on(&call->member->wait, is_bound, call, call->entry->deadline_ns);
	rc = look(call);
	if (rc != EDVSAGAIN)
		return rc;
	return why == -EINTR ? DVK_ENTRY_WAITS : EDVSTIMEDOUT;
}

const struct op op_WAIT_OWN = { .needs = OP_DC | OP_MEMBER, .run = wait_own_run };
