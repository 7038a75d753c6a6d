/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * meaning.c - what a state means, and what must always be true of it.
 */
#include <stdlib.h>
#include <string.h>

#include "world.h"

#define WAITS (DVK_RTS_SENDING | DVK_RTS_RECEIVING | DVK_RTS_WAITBIND | DVK_RTS_WAITUNBIND)

static void clear_wait(struct proc *p)
{
	if (p->rts & WAITS) {
		p->result = 0;
	} else {
		p->getfrom_ep = 0;
		p->call = 0;
		p->call_state = p->call_type = 0;
		p->deadline_ns = 0;
	}
	if (!(p->rts & DVK_RTS_SENDING)) {
		p->sendto_ep = 0;
		p->queue_next = p->queue_prev = 0;
	}
	if (!(p->rts & DVK_RTS_ONCOPY))
		p->copy_nr = 0;
	p->messages_sent = p->messages_received = 0;
	p->wait_since = 0;
	p->ready_next = 0;
}

/* A letter counts while it waits in a queue, or to be fetched. */
static void clear_letter(struct proc *p, int is_caller)
{
	int receives = p->rts & (WAITS & ~DVK_RTS_SENDING) && !(p->rts & DVK_RTS_HELD);

	if (receives || (is_caller && !(p->rts & WAITS)))
		memset(&p->letter, 0, sizeof(p->letter));
	if (receives || is_caller) {
		p->request_call = 0;
		p->request_ep = 0;
	}
}

static void clear_free(struct proc *p, struct proc_rest *rest)
{
	struct proc free_slot = { .rts = DVK_RTS_SLOT_FREE, .endpoint = p->endpoint };
	struct proc_rest free_rest = { .generation = rest->generation,
				       .free_next = rest->free_next };

	memcpy(p, &free_slot, sizeof(*p));
	memcpy(rest, &free_rest, sizeof(*rest));
}

static void clear_slot(struct proc *p, struct proc_rest *rest, int is_caller)
{
	int bit;

	if (p->rts & DVK_RTS_SLOT_FREE) {
		clear_free(p, rest);
		return;
	}
	clear_wait(p);
	clear_letter(p, is_caller);
	rest->bytes_copied = 0;
	rest->exit_code = 0;
	rest->free_next = 0;
	if (!(p->rts & DVK_RTS_HELD))
		rest->held = 0;
	if (!(p->rts & DVK_RTS_STOPPED))
		rest->stopper_nr = 0;
	for (bit = 0; bit < NR_SOURCES; bit++) {
		if (p->notify_pending[bit / 64] >> (bit % 64) & 1)
			continue;
		rest->notify_values[bit] = rest->notify_merged[bit] = 0;
	}
}

/* Numbers may be skipped; the log is another thing than what it is about. */
#define CLEAR_OF_HEAD(meaning, field)                                 \
	memset(&(meaning)->head[offsetof(struct dc_state, field)], 0, \
	       sizeof(((struct dc_state *)0)->field))

/* A held message counts where it is: in a slot, or in an entry that is in use. */
static void clear_held(struct meaning *meaning)
{
	struct dvk_held *held = (void *)&meaning->head[offsetof(struct dc_state, held)];
	int i;

	for (i = 0; i < DVK_HELD; i++)
		if (!held[i].id ||
		    (held[i].kind != DVK_HELD_NOTIFY && held[i].kind != DVK_HELD_COPY))
			memset(&held[i].m, 0, sizeof(held[i].m));
}

struct meaning *meaning_take(const struct world *world, int caller_ep)
{
	struct meaning *meaning = aligned_alloc(64, sizeof(*meaning));
	int i;

	assert_non_null(meaning);
	memset(meaning, 0, sizeof(*meaning));
	memcpy(meaning->head, world->dc.state, sizeof(meaning->head));
	memcpy(meaning->procs, world->dc.procs, sizeof(meaning->procs));
	memcpy(meaning->rest, world->dc.rest, sizeof(meaning->rest));
	CLEAR_OF_HEAD(meaning, next_call);
	CLEAR_OF_HEAD(meaning, next_incarnation);
	CLEAR_OF_HEAD(meaning, undo_count);
	CLEAR_OF_HEAD(meaning, next_hold);
	CLEAR_OF_HEAD(meaning, next_held);
	clear_held(meaning);
	for (i = 0; i < NR_TASKS + WORLD_PROCS; i++)
		clear_slot(&meaning->procs[i], &meaning->rest[i],
			   i - NR_TASKS == dvk_endpoint_nr(caller_ep));
	return meaning;
}

