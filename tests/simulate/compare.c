/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compare.c - after each step: what the call did, and every slot of the engine's
 * table, must be as the model has it; and the table's links, lists and counts must
 * be sound in themselves.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "simulation.h"

static int fail(struct simulation *sim, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(sim->failure, sizeof(sim->failure), format, list);
	va_end(list);
	return -1;
}

/* What is compared, as numbers; the words say what it is. */
#define EXPECT(sim, nr, is, should, what)                                                      \
	do {                                                                                   \
		long long is_ = (long long)(is), should_ = (long long)(should);                \
                                                                                               \
		if (__builtin_expect(is_ != should_, 0))                                       \
			return fail(sim, "slot %d: %s is %lld, should be %lld", nr, what, is_, \
				    should_);                                                  \
	} while (0)

/* ---- what the call did ---- */

/* nr is the first field of both kinds of wakes. */
static int by_nr(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static int same_message(const message *a, const message *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* Those who wake, and what they find. */
static int compare_wakes(struct simulation *sim)
{
	struct outcome *want = &sim->expected;
	struct test_wake *woken = sim->host.wakes;
	int i, count = sim->host.wake_count;

	if (count != want->wake_count)
		return fail(sim, "%d wake, should be %d", count, want->wake_count);
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
		if (!p->result && !same_message(&m, &p->letter))
			return fail(sim, "slot %d: wakes with another message", p->nr);
	}
	return 0;
}

static int compare_events(struct simulation *sim, uint64_t first)
{
	const struct outcome *want = &sim->expected;
	uint64_t count = sim->dc.state->event_next - first;
	int i;

	if (count != (uint64_t)want->event_count)
		return fail(sim, "%llu events, should be %d", (unsigned long long)count,
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
			return fail(sim, "a call's number came twice");
		sim->engine_call[model->calls] = sim->last_call = number;
	}
	if (c->what == DO_bind) {
		const struct model_process *p = model_find(model, sim->bound_ep);

		if (!p || p->birth != model->births)
			return fail(sim, "bind gave another slot, endpoint %d", sim->bound_ep);
		EXPECT(sim, p->nr, sim->bound_ep, p->endpoint, "the endpoint that bind gave");
		number = dc_rest(&sim->dc, p->nr)->incarnation;
		if (number <= sim->last_incarnation)
			return fail(sim, "an incarnation came twice");
		sim->incarnations[p->nr + NR_TASKS] = sim->last_incarnation = number;
	}
	return 0;
}

int compare_outcome(struct simulation *sim, const struct call *c, int rc, uint64_t first_event)
{
	const struct outcome *want = &sim->expected;
	int receives = c->what == DO_receive || c->what == DO_reply_receive;

	if (rc != want->rc)
		return fail(sim, "it returned %d, should return %d", rc, want->rc);
	if (rc >= 0 && note_numbers(sim, c))
		return -1;
	if (receives && rc == DONE && !same_message(&sim->got, &want->m))
		return fail(sim, "slot %d: received another message", c->caller);
	return compare_wakes(sim) ? -1 : compare_events(sim, first_event);
}

/* ---- the state ---- */

static uint32_t rts_of(const struct model_process *p)
{
	static const uint32_t waits[] = { [RUNS] = 0,
					  [SENDS] = DVK_RTS_SENDING,
					  [CALLS] = DVK_RTS_SENDING,
					  [IN_CALL] = DVK_RTS_RECEIVING,
					  [RECEIVES] = DVK_RTS_RECEIVING };

	if (!p->bound)
		return DVK_RTS_SLOT_FREE;
	return waits[p->waits] | (p->copier == NONE ? 0 : DVK_RTS_ONCOPY);
}

static int compare_wait(struct simulation *sim, const struct model_process *p)
{
	static const int states[] = {
		[CALLS] = CALL_QUEUED, [IN_CALL] = CALL_TAKEN, [RECEIVES] = 0
	};
	const struct proc *is = dc_proc(&sim->dc, p->nr);
	int64_t deadline = p->wait.time_is_up ? 0 : p->wait.deadline;

	if (p->waits == RUNS) {
		EXPECT(sim, p->nr, is->result, p->result, "the result of its last wait");
		return 0;
	}
	EXPECT(sim, p->nr, is->getfrom_ep, p->wait.peer, "whom it waits for");
	EXPECT(sim, p->nr, is->call, drive_engine_call(sim, p->wait.call), "its call");
	EXPECT(sim, p->nr, is->call_state, states[p->waits], "its call's state");
	EXPECT(sim, p->nr, is->call_type, p->wait.type, "its request's type");
	EXPECT(sim, p->nr, is->deadline_ns, deadline, "its deadline");
	EXPECT(sim, p->nr, is->wait_since, p->wait.since, "the beginning of its wait");
	if (is->rts & DVK_RTS_SENDING) {
		EXPECT(sim, p->nr, is->sendto_ep, p->wait.peer, "whom it sends to");
		if (!same_message(&is->letter, &p->letter))
			return fail(sim, "slot %d: sends another message", p->nr);
	}
	return 0;
}

static int compare_pending(struct simulation *sim, const struct model_process *p)
{
	static const uint32_t nothing[NR_SOURCES];
	const struct proc *is = dc_proc(&sim->dc, p->nr);
	const struct proc_rest *rest = dc_rest(&sim->dc, p->nr);
	int bit;

	if (!(is->notify_pending[0] | is->notify_pending[1]) &&
	    !memcmp(p->counts - NR_TASKS, nothing, sizeof(nothing)))
		return 0;
	for (bit = 0; bit < NR_SOURCES; bit++) {
		uint32_t count = p->counts[bit - NR_TASKS];

		EXPECT(sim, p->nr, is->notify_pending[bit / 64] >> (bit % 64) & 1, count > 0,
		       "a pending bit");
		if (!count)
			continue;
		EXPECT(sim, p->nr, rest->notify_merged[bit], count, "notifications merged");
		EXPECT(sim, p->nr, rest->notify_values[bit], p->maps[bit - NR_TASKS],
		       "a notification's values");
	}
	return 0;
}

/* Its queue, oldest first: those who are SENDING to it. Returns how many, or -1. */
static int check_queue(struct simulation *sim, const struct model_process *p)
{
	const struct proc *dst = dc_proc(&sim->dc, p->nr);
	int nr, prev = NONE, length = 0;
	uint64_t place = 0;

	for (nr = dst->queue_head; nr != NONE; nr = dc_proc(&sim->dc, nr)->queue_next) {
		const struct model_process *sender;

		if (!dc_has_nr(&sim->dc, nr) || ++length > sim->dc.nr_slots)
			return fail(sim, "slot %d: its queue has no end", p->nr);
		sender = model_at(sim->model, nr);
		EXPECT(sim, nr, sender->waits == SENDS || sender->waits == CALLS, 1, "sending");
		EXPECT(sim, nr, sender->wait.peer, p->endpoint, "whose queue it is in");
		EXPECT(sim, nr, sender->wait.place > place, 1, "its place in the queue");
		EXPECT(sim, nr, dc_proc(&sim->dc, nr)->queue_prev, prev, "the one before it");
		place = sender->wait.place;
		prev = nr;
	}
	EXPECT(sim, p->nr, dst->queue_tail, prev, "the end of its queue");
	if (length && dst->rts & DVK_RTS_RECEIVING)
		EXPECT(sim, p->nr, dst->getfrom_ep != ANY, 1, "waiting beside a queue");
	return length;
}

/*
 * The request in hand. A delivery writes a receiver's without the undo log, so one
 * that is cut may lose it: it means nothing then, until the next message comes.
 */
static int compare_request(struct simulation *sim, struct model_process *p)
{
	const struct proc *is = dc_proc(&sim->dc, p->nr);
	uint64_t call = drive_engine_call(sim, p->request.call);

	if (sim->was_cut && is->rts & DVK_RTS_RECEIVING && is->request_call != call)
		p->request.client_ep = REQUEST_LOST;
	if (p->request.client_ep == REQUEST_LOST)
		return 0;
	EXPECT(sim, p->nr, is->request_ep, p->request.client_ep, "the client in hand");
	EXPECT(sim, p->nr, is->request_call, call, "the call in hand");
	return 0;
}

static int compare_slot(struct simulation *sim, struct model_process *p, int mourned)
{
	const struct proc *is = dc_proc(&sim->dc, p->nr);

	EXPECT(sim, p->nr, is->rts, rts_of(p), "rts");
	EXPECT(sim, p->nr, is->endpoint, p->endpoint, "endpoint");
	EXPECT(sim, p->nr, dc_rest(&sim->dc, p->nr)->generation, p->generation, "generation");
	if (!p->bound)
		return 0;
	EXPECT(sim, p->nr, dc_rest(&sim->dc, p->nr)->incarnation,
	       sim->incarnations[p->nr + NR_TASKS], "incarnation");
	EXPECT(sim, p->nr, is->member, p->member, "member");
	if (p->copier != NONE)
		EXPECT(sim, p->nr, is->copy_nr, p->copier, "who copies");
	if (p->nr != mourned && compare_request(sim, p))
		return -1;
	return compare_wait(sim, p) || compare_pending(sim, p) ? -1 : 0;
}

static int check_free_list(struct simulation *sim, int should)
{
	const struct dc_state *state = sim->dc.state;
	int nr, last = NONE, length = 0;
	uint64_t freed = 0;

	for (nr = state->free_head; nr != NONE; nr = dc_rest(&sim->dc, nr)->free_next) {
		const struct model_process *p;

		if (!dc_has_nr(&sim->dc, nr) || nr < NR_SERVERS || ++length > sim->dc.nr_slots)
			return fail(sim, "the free list goes astray");
		p = model_at(sim->model, nr);
		EXPECT(sim, nr, p->bound, 0, "bound, though on the free list");
		EXPECT(sim, nr, p->freed > freed, 1, "its place on the free list");
		freed = p->freed;
		last = nr;
	}
	EXPECT(sim, NONE, length, should, "the length of the free list");
	EXPECT(sim, NONE, state->free_tail, last, "the end of the free list");
	return 0;
}

int compare_state(struct simulation *sim, int mourned)
{
	int nr, bound = 0, free_users = 0, senders = 0, queued = 0, length;

	EXPECT(sim, NONE, sim->dc.state->undo_count, 0, "the length of the undo log");
	for (nr = -NR_TASKS; nr < sim->dc.nr_procs; nr++) {
		struct model_process *p = model_at(sim->model, nr);

		if (compare_slot(sim, p, mourned))
			return -1;
		bound += p->bound;
		free_users += !p->bound && nr >= NR_SERVERS;
		if (!p->bound)
			continue;
		senders += p->waits == SENDS || p->waits == CALLS;
		length = check_queue(sim, p);
		if (length < 0)
			return -1;
		queued += length;
	}
	EXPECT(sim, NONE, queued, senders, "the number of those queued");
	EXPECT(sim, NONE, sim->dc.state->bound, bound, "the number of slots in use");
	return check_free_list(sim, free_users);
}
