/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model_life.c - the model: rights, lives, time and copies.
 */
#include "model_rules.h"

int model_call_getpriv(struct model *dc)
{
	(void)dc;
	return DONE; /* what it gets is compared with rights */
}

int model_call_setpriv(struct model *dc)
{
	int level = dc->call->rights.level;

	REQUIRE(level >= DVK_LEVEL_USER && level <= DVK_LEVEL_SYSTEM, EDVSBADVALUE);
	model_named(dc, dc->call->ep)->rights = dc->call->rights;
	return DONE;
}

static struct model_process *oldest_free(struct model *dc)
{
	struct model_process *p, *oldest = NULL;

	foreach (dc, processes, p)
		if (p->nr >= NR_SERVERS && !p->bound && (!oldest || p->freed < oldest->freed))
			oldest = p;
	return oldest;
}

static void come_to_life(struct model *dc, struct model_process *p)
{
	const struct call *c = dc->call;
	int own = p->nr < 0            ? DVK_LEVEL_SYSTEM
		  : p->nr < NR_SERVERS ? DVK_LEVEL_SERVER
				       : DVK_LEVEL_USER;

	p->bound = 1;
	p->birth = ++dc->births;
	p->member = c->member;
	p->waits = RUNS;
	p->copier = p->stopper = NONE;
	p->result = p->woken = 0;
	p->request = NOBODY;
	memset(&p->wait, 0, sizeof(p->wait));
	p->rights = (struct rights){ c->is_system ? DVK_LEVEL_SYSTEM : own, ~0u, ~0ull, ~0ull, 1 };
	if (dc->strict && !model_is_system(p))
		p->rights.targets = 0;
	if (p->nr >= NR_SERVERS)
		p->generation = p->generation == GENERATION_LAST ? 1 : p->generation + 1;
	p->endpoint = p->generation * GENERATIONS + p->nr;
}

int model_call_bind(struct model *dc)
{
	const struct call *c = dc->call;
	struct model_process *p = model_at(dc, c->ep), *q;

	REQUIRE(dc->running, EDVSDCNOTRUN);
	REQUIRE(c->is_named, EDVSNAMESIZE);
	REQUIRE(p || c->ep == NONE, EDVSRANGE);
	REQUIRE(!p || p->nr >= NR_SERVERS || c->is_owner || c->is_system, EDVSPRIVILEGES);
	REQUIRE(!p || !p->bound, EDVSSLOTUSED);
	p = p ? p : oldest_free(dc);
	REQUIRE(p, EDVSRSCBUSY);
	come_to_life(dc, p);
	foreach (dc, processes, q)
		if (q->waits == BINDS && (q->wait.peer == p->endpoint || q->wait.peer == p->nr)) {
			q->letter.m_source = p->endpoint;
			model_end_wait(dc, q, 0, 0);
		}
	EMIT(dc, DVK_EVENT_BIND, p->endpoint, NONE);
	return DONE;
}

/* What p has from the dead one, and waits for, ends. */
static void bereave(struct model *dc, struct model_process *p, const struct model_process *dead)
{
	static const int errors[] = { [SENDS] = EDVSDSTDIED,
				      [CALLS] = EDVSDEADSRCDST,
				      [IN_CALL] = EDVSSRCDIED,
				      [RECEIVES] = EDVSSRCDIED,
				      [UNBINDS] = 0 };
	int had_hold = p->copier == dead->nr || p->stopper == dead->nr;

	if (dead->nr < NR_SERVERS)
		p->counts[dead->nr] = p->maps[dead->nr] = 0;
	p->copier = p->copier == dead->nr ? NONE : p->copier;
	p->stopper = p->stopper == dead->nr ? NONE : p->stopper;
	if (p->waits != RUNS && p->waits != BINDS && p->wait.peer == dead->endpoint) {
		if (errors[p->waits])
			EMIT(dc, DVK_EVENT_REFUSED, p->endpoint, dead->endpoint, errors[p->waits],
			     p->wait.type, p->wait.call);
		model_end_wait(dc, p, errors[p->waits], 0);
	} else if (had_hold) {
		model_wake(dc, p, 0);
	}
}

/* What it left with others is gone, and what it held of theirs goes on. */
static void forget(struct model *dc, const struct model_process *dead)
{
	struct dvk_held *held;
	struct dvk_hold *rule;
	struct dvk_table *table;

	foreach (dc, held, held)
		if (!model_rests_with(dc, held) &&
		    (held->src_ep == dead->endpoint || held->dst_ep == dead->endpoint))
			held->id = 0;
	foreach (dc, rules, rule)
		if (rule->id && rule->owner_ep == dead->endpoint)
			model_end_rule(dc, rule);
	foreach (dc, tables, table)
		if (table->owner_ep == dead->endpoint)
			table->type[0] = 0;
}

/* Also exit, of whatever state. */
int model_call_unbind(struct model *dc)
{
	int is_exit = dc->call->what == DO_exit;
	struct model_process *dead = is_exit ? dc->caller : model_named(dc, dc->call->ep), *p;

	REQUIRE(dead->bound, EDVSNOTBIND);
	EMIT(dc, is_exit ? DVK_EVENT_EXIT : DVK_EVENT_UNBIND, dead->endpoint, NONE, 0,
	     dc->call->value);
	model_stop_waiting(dead, 0);
	forget(dc, dead);
	dead->bound = 0;
	dead->freed = ++dc->places;
	memset(dc->counts[dead->nr + NR_TASKS], 0, sizeof(dc->counts[0]));
	memset(dc->maps[dead->nr + NR_TASKS], 0, sizeof(dc->maps[0]));
	foreach (dc, processes, p)
		if (p->bound)
			bereave(dc, p, dead);
	dc->last_exit.endpoint = dead->endpoint;
	dc->last_exit.code = dc->call->value;
	dc->exits++;
	if (model_at(dc, SYSTASK(0))->bound)
		model_post(dc, HARDWARE, model_at(dc, SYSTASK(0)),
			   (struct dvk_held){ .merged = 1 });
	return DONE;
}

