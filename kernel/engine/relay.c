/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * relay.c - the call in hand is passed on to another server.
 *
 * The client goes on waiting, now for that one: its timeout runs on, and what
 * the engine tells the new server is that the request is the client's. Its rights
 * are not asked, the relayer's are. The order of checks: the target as in
 * sendrec, then the client (EDVSRANGE, EDVSENDPOINT also when it is the target,
 * EDVSDSTDIED), in a call that the relayer has taken (EDVSPROCSTS), no circle for
 * the client (EDVSLOCKED). After an error the relayer still owes the reply.
 */
#include "check.h"
#include "circle.h"
#include "event.h"
#include "hold.h"
#include "queue.h"

struct relay {
	struct dc *dc;
	struct proc *caller, *client, *dst;
	const message *m;
};

static int check_dst(struct relay *r, int ep)
{
	int rc = check_peer(r->dc, r->caller, ep, &r->dst);

	if (rc)
		return rc;
	if (r->dst->rts & DVK_RTS_SLOT_FREE)
		return EDVSDEADSRCDST;
	rc = check_rights(r->dc, r->caller, r->dst, CALL_RELAY_NR);
	if (rc)
		return rc;
	return r->m->m_type == NOTIFY_MESSAGE ? EDVSBADREQUEST : 0;
}

static int check_client(struct relay *r)
{
	int rc = check_peer(r->dc, r->caller, r->m->m_source, &r->client);

	if (rc)
		return rc;
	if (r->client->rts & DVK_RTS_SLOT_FREE)
		return EDVSDSTDIED;
	if (r->client == r->dst)
		return EDVSENDPOINT;
	return slot_in_call_to(r->client, r->caller->endpoint) ? 0 : EDVSPROCSTS;
}

static void tell(const struct relay *r, int result)
{
	struct event_what what = { .kind = DVK_EVENT_RELAY,
				   .src_ep = r->caller->endpoint,
				   .dst_ep = r->dst->endpoint,
				   .result = result,
				   .call = r->client->call };

	if (event_wanted(r->dc, r->caller, r->dst))
		event_put(r->dc, &what, r->m);
}

/* The client's wait is now for dst. */
static void turn_client(const struct relay *r)
{
	SET(r->dc, r->client->getfrom_ep, r->dst->endpoint);
	SET(r->dc, r->client->call_type, r->m->m_type);
}

static void deliver(const struct relay *r)
{
	struct proc *dst = r->dst;

	turn_client(r);
	slot_put_letter(dst, r->m, r->client->endpoint);
	dst->request_call = r->client->call;
	PUT(dst->request_ep, r->client->endpoint);
	dst->messages_received++;
	slot_end_wait(r->dc, dst, 0, 1);
	tell(r, DVK_DONE);
}

/* rule: of a debugger that holds it, 0: none. */
static int enqueue(const struct relay *r, uint32_t rule)
{
	struct proc *client = r->client;
	int rc = queue_append(r->dc, r->dst, client);

	if (rc)
		return rc;
	turn_client(r);
	PUT(client->sendto_ep, r->dst->endpoint);
	slot_put_letter(client, r->m, client->endpoint);
	SET(r->dc, client->call_state, CALL_RELAYED);
	SET(r->dc, client->rts, (client->rts & ~DVK_RTS_RECEIVING) | DVK_RTS_SENDING);
	tell(r, DVK_BLOCKED);
	if (rule)
		hold_mark(r->dc, client, rule);
	return 0;
}

static int pass_on(const struct relay *r)
{
	uint32_t rule = 0;

	if (unlikely(r->dc->state->holding))
		rule = hold_request(r->dc,
				    &(struct hold_look){ DVK_HELD_CALL, r->client, r->dst, r->m });
	if (!rule && (slot_awaits(r->dst, r->client->endpoint) || slot_awaits_request(r->dst))) {
		deliver(r);
		return 0;
	}
	if (!rule && circle_closes(r->dc, r->client, r->dst, r->client->deadline_ns))
		return EDVSLOCKED;
	return enqueue(r, rule);
}

int engine_relay(struct dc *dc, int caller_nr, int ep, const message *m)
{
	struct relay r = { .dc = dc, .m = m };
	struct event_what what = { .dst_ep = ep };
	int rc = check_caller(dc, caller_nr, &r.caller);

	if (rc)
		return rc;
	rc = check_dst(&r, ep);
	if (!rc)
		rc = check_client(&r);
	if (!rc)
		rc = pass_on(&r);
	if (rc) {
		what.result = rc;
		return check_refused(dc, r.caller, &what, m);
	}
	r.caller->messages_sent++;
	r.caller->wait_since = dc->state->now;
	return DVK_DONE;
}
