/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * program.c - what the simulated processes do next.
 *
 * A step first draws which call it is, then who makes it and with whom, mostly so
 * that it can succeed, now and then so that it cannot.
 */
#include <string.h>

#include "random.h"
#include "simulation.h"

/* Who draws: the state it sees, and its numbers. */
struct draw {
	const struct simulation *sim;
	uint64_t *random;
};

static int below(struct draw *d, int limit)
{
	return random_below(d->random, limit);
}

/* 1 in n */
static int one_in(struct draw *d, int n)
{
	return below(d, n) == 0;
}

static struct model_process *at(struct draw *d, int nr)
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

static struct model_process *anybody(struct draw *d)
{
	return at(d, program_slot(d->sim->config, below(d, actors(d->sim->config))));
}

/* By the host: its thread is not in the middle of a copy. */
static int may_act(struct draw *d, const struct model_process *p)
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
	struct model_process *p = anybody(d);
	int tries;

	for (tries = 0; tries < 12 && !may_act(d, p); tries++)
		p = anybody(d);
	return p;
}

static struct model_process *somebody_waiting(struct draw *d)
{
	struct model_process *p = anybody(d);
	int tries;

	for (tries = 0; tries < 8 && p->waits == RUNS; tries++)
		p = anybody(d);
	return p;
}

/* Whose call p has taken, if chance finds one. */
static struct model_process *client_of(struct draw *d, const struct model_process *p)
{
	struct model_process *client = model_find(d->sim->model, p->request.client_ep);
	int tries;

	if (client && one_in(d, 2))
		return client;
	for (tries = 0; tries < 20; tries++) {
		client = anybody(d);
		if (client->waits == IN_CALL && client->wait.peer == p->endpoint)
			break;
	}
	return client;
}

static struct model_process *peer_of(struct draw *d, const struct model_process *p)
{
	const struct configuration *config = d->sim->config;

	if (config->shape == STAR && !one_in(d, 4))
		return at(d, below(d, 2));
	if (config->shape == RING && !one_in(d, 4)) {
		int i = p->nr < 0            ? -1 - p->nr
			: p->nr < NR_SERVERS ? config->tasks + p->nr
					     : config->tasks + config->servers + p->nr - NR_SERVERS;

		return at(d, program_slot(config, (i + 1) % actors(config)));
	}
	return anybody(d);
}

/* Mostly p's endpoint; else one that is wrong in some way. */
static int endpoint_of(struct draw *d, const struct model_process *p)
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

	switch (below(d, 40)) {
	case 0:
		return wrong[below(d, sizeof(wrong) / sizeof(wrong[0]))];
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
	if (below(d, 100) < d->sim->config->for_ever)
		return FOR_EVER;
	return one_in(d, 5) ? 0 : d->sim->model->now + 1 + below(d, 1000);
}

static void fill_message(struct draw *d, message *m)
{
	uint64_t word = (uint64_t)random_next(d->random) << 32 | random_next(d->random);
	size_t i;

	for (i = 0; i < sizeof(m->words) / sizeof(m->words[0]); i++)
		m->words[i] = word * (i + 1);
	m->m_source = (int32_t)word;
	m->payload[0] = (unsigned char)below(d, 4); /* what the rules of debuggers ask for */
	m->m_type = one_in(d, 60) ? NOTIFY_MESSAGE : one_in(d, 30) ? -below(d, 99) : below(d, 99);
}

static int any_source(struct draw *d)
{
	return one_in(d, 2) ? ANY : endpoint_of(d, anybody(d));
}

/* ---- each call ---- */

static void choose_bind(struct draw *d, struct call *c)
{
	struct model_process *p = anybody(d);
	int tries;

	for (tries = 0; tries < 8 && p->bound; tries++)
		p = anybody(d);
	c->ep = one_in(d, 3) ? NONE : p->nr;
	if (one_in(d, 100))
		c->ep = d->sim->config->nr_procs + below(d, 2);
	c->member = below(d, 6);
	c->is_owner = !one_in(d, 8);
	c->is_system = one_in(d, 6);
	c->is_named = !one_in(d, 50);
}

/* Also who copies just now, whose copy then goes on without it. */
static void choose_unbind(struct draw *d, struct call *c)
{
	int copy = below(d, COPIES);

	c->ep = one_in(d, 3) ? SELF : endpoint_of(d, anybody(d));
	if (d->sim->copier_birth[copy] && one_in(d, 2))
		c->ep = at(d, d->sim->copier_nr[copy])->endpoint;
	c->value = below(d, 100);
}

static void choose_exit(struct draw *d, struct call *c)
{
	c->caller = anybody(d)->nr;
	c->value = EDVSSRCDIED;
}

static void choose_send(struct draw *d, struct call *c)
{
	c->ep = endpoint_of(d, peer_of(d, at(d, c->caller)));
}

static void choose_receive(struct draw *d, struct call *c)
{
	c->ep = any_source(d);
}

static void choose_sendrec(struct draw *d, struct call *c)
{
	c->ep = endpoint_of(d, peer_of(d, at(d, c->caller)));
}

