/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compare_state.c - after each step every slot of the engine's table must be as the
 * model has it, and the table's links, lists and counts sound in themselves.
 */
#include "compare.h"

static uint32_t rts_of(const struct model_process *p)
{
	static const uint32_t waits[] = { [RUNS] = 0,
					  [SENDS] = DVK_RTS_SENDING,
					  [CALLS] = DVK_RTS_SENDING,
					  [IN_CALL] = DVK_RTS_RECEIVING,
					  [RECEIVES] = DVK_RTS_RECEIVING,
					  [REQUESTS] = DVK_RTS_RECEIVING,
					  [BINDS] = DVK_RTS_WAITBIND,
					  [UNBINDS] = DVK_RTS_WAITUNBIND };

	if (!p->bound)
		return DVK_RTS_SLOT_FREE;
	return waits[p->waits] | (p->copier == NONE ? 0 : DVK_RTS_ONCOPY) |
	       (p->stopper == NONE ? 0 : DVK_RTS_STOPPED) | (p->held ? DVK_RTS_HELD : 0);
}

static int call_state_of(const struct model_process *p)
{
	if (p->waits == CALLS)
		return p->wait.taken ? CALL_RELAYED : CALL_QUEUED;
	if (p->waits == IN_CALL)
		return p->held ? CALL_REPLIED : CALL_TAKEN;
	return CALL_NONE;
}

static int64_t deadline_of(const struct model_process *p)
{
	if (!p->wait.over)
		return p->wait.deadline;
	return p->wait.over == DVK_EVENT_CANCEL ? DC_CANCELLED : 0;
}

static int compare_wait(struct simulation *sim, const struct model_process *p)
{
	const struct proc *is = dc_proc(&sim->dc, p->nr);
	int peer = p->waits == REQUESTS ? ANY_REQUEST : p->wait.peer;

	if (p->waits == RUNS) {
		EXPECT(sim, p->nr, is->result, p->result, "the result of its last wait");
		return 0;
	}
	EXPECT(sim, p->nr, is->getfrom_ep, peer, "whom it waits for");
	EXPECT(sim, p->nr, is->call, drive_engine_call(sim, p->wait.call), "its call");
	EXPECT(sim, p->nr, is->call_state, call_state_of(p), "its call's state");
	EXPECT(sim, p->nr, is->call_type, p->wait.type, "its request's type");
	EXPECT(sim, p->nr, is->deadline_ns, deadline_of(p), "its deadline");
	EXPECT(sim, p->nr, is->wait_since, p->wait.since, "the beginning of its wait");
	if (is->rts & DVK_RTS_SENDING) {
		EXPECT(sim, p->nr, is->sendto_ep, p->wait.peer, "whom it sends to");
		if (!same_message(&is->letter, &p->letter))
			return compare_fail(sim, "slot %d: sends another message", p->nr);
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
	int nr, prev = NONE, length = 0, takes = 0;
	uint64_t place = 0;

	for (nr = dst->queue_head; nr != NONE; nr = dc_proc(&sim->dc, nr)->queue_next) {
		const struct model_process *sender;

		if (!dc_has_nr(&sim->dc, nr) || ++length > sim->dc.nr_slots)
			return compare_fail(sim, "slot %d: its queue has no end", p->nr);
		sender = model_at(sim->model, nr);
		EXPECT(sim, nr, sender->waits == SENDS || sender->waits == CALLS, 1, "sending");
		EXPECT(sim, nr, sender->wait.peer, p->endpoint, "whose queue it is in");
		EXPECT(sim, nr, sender->wait.place > place, 1, "its place in the queue");
		EXPECT(sim, nr, dc_proc(&sim->dc, nr)->queue_prev, prev, "the one before it");
		takes += !sender->held;
		place = sender->wait.place;
		prev = nr;
	}
	EXPECT(sim, p->nr, dst->queue_tail, prev, "the end of its queue");
	if (takes && dst->rts & DVK_RTS_RECEIVING)
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

	if (sim->was_cut && is->rts & DVK_RTS_RECEIVING &&
	    (is->request_call != call || is->request_ep != p->request.client_ep)) {
		p->request = is->request_call == DC_COPY_CALL
				     ? (struct handle){ is->request_ep, COPY_CALL }
				     : (struct handle){ REQUEST_LOST, 0 };
		return 0;
	}
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
	EXPECT(sim, p->nr, dc_rest(&sim->dc, p->nr)->level, p->rights.level, "level");
	EXPECT(sim, p->nr, dc_rest(&sim->dc, p->nr)->sources[0], p->rights.sources, "sources");
	EXPECT(sim, p->nr, dc_rest(&sim->dc, p->nr)->targets[2], p->rights.targets, "targets");
	EXPECT(sim, p->nr, !(is->misc & DVK_MISC_WOKENUP), !p->woken, "woken up");
	if (p->copier != NONE)
		EXPECT(sim, p->nr, is->copy_nr, p->copier, "who copies");
	if (p->stopper != NONE)
		EXPECT(sim, p->nr, dc_rest(&sim->dc, p->nr)->stopper_nr, p->stopper, "stopper");
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
			return compare_fail(sim, "the free list goes astray");
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

/* Tasks and servers that take no part are never bound: not a byte of them may change. */
static int is_idle(const struct configuration *config, int nr)
{
	return nr < -config->tasks || (nr >= config->servers && nr < NR_SERVERS);
}

static int check_idle(struct simulation *sim)
{
	const struct configuration *config = sim->config;
	int tasks = NR_TASKS - config->tasks, first = NR_TASKS + config->servers;
	size_t bytes = sizeof(*sim->pristine);

	if (memcmp(sim->pristine, sim->dc.procs, tasks * bytes) ||
	    memcmp(sim->pristine + first, sim->dc.procs + first,
		   (NR_SERVERS - config->servers) * bytes))
		return compare_fail(sim, "a slot that nobody uses has changed");
	return 0;
}

int compare_state(struct simulation *sim, int mourned)
{
	int nr, bound = 0, free_users = 0, senders = 0, queued = 0, length;

	EXPECT(sim, NONE, sim->dc.state->undo_count, 0, "the length of the undo log");
	for (nr = -NR_TASKS; nr < sim->dc.nr_procs; nr++) {
		struct model_process *p = &sim->model->processes[nr + NR_TASKS];

		if (is_idle(sim->config, nr))
			continue;
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
	return compare_debug(sim) || check_idle(sim) ? -1 : check_free_list(sim, free_users);
}
