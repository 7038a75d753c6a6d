/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exit.c - a process unbinds or dies, in whatever state (section 8).
 *
 * Its slot is free again; who waits for it alone runs again with an error: a call
 * queued at it EDVSDEADSRCDST, a send EDVSDSTDIED, a taken call and a receive
 * from it EDVSSRCDIED. What it had pending at others vanishes, its tables are
 * dropped, a copy that it makes lets its parties go; of a copy that it is party
 * to, the copier learns at the end. SYSTASK and the endpoint to warn are
 * notified by HARDWARE. What a debugger has stopped or held goes on. All slots are looked at once, so nothing hangs on links
 * that may be nonsense. Each other slot costs three words of the undo log at
 * most: its rts, its pending bits, the sequence of its event.
 */
#include "bind.h"
#include "check.h"
#include "event.h"
#include "hold.h"
#include "notify.h"
#include "queue.h"
#include "table.h"
#include "wait.h"

/* Beside those: the dead one's own queue, slot and lists, its exit's record, two notifications. */
#define WORDS_OF_ITS_OWN 64
#define WORDS_A_HELD     12 /* its entry, its slot, its queue, the receiver, two events */
static_assert(3 * (NR_TASKS + NR_PROCS_MAX) + DVK_TABLES + WORDS_OF_ITS_OWN + DVK_HOLDS +
			      WORDS_A_HELD * DVK_HELD <=
		      DVK_UNDO_WORDS,
	      "the undo log holds the exit that touches the most");

/* 1 when q waits for the dead endpoint: with what result that ends. */
static int ends_wait(const struct proc *q, int dead_ep, int *ret_result)
{
	if (slot_sends_to(q, dead_ep))
		*ret_result = q->call_state == CALL_NONE ? EDVSDSTDIED : EDVSDEADSRCDST;
	else if (q->rts & DVK_RTS_RECEIVING && q->getfrom_ep == dead_ep)
		*ret_result = EDVSSRCDIED;
	else if (q->rts & DVK_RTS_WAITUNBIND && q->getfrom_ep == dead_ep)
		*ret_result = 0;
	else
		return 0;
	return 1;
}

/* q without the copy that the dead one made, and without its stop. */
static uint32_t let_go(const struct dc *dc, const struct proc *q, int dead_nr)
{
	uint32_t rts = q->rts;

	if (rts & DVK_RTS_ONCOPY && q->copy_nr == dead_nr)
		rts &= ~DVK_RTS_ONCOPY;
	if (rts & DVK_RTS_STOPPED && dc_rest(dc, dc_nr(dc, q))->stopper_nr == dead_nr)
		rts &= ~DVK_RTS_STOPPED;
	return rts;
}

/* q's wait for the dead one ends, and so does its part in what the dead one did to it. */
static void release(struct dc *dc, struct proc *dead, struct proc *q)
{
	struct event_what what = { .kind = DVK_EVENT_REFUSED,
				   .src_ep = q->endpoint,
				   .dst_ep = dead->endpoint,
				   .call = q->call };
	message m = { .m_type = q->call_type };
	uint32_t rts = let_go(dc, q, dc_nr(dc, dead));
	int ends = ends_wait(q, dead->endpoint, &what.result);

	if (ends)
		rts &= ~(SLOT_WAITS | DVK_RTS_HELD);
	if (rts == q->rts)
		return;
	SET(dc, q->rts, rts);
	if (ends)
		q->result = what.result;
	if (ends && what.result && event_wanted(dc, q, dead))
		event_put(dc, &what, &m);
	if (!rts)
		host_wake(dc, dc_nr(dc, q), 0);
}

static void release_waiters(struct dc *dc, struct proc *dead)
{
	int dead_nr = dc_nr(dc, dead);
	int nr;

	for (nr = -NR_TASKS; nr < dc->nr_procs; nr++) {
		struct proc *q = dc_proc(dc, nr);

		if (q == dead || q->rts & DVK_RTS_SLOT_FREE)
			continue;
		release(dc, dead, q);
		if (notify_is_source(dead_nr))
			notify_forget(dc, q, dead_nr);
	}
}

/* For SYSTASK, which asks who it was. */
static void keep(struct dc *dc, const struct proc *dead, int code)
{
	struct dc_state *state = dc->state;
	struct dc_exit *kept = &state->exits[state->exit_next % DC_EXITS];

	undo_save(dc, kept, sizeof(*kept));
	kept->endpoint = dead->endpoint;
	kept->code = code;
	kept->incarnation = dc_rest(dc, dc_nr(dc, dead))->incarnation;
	SET(dc, state->exit_next, state->exit_next + 1);
}

static void warn(struct dc *dc, int nr)
{
	struct proc *systask = slot_at(dc, dc->state->systask_nr);
	struct proc *warned = slot_alive(dc, dc_rest(dc, nr)->warn_ep);

	if (nr == dc->state->systask_nr)
		SET(dc, dc->state->systask_nr, NONE);
	else if (systask && !(systask->rts & DVK_RTS_SLOT_FREE))
		notify_post(dc, HARDWARE, systask, -1);
	if (warned && warned != systask)
		notify_post(dc, HARDWARE, warned, -1);
}

static void leave(struct dc *dc, struct proc *dead, int code, int kind)
{
	struct event_what what = { .kind = kind, .src_ep = dead->endpoint, .dst_ep = NONE };
	message m = { .m_type = code };
	int nr = dc_nr(dc, dead);

	event_emit(dc, &what, &m);
	wait_leave_queue(dc, dead);
	if (unlikely(dc->state->holding))
		hold_forget(dc, dead);
	release_waiters(dc, dead);
	table_drop(dc, dead->endpoint);
	keep(dc, dead, code);
	dc_rest(dc, nr)->exit_code = code;
	SET(dc, dc->state->bound, dc->state->bound - 1);
	bind_give_back(dc, nr);
	SET(dc, dead->rts, DVK_RTS_SLOT_FREE);
	warn(dc, nr);
	host_stop_wait(dc, nr);
}

int engine_exit(struct dc *dc, int nr, int code)
{
	struct proc *dead = slot_at(dc, nr);

	if (!dead)
		return EDVSRANGE;
	if (dead->rts & DVK_RTS_SLOT_FREE)
		return EDVSNOTBIND;
	leave(dc, dead, code, DVK_EVENT_EXIT);
	return 0;
}

int engine_unbind(struct dc *dc, int caller_nr, int endpoint, int code)
{
	struct proc *caller = NULL, *p;
	int rc = caller_nr == NONE ? 0 : check_caller(dc, caller_nr, &caller);

	if (rc)
		return rc;
	p = endpoint == SELF && caller ? caller : slot_find(dc, endpoint);
	if (!p)
		return EDVSRANGE;
	if (endpoint != SELF && p->endpoint != endpoint)
		return EDVSENDPOINT;
	if (p->rts & DVK_RTS_SLOT_FREE)
		return EDVSNOTBIND;
	if (caller && caller->member != p->member && !(caller->rights & RIGHT_SYSTEM))
		return EDVSPRIVILEGES;
	leave(dc, p, code, DVK_EVENT_UNBIND);
	return 0;
}
