/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model_message.c - the model: messages meet, wait and are taken.
 */
#include "model_rules.h"

/* A message of call's on its way to dst. */
static struct dvk_held on_its_way(struct model *dc, int kind, const struct model_process *src,
				  const struct model_process *dst)
{
	struct dvk_held as = { .kind = kind, .src_ep = src->endpoint, .dst_ep = dst->endpoint };

	as.m = dc->call->m;
	as.m.m_source = src->endpoint;
	return as;
}

/* p, which waits for it, is given a message; a send that ends its call is no request. */
static void give(struct model *dc, struct model_process *p, const message *m, struct handle request)
{
	p->letter = *m;
	if (p->waits != IN_CALL || request.call)
		p->request = request;
	model_end_wait(dc, p, 0, 1);
}

/* A send, the first half of a sendrec, and the call that a server passes on. */
int model_call_send(struct model *dc)
{
	int what = dc->call->what, is_call = what != DO_send, is_relay = what == DO_relay;
	struct model_process *src = is_relay ? model_find(dc, dc->call->m.m_source) : dc->caller;
	struct model_process *dst = model_find(dc, dc->call->ep);
	int64_t deadline = is_relay ? src->wait.deadline : dc->call->deadline;
	struct dvk_held as = on_its_way(dc, is_call ? DVK_HELD_CALL : DVK_HELD_SEND, src, dst);
	struct dvk_hold *rule = model_caught(dc, &as);
	int meets =
		!rule && (model_awaits(dst, src->endpoint) || (is_call && dst->waits == REQUESTS));

	REQUIRE(meets || rule || !model_would_lock(dc, src, dst->endpoint, deadline), EDVSLOCKED);
	if (is_relay) {
		src->waits = meets ? IN_CALL : CALLS;
		src->wait.peer = dst->endpoint;
		src->wait.type = as.m.m_type;
		src->wait.place = ++dc->places;
	} else if (is_call || !meets) {
		enum waiting waits = meets ? IN_CALL : is_call ? CALLS : SENDS;

		REQUIRE(model_begin_wait(dc, waits, dst->endpoint) == BLOCKED, EDVSAGAIN);
	}
	as.call = is_call ? src->wait.call : 0;
	if (is_call || !meets)
		src->letter = as.m;
	if (meets)
		give(dc, dst, &as.m, is_call ? (struct handle){ as.src_ep, as.call } : NOBODY);
	EMIT(dc,
	     is_relay  ? DVK_EVENT_RELAY
	     : is_call ? DVK_EVENT_CALL
		       : DVK_EVENT_SEND,
	     dc->caller->endpoint, as.dst_ep, !meets, as.m.m_type, as.call);
	if (rule)
		model_hold(dc, rule, src, as);
	return is_relay || (meets && !is_call) ? DONE : BLOCKED;
}

int model_call_relay(struct model *dc)
{
	int client_ep = dc->call->m.m_source;

	TRY(model_check_peer(dc, client_ep, OTHER, EDVSDSTDIED));
	REQUIRE(client_ep != dc->call->ep, EDVSENDPOINT);
	REQUIRE(model_in_call_to(model_find(dc, client_ep), dc->caller), EDVSPROCSTS);
	return model_call_send(dc);
}

/* p takes what source has pending at it. */
static void take_notification(struct model *dc, struct model_process *p, int source)
{
	message m = { .m_source = source, .m_type = NOTIFY_MESSAGE };

	m.m9_i1 = (int32_t)p->maps[source];
	m.m9_l1 = p->counts[source];
	m.m9_t1.tv_sec = dc->wall_ns / 1000000000;
	m.m9_t1.tv_nsec = dc->wall_ns % 1000000000;
	p->counts[source] = p->maps[source] = 0;
	p->request = NOBODY;
	p->letter = m;
}

