/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bounce.c - copies where Linux lets nobody touch the other's memory.
 *
 * Another user namespace, Yama, or a process that is not dumpable: process_vm_*
 * is refused. Then the party, which waits anyway, moves its bytes itself, through
 * one of a few buffers in the segment. A buffer goes around by its state word:
 * free, claimed (filled in by the copier), asked, served, done, free again. The
 * word names the copier, so that a burial knows whose it was.
 */
#include <stdlib.h>

#include "embedded.h"
#include "futex.h"

enum bounce_state {
	BOUNCE_FREE,
	BOUNCE_CLAIMED,
	BOUNCE_ASKED,
	BOUNCE_SERVED,    /* the party is at it */
	BOUNCE_DONE,      /* result is in */
	BOUNCE_ABANDONED, /* the copier died while it was served */
};
#define STATE_BITS  3
#define STATE_MASK  ((1u << STATE_BITS) - 1)
#define SLICE_NS    100000000  /* between looks whether the other lives */
#define PATIENCE_NS 1000000000 /* for one that need not wait for us */

static uint32_t word_of(enum bounce_state state, int copier)
{
	return (uint32_t)(copier + 1) << STATE_BITS | state;
}

static int turn(struct bounce *bounce, uint32_t from, uint32_t to)
{
	int turned = __atomic_compare_exchange_n(&bounce->state, &from, to, 0, __ATOMIC_SEQ_CST,
						 __ATOMIC_SEQ_CST);

	if (turned)
		futex_wake(&bounce->state, INT32_MAX);
	return turned;
}

static struct bounce *claim(struct segment *segment, int copier)
{
	for (int i = 0;; i = (i + 1) % BOUNCES) {
		struct bounce *bounce = &segment->bounces[i];
		uint32_t state = __atomic_load_n(&bounce->state, __ATOMIC_SEQ_CST);

		if (state == BOUNCE_FREE &&
		    turn(bounce, BOUNCE_FREE, word_of(BOUNCE_CLAIMED, copier)))
			return bounce;
		/* All are in use: the last one will do as well as any. */
		if (i == BOUNCES - 1 && state != BOUNCE_FREE)
			futex_wait(&bounce->state, state, ticks_monotonic_ns() + SLICE_NS);
	}
}

/* Waits until the party has done it, or cannot any more. */
static int await(struct bounce *bounce, const struct copy_side *side, int copier)
{
	uint32_t asked = word_of(BOUNCE_ASKED, copier), done = word_of(BOUNCE_DONE, copier);
	int64_t until = ticks_monotonic_ns() + PATIENCE_NS;

	for (;;) {
		uint32_t state = __atomic_load_n(&bounce->state, __ATOMIC_SEQ_CST);

		if (state == done)
			return bounce->result;
		futex_wait(&bounce->state, state, ticks_monotonic_ns() + SLICE_NS);
		if (!member_is_alive(host_self.seat.segment, side->member) &&
		    turn(bounce, asked, done))
			return side->died;
		if (!side->pinned && ticks_monotonic_ns() > until && turn(bounce, asked, done))
			return EDVSPERM;
	}
}

static int move_one(const struct copy_side *side, uint64_t here, uint64_t bytes, int to)
{
	struct segment *segment = host_self.seat.segment;
	int copier = host_self.seat.member, rc = 0;
	struct bounce *bounce = claim(segment, copier);

	bounce->party = (int32_t)(side->member - segment->members);
	bounce->into_party = (uint32_t)to;
	bounce->address = side->address;
	bounce->bytes = bytes;
	bounce->result = side->died;
	if (to && caught_copy(bounce->data, (const void *)(uintptr_t)here, bytes))
		rc = EDVSFAULT;
	if (!rc) {
		turn(bounce, word_of(BOUNCE_CLAIMED, copier), word_of(BOUNCE_ASKED, copier));
		attention_ask(segment, bounce->party, ATTENTION_COPY);
		rc = await(bounce, side, copier);
	}
	if (!rc && !to && caught_copy((void *)(uintptr_t)here, bounce->data, bytes))
		rc = EDVSFAULT;
	__atomic_store_n(&bounce->state, BOUNCE_FREE, __ATOMIC_SEQ_CST);
	futex_wake(&bounce->state, 1);
	return rc;
}

int bounce_move(const struct copy_side *side, uint64_t here, uint64_t bytes, int to)
{
	struct copy_side at = *side;
	int rc = 0;

	while (bytes > 0 && rc == 0) {
		uint64_t piece = bytes < BOUNCE_BYTES ? bytes : BOUNCE_BYTES;

		rc = move_one(&at, here, piece, to);
		at.address += piece;
		here += piece;
		bytes -= piece;
	}
	return rc;
}

static void serve_one(struct bounce *bounce)
{
	void *ours = (void *)(uintptr_t)bounce->address;
	uint64_t bytes = bounce->bytes;

	/* Whatever the segment says, no more than the buffer has. */
	if (bytes > BOUNCE_BYTES)
		bounce->result = EDVSRANGE;
	else if (bounce->into_party ? caught_copy(ours, bounce->data, bytes)
				    : caught_copy(bounce->data, ours, bytes))
		bounce->result = EDVSFAULT;
	else
		bounce->result = 0;
}

void bounce_serve(const struct host_self *self)
{
	for (int i = 0; i < BOUNCES; i++) {
		struct bounce *bounce = &self->seat.segment->bounces[i];
		uint32_t state = __atomic_load_n(&bounce->state, __ATOMIC_SEQ_CST);
		uint32_t served = (state & ~STATE_MASK) | BOUNCE_SERVED;

		if ((state & STATE_MASK) != BOUNCE_ASKED || bounce->party != self->seat.member ||
		    !turn(bounce, state, served))
			continue;
		serve_one(bounce);
		if (!turn(bounce, served, (state & ~STATE_MASK) | BOUNCE_DONE))
			__atomic_store_n(&bounce->state, BOUNCE_FREE, __ATOMIC_SEQ_CST);
	}
}

/* The copier has died: nobody waits for this. */
static void let_go(struct bounce *bounce, uint32_t state)
{
	uint32_t abandoned = (state & ~STATE_MASK) | BOUNCE_ABANDONED;

	if ((state & STATE_MASK) == BOUNCE_SERVED)
		(void)turn(bounce, state, abandoned);
	else
		(void)turn(bounce, state, BOUNCE_FREE);
}

void bounce_bury(struct segment *segment, int index)
{
	for (int i = 0; i < BOUNCES; i++) {
		struct bounce *bounce = &segment->bounces[i];
		uint32_t state = __atomic_load_n(&bounce->state, __ATOMIC_SEQ_CST);
		uint32_t kind = state & STATE_MASK;

		if (state != BOUNCE_FREE && state >> STATE_BITS == (uint32_t)index + 1)
			let_go(bounce, state);
		else if (bounce->party != index)
			continue;
		else if (kind == BOUNCE_ABANDONED)
			(void)turn(bounce, state, BOUNCE_FREE);
		else if (kind == BOUNCE_ASKED || kind == BOUNCE_SERVED)
			/* result is still the error of a party that died, unless it had done it */
			(void)turn(bounce, state, (state & ~STATE_MASK) | BOUNCE_DONE);
	}
}
