/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wait.c - how the host learns how a wait ended, and ends one by time or by force.
 *
 * Of a sendrec: EDVSTIMEDOUT (cancelled: EDVSINTR) if the request was not taken (it
 * leaves the queue, so it never will be), EDVSNOTREADY if it was, by whomever.
 * During a copy it takes effect at the copy's end: deadline 0 or DC_CANCELLED says
 * that it has come. Who is STOPPED does not run before the debugger lets it.
 */
#include "event.h"
#include "queue.h"
#include "wait.h"

int wait_awaited(const struct proc *p)
{
	if (p->rts & DVK_RTS_SENDING)
		return p->sendto_ep;
	if (!(p->rts & SLOT_WAITS))
		return NONE;
	return p->getfrom_ep == ANY_REQUEST ? ANY : p->getfrom_ep;
}

int wait_begin(struct dc *dc, struct proc *p, const struct wait_for *wait)
{
	if (wait->deadline_ns == 0)
		return EDVSAGAIN;
	p->getfrom_ep = wait->ep;
	p->call = 0;
	p->call_state = CALL_NONE;
	p->call_type = 0;
	p->deadline_ns = wait->deadline_ns;
	p->wait_since = dc->state->now;
	slot_begin_wait(dc, p, wait->flag);
	return DVK_BLOCKED;
}

int engine_result(struct dc *dc, int nr, message *ret_m)
{
	const struct proc *p = slot_at(dc, nr);

	if (!p || p->rts & DVK_RTS_SLOT_FREE)
		return EDVSNOTBIND;
	if (p->rts)
		return DVK_BLOCKED;
	if (p->result == 0 && ret_m)
		*ret_m = p->letter;
	return p->result;
}

static int was_taken(const struct proc *p)
{
	return p->call_state != CALL_NONE && p->call_state != CALL_QUEUED;
}

void wait_leave_queue(struct dc *dc, struct proc *p)
{
	struct proc *dst = slot_find(dc, p->sendto_ep);

	/* A queue that does not know it holds nothing to mend. */
	if (p->rts & DVK_RTS_SENDING && dst)
		(void)queue_remove(dc, dst, p);
}

/* kind: TIMEOUT or CANCEL. */
static int end_early(struct dc *dc, struct proc *p, int kind)
{
	int untaken = kind == DVK_EVENT_TIMEOUT ? EDVSTIMEDOUT : EDVSINTR;
	struct event_what what = {
		.kind = kind,
		.src_ep = p->endpoint,
		.dst_ep = wait_awaited(p),
		.result = was_taken(p) ? EDVSNOTREADY : untaken,
		.call = p->call,
	};
	message m = { .m_type = p->call_type };

	wait_leave_queue(dc, p);
	SET(dc, p->rts, p->rts & ~(SLOT_WAITS | DVK_RTS_HELD));
	p->result = what.result;
	event_emit(dc, &what, &m);
	return what.result;
}

int wait_expire(struct dc *dc, struct proc *p)
{
	return end_early(dc, p,
			 p->deadline_ns == DC_CANCELLED ? DVK_EVENT_CANCEL : DVK_EVENT_TIMEOUT);
}

static int end_wait(struct dc *dc, int nr, int kind)
{
	struct proc *p = slot_at(dc, nr);
	int rc;

	if (!p || p->rts & DVK_RTS_SLOT_FREE)
		return EDVSNOTBIND;
	if (!(p->rts & SLOT_WAITS))
		return p->rts ? DVK_BLOCKED : DVK_DONE;
	if (p->rts & DVK_RTS_ONCOPY) {
		SET(dc, p->deadline_ns, kind == DVK_EVENT_CANCEL ? DC_CANCELLED : 0);
		return DVK_BLOCKED;
	}
	rc = end_early(dc, p, kind);
	return p->rts ? DVK_BLOCKED : rc;
}

int engine_timeout(struct dc *dc, int nr)
{
	return end_wait(dc, nr, DVK_EVENT_TIMEOUT);
}

int engine_cancel(struct dc *dc, int nr)
{
	return end_wait(dc, nr, DVK_EVENT_CANCEL);
}
