/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * priv.c - what a process may do (section 7): looked up, and changed by SYSTEM.
 *
 * The sets are the truth; proc.rights are the fast answers, made from them here
 * and at the bind. Who takes messages from some only costs every sender its fast
 * answer for targets, as both sets count: what A may send to B is in A's targets
 * and in B's sources. Messages that wait already were allowed when they came.
 */
#include "check.h"
#include "event.h"

static int find(const struct dc *dc, struct proc *caller, int ep, struct proc **ret_p)
{
	struct proc *p = ep == SELF ? caller : slot_find(dc, ep);

	if (!p)
		return EDVSRANGE;
	if (ep != SELF && p->endpoint != ep)
		return EDVSENDPOINT;
	if (p->rts & DVK_RTS_SLOT_FREE)
		return EDVSNOTBIND;
	*ret_p = p;
	return 0;
}

static int refuse(struct dc *dc, const struct proc *caller, int ep, int rc)
{
	struct event_what what = { .dst_ep = ep, .result = rc };

	return check_refused(dc, caller, &what, NULL);
}

int engine_getpriv(struct dc *dc, int caller_nr, int ep, struct dvk_priv *ret_priv)
{
	const struct proc_rest *rest;
	struct proc *caller, *p;
	int rc = check_caller(dc, caller_nr, &caller);

	if (rc)
		return rc;
	rc = find(dc, caller, ep, &p);
	if (!rc)
		rc = check_rights(dc, caller, NULL, CALL_GETPRIV_NR);
	if (rc)
		return refuse(dc, caller, ep, rc);
	rest = dc_rest(dc, dc_nr(dc, p));
	ret_priv->level = rest->level;
	ret_priv->calls = rest->calls_allowed;
	memcpy(ret_priv->targets, rest->targets, sizeof(rest->targets));
	memcpy(ret_priv->sources, rest->sources, sizeof(rest->sources));
	return 0;
}

/* All slots that the table has are in the set. */
static int is_all(const struct dc *dc, const uint64_t *set)
{
	int bit;

	for (bit = 0; bit < dc->nr_slots; bit++)
		if (!check_bit(set, bit))
			return 0;
	return 1;
}

static uint32_t rights_of(const struct dc *dc, const struct dvk_priv *priv)
{
	uint32_t all_calls = ((uint32_t)1 << (CALL_LOOK_NR + 1)) - 1, rights = 0;

	if (!dc->state->limited && is_all(dc, priv->targets))
		rights |= RIGHT_SEND_ALL;
	if (is_all(dc, priv->sources))
		rights |= RIGHT_RECEIVE_ALL;
	if ((priv->calls & all_calls) == all_calls)
		rights |= RIGHT_CALL_ALL;
	if (priv->level >= DVK_LEVEL_SYSTEM)
		rights |= RIGHT_SYSTEM;
	return rights;
}

/* From now on every send asks the sets. */
static void limit(struct dc *dc)
{
	int nr;

	if (dc->state->limited)
		return;
	SET(dc, dc->state->limited, 1);
	for (nr = -NR_TASKS; nr < dc->nr_procs; nr++) {
		struct proc *p = dc_proc(dc, nr);

		if (!(p->rts & DVK_RTS_SLOT_FREE))
			SET(dc, p->rights, p->rights & ~(uint32_t)RIGHT_SEND_ALL);
	}
}

static void change(struct dc *dc, struct proc *p, const struct dvk_priv *priv)
{
	struct proc_rest *rest = dc_rest(dc, dc_nr(dc, p));

	if (!is_all(dc, priv->sources))
		limit(dc);
	undo_save(dc, rest->targets, sizeof(rest->targets));
	memcpy(rest->targets, priv->targets, sizeof(rest->targets));
	undo_save(dc, rest->sources, sizeof(rest->sources));
	memcpy(rest->sources, priv->sources, sizeof(rest->sources));
	SET(dc, rest->level, priv->level);
	SET(dc, rest->calls_allowed, priv->calls);
	SET(dc, p->rights, rights_of(dc, priv));
}

int engine_setpriv(struct dc *dc, int caller_nr, int ep, const struct dvk_priv *priv)
{
	struct proc *caller, *p;
	int rc = check_caller(dc, caller_nr, &caller);

	if (rc)
		return rc;
	rc = find(dc, caller, ep, &p);
	if (!rc && !(caller->rights & RIGHT_SYSTEM))
		rc = EDVSPRIVILEGES;
	if (!rc)
		rc = check_rights(dc, caller, NULL, CALL_SETPRIV_NR);
	if (!rc && (priv->level < DVK_LEVEL_USER || priv->level > DVK_LEVEL_SYSTEM))
		rc = EDVSBADVALUE;
	if (rc)
		return refuse(dc, caller, ep, rc);
	change(dc, p, priv);
	return 0;
}
