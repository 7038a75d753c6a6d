/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wait.c - how the host learns how a wait ended, and ends one by time.
 *
 * Of a sendrec: EDVSTIMEDOUT if the request was not taken (it leaves the queue,
 * so it never will be), EDVSNOTREADY if it was. During a copy the time takes
 * effect at the copy's end: deadline 0 says that it has come.
 */
#include "event.h"
#include "queue.h"
#include "wait.h"

int wait_awaited(const struct proc *p)
{
	if (p->rts & DVK_RTS_SENDING)
		return p->sendto_ep;
	return p->rts & DVK_RTS_RECEIVING ? p->getfrom_ep : NONE;
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

int wait_expire(struct dc *dc, struct proc *p)
{
	int taken = p->rts & DVK_RTS_RECEIVING && p->call_state == CALL_TAKEN;
	struct event_what what = {
		.kind = DVK_EVENT_TIMEOUT,
		.src_ep = p->endpoint,
		.dst_ep = wait_awaited(p),
		.result = taken ? EDVSNOTREADY : EDVSTIMEDOUT,
		.call = p->call,
	};
	message m = { .m_type = p->call_type };

	if (p->rts & DVK_RTS_SENDING) {
		struct proc *dst = slot_find(dc, p->sendto_ep);

		/* A queue that does not know it holds nothing to mend. */
		if (dst)
			(void)queue_remove(dc, dst, p);
	}
	SET(dc, p->rts, p->rts & ~(SLOT_WAITS | DVK_RTS_HELD));
	p->result = what.result;
	event_emit(dc, &what, &m);
	return what.result;
}

int engine_timeout(struct dc *dc, int nr)
{
	struct proc *p = slot_at(dc, nr);

	if (!p || p->rts & DVK_RTS_SLOT_FREE)
		return EDVSNOTBIND;
	if (!(p->rts & SLOT_WAITS))
		return DVK_DONE;
	if (p->rts & DVK_RTS_ONCOPY) {
		SET(dc, p->deadline_ns, 0);
		return DVK_BLOCKED;
	}
	return wait_expire(dc, p);
}
