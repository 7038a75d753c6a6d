/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * simulation.c - one step: the engine, the model, and what they must agree on.
 *
 * Now and then a step is cut at a word that it logs, as by a kill: it is rolled
 * back, everything must be as before, and who made the call is dead.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "simulation.h"

/* Where a signal of the engine's own (a failed assertion, a bad access) goes on. */
static jmp_buf *landing;

static void land(int signal)
{
	longjmp(*landing, signal);
}

int simulation_init(struct simulation *sim)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
	struct sigaction action = { .sa_handler = land, .sa_flags = SA_NODEFER };
	size_t i;

	memset(sim, 0, sizeof(*sim));
	sim->memory = aligned_alloc(64, (dc_bytes(NR_PROCS_MAX) + 63) & ~(size_t)63);
	sim->model = malloc(sizeof(*sim->model));
	sim->engine_call = malloc((STEPS_MAX + 1) * sizeof(*sim->engine_call));
	sim->engine_id = malloc((2 * STEPS_MAX + 1) * sizeof(*sim->engine_id));
	sim->pristine = malloc(SLOTS_MAX * sizeof(*sim->pristine));
	sim->drawn = malloc(STEPS_MAX * sizeof(*sim->drawn));
	if (!sim->memory || !sim->model || !sim->engine_call || !sim->engine_id || !sim->pristine ||
	    !sim->drawn) {
		simulation_deinit(sim);
		return EDVSNOMEM;
	}
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
	landing = &sim->host.cut;
	return 0;
}

void simulation_deinit(struct simulation *sim)
{
	free(sim->memory);
	free(sim->model);
	free(sim->engine_call);
	free(sim->engine_id);
	free(sim->pristine);
	free(sim->drawn);
}

/* As if all user slots had been bound so often before. */
static void set_generations(struct simulation *sim, int generation)
{
	int nr;

	for (nr = NR_SERVERS; nr < sim->dc.nr_procs; nr++) {
		dc_rest(&sim->dc, nr)->generation = generation;
		dc_proc(&sim->dc, nr)->endpoint = dvk_endpoint(generation, nr);
	}
}

static const struct configuration *configuration_of(uint64_t seed)
{
	int i, in_turn = 0;

	for (i = 0; i < configuration_count; i++) {
		int rare = configurations[i].rare;

		if (rare && seed % rare == (uint64_t)rare / 2)
			return &configurations[i];
		in_turn += !rare;
	}
	return &configurations[seed % in_turn];
}

void simulation_begin(struct simulation *sim, uint64_t seed)
{
	const struct configuration *config = configuration_of(seed);
	uint64_t tables = sizeof(struct dc_state);

	sim->config = config;
	sim->seed = seed;
	memset(sim->memory, 0, offsetof(struct dc_state, ring));
	memset((char *)sim->memory + tables, 0, dc_bytes(config->nr_procs) - tables);
	(void)dc_init(&sim->dc, sim->memory, 0, config->nr_procs);
	sim->dc.host = &sim->host;
	sim->dc.state->strict = config->strict;
	sim->dc.state->recorder_on = 1;
	set_generations(sim, config->generation);
	memcpy(sim->pristine, sim->dc.procs, sim->dc.nr_slots * sizeof(*sim->pristine));
	model_init(sim->model, config->nr_procs, config->strict, config->generation);
	memset(sim->engine_call, 0, (STEPS_MAX + 1) * sizeof(*sim->engine_call));
	memset(sim->engine_id, 0, (2 * STEPS_MAX + 1) * sizeof(*sim->engine_id));
	memset(sim->copier_birth, 0, sizeof(sim->copier_birth));
	sim->last_call = sim->last_incarnation = sim->last_hold = sim->last_held = 0;
	sim->handle_count = 0;
	sim->failure[0] = 0;
}

/* The dead one's own thread makes no more calls; a copy that others ended goes on. */
static void note_copies(struct simulation *sim, const struct call *c, int rc)
{
	int i;

	if (c->what == DO_copy && !rc) {
		sim->copier_nr[c->copy] = c->caller;
		sim->copier_birth[c->copy] = model_at(sim->model, c->caller)->birth;
	}
	if (c->what == DO_copy_end)
		sim->copier_birth[c->copy] = 0;
	for (i = 0; c->what == DO_exit && i < COPIES; i++)
		if (sim->copier_nr[i] == c->caller &&
		    sim->copier_birth[i] == model_at(sim->model, c->caller)->birth)
			sim->copier_birth[i] = 0;
}