static void choose_reply(struct draw *d, struct call *c)
{
	c->ep = endpoint_of(d, client_of(d, at(d, c->caller)));
}

/* With a handle that somebody had, mostly by who had it; or with a made-up one. */
static void choose_reply_to(struct draw *d, struct call *c)
{
	int kept = d->sim->handle_count < HANDLES ? d->sim->handle_count : HANDLES, i, tries;

	c->ep = endpoint_of(d, anybody(d));
	c->handle.call = one_in(d, 2) ? 0 : (uint64_t)1 << 40;
	for (tries = 0; kept && tries < 8; tries++) {
		i = below(d, kept);
		c->handle = d->sim->handles[i].handle;
		c->ep = c->handle.client_ep;
		if (!may_act(d, at(d, d->sim->handles[i].owner_nr)))
			continue;
		if (!one_in(d, 8))
			c->caller = d->sim->handles[i].owner_nr;
		break;
	}
	c->handle.client_ep = c->ep;
}

static void choose_reply_receive(struct draw *d, struct call *c)
{
	c->ep = one_in(d, 6) ? NONE : endpoint_of(d, client_of(d, at(d, c->caller)));
	c->src_ep = any_source(d);
}

static void choose_notify(struct draw *d, struct call *c)
{
	c->ep = endpoint_of(d, anybody(d));
	c->source = one_in(d, 3) ? anybody(d)->nr : c->caller;
	if (one_in(d, 60))
		c->source = one_in(d, 2) ? HARDWARE : d->sim->config->nr_procs;
	c->value = below(d, 34) - 1;
	if (one_in(d, 60))
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
	int other = endpoint_of(d, client_of(d, at(d, c->caller)));
	int self = one_in(d, 8) ? endpoint_of(d, anybody(d)) : SELF, swap = one_in(d, 2);

	c->copy = free_copy(d->sim);
	c->ep = swap ? self : other;
	c->dst_ep = swap ? other : self;
	if (one_in(d, 20))
		c->ep = c->dst_ep = SELF;
	c->bytes = one_in(d, 20) ? DVK_COPY_MAX + 1 : (uint32_t)below(d, 1000);
	if (c->copy < 0) { /* no room: something that needs none */
		c->what = DO_receive;
		c->ep = ANY;
		c->copy = 0;
	}
}

/* 1 when this copy can end now; one whose copier is no more is mostly late. */
static int may_end(struct draw *d, int copy)
{
	const struct model_process *p = at(d, d->sim->copier_nr[copy]);
	uint64_t birth = d->sim->copier_birth[copy];

	return birth && ((p->bound && p->birth == birth) || one_in(d, 20));
}

static void choose_copy_end(struct draw *d, struct call *c)
{
	int first = below(d, COPIES), i;

	for (i = 0; i < COPIES && !may_end(d, c->copy = (first + i) % COPIES); i++)
		;
	if (i == COPIES) { /* there is none */
		c->what = DO_copy;
		choose_copy(d, c);
		return;
	}
	c->caller = d->sim->copier_nr[c->copy];
	c->bytes = (uint32_t)below(d, 1000);
	c->value = one_in(d, 10) ? EDVSFAULT : 0;
}

static void choose_timeout(struct draw *d, struct call *c)
{
	c->caller = somebody_waiting(d)->nr;
}

static void choose_cancel(struct draw *d, struct call *c)
{
	c->caller = somebody_waiting(d)->nr;
}

static void choose_end(struct draw *d, struct call *c)
{
	(void)d;
	(void)c;
}

static void choose_rcvrqst(struct draw *d, struct call *c)
{
	(void)d;
	c->ep = ANY; /* of which a refusal speaks */
}

static void choose_relay(struct draw *d, struct call *c)
{
	c->m.m_source = endpoint_of(d, client_of(d, at(d, c->caller)));
	c->ep = endpoint_of(d, peer_of(d, at(d, c->caller)));
}

static void choose_wakeup(struct draw *d, struct call *c)
{
	c->ep = endpoint_of(d, one_in(d, 3) ? anybody(d) : somebody_waiting(d));
}

/* Also one that is still to come. */
static void choose_wait_bind(struct draw *d, struct call *c)
{
	struct model_process *p = anybody(d);

	c->ep = one_in(d, 2) ? p->nr : endpoint_of(d, p);
	if (one_in(d, 4) && p->nr >= NR_SERVERS && p->generation < GENERATION_MAX)
		c->ep = p->endpoint + GENERATION_SIZE;
}

static void choose_wait_unbind(struct draw *d, struct call *c)
{
	c->ep = endpoint_of(d, anybody(d));
}

/* Debuggers' calls are mostly made by who may make them. */
static void debugger_of(struct draw *d, struct call *c)
{
	struct model_process *p = at(d, c->caller);
	int tries;

	for (tries = 0; tries < 12; tries++, p = anybody(d))
		if (may_act(d, p) && p->rights.level >= DVK_LEVEL_SYSTEM) {
			c->caller = p->nr;
			return;
		}
}

static void choose_getpriv(struct draw *d, struct call *c)
{
	c->ep = one_in(d, 2) ? SELF : endpoint_of(d, anybody(d));
}

