/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model.c - M3-IPC as its page says it, in the plainest way: no lists, no fast
 * answers; who is first in a queue is found by looking at everybody.
 *
 * What a call asks, it asks in the contract's order of checks. Nothing here is
 * taken from the engine, so that the two can only agree by being right, or by
 * the same mistake made twice.
 */
#include "model_rules.h"

struct model_process *model_at(struct model *dc, int nr)
{
	return nr < -NR_TASKS || nr >= dc->nr_procs ? NULL : &dc->processes[nr + NR_TASKS];
}

struct model_process *model_find(struct model *dc, int ep)
{
	return model_at(dc, (int)(((long long)ep + NR_TASKS) % GENERATIONS) - NR_TASKS);
}

void model_init(struct model *dc, int nr_procs, int strict, int first_generation)
{
	struct model_process *p;

	memset(dc, 0, sizeof(*dc));
	dc->nr_procs = nr_procs;
	dc->strict = strict;
	foreach (dc, p) {
		p->nr = (int)(p - dc->processes) - NR_TASKS;
		p->generation = p->nr >= NR_SERVERS ? first_generation : 0;
		p->endpoint = p->generation * GENERATIONS + p->nr;
		p->freed = ++dc->places;
		p->copier = NONE;
		p->counts = &dc->counts[p->nr + NR_TASKS][NR_TASKS];
		p->maps = &dc->maps[p->nr + NR_TASKS][NR_TASKS];
	}
}

/* A refusal is no event when it names no slot, or is what who polls asks for. */
static void refuse(struct model *dc, int ep, int error, int type)
{
	if (error != EDVSRANGE && error != EDVSAGAIN)
		EMIT(dc, DVK_EVENT_REFUSED, dc->caller->endpoint, ep, error, type,
		     dc->call->handle.call);
}

void model_end_wait(struct model *dc, struct model_process *p, int result, int handover)
{
	p->waits = RUNS;
	p->result = result;
	if (p->copier == NONE)
		dc->out->wakes[dc->out->wake_count++] = (struct wake){ p->nr, handover };
}

static int check_caller(struct model *dc)
{
	REQUIRE(dc->caller->bound, EDVSNOTBIND);
	REQUIRE(dc->running, EDVSDCNOTRUN);
	REQUIRE(dc->caller->waits == RUNS && dc->caller->copier == NONE, EDVSPROCSTS);
	return 0;
}

static int check_peer(struct model *dc, int ep, int error_if_dead)
{
	struct model_process *peer = model_find(dc, ep);

	REQUIRE(ep != SELF, EDVSENDPOINT);
	REQUIRE(peer, EDVSRANGE);
	REQUIRE(peer != dc->caller && peer->endpoint == ep, EDVSENDPOINT);
	REQUIRE(peer->bound, error_if_dead);
	return 0;
}

static int awaits(const struct model_process *p, int sender_ep)
{
	return (p->waits == RECEIVES && (p->wait.peer == ANY || p->wait.peer == sender_ep)) ||
	       (p->waits == IN_CALL && p->wait.peer == sender_ep);
}

/* Who may be freed by time, or by anybody, ends the chain. */
static int closes_circle(struct model *dc, int ep)
{
	struct model_process *p = model_find(dc, ep);
	int hops;

	for (hops = 0; p != dc->caller && hops < SLOTS_MAX; hops++) {
		if (p->waits == RUNS || p->wait.peer == ANY || p->wait.deadline != FOR_EVER ||
		    p->wait.time_is_up)
			return 0;
		p = model_find(dc, p->wait.peer);
	}
	return p == dc->caller;
}

static int begin_wait(struct model *dc, enum waiting waits, int peer)
{
	const struct call *c = dc->call;

	if (waits != IN_CALL && peer != ANY && c->deadline == FOR_EVER)
		REQUIRE(!closes_circle(dc, peer), EDVSLOCKED);
	REQUIRE(c->deadline != 0, EDVSAGAIN);
	dc->caller->waits = waits;
	dc->caller->wait = (struct model_wait){ peer, 0, 0, 0, c->deadline, dc->now, ++dc->places };
	if (waits == CALLS || waits == IN_CALL) {
		dc->caller->wait.call = ++dc->calls;
		dc->caller->wait.type = c->m.m_type;
	}
	return 0;
}

