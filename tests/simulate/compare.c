/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compare.c - what a call did: what it returned, who woke with what, which events it
 * left, and which numbers the engine gave.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "compare.h"
#include "event.h"

int compare_fail(struct simulation *sim, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(sim->failure, sizeof(sim->failure), format, list);
	va_end(list);
	return -1;
}

/* nr is the first field of both kinds of wakes. */
static int by_nr(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* What p was given: of who waited for a bind, whose it was; of a mere death, nothing. */
static int same_letter(const struct model_process *p, const message *m)
{
	if (p->wait.as == BINDS)
		return m->m_source == p->letter.m_source;
	return p->wait.as == RUNS || p->wait.as == UNBINDS || same_message(m, &p->letter);
}

/* Those who wake, and what they find. */
static int compare_wakes(struct simulation *sim)
{
	struct outcome *want = &sim->expected;
	struct test_wake *woken = sim->host.wakes;
	int i, count = sim->host.wake_count;

	if (count != want->wake_count)
		return compare_fail(sim, "%d wake, should be %d", count, want->wake_count);
	if (count > 1) {
		qsort(woken, count, sizeof(*woken), by_nr);
		qsort(want->wakes, count, sizeof(*want->wakes), by_nr);
	}
	for (i = 0; i < count; i++) {
		struct model_process *p = model_at(sim->model, want->wakes[i].nr);
		message m;

		EXPECT(sim, woken[i].nr, woken[i].nr, p->nr, "who wakes");
		EXPECT(sim, p->nr, woken[i].handover, want->wakes[i].handover, "handover");
		EXPECT(sim, p->nr, engine_result(&sim->dc, p->nr, &m), p->result, "its result");
		if (!p->result && !same_letter(p, &m))
			return compare_fail(sim, "slot %d: wakes with another message", p->nr);
	}
	return 0;
}

static int compare_events(struct simulation *sim, uint64_t first)
{
	const struct outcome *want = &sim->expected;
	uint64_t count = sim->dc.state->event_next - first;
	int i;

	if (count != (uint64_t)want->event_count)
		return compare_fail(sim, "%llu events, should be %d", (unsigned long long)count,
				    want->event_count);
	for (i = count > DVK_RECORDER_EVENTS ? (int)count - DVK_RECORDER_EVENTS : 0;
	     i < want->event_count; i++) {
		uint64_t sequence = first + (uint64_t)i;
		const struct dvk_event *is =
			&sim->dc.state->recorder[sequence % DVK_RECORDER_EVENTS];
		const struct event *should = &want->events[i];

		EXPECT(sim, i, is->sequence, sequence, "an event's sequence");
		EXPECT(sim, i, is->kind, should->kind, "an event's kind");
		EXPECT(sim, i, is->src_ep, should->src_ep, "an event's source");
		EXPECT(sim, i, is->dst_ep, should->dst_ep, "an event's destination");
		EXPECT(sim, i, is->result, should->result, "an event's result");
		EXPECT(sim, i, is->m_type, should->type, "an event's type");
		EXPECT(sim, i, is->call, drive_engine_call(sim, should->call), "an event's call");
		EXPECT(sim, i, is->time_ns, sim->model->now, "an event's time");
	}
	return 0;
}

static int note_id(struct simulation *sim, uint64_t model_id, uint64_t id, uint64_t *last)
{
	if (!model_id || sim->engine_id[model_id])
		return 0;
	if (id <= *last)
		return compare_fail(sim, "the number of a rule or of what is held came twice");
	sim->engine_id[model_id] = *last = id;
	return 0;
}

static int note_ids(struct simulation *sim)
{
	const struct model *model = sim->model;
	const struct dc_state *state = sim->dc.state;
	int i, rc = 0;

	if (!model->ids || sim->engine_id[model->ids])
		return 0;
	for (i = 0; i < model->rules_used && !rc; i++)
		rc = note_id(sim, model->rules[i].id, state->holds[i].id, &sim->last_hold);
	for (i = 0; i < model->held_used && !rc; i++)
		rc = note_id(sim, model->held[i].id, state->held[i].id, &sim->last_held);
	return rc;
}

/* A call or a process got its number: never one that was there before. */
static int note_numbers(struct simulation *sim, const struct call *c)
{
	const struct model_process *caller = model_at(sim->model, c->caller);
	struct model *model = sim->model;
	uint64_t number;

	if (c->what == DO_sendrec && caller->wait.call == model->calls && caller->waits != RUNS &&
	    !sim->engine_call[model->calls]) {
		number = dc_proc(&sim->dc, c->caller)->call;
		if (number <= sim->last_call)
			return compare_fail(sim, "a call's number came twice");
		sim->engine_call[model->calls] = sim->last_call = number;
	}
	if (c->what == DO_bind) {
		const struct model_process *p = model_find(model, sim->bound_ep);

		if (!p || p->birth != model->births)
			return compare_fail(sim, "bind gave another slot, endpoint %d",
					    sim->bound_ep);
		EXPECT(sim, p->nr, sim->bound_ep, p->endpoint, "the endpoint that bind gave");
		number = dc_rest(&sim->dc, p->nr)->incarnation;
		if (number <= sim->last_incarnation)
			return compare_fail(sim, "an incarnation came twice");
		sim->incarnations[p->nr + NR_TASKS] = sim->last_incarnation = number;
	}
	return 0;
}

static int compare_priv(struct simulation *sim, const struct call *c)
{
	const struct model_process *p = model_find(sim->model, c->ep == SELF ? c->caller : c->ep);
	const struct dvk_priv *is = &sim->got_priv;
	int nr;

	if (c->ep == SELF)
		p = model_at(sim->model, c->caller);
	EXPECT(sim, p->nr, is->level, p->rights.level, "its level");
	EXPECT(sim, p->nr, is->calls, p->rights.calls, "the calls it may make");
	for (nr = -NR_TASKS; nr < sim->dc.nr_procs; nr++) {
		int bit = nr + NR_TASKS, serves = p->rights.serves && nr < NR_SERVERS;

		EXPECT(sim, p->nr, is->targets[bit / 64] >> bit % 64 & 1,
		       serves || model_has(p->rights.targets, nr), "a target");
		EXPECT(sim, p->nr, is->sources[bit / 64] >> bit % 64 & 1,
		       model_has(p->rights.sources, nr), "a source");
	}
	return 0;
}

/* What the call gave its caller. */
static int compare_given(struct simulation *sim, const struct call *c)
{
	const struct model_process *p = model_find(sim->model, c->ep);

	switch ((int)c->what) {
	case DO_receive:
	case DO_rcvrqst:
	case DO_reply_receive:
		if (same_message(&sim->got, &model_at(sim->model, c->caller)->letter))
			return 0;
		return compare_fail(sim, "slot %d: received another message", c->caller);
	case DO_wait_bind:
		EXPECT(sim, p->nr, sim->got.m_source, p->endpoint, "who is bound");
		return 0;
	case DO_getpriv:
		return compare_priv(sim, c);
	}
	return 0;
}

int compare_outcome(struct simulation *sim, const struct call *c, int rc, uint64_t first_event)
{
	const struct outcome *want = &sim->expected;

	if (rc != want->rc)
		return compare_fail(sim, "it returned %d, should return %d", rc, want->rc);
	if (note_ids(sim) || (rc >= 0 && note_numbers(sim, c)))
		return -1;
	if (rc == DONE && compare_given(sim, c))
		return -1;
	return compare_wakes(sim) ? -1 : compare_events(sim, first_event);
}