/* Mostly all that there is, or nearly so. */
static void choose_setpriv(struct draw *d, struct call *c)
{
	c->ep = one_in(d, 4) ? SELF : endpoint_of(d, anybody(d));
	c->rights.level = one_in(d, 30) ? below(d, 9) - 2 : below(d, DVK_LEVEL_SYSTEM + 1);
	c->rights.calls = one_in(d, 2) ? ~0u : ~(1u << below(d, 17));
	c->rights.targets = one_in(d, 2) ? ~0ull : ~(1ull << below(d, 64));
	c->rights.sources = one_in(d, 2) ? ~0ull : ~(1ull << below(d, 64));
	if (one_in(d, 40))
		c->rights = (struct rights){ 0 };
	if (one_in(d, 3))
		c->rights = (struct rights){ DVK_LEVEL_SYSTEM, ~0u, ~0ull, ~0ull, 0 };
	if (!one_in(d, 8))
		debugger_of(d, c);
}

static void choose_stop(struct draw *d, struct call *c)
{
	c->ep = endpoint_of(d, anybody(d));
	debugger_of(d, c);
}

/* Mostly one that is stopped. */
static void choose_cont(struct draw *d, struct call *c)
{
	struct model_process *p = anybody(d);
	int tries;

	for (tries = 0; tries < 20 && p->stopper == NONE; tries++)
		p = anybody(d);
	c->ep = endpoint_of(d, p);
	if (!one_in(d, 8))
		debugger_of(d, c);
}

static void choose_test(struct draw *d, struct dvk_test *test)
{
	static const int sizes[] = { 1, 1, 1, 2, 4, 8 };

	test->bytes = (uint8_t)(one_in(d, 40) ? below(d, 10) : sizes[below(d, 6)]);
	test->offset = (uint16_t)(one_in(d, 2) ? 0 : below(d, DVK_PAYLOAD_BYTES - 6));
	test->op = (uint8_t)below(d, DVK_TEST_COUNT + one_in(d, 20));
	test->value = test->bytes == 1 ? below(d, 4) : below(d, 1000) - 500;
}

static void choose_hold(struct draw *d, struct call *c)
{
	struct dvk_hold *rule = &c->rule;
	uint32_t i;

	debugger_of(d, c);
	rule->src_ep = one_in(d, 2) ? ANY : endpoint_of(d, anybody(d));
	rule->dst_ep = one_in(d, 2) ? ANY : endpoint_of(d, anybody(d));
	rule->m_type = one_in(d, 6) ? below(d, 99) : DVK_ANY_TYPE;
	rule->call_type = one_in(d, 6) ? below(d, 99) : DVK_ANY_TYPE;
	rule->kinds = one_in(d, 30) ? (uint32_t)below(d, 64) : 2u * (uint32_t)below(d, 16);
	if (one_in(d, 8))
		rule->m_type = NOTIFY_MESSAGE;
	rule->test_count = one_in(d, 2) ? 0 : 1 + (uint32_t)below(d, 2);
	if (one_in(d, 50))
		rule->test_count = 5;
	for (i = 0; i < rule->test_count && i < DVK_HOLD_TESTS; i++)
		choose_test(d, &rule->tests[i]);
}

static void choose_unhold(struct draw *d, struct call *c)
{
	const struct model *model = d->sim->model;
	int place = below(d, model->rules_used + 1);

	debugger_of(d, c);
	if (place < model->rules_used && !one_in(d, 6))
		c->id = model->rules[place].id;
	else if (!one_in(d, 3))
		c->id = 1ull << 30;
}

static void choose_held_act(struct draw *d, struct call *c)
{
	const struct model *model = d->sim->model;
	int place = 0, tries;

	debugger_of(d, c);
	c->act = (enum act)below(d, ACTS);
	c->value = one_in(d, 20) ? below(d, 2) : EDVSINTR;
	for (tries = 0; tries < 6 && model->held_used && !c->id; tries++) {
		place = below(d, model->held_used);
		c->id = model->held[place].id;
	}
	if (!c->id && one_in(d, 2))
		c->id = 1ull << 30;
}

static void choose_register_table(struct draw *d, struct call *c)
{
	struct dvk_table *table = &c->table;

	table->address = one_in(d, 20) ? 0 : 1 + (uint64_t)below(d, 1000);
	table->rows = one_in(d, 20) ? 0 : 1 + (uint32_t)below(d, 100);
	table->row_bytes = one_in(d, 20) ? 0 : 8;
	if (one_in(d, 30))
		memset(table->type, one_in(d, 2) ? 'x' : 0, sizeof(table->type));
	else
		table->type[0] = (char)('a' + below(d, 24));
}

static enum simulated_call any_call(struct draw *d)
{
	const int *weights = d->sim->config->weights;
	int what, sum = 0, rest;

	for (what = 0; what < SIMULATED_CALL_COUNT; what++)
		sum += weights[what];
	rest = below(d, sum);
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
	ret->is_stopped = one_in(&d, 300);
	/* Who waits makes no call, but for a program's error: time goes on instead. */
	if (!may_act(&d, p) && ret->what != DO_bind && !one_in(&d, 20))
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
