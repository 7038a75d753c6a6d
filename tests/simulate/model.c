/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model.c - M3-IPC as its page says it, in the plainest way: no lists, no fast
 * answers, no undo; who is first in a queue is found by looking at everybody.
 *
 * What each call asks first, in the contract's order of checks, is its row in the
 * table at the end. Nothing here is taken from the engine, so that the two can only
 * agree by being right, or by the same mistake made twice.
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

int model_has(uint64_t set, int nr)
{
	return set >> (nr + NR_TASKS) % 64 & 1;
}

void model_init(struct model *dc, int nr_procs, int strict, int first_generation)
{
	struct model_process *p;

	memset(dc, 0, offsetof(struct model, processes[NR_TASKS + nr_procs]));
	memset(dc->counts, 0, (NR_TASKS + nr_procs) * sizeof(dc->counts[0]));
	memset(dc->maps, 0, (NR_TASKS + nr_procs) * sizeof(dc->maps[0]));
	dc->nr_procs = nr_procs;
	dc->processes_used = NR_TASKS + nr_procs;
	dc->strict = strict;
	foreach (dc, processes, p) {
		p->nr = (int)(p - dc->processes) - NR_TASKS;
		p->generation = p->nr >= NR_SERVERS ? first_generation : 0;
		p->endpoint = p->generation * GENERATIONS + p->nr;
		p->freed = ++dc->places;
		p->counts = &dc->counts[p->nr + NR_TASKS][NR_TASKS];
		p->maps = &dc->maps[p->nr + NR_TASKS][NR_TASKS];
	}
}

int model_is_system(const struct model_process *p)
{
	return p->rights.level >= DVK_LEVEL_SYSTEM;
}

/* ---- what calls ask first ---- */

static int check_caller(struct model *dc)
{
	const struct model_process *p = dc->caller;

	REQUIRE(p->bound, EDVSNOTBIND);
	REQUIRE(dc->running, EDVSDCNOTRUN);
	REQUIRE(p->waits == RUNS && p->copier == NONE && p->stopper == NONE, EDVSPROCSTS);
	return 0;
}

struct model_process *model_named(struct model *dc, int ep)
{
	return ep == SELF ? dc->caller : model_find(dc, ep);
}

int model_check_peer(struct model *dc, int ep, enum peer kind, int error_if_dead)
{
	struct model_process *peer = kind == SELF_TOO ? model_named(dc, ep) : model_find(dc, ep);
	int is_other = kind != SELF_TOO && kind != OWN_TOO;

	REQUIRE(ep != SELF || !is_other, EDVSENDPOINT);
	REQUIRE(peer, EDVSRANGE);
	REQUIRE(peer != dc->caller || !is_other, EDVSENDPOINT);
	REQUIRE(peer->endpoint == ep || ep == SELF, EDVSENDPOINT);
	REQUIRE(peer->bound || !error_if_dead, error_if_dead);
	return 0;
}

int model_check_right(struct model *dc, enum right right)
{
	REQUIRE(right == NO_RIGHT || dc->caller->rights.calls >> right & 1, EDVSCALLDENIED);
	return 0;
}

/* A refusal is no event when it names no slot, or is what who polls asks for. */
void model_refuse(struct model *dc, int ep, int error, int type)
{
	if (error != EDVSRANGE && error != EDVSAGAIN && error != EDVSWOKENUP)
		EMIT(dc, DVK_EVENT_REFUSED, dc->caller->endpoint, ep, error, type,
		     dc->call->handle.call);
}

/* ---- waits ---- */

/* p runs, unless something else keeps it. */
void model_wake(struct model *dc, struct model_process *p, int handover)
{
	if (p->waits == RUNS && p->copier == NONE && p->stopper == NONE)
		dc->out->wakes[dc->out->wake_count++] = (struct wake){ p->nr, handover };
}

void model_stop_waiting(struct model_process *p, int result)
{
	p->waits = RUNS;
	p->result = result;
	if (p->held)
		p->held->id = 0;
	p->held = NULL;
}

