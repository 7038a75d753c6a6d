/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reply.c - a server answers a call that it has taken; it never blocks.
 *
 * The client must wait for the caller in a taken call, else EDVSPROCSTS; with a
 * request handle it must be that very call, so that no answer reaches a later
 * one. A reply needs no right for its target: servers of a strict DC reply to
 * users. In reply_receive the receive's arguments are checked first; then a reply
 * that cannot be delivered is an event, and the receive goes on. After
 * EDVSAGAIN, EDVSLOCKED and EDVSBADPROC of the receive the reply is out.
 */
#include "event.h"
#include "hold.h"
#include "receive.h"

/* One answer on its way. */
struct answer {
	struct dc *dc;
	struct proc *caller;
	struct proc *client;
	const message *m;
	uint64_t call; /* this call alone; 0: the one it waits in */
};

static inline int check(struct answer *a, int ep)
{
	int rc = check_peer(a->dc, a->caller, ep, &a->client);

	if (unlikely(rc))
		return rc;
	if (unlikely(a->client->rts & DVK_RTS_SLOT_FREE))
		return EDVSDSTDIED;
	rc = check_rights(a->dc, a->caller, NULL, CALL_REPLY_NR);
	if (unlikely(rc))
		return rc;
	if (unlikely(a->m->m_type == NOTIFY_MESSAGE))
		return EDVSBADREQUEST;
	if (unlikely(!slot_in_call_to(a->client, a->caller->endpoint)))
		return EDVSPROCSTS;
	return unlikely(a->call && a->call != a->client->call) ? EDVSPROCSTS : 0;
}

static inline void deliver(const struct answer *a)
{
	struct proc *client = a->client;
	struct event_what what = {
		.kind = DVK_EVENT_REPLY,
		.src_ep = a->caller->endpoint,
		.dst_ep = client->endpoint,
		.call = client->call,
	};

	slot_put_letter(client, a->m, a->caller->endpoint);
	client->messages_received++;
	a->caller->messages_sent++;
	a->caller->wait_since = a->dc->state->now;
	slot_end_wait(a->dc, client, 0, 1);
	if (event_wanted(a->dc, a->caller, client))
		event_put(a->dc, &what, a->m);
}

static ENGINE_COLD int refuse(const struct answer *a, int ep, int rc)
{
	struct event_what what = { .dst_ep = ep, .result = rc, .call = a->call };

	return check_refused(a->dc, a->caller, &what, a->m);
}

static inline int answer(struct answer *a, int ep)
{
	int holding = unlikely(a->dc->state->holding), rc;

	if (holding && hold_is_copy(a->caller, ep, a->call))
		return DVK_DONE;
	rc = check(a, ep);
	if (unlikely(rc))
		return refuse(a, ep, rc);
	if (holding && hold_reply(a->dc, a->caller, a->client, a->m)) {
		a->caller->messages_sent++;
		a->caller->wait_since = a->dc->state->now;
		return DVK_DONE;
	}
	deliver(a);
	return DVK_DONE;
}

int engine_reply(struct dc *dc, int caller_nr, int ep, const message *m)
{
	struct answer a = { .dc = dc, .m = m };
	int rc = check_caller(dc, caller_nr, &a.caller);

	return unlikely(rc) ? rc : answer(&a, ep);
}

int engine_reply_to(struct dc *dc, int caller_nr, struct dvk_request request, const message *m)
{
	struct answer a = { .dc = dc, .m = m, .call = request.call };
	int rc = check_caller(dc, caller_nr, &a.caller);

	if (unlikely(rc))
		return rc;
	/* 0 is no call, and must not mean any. */
	if (unlikely(!request.call))
		return refuse(&a, request.client_ep, EDVSPROCSTS);
	return answer(&a, request.client_ep);
}

int engine_reply_receive(struct dc *dc, int caller_nr, const struct engine_answer *out, int src_ep,
			 message *ret_m, int64_t deadline_ns)
{
	struct answer a = { .dc = dc, .m = out->m };
	struct intake in = {
		.dc = dc, .src_ep = src_ep, .ret_m = ret_m, .deadline_ns = deadline_ns
	};
	struct event_what what = { .dst_ep = src_ep };
	int rc = check_caller(dc, caller_nr, &a.caller);

	if (unlikely(rc))
		return rc;
	in.caller = a.caller;
	rc = receive_check(&in);
	if (likely(!rc)) {
		if (likely(out->ep != NONE))
			answer(&a, out->ep);
		rc = receive_take(&in);
	}
	if (likely(rc == DVK_BLOCKED))
		rc = receive_await(&in);
	if (likely(rc >= 0) || rc == EDVSWOKENUP)
		return rc;
	what.result = rc;
	return check_refused(dc, in.caller, &what, NULL);
}
