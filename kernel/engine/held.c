/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * held.c - the messages that are held, and what a debugger does with them.
 *
 * An entry about a queued message or a reply counts only as long as that slot is
 * HELD and names the entry: whatever else ends the wait (time, death) needs not
 * know of it. Entries of notifications and copies have their message themselves,
 * and are taken out by number 0.
 */
#include "event.h"
#include "hold.h"
#include "wait.h"

/* The slot in which the message of an entry rests; NULL: in the entry itself, or nowhere. */
static struct proc *slot_of(const struct dc *dc, const struct dvk_held *held)
{
	int ep = held->kind == DVK_HELD_REPLY ? held->dst_ep : held->src_ep;

	if (held->kind != DVK_HELD_SEND && held->kind != DVK_HELD_CALL &&
	    held->kind != DVK_HELD_REPLY)
		return NULL;
	return slot_alive(dc, ep);
}

int held_is_live(const struct dc *dc, const struct dvk_held *held)
{
	const struct proc *p;

	if (!held->id)
		return 0;
	if (held->kind == DVK_HELD_NOTIFY)
		return notify_is_source(held->src_ep) && slot_alive(dc, held->dst_ep);
	if (held->kind == DVK_HELD_COPY)
		return slot_alive(dc, held->dst_ep) != NULL;
	p = slot_of(dc, held);
	return p && p->rts & DVK_RTS_HELD &&
	       dc_rest(dc, dc_nr(dc, p))->held == held - dc->state->held;
}

/* The first entry that is not in use; NULL: all are. */
static struct dvk_held *unused(const struct dc *dc)
{
	struct dvk_held *held = dc->state->held;
	int i;

	for (i = 0; i < DVK_HELD; i++)
		if (!held_is_live(dc, &held[i]))
			return &held[i];
	return NULL;
}

int held_has_room(const struct dc *dc)
{
	return unused(dc) != NULL;
}

struct dvk_held *held_make(struct dc *dc, const struct dvk_held *as)
{
	struct dvk_held *held = unused(dc);

	if (!held)
		return NULL;
	undo_save(dc, held, offsetof(struct dvk_held, m));
	memcpy(held, as, offsetof(struct dvk_held, m));
	held->since = dc->state->now;
	/* Numbers may be skipped. */
	held->id = ++dc->state->next_held;
	return held;
}

void held_end_copies(struct dc *dc, struct proc *dst)
{
	int i;

	for (i = 0; i < DVK_HELD; i++) {
		const struct dvk_held *held = &dc->state->held[i];

		if (held->id && held->kind == DVK_HELD_COPY && held->dst_ep == dst->endpoint)
			return;
	}
	SET(dc, dst->misc, dst->misc & ~DVK_MISC_ENQUEUED);
}

static void tell(struct dc *dc, const struct dvk_held *held, int kind, const message *m)
{
	struct event_what what = {
		.kind = kind, .src_ep = held->src_ep, .dst_ep = held->dst_ep, .call = held->call
	};

	event_emit(dc, &what, m);
}

/* ---- letting go ---- */

/* sender is held no more: if its receiver waits for it, that one has it at once. */
static void deliver_queued(struct dc *dc, const struct proc *sender)
{
	struct proc *dst = slot_find(dc, sender->sendto_ep);
	int32_t request_ep;
	uint64_t request_call;
	message letter;

	if (!dst || !(slot_awaits(dst, sender->endpoint) ||
		      (slot_awaits_request(dst) && sender->call_state)))
		return;
	request_ep = dst->request_ep;
	request_call = dst->request_call;
	if (receive_from_queue(&(struct intake){
		    .dc = dc, .caller = dst, .src_ep = dst->getfrom_ep, .ret_m = &letter }) !=
	    DVK_DONE)
		return;
	/* A send that ends a call is no request: the one in hand stays. */
	if (dst->call_state != CALL_NONE && !sender->call_state) {
		PUT(dst->request_ep, request_ep);
		dst->request_call = request_call;
	}
	slot_end_wait(dc, dst, 0, 0);
}