void model_take_copy(struct model *dc, struct model_process *p, struct dvk_held *copy)
{
	p->letter = copy->m;
	p->request = copy->call ? (struct handle){ copy->src_ep, COPY_CALL } : NOBODY;
	EMIT(dc, DVK_EVENT_DELIVER, copy->src_ep, copy->dst_ep, 0, copy->m.m_type, copy->call);
	copy->id = 0;
}

/* Also while p waits in a call, which this ends: as a send then is no request. */
void model_take_message(struct model *dc, struct model_process *p, struct model_process *sender)
{
	uint64_t call = sender->wait.call;

	p->letter = sender->letter;
	if (p->waits != IN_CALL || call)
		p->request = call ? (struct handle){ sender->endpoint, call } : NOBODY;
	EMIT(dc, DVK_EVENT_DELIVER, sender->endpoint, p->endpoint, 0, p->letter.m_type, call);
	if (!call)
		model_end_wait(dc, sender, 0, 0);
	else
		sender->waits = IN_CALL;
	sender->wait.taken = call != 0;
}

static struct model_process *oldest_sender(struct model *dc, int from, int calls_only)
{
	struct model_process *p, *oldest = NULL;

	foreach (dc, processes, p)
		if ((p->waits == CALLS || (p->waits == SENDS && !calls_only)) && !p->held &&
		    p->wait.peer == dc->caller->endpoint && (from == ANY || from == p->endpoint) &&
		    (!oldest || p->wait.place < oldest->wait.place))
			oldest = p;
	return oldest;
}

static struct dvk_held *oldest_copy(struct model *dc, int from, int calls_only)
{
	struct dvk_held *held, *oldest = NULL;

	foreach (dc, held, held)
		if (held->id && held->kind == DVK_HELD_COPY &&
		    held->dst_ep == dc->caller->endpoint && (held->call || !calls_only) &&
		    (from == ANY || from == held->src_ep) && (!oldest || held->id < oldest->id))
			oldest = held;
	return oldest;
}

/* A wake-up, the lowest notification, the oldest duplicate, the oldest message. */
static int take(struct model *dc, int from, int calls_only)
{
	struct model_process *p = dc->caller, *sender = oldest_sender(dc, from, calls_only);
	struct dvk_held *copy = oldest_copy(dc, from, calls_only);
	int source, was_woken = p->woken;

	p->woken = from == ANY ? 0 : was_woken;
	REQUIRE(from != ANY || !was_woken, EDVSWOKENUP);
	for (source = calls_only ? NR_SERVERS : -NR_TASKS; source < NR_SERVERS; source++)
		if ((from == ANY || from == source) && p->counts[source])
			break;
	REQUIRE(source < NR_SERVERS || copy || sender, BLOCKED);
	if (source < NR_SERVERS) {
		take_notification(dc, p, source);
		EMIT(dc, DVK_EVENT_DELIVER, source, p->endpoint, 0, NOTIFY_MESSAGE);
	} else if (copy) {
		model_take_copy(dc, p, copy);
	} else {
		model_take_message(dc, p, sender);
	}
	return DONE;
}

/* Also by a handle: that very call, and 0 is none. What answers a duplicate goes to nobody. */
int model_call_reply(struct model *dc)
{
	struct model_process *client = model_find(dc, dc->call->ep), *caller = dc->caller;
	uint64_t call = dc->call->handle.call;
	struct dvk_held as;
	struct dvk_hold *rule;

	REQUIRE(dc->call->what != DO_reply_to || call, EDVSPROCSTS);
	REQUIRE(call != COPY_CALL, DONE);
	if (!call && caller->request.call == COPY_CALL &&
	    caller->request.client_ep == dc->call->ep) {
		caller->request.call = 0;
		return DONE;
	}
	TRY(model_check_peer(dc, dc->call->ep, OTHER, EDVSDSTDIED));
	TRY(model_check_right(dc, RIGHT_REPLY));
	REQUIRE(dc->call->m.m_type != NOTIFY_MESSAGE, EDVSBADREQUEST);
	REQUIRE(model_in_call_to(client, caller), EDVSPROCSTS);
	REQUIRE(!call || call == client->wait.call, EDVSPROCSTS);
	as = on_its_way(dc, DVK_HELD_REPLY, caller, client);
	as.call = client->wait.call;
	rule = model_caught(dc, &as);
	if (rule && model_hold(dc, rule, client, as)) {
		client->wait.peer = NONE;
		return DONE;
	}
	give(dc, client, &as.m, NOBODY);
	EMIT(dc, DVK_EVENT_REPLY, as.src_ep, as.dst_ep, 0, as.m.m_type, as.call);
	return DONE;
}