void model_end_wait(struct model *dc, struct model_process *p, int result, int handover)
{
	model_stop_waiting(p, result);
	model_wake(dc, p, handover);
}

int model_begin_wait(struct model *dc, enum waiting as, int peer)
{
	struct model_process *p = dc->caller;

	REQUIRE(dc->call->deadline != 0, EDVSAGAIN);
	p->waits = as;
	p->wait = (struct model_wait){ as, peer, .deadline = dc->call->deadline, .since = dc->now };
	p->wait.place = ++dc->places;
	if (as == CALLS || as == IN_CALL) {
		p->wait.call = ++dc->calls;
		p->wait.type = dc->call->m.m_type;
		p->wait.taken = as == IN_CALL;
	}
	return BLOCKED;
}

int model_in_call_to(const struct model_process *p, const struct model_process *server)
{
	return p->waits == IN_CALL && p->wait.peer == server->endpoint;
}

int model_awaits(const struct model_process *p, int sender_ep)
{
	return (p->waits == RECEIVES && (p->wait.peer == ANY || p->wait.peer == sender_ep)) ||
	       (p->waits == IN_CALL && p->wait.peer == sender_ep);
}

/* p would wait in a circle. Who may be freed by time, or by anybody, ends the chain. */
int model_would_lock(struct model *dc, const struct model_process *p, int ep, int64_t deadline)
{
	const struct model_process *q = model_find(dc, ep);
	int hops;

	REQUIRE(deadline == FOR_EVER, 0);
	for (hops = 0; q && q != p && hops < SLOTS_MAX; hops++) {
		REQUIRE(q->waits != RUNS && q->waits != BINDS && q->waits != UNBINDS, 0);
		REQUIRE(q->wait.deadline == FOR_EVER && !q->wait.over && !q->held, 0);
		q = model_find(dc, q->wait.peer);
	}
	return q == p;
}

/* ---- the calls ---- */

static const struct {
	int (*make)(struct model *dc);
	enum who who;
	enum peer peer;
	int error_if_dead;
	enum right right;
	enum says says; /* which event a refusal is */
} calls[] = {
	[DO_bind] = { model_call_bind, HOST },
	[DO_unbind] = { model_call_unbind, OWNER, SELF_TOO, EDVSNOTBIND, NO_RIGHT, QUIET },
	[DO_exit] = { model_call_unbind, HOST },
	[DO_send] = { model_call_send, ANYBODY, TARGET, EDVSDSTDIED, RIGHT_SEND, WITH_MESSAGE },
	[DO_receive] = { model_call_receive, ANYBODY, SOURCE, EDVSSRCDIED, RIGHT_RECEIVE, BARE },
	[DO_rcvrqst] = { model_call_receive, ANYBODY, NO_PEER, 0, RIGHT_RCVRQST, BARE },
	[DO_sendrec] = { model_call_send, ANYBODY, TARGET, EDVSDEADSRCDST, RIGHT_SENDREC,
			 WITH_MESSAGE },
	[DO_reply] = { model_call_reply, ANYBODY, NO_PEER, 0, NO_RIGHT, WITH_MESSAGE },
	[DO_reply_to] = { model_call_reply, ANYBODY, NO_PEER, 0, NO_RIGHT, WITH_MESSAGE },
	[DO_reply_receive] = { model_call_receive, ANYBODY, SOURCE, EDVSSRCDIED, RIGHT_RECEIVE,
			       BARE },
	[DO_relay] = { model_call_relay, ANYBODY, TARGET, EDVSDEADSRCDST, RIGHT_RELAY,
		       WITH_MESSAGE },
	[DO_notify] = { model_call_notify, ANYBODY, OTHER, EDVSDSTDIED, RIGHT_NOTIFY, BARE },
	[DO_wakeup] = { model_call_wakeup, OWNER, OWN_TOO, EDVSDSTDIED, RIGHT_WAKEUP, BARE },
	[DO_wait_bind] = { model_call_wait_bind, ANYBODY, NO_PEER, 0, NO_RIGHT, BARE },
	[DO_wait_unbind] = { model_call_wait_unbind, ANYBODY, OTHER, 0, RIGHT_UNBIND, BARE },
	[DO_getpriv] = { model_call_getpriv, ANYBODY, SELF_TOO, EDVSNOTBIND, RIGHT_GETPRIV, BARE },
	[DO_setpriv] = { model_call_setpriv, SYSTEM, SELF_TOO, EDVSNOTBIND, RIGHT_SETPRIV, BARE },
	[DO_stop] = { model_call_stop, DEBUGGER, OTHER, EDVSNOTBIND, RIGHT_HOLD, QUIET },
	[DO_cont] = { model_call_cont, DEBUGGER, OTHER, EDVSNOTBIND, RIGHT_HOLD, QUIET },
	[DO_hold] = { model_call_hold, DEBUGGER, NO_PEER, 0, RIGHT_HOLD, QUIET },
	[DO_unhold] = { model_call_unhold, DEBUGGER, NO_PEER, 0, RIGHT_HOLD, QUIET },
	[DO_held_act] = { model_call_held_act, DEBUGGER, NO_PEER, 0, RIGHT_HOLD, QUIET },
	[DO_register_table] = { model_call_register_table, ANYBODY, NO_PEER, 0, NO_RIGHT, QUIET },
	[DO_copy] = { model_call_copy, ANYBODY, NO_PEER, 0, NO_RIGHT, BARE },
	[DO_copy_end] = { model_call_copy_end, HOST },
	[DO_timeout] = { model_call_timeout, HOST },
	[DO_cancel] = { model_call_timeout, HOST },
	[DO_end] = { model_call_end, HOST },
};