static void release_notification(struct dc *dc, struct dvk_held *held)
{
	struct notify_what what = { held->src_ep, held->map, held->merged };

	SET(dc, held->id, 0);
	notify_give(dc, slot_find(dc, held->dst_ep), &what);
}

void held_release(struct dc *dc, struct dvk_held *held)
{
	struct proc *p = slot_of(dc, held);

	tell(dc, held, DVK_EVENT_RELEASE, p ? &p->letter : NULL);
	if (held->kind == DVK_HELD_NOTIFY) {
		release_notification(dc, held);
	} else if (p && held->kind == DVK_HELD_REPLY) {
		p->messages_received++;
		slot_end_wait(dc, p, 0, 0);
	} else if (p) {
		SET(dc, p->rts, p->rts & ~(uint32_t)DVK_RTS_HELD);
		deliver_queued(dc, p);
	}
}

/* ---- copies ---- */

/* server answers a copy: only once, and then what it answers is the call again. */
int hold_is_copy(struct proc *server, int client_ep, uint64_t call)
{
	if (call)
		return call == DC_COPY_CALL;
	if (server->request_call != DC_COPY_CALL || server->request_ep != client_ep)
		return 0;
	server->request_call = 0;
	return 1;
}

static void take_copy(struct proc *dst, const struct dvk_held *held)
{
	slot_put_letter(dst, &held->m, held->src_ep);
	dst->request_call = held->call;
	PUT(dst->request_ep, held->call ? held->src_ep : NONE);
	dst->messages_received++;
}

int hold_take_copy(const struct intake *in)
{
	struct dvk_held *oldest = NULL;
	int i;

	for (i = 0; i < DVK_HELD; i++) {
		struct dvk_held *held = &in->dc->state->held[i];

		if (!held->id || held->kind != DVK_HELD_COPY ||
		    held->dst_ep != in->caller->endpoint)
			continue;
		if (in->src_ep == ANY_REQUEST ? !held->call
					      : in->src_ep != ANY && in->src_ep != held->src_ep)
			continue;
		if (!oldest || held->id < oldest->id)
			oldest = held;
	}
	if (!oldest)
		return DVK_BLOCKED;
	take_copy(in->caller, oldest);
	*in->ret_m = in->caller->letter;
	tell(in->dc, oldest, DVK_EVENT_DELIVER, in->ret_m);
	SET(in->dc, oldest->id, 0);
	held_end_copies(in->dc, in->caller);
	return DVK_DONE;
}

static int duplicate(struct dc *dc, const struct dvk_held *held, const struct proc *src)
{
	struct dvk_held copy = *held, *place;
	struct proc *dst = slot_alive(dc, held->dst_ep);

	if (!dst)
		return EDVSDSTDIED;
	copy.kind = DVK_HELD_COPY;
	copy.call = held->kind == DVK_HELD_CALL ? DC_COPY_CALL : 0;
	copy.m = src->letter;
	SET(dc, dc->state->holding, dc->state->holding | HOLDING_COPIES);
	if (dst->call_state == CALL_NONE &&
	    (slot_awaits(dst, src->endpoint) || (slot_awaits_request(dst) && copy.call))) {
		take_copy(dst, &copy);
		tell(dc, &copy, DVK_EVENT_DELIVER, &copy.m);
		slot_end_wait(dc, dst, 0, 0);
		return 0;
	}
	place = held_make(dc, &copy);
	if (!place)
		return EDVSRSCBUSY;
	place->m = copy.m;
	SET(dc, dst->misc, dst->misc | DVK_MISC_ENQUEUED);
	return 0;
}

/* ---- the other actions ---- */

static void put(struct dc *dc, message *letter, const message *m)
{
	int32_t source = letter->m_source;

	undo_save(dc, letter, sizeof(*letter));
	*letter = *m;
	letter->m_source = source;
}

