/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slot.h - finding a slot, and how its waits begin and end.
 *
 * Numbers from the shared state are checked before they are used: slot_at() and
 * slot_find() give NULL for what lies outside of the table.
 */
#ifndef ENGINE_SLOT_H
#define ENGINE_SLOT_H

#include "compiler.h"
#include "dc.h"
#include "undo.h"

/* What a process sleeps in until another ends it. */
#define SLOT_WAITS (DVK_RTS_SENDING | DVK_RTS_RECEIVING | DVK_RTS_WAITBIND | DVK_RTS_WAITUNBIND)

/* The slot of a number that was read from the shared state; NULL: nonsense, or NONE. */
static inline struct proc *slot_at(const struct dc *dc, int nr)
{
	return dc_has_nr(dc, nr) ? dc_proc(dc, nr) : NULL;
}

/* The slot that an endpoint names, in whatever generation; NULL: there is none. */
static inline struct proc *slot_find(const struct dc *dc, int ep)
{
	/* Of generation 0, as servers are: no division. */
	if (likely(dc_has_nr(dc, ep)))
		return dc_proc(dc, ep);
	return slot_at(dc, dvk_endpoint_nr(ep));
}

/* The process of this very endpoint; NULL: stale, dead or none. */
static inline struct proc *slot_alive(const struct dc *dc, int ep)
{
	struct proc *p = slot_find(dc, ep);

	return p && p->endpoint == ep && !(p->rts & DVK_RTS_SLOT_FREE) ? p : NULL;
}

/* 1 when p waits for a message that ep may give it. */
static inline int slot_awaits(const struct proc *p, int ep)
{
	return (p->rts & DVK_RTS_RECEIVING) && (p->getfrom_ep == ep || p->getfrom_ep == ANY);
}

/* 1 when p waits for a request of a call, from anybody. */
static inline int slot_awaits_request(const struct proc *p)
{
	return (p->rts & DVK_RTS_RECEIVING) && p->getfrom_ep == ANY_REQUEST;
}

/* 1 when p waits in a call for the reply of ep, which has taken it. */
static inline int slot_in_call_to(const struct proc *p, int ep)
{
	return (p->rts & DVK_RTS_RECEIVING) && p->call_state == CALL_TAKEN && p->getfrom_ep == ep;
}

/* 1 when p is in the queue of ep. */
static inline int slot_sends_to(const struct proc *p, int ep)
{
	return (p->rts & DVK_RTS_SENDING) && p->sendto_ep == ep;
}

static inline void slot_put_letter(struct proc *p, const message *m, int source_ep)
{
	p->letter = *m;
	p->letter.m_source = source_ep;
}

/* What p waits with is in place; rts is the last word. */
static inline void slot_begin_wait(struct dc *dc, struct proc *p, uint32_t flag)
{
	SET(dc, p->rts, p->rts | flag);
}

/* p runs again with result, unless something else still keeps it (ONCOPY, STOPPED). */
static inline void slot_end_wait(struct dc *dc, struct proc *p, int result, int handover)
{
	uint32_t rts = p->rts & ~(SLOT_WAITS | DVK_RTS_HELD);

	SET(dc, p->rts, rts);
	p->result = result;
	SET(dc, p->wait_since, dc->state->now); /* its age says for how long it runs */
	if (likely(!rts))
		host_wake(dc, dc_nr(dc, p), handover);
}

#endif
