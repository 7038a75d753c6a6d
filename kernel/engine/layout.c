/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * layout.c - where the parts of a DC lie: head, slots, the rest of each slot.
 *
 * All is laid out once; the engine allocates nothing. Who attaches believes
 * nothing that it has not checked here.
 */
#include "engine.h"
#include "host.h"

static uint64_t slots_offset(void)
{
	return sizeof(struct dc_state);
}

static uint64_t rest_offset(int nr_procs)
{
	return slots_offset() + (uint64_t)(NR_TASKS + nr_procs) * sizeof(struct proc);
}

uint64_t dc_bytes(int nr_procs)
{
	if (nr_procs < NR_PROCS_MIN || nr_procs > NR_PROCS_MAX)
		return 0;
	return rest_offset(nr_procs) + (uint64_t)(NR_TASKS + nr_procs) * sizeof(struct proc_rest);
}

static void point(struct dc *dc, void *memory, int nr_procs)
{
	dc->state = memory;
	dc->procs = (struct proc *)((char *)memory + slots_offset());
	dc->rest = (struct proc_rest *)((char *)memory + rest_offset(nr_procs));
	dc->nr_procs = nr_procs;
	dc->nr_slots = NR_TASKS + nr_procs;
}

/* A slot that nobody was ever bound to: dead, in generation 0. */
static void init_slot(struct dc *dc, int nr)
{
	struct proc *p = dc_proc(dc, nr);

	p->rts = DVK_RTS_SLOT_FREE;
	p->endpoint = dvk_endpoint(0, nr);
	p->member = DC_NO_MEMBER;
	p->queue_head = p->queue_tail = NONE;
	p->ready_next = NONE;
	p->request_ep = NONE;
	p->copy_nr = NONE;
	dc_rest(dc, nr)->warn_ep = NONE;
	dc_rest(dc, nr)->free_next = nr >= NR_SERVERS && nr + 1 < dc->nr_procs ? nr + 1 : NONE;
}

int dc_init(struct dc *dc, void *memory, int dcid, int nr_procs)
{
	struct dc_state *state = memory;
	int nr;

	if (!dc_bytes(nr_procs) || dcid < 0 || dcid >= NR_DCS)
		return EDVSRANGE;
	point(dc, memory, nr_procs);
	state->version = DC_STATE_VERSION;
	state->bytes_head = sizeof(*state);
	state->bytes_total = dc_bytes(nr_procs);
	state->dcid = dcid;
	state->nr_procs = nr_procs;
	state->next_call = 1;
	state->next_incarnation = 1;
	state->event_next = 1;
	state->free_head = NR_SERVERS;
	state->free_tail = nr_procs - 1;
	state->systask_nr = NONE;
	for (nr = -NR_TASKS; nr < nr_procs; nr++)
		init_slot(dc, nr);
	return 0;
}

int dc_attach(struct dc *dc, void *memory, uint64_t bytes)
{
	const struct dc_state *state = memory;
	uint64_t needed;
	int nr_procs;

	if (bytes < sizeof(*state) || state->version != DC_STATE_VERSION ||
	    state->bytes_head != sizeof(*state))
		return EDVSBADVALUE;
	nr_procs = state->nr_procs;
	needed = dc_bytes(nr_procs);
	if (!needed || bytes < needed || state->bytes_total < needed || state->bytes_total > bytes)
		return EDVSBADVALUE;
	point(dc, memory, nr_procs);
	return 0;
}
