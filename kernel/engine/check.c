/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check.c - the checks that the fast paths leave aside.
 */
#include "check.h"
#include "event.h"

ENGINE_COLD int check_caller_slow(const struct dc *dc, const struct proc *caller)
{
	if (caller->rts & DVK_RTS_SLOT_FREE)
		return EDVSNOTBIND;
	if (!dc->state->running)
		return EDVSDCNOTRUN;
	return EDVSPROCSTS;
}

ENGINE_COLD int check_rights_slow(const struct dc *dc, const struct proc *caller,
				  const struct proc *peer, int call)
{
	const struct proc_rest *rest = dc_rest(dc, dc_nr(dc, caller));

	if (peer && !(caller->rights & RIGHT_SEND_ALL)) {
		int to = dc_nr(dc, peer) + NR_TASKS, from = dc_nr(dc, caller) + NR_TASKS;

		if (!check_bit(rest->targets, to) ||
		    !check_bit(dc_rest(dc, dc_nr(dc, peer))->sources, from))
			return EDVSTRAPDENIED;
	}
	if (!(caller->rights & RIGHT_CALL_ALL) && !(rest->calls_allowed >> call & 1))
		return EDVSCALLDENIED;
	return 0;
}

ENGINE_COLD int check_refused(struct dc *dc, const struct proc *caller,
			      const struct event_what *what, const message *m)
{
	struct event_what refused = *what;

	refused.kind = DVK_EVENT_REFUSED;
	refused.src_ep = caller->endpoint;
	if (what->result != EDVSRANGE && what->result != EDVSAGAIN)
		event_emit(dc, &refused, m);
	return what->result;
}
