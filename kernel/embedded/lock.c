/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lock.c - the slow ways to the DC's lock: spinning, sleeping, taking it over.
 *
 * A waiter that has slept takes the lock with LOCK_WAITERS set, since it cannot
 * know whether others sleep. A wake-up can get lost when the one who should send
 * or use it is killed: every burial sends one more (bury.c).
 */
#include <sched.h>

#include "futex.h"
#include "lock.h"
#include "member.h"

#define LOCK_SPINS   200
#define LOCK_LOOK_NS 5000000 /* how long a take-over waits between looks */

int lock_spins;

void lock_init_spins(void)
{
	lock_spins = sysconf(_SC_NPROCESSORS_ONLN) > 1 ? LOCK_SPINS : 0;
}

/* 1 when the owner cannot go on while we look, since it shares our processor. */
static int owner_is_here(const struct segment *segment)
{
	int owner = lock_owner(__atomic_load_n(&segment->lock, __ATOMIC_RELAXED));

	return segment_has_member(segment, owner) &&
	       __atomic_load_n(&segment->members[owner].cpu, __ATOMIC_RELAXED) == sched_getcpu();
}

int lock_take_until(const struct seat *seat, int64_t deadline_ns)
{
	uint32_t *lock = &seat->segment->lock;
	int spins = lock_spins && !owner_is_here(seat->segment) ? lock_spins : 0;
	uint32_t word;

	for (int i = 0; i < spins; i++) {
		if (__atomic_load_n(lock, __ATOMIC_RELAXED) == 0 && lock_try(seat))
			return 0;
		ticks_relax();
	}
	for (;;) {
		word = __atomic_load_n(lock, __ATOMIC_RELAXED);
		if (word == 0) {
			if (__atomic_compare_exchange_n(lock, &word, seat->lock_word | LOCK_WAITERS,
							0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
				return 0;
			continue;
		}
		if (!(word & LOCK_WAITERS) &&
		    !__atomic_compare_exchange_n(lock, &word, word | LOCK_WAITERS, 0,
						 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			continue;
		if (futex_wait(lock, word | LOCK_WAITERS, deadline_ns) == ETIMEDOUT)
			return EDVSTIMEDOUT;
	}
}

void lock_wake(struct segment *segment)
{
	futex_wake(&segment->lock, 1);
}

/* 1 when no attachment can have written this word. */
static int is_nonsense(const struct segment *segment, uint32_t word)
{
	int owner = lock_owner(word);
	const struct member *member;

	if (!segment_has_member(segment, owner))
		return 1;
	member = &segment->members[owner];
	return __atomic_load_n(&member->state, __ATOMIC_ACQUIRE) == MEMBER_FREE ||
	       lock_word_of(owner, __atomic_load_n(&member->epoch, __ATOMIC_RELAXED)) !=
		       (word & ~LOCK_WAITERS);
}

int lock_is_nobodys(const struct segment *segment)
{
	uint32_t word = __atomic_load_n(&segment->lock, __ATOMIC_ACQUIRE);

	return word != 0 && is_nonsense(segment, word);
}

/* 1 when the owner that word names has died; nonsense counts as dead. */
static int owner_is_dead(struct segment *segment, uint32_t word)
{
	if (is_nonsense(segment, word))
		return 1;
	(void)member_vanished(segment, lock_owner(word));
	return member_is_dead(&segment->members[lock_owner(word)]);
}

int lock_take_over(const struct seat *seat)
{
	uint32_t *lock = &seat->segment->lock;
	uint32_t word;

	for (;;) {
		if (lock_take_until(seat, ticks_monotonic_ns()) == 0)
			return 0;
		word = __atomic_load_n(lock, __ATOMIC_ACQUIRE);
		if (word != 0 && owner_is_dead(seat->segment, word)) {
			if (__atomic_compare_exchange_n(lock, &word, seat->lock_word | LOCK_WAITERS,
							0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
				return 1;
			continue;
		}
		if (lock_take_until(seat, ticks_monotonic_ns() + LOCK_LOOK_NS) == 0)
			return 0;
	}
}
