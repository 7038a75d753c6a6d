/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * copy.c - who may copy whose memory, and what happens meanwhile (section 9).
 *
 * The order of checks: src, then dst (range, generation, alive: EDVSSRCDIED,
 * EDVSDSTDIED); the same process twice only as SELF and SELF (EDVSENDPOINT); the
 * right to copy, and a caller that is no party needs SYSTEM (EDVSPRIVILEGES);
 * the length (EDVSRANGE); a party waits for the caller in a taken call
 * (EDVSPROCSTS); no party in another copy (EDVSONCOPY). SYSTEM sets no ONCOPY.
 * While ONCOPY a party's wait ends for nothing but its copier's death.
 */
#include "check.h"
#include "event.h"
#include "wait.h"

/* One end of a copy. */
static int find_party(const struct dc *dc, struct proc *caller, int ep, struct proc **ret_party)
{
	struct proc *party;

	if (ep == SELF) {
		*ret_party = caller;
		return 0;
	}
	party = slot_find(dc, ep);
	if (!party)
		return EDVSRANGE;
	if (party->endpoint != ep)
		return EDVSENDPOINT;
	*ret_party = party;
	return 0;
}

static int find_parties(const struct dc *dc, struct proc *caller, const int ep[2],
			struct proc *ret_parties[2])
{
	static const int dead[2] = { EDVSSRCDIED, EDVSDSTDIED };
	int i, rc;

	for (i = 0; i < 2; i++) {
		rc = find_party(dc, caller, ep[i], &ret_parties[i]);
		if (rc)
			return rc;
		if (ret_parties[i]->rts & DVK_RTS_SLOT_FREE)
			return dead[i];
	}
	if (ret_parties[0] == ret_parties[1] && (ep[0] != SELF || ep[1] != SELF))
		return EDVSENDPOINT;
	return 0;
}

static int check_parties(const struct dc *dc, const struct proc *caller,
			 struct proc *const parties[2], uint64_t bytes)
{
	int is_system = !!(caller->rights & RIGHT_SYSTEM);
	int i, rc = check_rights(dc, caller, NULL, CALL_VCOPY_NR);

	if (rc)
		return rc;
	if (!is_system && parties[0] != caller && parties[1] != caller)
		return EDVSPRIVILEGES;
	if (bytes > DVK_COPY_MAX)
		return EDVSRANGE;
	for (i = 0; i < 2 && !is_system; i++)
		if (parties[i] != caller && !slot_in_call_to(parties[i], caller->endpoint))
			return EDVSPROCSTS;
	for (i = 0; i < 2; i++)
		if (parties[i]->rts & DVK_RTS_ONCOPY)
			return EDVSONCOPY;
	return 0;
}

static void mark(struct dc *dc, struct proc *party, int copy_nr)
{
	party->copy_nr = copy_nr;
	SET(dc, party->rts, party->rts | DVK_RTS_ONCOPY);
}

static void fill(const struct dc *dc, struct proc *const parties[2], struct engine_copy *ret_copy)
{
	ret_copy->src_nr = dc_nr(dc, parties[0]);
	ret_copy->dst_nr = dc_nr(dc, parties[1]);
	ret_copy->src_ep = parties[0]->endpoint;
	ret_copy->dst_ep = parties[1]->endpoint;
	ret_copy->src_incarnation = dc_rest(dc, ret_copy->src_nr)->incarnation;
	ret_copy->dst_incarnation = dc_rest(dc, ret_copy->dst_nr)->incarnation;
}

int engine_copy_begin(struct dc *dc, int caller_nr, int src_ep, int dst_ep, uint64_t bytes,
		      struct engine_copy *ret_copy)
{
	const int ep[2] = { src_ep, dst_ep };
	struct proc *caller, *parties[2];
	int rc = check_caller(dc, caller_nr, &caller);

	if (rc)
		return rc;
	rc = find_parties(dc, caller, ep, parties);
	if (!rc)
		rc = check_parties(dc, caller, parties, bytes);
	if (rc) {
		struct event_what what = { .dst_ep = src_ep == SELF ? dst_ep : src_ep,
					   .result = rc };

		return check_refused(dc, caller, &what, NULL);
	}
	fill(dc, parties, ret_copy);
	caller->wait_since = dc->state->now;
	if (caller->rights & RIGHT_SYSTEM)
		return DVK_DONE;
	mark(dc, parties[0], caller_nr);
	if (parties[1] != parties[0])
		mark(dc, parties[1], caller_nr);
	return DVK_DONE;
}

/* The process that was a party, if it still is the one. */
static struct proc *party_alive(const struct dc *dc, int nr, uint64_t incarnation)
{
	struct proc *p = dc_proc(dc, nr);

	if (p->rts & DVK_RTS_SLOT_FREE || dc_rest(dc, nr)->incarnation != incarnation)
		return NULL;
	return p;
}

/* The copy is over for this party; a time that came meanwhile takes effect. */
static void unmark(struct dc *dc, struct proc *party, int copy_nr)
{
	if (!(party->rts & DVK_RTS_ONCOPY) || party->copy_nr != copy_nr)
		return;
	SET(dc, party->rts, party->rts & ~DVK_RTS_ONCOPY);
	if (party->rts & SLOT_WAITS && party->deadline_ns <= 0)
		wait_expire(dc, party);
	if (!party->rts && dc_nr(dc, party) != copy_nr)
		host_wake(dc, dc_nr(dc, party), 0);
}

/* A copy within one call is part of it. */
static void tell(struct dc *dc, const struct engine_copy *copy, uint64_t bytes, int result)
{
	const struct proc *src = party_alive(dc, copy->src_nr, copy->src_incarnation);
	const struct proc *dst = party_alive(dc, copy->dst_nr, copy->dst_incarnation);
	message m = { .m_type = (int32_t)bytes };
	struct event_what what = { .kind = DVK_EVENT_COPY, .result = result };

	/* As they were: one that died meanwhile may have a successor in its slot. */
	what.src_ep = copy->src_ep;
	what.dst_ep = copy->dst_ep;
	if (src && dst && slot_in_call_to(src, copy->dst_ep))
		what.call = src->call;
	else if (src && dst && slot_in_call_to(dst, copy->src_ep))
		what.call = dst->call;
	event_emit(dc, &what, &m);
}

int engine_copy_end(struct dc *dc, int caller_nr, const struct engine_copy *copy, uint64_t bytes,
		    int result)
{
	struct proc *src = party_alive(dc, copy->src_nr, copy->src_incarnation);
	struct proc *dst = party_alive(dc, copy->dst_nr, copy->dst_incarnation);

	if (!src)
		result = EDVSSRCDIED;
	else if (!dst)
		result = EDVSDSTDIED;
	if (result == 0) {
		dc_rest(dc, copy->src_nr)->bytes_copied += bytes;
		if (dst != src)
			dc_rest(dc, copy->dst_nr)->bytes_copied += bytes;
	}
	tell(dc, copy, bytes, result);
	/* Who marks is a party; once unbound, the marks are those of its slot's next process. */
	if (!(src && copy->src_nr == caller_nr) && !(dst && copy->dst_nr == caller_nr))
		return result;
	if (src)
		unmark(dc, src, caller_nr);
	if (dst)
		unmark(dc, dst, caller_nr);
	return result;
}
