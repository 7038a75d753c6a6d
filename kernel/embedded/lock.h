/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lock.h - the DC's lock: one word that names its owner.
 *
 * It is not a robust mutex itself: the owner's life is one, and whoever watches
 * the dead takes the lock from them (lock_take_over). The word holds the owner's
 * epoch, so that a late thief cannot take it from a new member of that number.
 */
#ifndef EMBEDDED_LOCK_H
#define EMBEDDED_LOCK_H

#include "segment.h"

#define LOCK_WAITERS    0x80000000u
#define LOCK_OWNER_BITS 13
#define LOCK_OWNER_MASK ((1u << LOCK_OWNER_BITS) - 1)

static_assert(MEMBERS_MAX + 1 < 1 << LOCK_OWNER_BITS, "an owner fits in the lock word");

/* A thread's place at a segment's lock. */
struct seat {
	struct segment *segment;
	int member;         /* DC_NO_MEMBER: none */
	uint32_t lock_word; /* what it writes into the lock */
};

/* The member that a lock word names, or DC_NO_MEMBER. */
static inline int lock_owner(uint32_t word)
{
	return (int)(word & LOCK_OWNER_MASK) - 1;
}

static inline uint32_t lock_word_of(int member, uint32_t epoch)
{
	return (uint32_t)(member + 1) | ((epoch << LOCK_OWNER_BITS) & ~LOCK_WAITERS);
}

static inline int lock_try(const struct seat *seat)
{
	uint32_t expected = 0;

	return __atomic_compare_exchange_n(&seat->segment->lock, &expected, seat->lock_word, 0,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/* 0 or EDVSTIMEDOUT. */
int lock_take_until(const struct seat *seat, int64_t deadline_ns);

static inline void lock_take(const struct seat *seat)
{
	if (__builtin_expect(!lock_try(seat), 0))
		lock_take_until(seat, INT64_MAX);
}

/* The wake-up of one who waits for the lock. */
void lock_wake(struct segment *segment);

static inline void lock_release(const struct seat *seat)
{
	/* A full barrier: park words are read after it (wake.c). */
	uint32_t old = __atomic_exchange_n(&seat->segment->lock, 0, __ATOMIC_SEQ_CST);

	if (__builtin_expect(old & LOCK_WAITERS, 0))
		lock_wake(seat->segment);
}

/* 1 when it is held by nobody who is attached: the segment is damaged. */
int lock_is_nobodys(const struct segment *segment);

/*
 * Takes the lock, also from an owner that is dead. Returns 1 if so: what the dead
 * one had begun must be rolled back.
 */
int lock_take_over(const struct seat *seat);

/* How often to look before sleeping; 0 on a machine with one processor. */
extern int lock_spins;
void lock_init_spins(void);

#endif
