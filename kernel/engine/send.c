/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * send.c - a sender meets its receiver, or queues behind others.
 *
 * A message whose type is NOTIFY_MESSAGE is refused (EDVSBADREQUEST) after the
 * parties and the rights were checked. A sendrec whose server waits for it is
 * taken at once: the server has the message, and its client waits for it alone.
 * A client that waits in a taken call takes a send of its server (also of the
 * server's sendrec) as the end of its call. Invariant: a process is on one
 * sender queue exactly while it is SENDING.
 */
#include "check.h"
#include "circle.h"
#include "event.h"
#include "hold.h"
#include "queue.h"

/* One message on its way. */
struct errand {
	struct dc *dc;
	struct proc *caller;
	struct proc *dst;
	const message *m;
	int64_t deadline_ns;
	uint64_t call; /* 0: a plain send */
};

static inline int check_dst(struct errand *e, int dst_ep, int dead, int call)
{
	int rc = check_peer(e->dc, e->caller, dst_ep, &e->dst);

	if (unlikely(rc))
		return rc;
	if (unlikely(e->dst->rts & DVK_RTS_SLOT_FREE))
		return dead;
	rc = check_rights(e->dc, e->caller, e->dst, call);
	if (unlikely(rc))
		return rc;
	return unlikely(e->m->m_type == NOTIFY_MESSAGE) ? EDVSBADREQUEST : 0;
}

static ENGINE_COLD int refuse(const struct errand *e, int dst_ep, int rc)
{
	struct event_what what = { .dst_ep = dst_ep, .result = rc };

	return check_refused(e->dc, e->caller, &what, e->m);
}

/* result: DVK_DONE, the receiver has it; DVK_BLOCKED, it queues. */
static inline void tell(const struct errand *e, int result)
{
	struct event_what what = {
		.kind = e->call ? DVK_EVENT_CALL : DVK_EVENT_SEND,
		.src_ep = e->caller->endpoint,
		.dst_ep = e->dst->endpoint,
		.result = result,
		.call = e->call,
	};

	if (event_wanted(e->dc, e->caller, e->dst))
		event_put(e->dc, &what, e->m);
}

/* dst waits for this message. */
static inline void deliver(const struct errand *e)
{
	struct proc *dst = e->dst;

	slot_put_letter(dst, e->m, e->caller->endpoint);
	/* A send that ends a call is no request: the one in hand stays. */
	if (e->call || dst->call_state == CALL_NONE) {
		dst->request_call = e->call;
		PUT(dst->request_ep, e->call ? e->caller->endpoint : NONE);
	}
	dst->messages_received++;
	slot_end_wait(e->dc, dst, 0, 1);
}

/* The caller will wait for dst: all but rts. */
static inline void prepare_wait(const struct errand *e, enum call_state state)
{
	struct proc *caller = e->caller;

	caller->sendto_ep = e->dst->endpoint;
	caller->getfrom_ep = e->dst->endpoint;
	caller->call = e->call;
	caller->call_state = state;
	caller->call_type = e->call ? e->m->m_type : 0;
	caller->wait_since = e->dc->state->now;
	caller->deadline_ns = e->deadline_ns;
	slot_put_letter(caller, e->m, caller->endpoint);
	caller->messages_sent++;
}

static int enqueue_sender(const struct errand *e)
{
	int rc = queue_append(e->dc, e->dst, e->caller);

	if (rc)
		return rc;
	prepare_wait(e, e->call ? CALL_QUEUED : CALL_NONE);
	slot_begin_wait(e->dc, e->caller, DVK_RTS_SENDING);
	tell(e, DVK_BLOCKED);
	return DVK_BLOCKED;
}

/* A debugger's rule catches it. */
static ENGINE_COLD uint32_t held_by(const struct errand *e, int kind)
{
	return hold_request(e->dc, &(struct hold_look){ kind, e->caller, e->dst, e->m });
}

static ENGINE_COLD int enqueue_held(const struct errand *e, uint32_t rule)
{
	int rc;

	if (e->deadline_ns == 0)
		return EDVSAGAIN;
	rc = enqueue_sender(e);
	if (rc == DVK_BLOCKED)
		hold_mark(e->dc, e->caller, rule);
	return rc;
}

int engine_send(struct dc *dc, int caller_nr, int dst_ep, const message *m, int64_t deadline_ns)
{
	struct errand e = { .dc = dc, .m = m, .deadline_ns = deadline_ns };
	int rc = check_caller(dc, caller_nr, &e.caller);

	if (unlikely(rc))
		return rc;
	rc = check_dst(&e, dst_ep, EDVSDSTDIED, CALL_SEND_NR);
	if (unlikely(rc))
		return refuse(&e, dst_ep, rc);
	if (unlikely(dc->state->holding)) {
		uint32_t rule = held_by(&e, DVK_HELD_SEND);

		if (rule)
			return enqueue_held(&e, rule);
	}
	if (slot_awaits(e.dst, e.caller->endpoint)) {
		deliver(&e);
		e.caller->messages_sent++;
		e.caller->wait_since = dc->state->now;
		tell(&e, DVK_DONE);
		return DVK_DONE;
	}
	if (unlikely(circle_closes(dc, e.caller, e.dst, deadline_ns)))
		return refuse(&e, dst_ep, EDVSLOCKED);
	if (deadline_ns == 0)
		return EDVSAGAIN;
	rc = enqueue_sender(&e);
	return likely(rc == DVK_BLOCKED) ? rc : refuse(&e, dst_ep, rc);
}

int engine_sendrec(struct dc *dc, int caller_nr, int ep, const message *m, int64_t deadline_ns)
{
	struct errand e = { .dc = dc, .m = m, .deadline_ns = deadline_ns };
	int rc = check_caller(dc, caller_nr, &e.caller);

	if (unlikely(rc))
		return rc;
	rc = check_dst(&e, ep, EDVSDEADSRCDST, CALL_SENDREC_NR);
	if (unlikely(rc))
		return refuse(&e, ep, rc);
	if (unlikely(deadline_ns == 0))
		return EDVSAGAIN;
	if (unlikely(dc->state->holding)) {
		uint32_t rule = held_by(&e, DVK_HELD_CALL);

		e.call = dc->state->next_call++;
		if (rule)
			return enqueue_held(&e, rule);
	}
	if (likely(slot_awaits(e.dst, e.caller->endpoint)) || slot_awaits_request(e.dst)) {
		e.call = dc->state->next_call++;
		prepare_wait(&e, CALL_TAKEN);
		deliver(&e);
		slot_begin_wait(dc, e.caller, DVK_RTS_RECEIVING);
		tell(&e, DVK_DONE);
		return DVK_BLOCKED;
	}
	if (unlikely(circle_closes(dc, e.caller, e.dst, deadline_ns)))
		return refuse(&e, ep, EDVSLOCKED);
	e.call = dc->state->next_call++;
	rc = enqueue_sender(&e);
	return likely(rc == DVK_BLOCKED) ? rc : refuse(&e, ep, rc);
}