/* Of anything, of requests alone, and after a reply. */
int model_call_receive(struct model *dc)
{
	int what = dc->call->what, calls_only = what == DO_rcvrqst, rc;
	int from = what == DO_reply_receive ? dc->call->src_ep : dc->call->ep;

	if (what == DO_reply_receive && dc->call->ep != NONE) {
		rc = model_call_reply(dc);
		if (rc < 0)
			model_refuse(dc, dc->call->ep, rc, dc->call->m.m_type);
	}
	rc = take(dc, from, calls_only);
	REQUIRE(rc == BLOCKED, rc);
	REQUIRE(!model_would_lock(dc, dc->caller, from, dc->call->deadline), EDVSLOCKED);
	rc = model_begin_wait(dc, calls_only ? REQUESTS : RECEIVES, from);
	if (rc == BLOCKED && what != DO_reply_receive)
		EMIT(dc, DVK_EVENT_RECEIVE, from, dc->caller->endpoint);
	return rc;
}

void model_post(struct model *dc, int source, struct model_process *dst, struct dvk_held what)
{
	int meets = dst->waits == RECEIVES && model_awaits(dst, source);

	dst->counts[source] += what.merged;
	dst->maps[source] |= what.map;
	if (meets) {
		take_notification(dc, dst, source);
		model_end_wait(dc, dst, 0, 0);
	}
	EMIT(dc, DVK_EVENT_NOTIFY, source, dst->endpoint, !meets, NOTIFY_MESSAGE);
}

int model_call_notify(struct model *dc)
{
	int source = dc->call->source, value = dc->call->value;
	struct model_process *dst = model_find(dc, dc->call->ep);
	struct dvk_held as = { .kind = DVK_HELD_NOTIFY, .src_ep = source, .merged = 1 }, *held;
	struct dvk_hold *rule;

	REQUIRE(model_at(dc, source), EDVSRANGE);
	REQUIRE(source < NR_SERVERS, EDVSCALLDENIED);
	REQUIRE(source == dc->caller->nr || model_is_system(dc->caller), EDVSPRIVILEGES);
	REQUIRE(source == HARDWARE || model_at(dc, source)->bound, EDVSNOTBIND);
	REQUIRE(value >= -1 && value <= NOTIFY_VALUE_MAX, EDVSBADVALUE);
	as.dst_ep = dst->endpoint;
	as.map = value < 0 ? 0 : 1u << value;
	as.m = (message){ .m_source = source, .m_type = NOTIFY_MESSAGE };
	as.m.m9_i1 = (int32_t)as.map;
	rule = model_caught(dc, &as);
	if (rule)
		foreach (dc, held, held)
			if (held->id && held->kind == as.kind && held->src_ep == source &&
			    held->dst_ep == as.dst_ep) {
				held->merged++;
				held->map |= as.map;
				held->m.m9_i1 = (int32_t)held->map;
				return DONE;
			}
	if (!rule || !model_hold(dc, rule, NULL, as))
		model_post(dc, source, dst, as);
	return DONE;
}

int model_call_wakeup(struct model *dc)
{
	struct model_process *p = model_find(dc, dc->call->ep);
	int waits = p->waits == REQUESTS || (p->waits == RECEIVES && p->wait.peer == ANY);

	if (waits) {
		model_end_wait(dc, p, EDVSWOKENUP, 0);
		EMIT(dc, DVK_EVENT_CANCEL, p->endpoint, ANY, EDVSWOKENUP);
	}
	p->woken |= !waits;
	return DONE;
}