/* Its queue has exactly those who are SENDING to it, linked both ways. */
static void check_queue(const struct world *world, const struct proc *dst)
{
	int nr, length = 0, prev = NONE, senders = 0, i;

	for (nr = dst->queue_head; nr != NONE; nr = dc_proc(&world->dc, nr)->queue_next) {
		const struct proc *p = dc_proc(&world->dc, nr);

		assert_true(p->rts & DVK_RTS_SENDING);
		assert_int_equal(p->sendto_ep, dst->endpoint);
		assert_int_equal(p->queue_prev, prev);
		assert_true(++length <= world->dc.nr_slots);
		prev = nr;
	}
	assert_int_equal(dst->queue_tail, prev);
	for (i = 0; i < world->dc.nr_slots; i++) {
		const struct proc *p = &world->dc.procs[i];

		senders += p->rts & DVK_RTS_SENDING && p->sendto_ep == dst->endpoint;
	}
	assert_int_equal(length, senders);
}

/* Who takes requests only has none queued. */
static void check_no_request(const struct world *world, const struct proc *p)
{
	int nr;

	assert_int_equal(p->call, 0);
	assert_int_equal(p->misc & DVK_MISC_WOKENUP, 0);
	for (nr = p->queue_head; nr != NONE; nr = dc_proc(&world->dc, nr)->queue_next)
		assert_int_equal(dc_proc(&world->dc, nr)->call, 0);
}

/* The one that a wait is for is alive, and has it not answered. */
static void check_wait(const struct world *world, const struct proc *p)
{
	int ep = p->rts & DVK_RTS_SENDING ? p->sendto_ep : p->getfrom_ep;

	assert_true(__builtin_popcount(p->rts & WAITS) <= 1);
	if (!(p->rts & WAITS))
		return;
	assert_int_equal(p->call_state != CALL_NONE, p->call != 0);
	if (p->call)
		assert_int_equal(p->call_state != CALL_TAKEN, !!(p->rts & DVK_RTS_SENDING));
	if (p->rts & DVK_RTS_WAITBIND)
		return;
	if (ep == ANY_REQUEST) {
		check_no_request(world, p);
		return;
	}
	if (ep == ANY) {
		assert_int_equal(p->call, 0);
		assert_int_equal(p->misc & (DVK_MISC_WOKENUP | DVK_MISC_ENQUEUED), 0);
		assert_int_equal(p->queue_head, NONE);
		assert_int_equal(p->notify_pending[0] | p->notify_pending[1], 0);
		return;
	}
	assert_int_equal(world_proc(world, ep)->endpoint, ep);
	assert_false(world_proc(world, ep)->rts & DVK_RTS_SLOT_FREE);
}

static int check_free_list(const struct world *world)
{
	int nr, length = 0, last = NONE;

	for (nr = world->dc.state->free_head; nr != NONE; nr = dc_rest(&world->dc, nr)->free_next) {
		assert_true(nr >= NR_SERVERS && dc_has_nr(&world->dc, nr));
		assert_true(dc_proc(&world->dc, nr)->rts & DVK_RTS_SLOT_FREE);
		assert_true(++length <= WORLD_PROCS);
		last = nr;
	}
	assert_int_equal(world->dc.state->free_tail, last);
	return length;
}

/* Copied to ask: a debugger that holds would let a waiting receiver have a full queue. */
static int anybody_is_held(const struct world *world)
{
	int i;

	for (i = 0; i < world->dc.nr_slots; i++)
		if (world->dc.procs[i].rts & DVK_RTS_HELD)
			return 1;
	return 0;
}

void check_invariants(const struct world *world)
{
	int i, bound = 0, users = 0, held = anybody_is_held(world);

	for (i = 0; i < world->dc.nr_slots; i++) {
		const struct proc *p = &world->dc.procs[i];

		if (p->rts & DVK_RTS_SLOT_FREE) {
			assert_int_equal(p->rts, DVK_RTS_SLOT_FREE);
			continue;
		}
		bound++;
		users += i - NR_TASKS >= NR_SERVERS;
		check_queue(world, p);
		if (!held)
			check_wait(world, p);
	}
	assert_int_equal(bound, world->dc.state->bound);
	assert_int_equal(check_free_list(world) + users, WORLD_PROCS - NR_SERVERS);
}