static void note_handle(struct simulation *sim, int nr)
{
	const struct handle *handle = &model_at(sim->model, nr)->request;
	int place = sim->handle_count % HANDLES;

	if (!handle->call || handle->client_ep == REQUEST_LOST)
		return;
	sim->handles[place].owner_nr = nr;
	sim->handles[place].handle = *handle;
	sim->handle_count++;
}

static void note_handles(struct simulation *sim, const struct call *c, int rc)
{
	const struct outcome *did = &sim->expected;
	int i;

	if (rc == DONE &&
	    (c->what == DO_receive || c->what == DO_reply_receive || c->what == DO_rcvrqst))
		note_handle(sim, c->caller);
	for (i = 0; i < did->wake_count; i++)
		note_handle(sim, did->wakes[i].nr);
}

static void begin_step(struct simulation *sim, const struct call *call)
{
	struct dc_state *state = sim->dc.state;

	sim->host.wake_count = sim->host.stop_count = 0;
	sim->host.saves = 0;
	sim->host.cut_at = (unsigned int)call->cut_at;
	sim->model->now = ++state->now;
	sim->model->wall_ns = sim->host.wall_ns = state->now * 1000000007;
	sim->model->running = state->running = !call->is_stopped;
	sim->was_cut = 0;
}

/* 0 and both have done it; 1: it was cut and rolled back; -1: they disagree. */
static int perform(struct simulation *sim, const struct call *call)
{
	uint64_t first_event = sim->dc.state->event_next;
	int rc, landed;

	begin_step(sim, call);
	landed = _setjmp(sim->host.cut);
	if (landed > 1) {
		snprintf(sim->failure, sizeof(sim->failure), "it ended by signal %d", landed);
		return -1;
	}
	if (landed) {
		undo_rollback(sim->dc.state, dc_bytes(sim->dc.nr_procs));
		sim->was_cut = 1;
		sim->expected.event_count = sim->expected.wake_count = 0;
		if (sim->dc.state->event_next == first_event)
			return compare_state(sim, call->caller) ? -1 : 1;
		snprintf(sim->failure, sizeof(sim->failure), "an event of what was cut");
		return -1;
	}
	rc = drive(sim, call);
	sim->host.cut_at = 0;
	sim->dc.state->undo_count = 0;
	sim->dc.state->transitions++;
	model_do(sim->model, call, &sim->expected);
	if (compare_outcome(sim, call, rc, first_event) || compare_state(sim, NONE))
		return -1;
	note_copies(sim, call, rc);
	note_handles(sim, call, rc);
	return 0;
}

/* The cut killed the thread that made the call. */
static int mourn(struct simulation *sim, const struct call *cut)
{
	struct call end = { .what = DO_exit, .caller = cut->caller, .value = EDVSSRCDIED };
	const struct model_process *p = model_at(sim->model, cut->caller);

	if (cut->what == DO_bind || !p->bound)
		return 0;
	if (cut->what == DO_copy_end) {
		uint64_t birth = sim->copier_birth[cut->copy];

		sim->copier_birth[cut->copy] = 0;
		if (birth != p->birth)
			return 0;
	}
	return perform(sim, &end);
}

static int make(struct simulation *sim, const struct call *call)
{
	int rc = perform(sim, call);

	sim->steps_made++;
	return rc == 1 ? mourn(sim, call) : rc;
}

static struct reference refer(struct simulation *sim, int ep)
{
	const struct model_process *p = model_find(sim->model, ep);

	if (!p || ep == SELF || ep == ANY || ep == NONE)
		return (struct reference){ NONE, ep };
	return (struct reference){ p->nr, ep - p->endpoint };
}

static int dereference(struct simulation *sim, struct reference to)
{
	return to.nr == NONE ? to.offset : model_at(sim->model, to.nr)->endpoint + to.offset;
}

