/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stop.c - a debugger stops a process, and lets it go on.
 *
 * STOPPED keeps a slot from running: one that waits is not woken when its wait
 * ends, and one that runs finds its slot not ready as it enters its next
 * transition, where the host puts it to sleep. Its debugger's death lets it go.
 */
#include "check.h"
#include "event.h"

static int find(const struct dc *dc, int caller_nr, int ep, struct proc *ret[2])
{
	int rc = check_caller(dc, caller_nr, &ret[0]);

	if (rc)
		return rc;
	if (!(ret[0]->rights & RIGHT_SYSTEM))
		return EDVSPRIVILEGES;
	rc = check_peer(dc, ret[0], ep, &ret[1]);
	if (rc)
		return rc;
	if (ret[1]->rts & DVK_RTS_SLOT_FREE)
		return EDVSNOTBIND;
	return check_rights(dc, ret[0], NULL, CALL_HOLD_NR);
}

/* The debugger is quiet, the stopped one is not: it is the stopped one's event. */
static void tell(struct dc *dc, const struct proc *p, int kind)
{
	struct event_what what = { .kind = kind, .src_ep = p->endpoint, .dst_ep = NONE };

	event_emit(dc, &what, NULL);
}

int engine_stop(struct dc *dc, int caller_nr, int ep)
{
	struct proc *both[2] = { NULL, NULL };
	int rc = find(dc, caller_nr, ep, both);

	if (rc)
		return rc;
	if (!(both[1]->rts & DVK_RTS_STOPPED)) {
		dc_rest(dc, dc_nr(dc, both[1]))->stopper_nr = caller_nr;
		SET(dc, both[1]->rts, both[1]->rts | DVK_RTS_STOPPED);
		tell(dc, both[1], DVK_EVENT_HOLD);
	}
	return 0;
}

int engine_cont(struct dc *dc, int caller_nr, int ep)
{
	struct proc *both[2] = { NULL, NULL };
	int rc = find(dc, caller_nr, ep, both);

	if (rc)
		return rc;
	if (!(both[1]->rts & DVK_RTS_STOPPED))
		return EDVSPROCSTS;
	SET(dc, both[1]->rts, both[1]->rts & ~DVK_RTS_STOPPED);
	tell(dc, both[1], DVK_EVENT_RELEASE);
	if (!both[1]->rts)
		host_wake(dc, dc_nr(dc, both[1]), 0);
	return 0;
}