static int edit(struct dc *dc, struct dvk_held *held, struct proc *p, const message *m)
{
	if (held->kind == DVK_HELD_NOTIFY)
		return EDVSPROCSTS;
	if (m->m_type == NOTIFY_MESSAGE)
		return EDVSBADREQUEST;
	put(dc, p ? &p->letter : &held->m, m);
	if (held->kind == DVK_HELD_CALL)
		SET(dc, p->call_type, m->m_type);
	return 0;
}

static int drop(struct dc *dc, struct dvk_held *held, struct proc *p, int error)
{
	if (error >= 0)
		return EDVSBADVALUE;
	tell(dc, held, DVK_EVENT_CANCEL, p ? &p->letter : NULL);
	if (!p) {
		SET(dc, held->id, 0);
		if (held->kind == DVK_HELD_COPY)
			held_end_copies(dc, slot_find(dc, held->dst_ep));
		return 0;
	}
	wait_leave_queue(dc, p);
	slot_end_wait(dc, p, error, 0);
	return 0;
}

static int answer(struct dc *dc, const struct dvk_held *held, struct proc *p, const message *m)
{
	if (held->kind != DVK_HELD_CALL)
		return EDVSPROCSTS;
	if (m->m_type == NOTIFY_MESSAGE)
		return EDVSBADREQUEST;
	tell(dc, held, DVK_EVENT_RELEASE, &p->letter);
	wait_leave_queue(dc, p);
	put(dc, &p->letter, m);
	p->letter.m_source = held->dst_ep;
	p->messages_received++;
	slot_end_wait(dc, p, 0, 0);
	return 0;
}

static struct dvk_held *find(struct dc *dc, uint64_t id)
{
	int i;

	for (i = 0; i < DVK_HELD; i++)
		if (id && dc->state->held[i].id == id && held_is_live(dc, &dc->state->held[i]))
			return &dc->state->held[i];
	return NULL;
}

static int check_debugger(struct dc *dc, int caller_nr)
{
	struct proc *caller;
	int rc = check_caller(dc, caller_nr, &caller);

	if (rc)
		return rc;
	if (!(caller->rights & RIGHT_SYSTEM))
		return EDVSPRIVILEGES;
	return check_rights(dc, caller, NULL, CALL_HOLD_NR);
}

int engine_held_act(struct dc *dc, int caller_nr, const struct engine_held_act *act)
{
	int rc = check_debugger(dc, caller_nr);
	struct dvk_held *held = rc ? NULL : find(dc, act->id);
	struct proc *p = held ? slot_of(dc, held) : NULL;

	if (rc)
		return rc;
	if (!held)
		return EDVSNOMSG;
	switch (act->act) {
	case HELD_RELEASE:
		if (held->kind != DVK_HELD_COPY)
			held_release(dc, held);
		return 0;
	case HELD_EDIT:
		return edit(dc, held, p, act->m);
	case HELD_DROP:
		return drop(dc, held, p, act->error);
	case HELD_DUPLICATE:
		return p && held->kind != DVK_HELD_REPLY ? duplicate(dc, held, p) : EDVSPROCSTS;
	case HELD_ANSWER:
		return answer(dc, held, p, act->m);
	}
	return EDVSBADVALUE;
}

int engine_held(struct dc *dc, int caller_nr, struct dvk_held *ret_held, int max)
{
	int rc = check_debugger(dc, caller_nr), count = 0, i;

	if (rc)
		return rc;
	for (i = 0; i < DVK_HELD && count < max; i++) {
		const struct dvk_held *held = &dc->state->held[i];
		const struct proc *p = slot_of(dc, held);

		if (!held_is_live(dc, held))
			continue;
		ret_held[count] = *held;
		if (p)
			ret_held[count].m = p->letter;
		else if (held->kind == DVK_HELD_NOTIFY)
			ret_held[count].m = (message){ .m_source = held->src_ep,
						       .m_type = NOTIFY_MESSAGE,
						       .m_m9.i1 = (int32_t)held->map };
		count++;
	}
	return count;
}
