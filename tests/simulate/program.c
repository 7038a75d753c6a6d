/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * program.c - what the simulated processes do next.
 *
 * A step first draws which call it is, then who makes it and with whom, mostly so
 * that it can succeed, now and then so that it cannot.
 */
#include <string.h>

#include "program.h"
#include "random.h"

int draw_below(struct draw *d, int limit)
{
	return random_below(d->random, limit);
}

/* 1 in n */
int draw_one_in(struct draw *d, int n)
{
	return draw_below(d, n) == 0;
}

struct model_process *draw_at(struct draw *d, int nr)
{
	return model_at(d->sim->model, nr);
}

/* ---- who ---- */

static int actors(const struct configuration *config)
{
	return config->tasks + config->servers + config->users;
}

int program_slot(const struct configuration *config, int i)
{
	if (i < config->tasks)
		return -1 - i; /* HARDWARE's, SYSTASK's, and on */
	i -= config->tasks;
	return i < config->servers ? i : NR_SERVERS + i - config->servers;
}

struct model_process *draw_anybody(struct draw *d)
{
	return draw_at(d, program_slot(d->sim->config, draw_below(d, actors(d->sim->config))));
}

/* By the host: its thread is not in the middle of a copy. */
int draw_may_act(struct draw *d, const struct model_process *p)
{
	int i;

	for (i = 0; i < COPIES; i++)
		if (d->sim->copier_birth[i] == p->birth && d->sim->copier_nr[i] == p->nr)
			return 0;
	return p->bound && p->waits == RUNS && p->copier == NONE && p->stopper == NONE;
}

/* Mostly one who can act. */
static struct model_process *somebody_running(struct draw *d)
{
	struct model_process *p = draw_anybody(d);
	int tries;

	for (tries = 0; tries < 12 && !draw_may_act(d, p); tries++)
		p = draw_anybody(d);
	return p;
}

struct model_process *draw_somebody_waiting(struct draw *d)
{
	struct model_process *p = draw_anybody(d);
	int tries;

	for (tries = 0; tries < 8 && p->waits == RUNS; tries++)
		p = draw_anybody(d);
	return p;
}

/* Whose call p has taken, if chance finds one. */
struct model_process *draw_client_of(struct draw *d, const struct model_process *p)
{
	struct model_process *client = model_find(d->sim->model, p->request.client_ep);
	int tries;

	if (client && draw_one_in(d, 2))
		return client;
	for (tries = 0; tries < 20; tries++) {
		client = draw_anybody(d);
		if (client->waits == IN_CALL && client->wait.peer == p->endpoint)
			break;
	}
	return client;
}

struct model_process *draw_peer_of(struct draw *d, const struct model_process *p)
{
	const struct configuration *config = d->sim->config;

	if (config->shape == STAR && !draw_one_in(d, 4))
		return draw_at(d, draw_below(d, 2));
	if (config->shape == RING && !draw_one_in(d, 4)) {
		int i = p->nr < 0            ? -1 - p->nr
			: p->nr < NR_SERVERS ? config->tasks + p->nr
					     : config->tasks + config->servers + p->nr - NR_SERVERS;

		return draw_at(d, program_slot(config, (i + 1) % actors(config)));
	}
	return draw_anybody(d);
}

/* Mostly p's endpoint; else one that is wrong in some way. */
int draw_endpoint_of(struct draw *d, const struct model_process *p)
{
	static const int wrong[] = { ANY,
				     NONE,
				     SELF,
				     -NR_TASKS - 1,
				     INT32_MIN,
				     INT32_MAX,
				     -NR_TASKS - GENERATION_SIZE,
				     NR_PROCS_MAX,
				     -300 };

	switch (draw_below(d, 40)) {
	case 0:
		return wrong[draw_below(d, sizeof(wrong) / sizeof(wrong[0]))];
	case 1:
		return p->endpoint - GENERATION_SIZE * (p->generation > 0);
	case 2:
		return p->generation < GENERATION_MAX ? p->endpoint + GENERATION_SIZE : p->nr;
	default:
		return p->endpoint;
	}
}

/* ---- with what ---- */

static int64_t any_deadline(struct draw *d)
{
	if (draw_below(d, 100) < d->sim->config->for_ever)
		return FOR_EVER;
	return draw_one_in(d, 5) ? 0 : d->sim->model->now + 1 + draw_below(d, 1000);
}

