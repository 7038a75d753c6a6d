/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bury.c - what is left of a thread that died is put in order.
 *
 * Whoever buries holds the dead one's life. Should it die too, life is marked
 * again and the next one begins anew: each step can be done twice.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "embedded.h"
#include "futex.h"

#define DOUBT_NS 100000000 /* of waiting, until the lock's owner is looked at */

void trace_recount(const struct mapping *mapping)
{
	struct segment *segment = mapping->segment;
	uint32_t traced = 0;

	for (int i = 0; segment_has_member(segment, i); i++)
		if (__atomic_load_n(&segment->members[i].traces, __ATOMIC_RELAXED) &&
		    member_is_alive(segment, &segment->members[i]))
			traced++;
	__atomic_store_n(&mapping->dc.state->traced, traced, __ATOMIC_RELAXED);
}

void bury_take_lock(const struct mapping *mapping, const struct seat *seat)
{
	struct dc dc = mapping->dc;
	int taken_over = lock_take_over(seat);

	if (taken_over)
		undo_rollback(dc.state, mapping->bytes - SEGMENT_STATE_OFFSET);
	dc.state->now = ticks_read(seat->segment->ticks_kind);
	/* It may have died between its commit and telling whom it woke. */
	if (taken_over)
		wake_sweep(&dc, seat->segment);
}

void bury_wait_lock(const struct mapping *mapping, const struct seat *seat)
{
	while (lock_take_until(seat, ticks_monotonic_ns() + DOUBT_NS) != 0) {
		if (!lock_is_nobodys(seat->segment))
			continue;
		bury_take_lock(mapping, seat);
		return;
	}
}

static void end_slots(const struct mapping *mapping, int index)
{
	struct dc dc = mapping->dc;

	for (int nr = -NR_TASKS; nr < dc.nr_procs; nr++) {
		const struct proc *p = dc_proc(&dc, nr);

		if (p->member != index || (p->rts & DVK_RTS_SLOT_FREE))
			continue;
		/* Only a damaged slot is refused, and then there is no more to be done. */
		(void)engine_exit(&dc, nr, HOST_EXIT_DIED);
		host_commit(dc.state);
	}
}

/* Those that the dead one has guarded are ending too, and some of them without a mark. */
static void tell_of_guard(struct segment *segment, int index)
{
	uint32_t word = lock_word_of(index, segment->members[index].epoch);

	for (int i = 0; segment_has_member(segment, i); i++)
		if (__atomic_load_n(&segment->members[i].guard, __ATOMIC_RELAXED) == word) {
			member_kick_all(segment);
			return;
		}
}

/* The dead one may have been told of a keeper's end, and not lived to take its place. */
static void tell_candidates(struct segment *segment)
{
	for (int i = 0; i < KEEPERS; i++) {
		uint32_t *word = keepers_word(segment, i);

		if (!(__atomic_load_n(word, __ATOMIC_SEQ_CST) & FUTEX_TID_MASK))
			futex_wake(word, 1);
	}
}

int bury(const struct mapping *mapping, const struct seat *seat, int index)
{
	struct member *member = &seat->segment->members[index];
	struct dc dc = mapping->dc;
	char fifo[48];
	int rc = pthread_mutex_trylock(&member->life);

	if (rc == 0)
		pthread_mutex_unlock(&member->life);
	if (rc != EOWNERDEAD)
		return 0;
	if (__atomic_load_n(&member->state, __ATOMIC_ACQUIRE) != MEMBER_FREE) {
		__atomic_store_n(&member->state, MEMBER_DYING, __ATOMIC_RELEASE);
		bury_take_lock(mapping, seat);
		end_slots(mapping, index);
		trace_recount(mapping);
		host_leave(&dc, seat);
	}
	/* Of a DC that was ended, the name may be another's. */
	if (__atomic_load_n(&member->has_fifo, __ATOMIC_ACQUIRE) && dc.state->running) {
		segment_fifo_name(mapping->dcid, index, fifo);
		unlinkat(mapping->folder.fd, fifo, 0);
	}
	bounce_bury(seat->segment, index);
	tell_of_guard(seat->segment, index);
	__atomic_store_n(&member->state, MEMBER_FREE, __ATOMIC_RELEASE);
	pthread_mutex_consistent(&member->life);
	pthread_mutex_unlock(&member->life);
	/* Wake-ups that it owed, or that it was sent and could not use. */
	lock_wake(seat->segment);
	tell_candidates(seat->segment);
	wake_all(&dc, seat->segment);
	return 1;
}