static int check(struct model *dc, int what, int ep)
{
	struct model_process *caller = dc->caller, *peer = model_named(dc, ep);
	enum peer kind = calls[what].peer;
	enum who who = calls[what].who;

	REQUIRE(who != DEBUGGER || model_is_system(caller), EDVSPRIVILEGES);
	if (kind != NO_PEER && (kind != SOURCE || ep != ANY))
		TRY(model_check_peer(dc, ep, kind, calls[what].error_if_dead));
	REQUIRE(who != OWNER || peer->member == caller->member || model_is_system(caller),
		EDVSPRIVILEGES);
	REQUIRE(who != SYSTEM || model_is_system(caller), EDVSPRIVILEGES);
	REQUIRE(kind != TARGET || ((model_has(caller->rights.targets, peer->nr) ||
				    (caller->rights.serves && peer->nr < NR_SERVERS)) &&
				   model_has(peer->rights.sources, caller->nr)),
		EDVSTRAPDENIED);
	REQUIRE(kind != SOURCE || ep == ANY || model_has(caller->rights.sources, peer->nr),
		EDVSTRAPDENIED);
	TRY(model_check_right(dc, calls[what].right));
	REQUIRE(kind != TARGET || dc->call->m.m_type != NOTIFY_MESSAGE, EDVSBADREQUEST);
	return 0;
}

void model_do(struct model *dc, const struct call *call, struct outcome *ret)
{
	int what = call->what, is_host = calls[what].who == HOST;
	int ep = what == DO_reply_receive ? call->src_ep : call->ep;

	memset(ret, 0, offsetof(struct outcome, wakes));
	dc->call = call;
	dc->out = ret;
	dc->caller = model_at(dc, call->caller);
	ret->rc = is_host ? 0 : check_caller(dc);
	if (ret->rc)
		return;
	ret->rc = is_host ? 0 : check(dc, what, ep);
	ret->rc = ret->rc ? ret->rc : calls[what].make(dc);
	if (ret->rc < 0 && calls[what].says != QUIET && !is_host)
		model_refuse(dc, what == DO_copy && ep == SELF ? call->dst_ep : ep, ret->rc,
			     calls[what].says == WITH_MESSAGE ? call->m.m_type : 0);
}