static void fill_message(struct draw *d, message *m)
{
	uint64_t word = (uint64_t)random_next(d->random) << 32 | random_next(d->random);
	size_t i;

	for (i = 0; i < sizeof(m->words) / sizeof(m->words[0]); i++)
		m->words[i] = word * (i + 1);
	m->m_source = (int32_t)word;
	m->payload[0] = (unsigned char)draw_below(d, 4); /* what the rules of debuggers ask for */
	m->m_type = draw_one_in(d, 60)   ? NOTIFY_MESSAGE
		    : draw_one_in(d, 30) ? -draw_below(d, 99)
					 : draw_below(d, 99);
}

static int any_source(struct draw *d)
{
	return draw_one_in(d, 2) ? ANY : draw_endpoint_of(d, draw_anybody(d));
}

/* ---- each call ---- */

static void choose_bind(struct draw *d, struct call *c)
{
	struct model_process *p = draw_anybody(d);
	int tries;

	for (tries = 0; tries < 8 && p->bound; tries++)
		p = draw_anybody(d);
	c->ep = draw_one_in(d, 3) ? NONE : p->nr;
	if (draw_one_in(d, 100))
		c->ep = d->sim->config->nr_procs + draw_below(d, 2);
	c->member = draw_below(d, 6);
	c->is_owner = !draw_one_in(d, 8);
	c->is_system = draw_one_in(d, 6);
	c->is_named = !draw_one_in(d, 50);
}

/* Also who copies just now, whose copy then goes on without it. */
static void choose_unbind(struct draw *d, struct call *c)
{
	int copy = draw_below(d, COPIES);

	c->ep = draw_one_in(d, 3) ? SELF : draw_endpoint_of(d, draw_anybody(d));
	if (d->sim->copier_birth[copy] && draw_one_in(d, 2))
		c->ep = draw_at(d, d->sim->copier_nr[copy])->endpoint;
	c->value = draw_below(d, 100);
}

static void choose_exit(struct draw *d, struct call *c)
{
	c->caller = draw_anybody(d)->nr;
	c->value = EDVSSRCDIED;
}

static void choose_send(struct draw *d, struct call *c)
{
	c->ep = draw_endpoint_of(d, draw_peer_of(d, draw_at(d, c->caller)));
}

static void choose_receive(struct draw *d, struct call *c)
{
	c->ep = any_source(d);
}

static void choose_sendrec(struct draw *d, struct call *c)
{
	c->ep = draw_endpoint_of(d, draw_peer_of(d, draw_at(d, c->caller)));
}

static void choose_reply(struct draw *d, struct call *c)
{
	c->ep = draw_endpoint_of(d, draw_client_of(d, draw_at(d, c->caller)));
}

/* With a handle that somebody had, mostly by who had it; or with a made-up one. */
static void choose_reply_to(struct draw *d, struct call *c)
{
	int kept = d->sim->handle_count < HANDLES ? d->sim->handle_count : HANDLES, i, tries;

	c->ep = draw_endpoint_of(d, draw_anybody(d));
	c->handle.call = draw_one_in(d, 2) ? 0 : (uint64_t)1 << 40;
	for (tries = 0; kept && tries < 8; tries++) {
		i = draw_below(d, kept);
		c->handle = d->sim->handles[i].handle;
		c->ep = c->handle.client_ep;
		if (!draw_may_act(d, draw_at(d, d->sim->handles[i].owner_nr)))
			continue;
		if (!draw_one_in(d, 8))
			c->caller = d->sim->handles[i].owner_nr;
		break;
	}
	c->handle.client_ep = c->ep;
}

static void choose_reply_receive(struct draw *d, struct call *c)
{
	c->ep = draw_one_in(d, 6) ? NONE
				  : draw_endpoint_of(d, draw_client_of(d, draw_at(d, c->caller)));
	c->src_ep = any_source(d);
}

static void choose_notify(struct draw *d, struct call *c)
{
	c->ep = draw_endpoint_of(d, draw_anybody(d));
	c->source = draw_one_in(d, 3) ? draw_anybody(d)->nr : c->caller;
	if (draw_one_in(d, 60))
		c->source = draw_one_in(d, 2) ? HARDWARE : d->sim->config->nr_procs;
	c->value = draw_below(d, 34) - 1;
	if (draw_one_in(d, 60))
		c->value = -2;
}