/* In which place the rule or the held message of this number is, or -1. */
static int place_of(const struct model *model, const struct call *call)
{
	int i;

	for (i = 0; call->id && call->what == DO_unhold && i < model->rules_used; i++)
		if (model->rules[i].id == call->id)
			return i;
	for (i = 0; call->id && call->what == DO_held_act && i < model->held_used; i++)
		if (model->held[i].id == call->id)
			return i;
	return -1;
}

static void keep(struct simulation *sim, uint32_t n, const struct call *call)
{
	const struct model_process *client = model_find(sim->model, call->handle.client_ep);
	struct drawn *drawn = &sim->drawn[n];

	drawn->call = *call;
	drawn->ep = refer(sim, call->ep);
	if (call->what == DO_bind || (call->what == DO_wait_bind && model_at(sim->model, call->ep)))
		drawn->ep = (struct reference){ NONE, call->ep };
	drawn->src_ep = refer(sim, call->src_ep);
	drawn->dst_ep = refer(sim, call->dst_ep);
	drawn->client = refer(sim, call->m.m_source);
	drawn->rule_src = refer(sim, call->rule.src_ep);
	drawn->rule_dst = refer(sim, call->rule.dst_ep);
	drawn->call_offset = client ? (int64_t)(call->handle.call - client->wait.call) : 0;
	drawn->place = place_of(sim->model, call);
}

static void recall_handle(struct simulation *sim, const struct drawn *drawn, struct call *ret)
{
	const struct model_process *client = model_find(sim->model, ret->ep);

	ret->handle.client_ep = ret->ep;
	/* Of a duplicate: it may be that there has been none, without the steps between. */
	if (ret->handle.call == COPY_CALL)
		ret->handle.call = sim->dc.state->holding & HOLDING_COPIES ? COPY_CALL : 0;
	else if (client && (int64_t)client->wait.call + drawn->call_offset >= 0)
		ret->handle.call = client->wait.call + (uint64_t)drawn->call_offset;
}

static void recall(struct simulation *sim, const struct drawn *drawn, struct call *ret)
{
	*ret = drawn->call;
	ret->ep = dereference(sim, drawn->ep);
	ret->src_ep = dereference(sim, drawn->src_ep);
	ret->dst_ep = dereference(sim, drawn->dst_ep);
	ret->m.m_source = dereference(sim, drawn->client);
	ret->rule.src_ep = dereference(sim, drawn->rule_src);
	ret->rule.dst_ep = dereference(sim, drawn->rule_dst);
	if (drawn->place >= 0)
		ret->id = ret->what == DO_unhold ? sim->model->rules[drawn->place].id
						 : sim->model->held[drawn->place].id;
	if (ret->what == DO_reply_to)
		recall_handle(sim, drawn, ret);
}

/* Numbers of step n alone. */
static uint64_t numbers_of(uint64_t seed, uint32_t n)
{
	uint64_t z = (seed << 32 | n) + 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return (z ^ (z >> 31)) | 1;
}

int simulation_step(struct simulation *sim, uint32_t n)
{
	uint64_t random = numbers_of(sim->seed, n);
	int cut_every = sim->config->cut_every;
	struct call call;

	program_draw(sim, &random, &call);
	if (cut_every && random_below(&random, cut_every) == 0)
		call.cut_at = 1 + random_below(&random, random_below(&random, 4) ? 6 : 60);
	if (call.cut_at &&
	    call.what == DO_setpriv) /* which saves a word for each 64 slots, twice */
		call.cut_at = 1 + random_below(&random, 2 * DVK_SLOT_WORDS + 4);
	keep(sim, n, &call);
	return make(sim, &call);
}

int simulation_replay(struct simulation *sim, uint32_t n, FILE *out)
{
	int rc, copy = sim->drawn[n].call.copy, what = sim->drawn[n].call.what;
	struct call call;

	/* Without the steps between, the copy may not be there to end, or be there already. */
	if ((what == DO_copy_end && !sim->copier_birth[copy]) ||
	    (what == DO_copy && sim->copier_birth[copy]))
		return 0;
	recall(sim, &sim->drawn[n], &call);
	if (what == DO_copy_end)
		call.caller = sim->copier_nr[copy];
	rc = make(sim, &call);
	if (!out)
		return rc;
	fprintf(out, "  %6u  ", n);
	program_describe(&call, out);
	fprintf(out, sim->was_cut ? "  (cut)\n" : " = %d\n", sim->expected.rc);
	return rc;
}
