/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * end.c - a DC ends: whoever waits in it learns it, and nobody begins anything.
 */
#include "engine.h"
#include "slot.h"

#define KEPT_FROM_RUNNING (SLOT_WAITS | DVK_RTS_HELD | DVK_RTS_STOPPED)

void engine_end(struct dc *dc)
{
	int nr;

	SET(dc, dc->state->running, 0);
	for (nr = -NR_TASKS; nr < dc->nr_procs; nr++) {
		struct proc *p = dc_proc(dc, nr);

		if (p->rts & DVK_RTS_SLOT_FREE)
			continue;
		if (p->queue_head != NONE) {
			SET(dc, p->queue_head, NONE);
			SET(dc, p->queue_tail, NONE);
		}
		if (!(p->rts & KEPT_FROM_RUNNING))
			continue;
		/* Of who waits the result means nothing yet; of who is but STOPPED it does. */
		if (!(p->rts & SLOT_WAITS))
			host_save(dc, &p->result);
		SET(dc, p->rts, p->rts & ~(uint32_t)KEPT_FROM_RUNNING);
		p->result = EDVSDCNOTRUN;
		if (!p->rts)
			host_wake(dc, nr, 0);
	}
}
