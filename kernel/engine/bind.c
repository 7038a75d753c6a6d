/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind.c - a slot gets its process; free user slots, oldest first.
 *
 * Tasks and servers keep generation 0, so their endpoint is their nr for ever. A
 * user slot gets the next generation at each bind (after the last comes 1), and
 * each bind an incarnation that no other bind ever had. An unbound slot keeps
 * its endpoint until it is bound anew: until then it is dead, after that stale.
 * The order of checks: DC running (EDVSDCNOTRUN), names (EDVSNAMESIZE), range
 * (EDVSRANGE), privileges (EDVSPRIVILEGES), the slot in use (EDVSSLOTUSED), no
 * free one (EDVSRSCBUSY). What a free slot holds means nothing, but for rts,
 * endpoint, generation and free_next: those alone are logged.
 */
#include "bind.h"
#include "event.h"
#include "presence.h"
#include "slot.h"

static int is_user(int nr)
{
	return nr >= NR_SERVERS;
}

static int check_names(const struct engine_bind *request)
{
	size_t bytes = request->name ? strnlen(request->name, DVK_NAME_BYTES) : 0;

	if (bytes == 0 || bytes == DVK_NAME_BYTES)
		return EDVSNAMESIZE;
	if (request->muk && strnlen(request->muk, DVK_NAME_BYTES) == DVK_NAME_BYTES)
		return EDVSNAMESIZE;
	return 0;
}

static int check_slot(const struct dc *dc, const struct engine_bind *request)
{
	if (request->nr == NONE)
		return dc->state->free_head == NONE ? EDVSRSCBUSY : 0;
	if (!dc_has_nr(dc, request->nr))
		return EDVSRANGE;
	if (!is_user(request->nr) && !request->is_owner && !request->is_system)
		return EDVSPRIVILEGES;
	return dc_proc(dc, request->nr)->rts & DVK_RTS_SLOT_FREE ? 0 : EDVSSLOTUSED;
}

/* prev is before nr in the free list, or NONE. Nothing is believed that is no user slot. */
static int unlink_free(struct dc *dc, int prev, int nr)
{
	struct dc_state *state = dc->state;
	int next = dc_rest(dc, nr)->free_next;

	if (next != NONE && (!dc_has_nr(dc, next) || !is_user(next)))
		return EDVSBADPROC;
	if (prev == NONE)
		SET(dc, state->free_head, next);
	else
		SET(dc, dc_rest(dc, prev)->free_next, next);
	if (next == NONE)
		SET(dc, state->free_tail, prev);
	return 0;
}

/* Takes user slot nr, or with NONE the oldest, off the free list: its nr. */
static int take_free(struct dc *dc, int nr)
{
	int prev = NONE, at = dc->state->free_head;
	int steps, rc;

	for (steps = 0; steps < dc->nr_slots; steps++) {
		if (!dc_has_nr(dc, at) || !is_user(at) ||
		    !(dc_proc(dc, at)->rts & DVK_RTS_SLOT_FREE))
			return EDVSBADPROC;
		if (nr == NONE || at == nr) {
			rc = unlink_free(dc, prev, at);
			return rc ? rc : at;
		}
		prev = at;
		at = dc_rest(dc, at)->free_next;
	}
	return EDVSBADPROC;
}

void bind_give_back(struct dc *dc, int nr)
{
	struct dc_state *state = dc->state;
	int tail = state->free_tail;

	if (!is_user(nr))
		return;
	dc_rest(dc, nr)->free_next = NONE;
	if (dc_has_nr(dc, tail) && is_user(tail))
		SET(dc, dc_rest(dc, tail)->free_next, nr);
	else
		SET(dc, state->free_head, nr);
	SET(dc, state->free_tail, nr);
}

static void fill_slot(struct proc *p, const struct engine_bind *request)
{
	p->misc = request->misc;
	PUT(p->member, request->member);
	PUT(p->sendto_ep, NONE);
	PUT(p->getfrom_ep, NONE);
	p->queue_head = p->queue_tail = p->queue_next = p->queue_prev = NONE;
	p->call = 0;
	p->call_state = CALL_NONE;
	p->call_type = 0;
	p->result = 0;
	PUT(p->ready_next, NONE);
	p->notify_pending[0] = p->notify_pending[1] = 0;
	p->request_call = 0;
	PUT(p->request_ep, NONE);
	p->deadline_ns = DC_NEVER;
	p->copy_nr = NONE;
	p->quiet = 0;
	p->cancelled = 0;
	p->messages_sent = p->messages_received = 0;
	memset(&p->letter, 0, sizeof(p->letter));
}