/* Generation 0 stands for whoever is bound there; else it is there, or still to come. */
int model_call_wait_bind(struct model *dc)
{
	int ep = dc->call->ep, generation = (int)(((long long)ep + NR_TASKS) / GENERATIONS), rc;
	const struct model_process *p = model_find(dc, ep);
	int is_there = p && p->bound && (!generation || ep == p->endpoint);

	rc = model_check_peer(dc, ep, OTHER, 0);
	REQUIRE(rc != EDVSRANGE && p != dc->caller && ep != SELF, rc);
	REQUIRE(!generation || is_there || (p->nr >= NR_SERVERS && generation > p->generation),
		EDVSENDPOINT);
	TRY(model_check_right(dc, RIGHT_BIND));
	return is_there ? DONE : model_begin_wait(dc, BINDS, ep);
}

int model_call_wait_unbind(struct model *dc)
{
	int ep = dc->call->ep;

	return model_find(dc, ep)->bound ? model_begin_wait(dc, UNBINDS, ep) : DONE;
}

/* The DC does not run any more. */
int model_call_end(struct model *dc)
{
	struct model_process *p;

	foreach (dc, processes, p)
		if (p->bound && (p->waits != RUNS || p->stopper != NONE)) {
			p->stopper = NONE;
			model_end_wait(dc, p, EDVSDCNOTRUN, 0);
		}
	return DONE;
}

/* ---- time and copies ---- */

static void expire(struct model *dc, struct model_process *p)
{
	int kind = p->wait.over, result = kind == DVK_EVENT_TIMEOUT ? EDVSTIMEDOUT : EDVSINTR;

	model_stop_waiting(p, p->wait.taken ? EDVSNOTREADY : result);
	EMIT(dc, kind, p->endpoint, p->wait.peer, p->result, p->wait.type, p->wait.call);
}

int model_call_timeout(struct model *dc)
{
	struct model_process *p = dc->caller;
	int waits = p->waits != RUNS, rc;

	REQUIRE(p->bound, EDVSNOTBIND);
	p->wait.over = dc->call->what == DO_cancel ? DVK_EVENT_CANCEL : DVK_EVENT_TIMEOUT;
	if (waits && p->copier == NONE) /* else it takes effect at the copy's end */
		expire(dc, p);
	rc = waits ? p->result : DONE;
	return p->copier == NONE && p->stopper == NONE ? rc : BLOCKED;
}

static int check_copy(struct model *dc, struct model_process *const party[2])
{
	struct model_process *caller = dc->caller;
	struct model_process *other = party[0] == caller ? party[1] : party[0];
	int i;

	REQUIRE(party[0] == caller || party[1] == caller || model_is_system(caller),
		EDVSPRIVILEGES);
	REQUIRE(dc->call->bytes <= DVK_COPY_MAX, EDVSRANGE);
	REQUIRE(other == caller || model_is_system(caller) || model_in_call_to(other, caller),
		EDVSPROCSTS);
	for (i = 0; i < 2; i++)
		REQUIRE(party[i]->copier == NONE, EDVSONCOPY);
	return 0;
}

int model_call_copy(struct model *dc)
{
	const struct call *c = dc->call;
	struct model_process *src = model_named(dc, c->ep), *dst = model_named(dc, c->dst_ep);

	TRY(model_check_peer(dc, c->ep, SELF_TOO, EDVSSRCDIED));
	TRY(model_check_peer(dc, c->dst_ep, SELF_TOO, EDVSDSTDIED));
	REQUIRE(src != dst || (c->ep == SELF && c->dst_ep == SELF), EDVSENDPOINT);
	TRY(model_check_right(dc, RIGHT_VCOPY));
	TRY(check_copy(dc, (struct model_process *const[]){ src, dst }));
	dc->copies[c->copy] = (struct model_copy){ dc->caller,
						   { src, dst },
						   { src->birth, dst->birth },
						   { src->endpoint, dst->endpoint } };
	if (!model_is_system(dc->caller)) /* a debugger leaves no mark */
		src->copier = dst->copier = dc->caller->nr;
	return DONE;
}

int model_call_copy_end(struct model *dc)
{
	const struct model_copy *copy = &dc->copies[dc->call->copy];
	struct model_process *const *party = copy->party;
	int i, alive[2], is_party = 0, result = dc->call->value;
	uint64_t call = 0;

	for (i = 1; i >= 0; i--) {
		alive[i] = party[i]->bound && party[i]->birth == copy->birth[i];
		is_party |= alive[i] && party[i] == copy->caller;
		result = alive[i] ? result : i ? EDVSDSTDIED : EDVSSRCDIED;
	}
	for (i = 0; i < 2 && alive[0] && alive[1]; i++)
		if (model_in_call_to(party[i], party[!i]))
			call = party[i]->wait.call;
	EMIT(dc, DVK_EVENT_COPY, copy->ep[0], copy->ep[1], result, (int)dc->call->bytes, call);
	for (i = 0; i < 2; i++) {
		if (!alive[i] || !is_party || party[i]->copier != copy->caller->nr)
			continue;
		party[i]->copier = NONE;
		if (party[i]->waits != RUNS && party[i]->wait.over)
			expire(dc, party[i]);
		if (party[i] != copy->caller)
			model_wake(dc, party[i], 0);
	}
	return result;
}
