/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model_life.c - the rest of the model: binds and deaths, time, copies.
 */
#include "model_rules.h"

int model_bind(struct model *dc)
{
	const struct call *c = dc->call;
	struct model_process *p = model_at(dc, c->ep), *q;

	REQUIRE(dc->running, EDVSDCNOTRUN);
	REQUIRE(c->is_named, EDVSNAMESIZE);
	REQUIRE(p || c->ep == NONE, EDVSRANGE);
	REQUIRE(!p || p->nr >= NR_SERVERS || c->is_owner || c->is_system, EDVSPRIVILEGES);
	REQUIRE(!p || !p->bound, EDVSSLOTUSED);
	if (!p)
		foreach (dc, q)
			if (q->nr >= NR_SERVERS && !q->bound && (!p || q->freed < p->freed))
				p = q;
	REQUIRE(p, EDVSRSCBUSY);
	p->bound = 1;
	p->birth = ++dc->births;
	p->member = c->member;
	p->is_system = c->is_system || p->nr < 0;
	p->result = 0;
	p->request = NOBODY;
	if (p->nr >= NR_SERVERS)
		p->generation = p->generation == GENERATION_LAST ? 1 : p->generation + 1;
	p->endpoint = p->generation * GENERATIONS + p->nr;
	EMIT(dc, DVK_EVENT_BIND, p->endpoint, NONE);
	return DONE;
}

/* What p has from the dead one, and waits for, ends. */
static void release(struct model *dc, struct model_process *p, const struct model_process *dead)
{
	static const int errors[] = { [SENDS] = EDVSDSTDIED,
				      [CALLS] = EDVSDEADSRCDST,
				      [IN_CALL] = EDVSSRCDIED,
				      [RECEIVES] = EDVSSRCDIED };
	int result = errors[p->waits];

	if (dead->nr < NR_SERVERS)
		p->counts[dead->nr] = p->maps[dead->nr] = 0;
	if (p->copier == dead->nr)
		p->copier = NONE;
	if (p->waits == RUNS || p->wait.peer != dead->endpoint)
		return;
	EMIT(dc, DVK_EVENT_REFUSED, p->endpoint, dead->endpoint, result, p->wait.type,
	     p->wait.call);
	model_end_wait(dc, p, result, 0);
}

/* Also exit, of whatever state. */
int model_unbind(struct model *dc)
{
	int is_exit = dc->call->what == DO_exit, ep = dc->call->ep;
	struct model_process *dead = is_exit || ep == SELF ? dc->caller : model_find(dc, ep), *p;

	REQUIRE(dead, EDVSRANGE);
	REQUIRE(is_exit || ep == SELF || dead->endpoint == ep, EDVSENDPOINT);
	REQUIRE(dead->bound, EDVSNOTBIND);
	REQUIRE(dead->member == dc->caller->member || dc->caller->is_system, EDVSPRIVILEGES);
	EMIT(dc, is_exit ? DVK_EVENT_EXIT : DVK_EVENT_UNBIND, dead->endpoint, NONE, 0,
	     dc->call->value);
	dead->bound = 0;
	dead->waits = RUNS;
	dead->copier = NONE;
	dead->freed = ++dc->places;
	memset(dc->counts[dead->nr + NR_TASKS], 0, sizeof(dc->counts[0]));
	memset(dc->maps[dead->nr + NR_TASKS], 0, sizeof(dc->maps[0]));
	foreach (dc, p)
		if (p->bound)
			release(dc, p, dead);
	if (model_at(dc, SYSTASK(0))->bound)
		model_post(dc, HARDWARE, model_at(dc, SYSTASK(0)), -1);
	return DONE;
}
int model_timeout(struct model *dc)
{
	struct model_process *p = dc->caller;

	REQUIRE(p->bound, EDVSNOTBIND);
	REQUIRE(p->waits != RUNS, p->copier == NONE ? DONE : BLOCKED);
	p->wait.time_is_up = 1;
	REQUIRE(p->copier == NONE, BLOCKED); /* takes effect at the copy's end */
	p->result = p->waits == IN_CALL ? EDVSNOTREADY : EDVSTIMEDOUT;
	p->waits = RUNS;
	EMIT(dc, DVK_EVENT_TIMEOUT, p->endpoint, p->wait.peer, p->result, p->wait.type,
	     p->wait.call);
	return p->result;
}

static struct model_process *party(struct model *dc, int ep)
{
	return ep == SELF ? dc->caller : model_find(dc, ep);
}

static int check_party(struct model *dc, int ep, int error_if_dead)
{
	REQUIRE(party(dc, ep), EDVSRANGE);
	REQUIRE(ep == SELF || party(dc, ep)->endpoint == ep, EDVSENDPOINT);
	REQUIRE(party(dc, ep)->bound, error_if_dead);
	return 0;
}

int model_copy(struct model *dc)
{
	struct model_process *caller = dc->caller, *other;
	struct model_process *src = party(dc, dc->call->ep), *dst = party(dc, dc->call->dst_ep);

	TRY(check_party(dc, dc->call->ep, EDVSSRCDIED));
	TRY(check_party(dc, dc->call->dst_ep, EDVSDSTDIED));
	REQUIRE(src != dst || (dc->call->ep == SELF && dc->call->dst_ep == SELF), EDVSENDPOINT);
	REQUIRE(src == caller || dst == caller || caller->is_system, EDVSPRIVILEGES);
	REQUIRE(dc->call->bytes <= DVK_COPY_MAX, EDVSRANGE);
	other = src == caller ? dst : src;
	REQUIRE(other == caller || caller->is_system ||
			(other->waits == IN_CALL && other->wait.peer == caller->endpoint),
		EDVSPROCSTS);
	REQUIRE(src->copier == NONE && dst->copier == NONE, EDVSONCOPY);
	dc->copies[dc->call->copy] = (struct model_copy){ caller,
							  { src, dst },
							  caller->birth,
							  { src->birth, dst->birth },
							  { src->endpoint, dst->endpoint } };
	if (!caller->is_system) /* a debugger leaves no mark */
		src->copier = dst->copier = caller->nr;
	return DONE;
}

int model_copy_end(struct model *dc)
{
	const struct model_copy *copy = &dc->copies[dc->call->copy];
	struct model_process *const *party_of = copy->party;
	int i, alive[2], result = dc->call->value;
	uint64_t call = 0;

	for (i = 1; i >= 0; i--) {
		alive[i] = party_of[i]->bound && party_of[i]->birth == copy->birth[i];
		result = alive[i] ? result : i ? EDVSDSTDIED : EDVSSRCDIED;
	}
	for (i = 0; i < 2 && alive[0] && alive[1]; i++)
		if (party_of[i]->waits == IN_CALL && party_of[i]->wait.peer == copy->ep[!i])
			call = party_of[i]->wait.call;
	EMIT(dc, DVK_EVENT_COPY, copy->ep[0], copy->ep[1], result, (int)dc->call->bytes, call);
	for (i = 0; i < 2; i++) {
		struct model_process *p = party_of[i];

		if (!alive[i] || p->copier != copy->caller->nr ||
		    copy->caller->birth != copy->caller_birth)
			continue;
		p->copier = NONE;
		dc->caller = p;
		if (p->waits != RUNS && p->wait.time_is_up)
			model_timeout(dc);
		if (p->waits == RUNS && p != copy->caller)
			model_end_wait(dc, p, p->result, 0);
	}
	return result;
}
