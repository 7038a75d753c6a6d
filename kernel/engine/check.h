/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check.h - the checks of section 5, in their order.
 *
 * Caller bound (EDVSNOTBIND), DC running (EDVSDCNOTRUN); then the peer: in range
 * (EDVSRANGE), not the caller, its generation (both EDVSENDPOINT), alive (each
 * call has its error), rights for the target (EDVSTRAPDENIED: the caller may not
 * send there, or the target does not take from it) and for the call
 * (EDVSCALLDENIED). SELF is the caller. A caller that waits already, which only
 * a program error makes, gets EDVSPROCSTS.
 */
#ifndef ENGINE_CHECK_H
#define ENGINE_CHECK_H

#include "engine.h"
#include "slot.h"

int check_caller_slow(const struct dc *dc, const struct proc *caller);
int check_rights_slow(const struct dc *dc, const struct proc *caller, const struct proc *peer,
		      int call);

/*
 * Emits REFUSED with m_type and returns rc. No event when the destination names no
 * slot, nor for EDVSAGAIN, which is what who polls asks for.
 */
int check_refused(struct dc *dc, const struct proc *caller, const struct event_what *what,
		  const message *m);

/* Slot bit - NR_TASKS is in a set of slots. */
static inline int check_bit(const uint64_t *set, int bit)
{
	return set[bit / 64] >> (bit % 64) & 1;
}

static inline int check_caller(const struct dc *dc, int caller_nr, struct proc **ret_caller)
{
	struct proc *caller = slot_at(dc, caller_nr);

	if (unlikely(!caller))
		return EDVSNOTBIND;
	*ret_caller = caller;
	if (unlikely(caller->rts || !dc->state->running))
		return check_caller_slow(dc, caller);
	return 0;
}

/* Range, not the caller, generation. */
static inline int check_peer(const struct dc *dc, const struct proc *caller, int ep,
			     struct proc **ret_peer)
{
	struct proc *peer = slot_find(dc, ep);

	if (unlikely(!peer))
		return ep == SELF ? EDVSENDPOINT : EDVSRANGE;
	if (unlikely(peer == caller || peer->endpoint != ep))
		return EDVSENDPOINT;
	*ret_peer = peer;
	return 0;
}

/* peer NULL: the call has no target that rights are kept for. */
static inline int check_rights(const struct dc *dc, const struct proc *caller,
			       const struct proc *peer, int call)
{
	uint32_t all = RIGHT_CALL_ALL | (peer ? RIGHT_SEND_ALL : 0);

	if (likely((caller->rights & all) == all))
		return 0;
	return check_rights_slow(dc, caller, peer, call);
}

#endif