static int free_copy(const struct simulation *sim)
{
	int i;

	for (i = 0; i < COPIES; i++)
		if (!sim->copier_birth[i])
			return i;
	return -1;
}

static void choose_copy(struct draw *d, struct call *c)
{
	int other = draw_endpoint_of(d, draw_client_of(d, draw_at(d, c->caller)));
	int self = draw_one_in(d, 8) ? draw_endpoint_of(d, draw_anybody(d)) : SELF,
	    swap = draw_one_in(d, 2);

	c->copy = free_copy(d->sim);
	c->ep = swap ? self : other;
	c->dst_ep = swap ? other : self;
	if (draw_one_in(d, 20))
		c->ep = c->dst_ep = SELF;
	c->bytes = draw_one_in(d, 20) ? DVK_COPY_MAX + 1 : (uint32_t)draw_below(d, 1000);
	if (c->copy < 0) { /* no room: something that needs none */
		c->what = DO_receive;
		c->ep = ANY;
		c->copy = 0;
	}
}

/* 1 when this copy can end now; one whose copier is no more is mostly late. */
static int may_end(struct draw *d, int copy)
{
	const struct model_process *p = draw_at(d, d->sim->copier_nr[copy]);
	uint64_t birth = d->sim->copier_birth[copy];

	return birth && ((p->bound && p->birth == birth) || draw_one_in(d, 20));
}

static void choose_copy_end(struct draw *d, struct call *c)
{
	int first = draw_below(d, COPIES), i;

	for (i = 0; i < COPIES && !may_end(d, c->copy = (first + i) % COPIES); i++)
		;
	if (i == COPIES) { /* there is none */
		c->what = DO_copy;
		choose_copy(d, c);
		return;
	}
	c->caller = d->sim->copier_nr[c->copy];
	c->bytes = (uint32_t)draw_below(d, 1000);
	c->value = draw_one_in(d, 10) ? EDVSFAULT : 0;
}

static void choose_timeout(struct draw *d, struct call *c)
{
	c->caller = draw_somebody_waiting(d)->nr;
}

static void choose_cancel(struct draw *d, struct call *c)
{
	c->caller = draw_somebody_waiting(d)->nr;
}

static void choose_end(struct draw *d, struct call *c)
{
	(void)d;
	(void)c;
}

static enum simulated_call any_call(struct draw *d)
{
	const int *weights = d->sim->config->weights;
	int what, sum = 0, rest;

	for (what = 0; what < SIMULATED_CALL_COUNT; what++)
		sum += weights[what];
	rest = draw_below(d, sum);
	for (what = 0; rest >= weights[what]; what++)
		rest -= weights[what];
	return what;
}

void program_draw(const struct simulation *sim, uint64_t *random, struct call *ret)
{
	static void (*const choose[])(struct draw * d, struct call * c) = {
#define SIMULATED_CALL(word) choose_##word,
		SIMULATED_CALLS(SIMULATED_CALL)
#undef SIMULATED_CALL
	};
	struct draw d = { sim, random };
	struct model_process *p = somebody_running(&d);

	memset(ret, 0, sizeof(*ret));
	ret->what = any_call(&d);
	ret->is_stopped = draw_one_in(&d, 300);
	/* Who waits makes no call, but for a program's error: time goes on instead. */
	if (!draw_may_act(&d, p) && ret->what != DO_bind && !draw_one_in(&d, 20))
		ret->what = p->bound ? DO_timeout : DO_bind;
	ret->caller = p->nr;
	ret->deadline = any_deadline(&d);
	fill_message(&d, &ret->m);
	choose[ret->what](&d, ret);
}

void program_describe(const struct call *c, FILE *out)
{
	static const char *const words[] = {
#define SIMULATED_CALL(word) #word,
		SIMULATED_CALLS(SIMULATED_CALL)
#undef SIMULATED_CALL
	};

	fprintf(out, "%s by %d: ep %d src %d dst %d source %d value %d", words[c->what], c->caller,
		c->ep, c->src_ep, c->dst_ep, c->source, c->value);
	if (c->what == DO_held_act || c->what == DO_unhold)
		fprintf(out, " act %d id %llu", c->act, (unsigned long long)c->id);
	if (c->deadline != FOR_EVER)
		fprintf(out, " until %lld", (long long)c->deadline);
}