/* p, which waits for it, is given the caller's message. */
static void give(struct model *dc, struct model_process *p)
{
	p->letter = dc->call->m;
	p->letter.m_source = dc->caller->endpoint;
	model_end_wait(dc, p, 0, 1);
}

/* Also the first half of sendrec. */
static int call_send(struct model *dc)
{
	struct model_process *caller = dc->caller, *dst = model_find(dc, dc->call->ep);
	int is_call = dc->call->what == DO_sendrec, type = dc->call->m.m_type, meets;

	TRY(check_peer(dc, dc->call->ep, is_call ? EDVSDEADSRCDST : EDVSDSTDIED));
	/* In a strict DC who is not SYSTEM sends to tasks and servers only. */
	REQUIRE(!dc->strict || caller->is_system || dst->nr < NR_SERVERS, EDVSTRAPDENIED);
	REQUIRE(type != NOTIFY_MESSAGE, EDVSBADREQUEST);
	meets = awaits(dst, caller->endpoint);
	if (is_call || !meets) {
		TRY(begin_wait(dc, meets ? IN_CALL : is_call ? CALLS : SENDS, dst->endpoint));
		caller->letter = dc->call->m;
		caller->letter.m_source = caller->endpoint;
	}
	/* A send that ends a call is that call's answer, and no request. */
	if (meets && (is_call || dst->waits == RECEIVES))
		dst->request =
			is_call ? (struct handle){ caller->endpoint, caller->wait.call } : NOBODY;
	if (meets)
		give(dc, dst);
	EMIT(dc, is_call ? DVK_EVENT_CALL : DVK_EVENT_SEND, caller->endpoint, dst->endpoint, !meets,
	     type, is_call ? caller->wait.call : 0);
	return meets && !is_call ? DONE : BLOCKED;
}
#define call_sendrec call_send

/* p takes what source has pending at it. */
static message take_notification(struct model *dc, struct model_process *p, int source)
{
	message m = { .m_source = source, .m_type = NOTIFY_MESSAGE };

	m.m9_i1 = (int32_t)p->maps[source];
	m.m9_l1 = p->counts[source];
	m.m9_t1.tv_sec = dc->wall_ns / 1000000000;
	m.m9_t1.tv_nsec = dc->wall_ns % 1000000000;
	p->counts[source] = p->maps[source] = 0;
	p->request = NOBODY;
	return m;
}

static struct model_process *oldest_sender(struct model *dc, int from)
{
	struct model_process *p, *oldest = NULL;

	foreach (dc, p)
		if ((p->waits == SENDS || p->waits == CALLS) &&
		    p->wait.peer == dc->caller->endpoint && (from == ANY || from == p->endpoint) &&
		    (!oldest || p->wait.place < oldest->wait.place))
			oldest = p;
	return oldest;
}

/* 1: the caller has taken what is there, the lowest notification or the oldest message. */
static int take(struct model *dc, int from)
{
	struct model_process *sender = oldest_sender(dc, from);
	message *m = &dc->out->m;
	uint64_t call = 0;
	int source;

	for (source = -NR_TASKS; source < NR_SERVERS; source++)
		if ((from == ANY || from == source) && dc->caller->counts[source])
			break;
	REQUIRE(source < NR_SERVERS || sender, 0);
	if (source < NR_SERVERS) {
		*m = take_notification(dc, dc->caller, source);
	} else {
		*m = sender->letter;
		call = sender->wait.call;
		dc->caller->request = call ? (struct handle){ sender->endpoint, call } : NOBODY;
		if (sender->waits == CALLS)
			sender->waits = IN_CALL;
		else
			model_end_wait(dc, sender, 0, 0);
	}
	EMIT(dc, DVK_EVENT_DELIVER, m->m_source, dc->caller->endpoint, 0, m->m_type, call);
	return 1;
}

static int call_receive(struct model *dc)
{
	int from = dc->call->ep;

	TRY(from == ANY ? 0 : check_peer(dc, from, EDVSSRCDIED));
	REQUIRE(!take(dc, from), DONE);
	TRY(begin_wait(dc, RECEIVES, from));
	EMIT(dc, DVK_EVENT_RECEIVE, from, dc->caller->endpoint);
	return BLOCKED;
}

