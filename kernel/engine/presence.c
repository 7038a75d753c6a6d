/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * presence.c - waiting until a slot is bound, or until it is not.
 *
 * An endpoint of generation 0 stands for whoever is bound to the slot; one of a
 * user's generation for that very process: what is dead or stale never comes
 * (EDVSENDPOINT). Who is bound is told in the letter, which has no other use
 * while its slot waits for that.
 */
#include "check.h"
#include "event.h"
#include "presence.h"
#include "wait.h"

static int is_meant(const struct proc *p, int ep)
{
	return ep == p->endpoint || !dvk_endpoint_generation(ep);
}

void presence_tell(struct dc *dc, const struct proc *p)
{
	int nr;

	for (nr = -NR_TASKS; nr < dc->nr_procs; nr++) {
		struct proc *q = dc_proc(dc, nr);

		if (!(q->rts & DVK_RTS_WAITBIND) || slot_find(dc, q->getfrom_ep) != p ||
		    !is_meant(p, q->getfrom_ep))
			continue;
		q->letter.m_source = p->endpoint;
		slot_end_wait(dc, q, 0, 0);
	}
}

static ENGINE_COLD int refuse(struct dc *dc, const struct proc *caller, int ep, int rc)
{
	struct event_what what = { .dst_ep = ep, .result = rc };

	return check_refused(dc, caller, &what, NULL);
}

static int check_slot(const struct dc *dc, const struct proc *caller, int ep,
		      const struct proc **ret_p)
{
	const struct proc *p = slot_find(dc, ep);

	if (!p)
		return ep == SELF ? EDVSENDPOINT : EDVSRANGE;
	if (p == caller)
		return EDVSENDPOINT;
	*ret_p = p;
	return 0;
}

/* It is not there now; may it still come? */
static int may_come(const struct proc *p, int ep)
{
	int generation = dvk_endpoint_generation(ep);

	if (!generation)
		return 1;
	return dvk_endpoint_nr(ep) >= NR_SERVERS &&
	       generation > dvk_endpoint_generation(p->endpoint);
}

int engine_wait_bind(struct dc *dc, int caller_nr, int ep, int64_t deadline_ns, int *ret_endpoint)
{
	struct wait_for wait = { DVK_RTS_WAITBIND, ep, deadline_ns };
	const struct proc *p = NULL;
	struct proc *caller;
	int rc = check_caller(dc, caller_nr, &caller);

	if (rc)
		return rc;
	rc = check_slot(dc, caller, ep, &p);
	if (!rc && !is_meant(p, ep) && !may_come(p, ep))
		rc = EDVSENDPOINT;
	if (!rc && p->rts & DVK_RTS_SLOT_FREE && ep == p->endpoint && dvk_endpoint_generation(ep))
		rc = EDVSENDPOINT;
	if (!rc)
		rc = check_rights(dc, caller, NULL, CALL_BIND_NR);
	if (rc)
		return refuse(dc, caller, ep, rc);
	if (!(p->rts & DVK_RTS_SLOT_FREE) && is_meant(p, ep)) {
		*ret_endpoint = p->endpoint;
		return DVK_DONE;
	}
	rc = wait_begin(dc, caller, &wait);
	if (rc == DVK_BLOCKED)
		SET(dc, dc->state->bind_awaited, 1);
	return rc;
}

int engine_wait_unbind(struct dc *dc, int caller_nr, int ep, int64_t deadline_ns)
{
	struct wait_for wait = { DVK_RTS_WAITUNBIND, ep, deadline_ns };
	const struct proc *p = NULL;
	struct proc *caller;
	int rc = check_caller(dc, caller_nr, &caller);

	if (rc)
		return rc;
	rc = check_slot(dc, caller, ep, &p);
	if (!rc && p->endpoint != ep)
		rc = EDVSENDPOINT;
	if (!rc)
		rc = check_rights(dc, caller, NULL, CALL_UNBIND_NR);
	if (rc)
		return refuse(dc, caller, ep, rc);
	if (p->rts & DVK_RTS_SLOT_FREE)
		return DVK_DONE;
	return wait_begin(dc, caller, &wait);
}