/* Tasks have SYSTEM; in a strict DC the others may send to tasks and servers only. */
static void fill_rights(struct dc *dc, int nr, int is_system)
{
	struct proc_rest *rest = dc_rest(dc, nr);
	struct proc *p = dc_proc(dc, nr);
	int to_all, bit;

	rest->level = is_user(nr) ? DVK_LEVEL_USER : DVK_LEVEL_SERVER;
	if (is_system || nr < 0)
		rest->level = DVK_LEVEL_SYSTEM;
	rest->calls_allowed = ~0u;
	to_all = rest->level >= DVK_LEVEL_SYSTEM || !dc->state->strict;
	memset(rest->targets, to_all ? 0xff : 0, sizeof(rest->targets));
	for (bit = 0; bit < NR_SOURCES; bit++)
		rest->targets[bit / 64] |= (uint64_t)1 << (bit % 64);
	memset(rest->sources, 0xff, sizeof(rest->sources));
	p->rights = RIGHT_RECEIVE_ALL | RIGHT_CALL_ALL;
	if (rest->level >= DVK_LEVEL_SYSTEM)
		p->rights |= RIGHT_SYSTEM;
	/* Where some do not take from all, every target is asked. */
	if (to_all && !dc->state->limited)
		p->rights |= RIGHT_SEND_ALL;
}

static void fill_name(char name[DVK_NAME_BYTES], const char *text)
{
	memset(name, 0, DVK_NAME_BYTES);
	memcpy(name, text, strnlen(text, DVK_NAME_BYTES - 1));
}

static void fill_rest(struct dc *dc, int nr, const struct engine_bind *request)
{
	struct proc_rest *rest = dc_rest(dc, nr);

	rest->node = dc->state->node;
	rest->warn_ep = NONE;
	rest->exit_code = 0;
	rest->held = 0;
	rest->stopper_nr = NONE;
	rest->bytes_copied = 0;
	fill_name(rest->name, request->name);
	fill_name(rest->muk, request->muk ? request->muk : "");
	memset(rest->sleep_note, 0, sizeof(rest->sleep_note));
}

/* The free slot nr becomes a process; rts is the last word. */
static void enter(struct dc *dc, int nr, const struct engine_bind *request)
{
	struct dc_state *state = dc->state;
	struct proc_rest *rest = dc_rest(dc, nr);
	struct proc *p = dc_proc(dc, nr);

	fill_slot(p, request);
	fill_rights(dc, nr, request->is_system);
	fill_rest(dc, nr, request);
	p->wait_since = state->now;
	rest->incarnation = state->next_incarnation++;
	if (is_user(nr)) {
		int last = rest->generation >= GENERATION_MAX || rest->generation < 0;
		int next = last ? 1 : rest->generation + 1;

		SET(dc, rest->generation, next);
		SET(dc, p->endpoint, dvk_endpoint(next, nr));
	}
	if (nr == SYSTASK(state->node))
		SET(dc, state->systask_nr, nr);
	SET(dc, state->bound, state->bound + 1);
	SET(dc, p->rts, 0);
	if (unlikely(state->bind_awaited))
		presence_tell(dc, p);
}

int engine_bind(struct dc *dc, const struct engine_bind *request, int *ret_endpoint)
{
	struct event_what what = { .kind = DVK_EVENT_BIND, .dst_ep = NONE };
	int nr = request->nr;
	int rc;

	if (!dc->state->running)
		return EDVSDCNOTRUN;
	rc = check_names(request);
	if (!rc)
		rc = check_slot(dc, request);
	if (rc)
		return rc;
	if (nr == NONE || is_user(nr)) {
		nr = take_free(dc, nr);
		if (nr < 0)
			return nr;
	}
	enter(dc, nr, request);
	what.src_ep = dc_proc(dc, nr)->endpoint;
	event_emit(dc, &what, NULL);
	*ret_endpoint = what.src_ep;
	return 0;
}