/* Also by a handle: that very call, and 0 is none. */
static int call_reply(struct model *dc)
{
	struct model_process *client = model_find(dc, dc->call->ep);
	uint64_t call = dc->call->handle.call;

	REQUIRE(dc->call->what != DO_reply_to || call, EDVSPROCSTS);
	TRY(check_peer(dc, dc->call->ep, EDVSDSTDIED));
	REQUIRE(dc->call->m.m_type != NOTIFY_MESSAGE, EDVSBADREQUEST);
	REQUIRE(client->waits == IN_CALL && client->wait.peer == dc->caller->endpoint, EDVSPROCSTS);
	REQUIRE(!call || call == client->wait.call, EDVSPROCSTS);
	give(dc, client);
	EMIT(dc, DVK_EVENT_REPLY, dc->caller->endpoint, client->endpoint, 0, dc->call->m.m_type,
	     client->wait.call);
	return DONE;
}
#define call_reply_to call_reply

static int call_reply_receive(struct model *dc)
{
	int from = dc->call->src_ep, rc;

	TRY(from == ANY ? 0 : check_peer(dc, from, EDVSSRCDIED));
	rc = dc->call->ep == NONE ? DONE : call_reply(dc);
	if (rc < 0)
		refuse(dc, dc->call->ep, rc, dc->call->m.m_type);
	REQUIRE(!take(dc, from), DONE);
	TRY(begin_wait(dc, RECEIVES, from));
	return BLOCKED;
}

void model_post(struct model *dc, int source, struct model_process *dst, int value)
{
	int meets = dst->waits == RECEIVES && awaits(dst, source);

	dst->counts[source]++;
	dst->maps[source] |= value < 0 ? 0 : 1u << value;
	if (meets) {
		dst->letter = take_notification(dc, dst, source);
		model_end_wait(dc, dst, 0, 0);
	}
	EMIT(dc, DVK_EVENT_NOTIFY, source, dst->endpoint, !meets, NOTIFY_MESSAGE);
}

static int call_notify(struct model *dc)
{
	int source = dc->call->source;

	TRY(check_peer(dc, dc->call->ep, EDVSDSTDIED));
	REQUIRE(model_at(dc, source), EDVSRANGE);
	REQUIRE(source < NR_SERVERS, EDVSCALLDENIED);
	REQUIRE(source == dc->caller->nr || dc->caller->is_system, EDVSPRIVILEGES);
	REQUIRE(source == HARDWARE || model_at(dc, source)->bound, EDVSNOTBIND);
	REQUIRE(dc->call->value >= -1 && dc->call->value <= NOTIFY_VALUE_MAX, EDVSBADVALUE);
	model_post(dc, source, model_find(dc, dc->call->ep), dc->call->value);
	return DONE;
}

#define call_bind     model_bind
#define call_unbind   model_unbind
#define call_exit     model_unbind
#define call_timeout  model_timeout
#define call_copy     model_copy
#define call_copy_end model_copy_end

void model_do(struct model *dc, const struct call *call, struct outcome *ret)
{
	enum { HOST, QUIET, BARE, WITH_MESSAGE };
	static const struct {
		int (*make)(struct model *dc);
		int error;
	} calls[] = {
#define SIMULATED_CALL(word, error) { call_##word, error },
		SIMULATED_CALLS(SIMULATED_CALL)
#undef SIMULATED_CALL
	};
	int ep = call->what == DO_reply_receive ? call->src_ep : call->ep;
	int error = calls[call->what].error;

	memset(ret, 0, offsetof(struct outcome, wakes));
	dc->call = call;
	dc->out = ret;
	dc->caller = model_at(dc, call->caller);
	ret->rc = error == HOST ? 0 : check_caller(dc);
	if (ret->rc)
		return;
	ret->rc = calls[call->what].make(dc);
	if (ret->rc < 0 && error >= BARE)
		refuse(dc, call->what == DO_copy && ep == SELF ? call->dst_ep : ep, ret->rc,
		       error == WITH_MESSAGE ? call->m.m_type : 0);
}
