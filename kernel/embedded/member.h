/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * member.h - threads that are attached to a segment.
 */
#ifndef EMBEDDED_MEMBER_H
#define EMBEDDED_MEMBER_H

#include <linux/futex.h>

#include "lock.h"

/* ready_next of a slot, where it is no link of a list of ready slots. */
#define READY_NOT     NONE       /* nobody sleeps for it, or it was told */
#define READY_WAITING (NONE + 1) /* its thread sleeps, or will, until it is ready */
#define READY_END     (NONE + 2) /* in a list: the last one */

/*
 * Makes the calling thread a member of a segment; state: ATTACHED or LOOKING, guard:
 * the lock word of its process's keeper thread, 0 for one that has none.
 * EDVSRSCBUSY when all are taken. The same thread must detach.
 */
int member_attach(struct segment *segment, enum member_state state, uint32_t guard,
		  struct seat *ret_seat);
void member_detach(struct seat *seat);

/* The watcher of this member must look anew. */
void member_kick(struct segment *segment, int index);
/* All watchers must. */
void member_kick_all(struct segment *segment);

/*
 * Marks life of a thread that has ended without Linux marking it (see vanish.c). 1: its
 * process ends, and it has yet to.
 */
int member_vanished(struct segment *segment, int index);

/* 1 when its thread has ended without detaching, and until it is buried. */
static inline int member_is_dead(struct member *member)
{
	if (__atomic_load_n(&member->state, __ATOMIC_ACQUIRE) == MEMBER_DYING)
		return 1;
	return (__atomic_load_n(member_life_word(member), __ATOMIC_ACQUIRE) & FUTEX_OWNER_DIED) !=
	       0;
}

static inline int member_has_life(struct member *member)
{
	uint32_t state = __atomic_load_n(&member->state, __ATOMIC_ACQUIRE);
	uint32_t life = __atomic_load_n(member_life_word(member), __ATOMIC_ACQUIRE);

	if (state != MEMBER_ATTACHED && state != MEMBER_LOOKING)
		return 0;
	return (life & FUTEX_TID_MASK) != 0 && !(life & FUTEX_OWNER_DIED);
}

/* 1 when the process's keeper thread, which ends with it alone, has ended. */
static inline int member_lost_guard(struct segment *segment, const struct member *member)
{
	uint32_t guard = __atomic_load_n(&member->guard, __ATOMIC_RELAXED);
	struct member *keeper;

	if (guard == 0 || !segment_has_member(segment, lock_owner(guard)))
		return guard != 0;
	keeper = &segment->members[lock_owner(guard)];
	return !member_has_life(keeper) ||
	       lock_word_of(lock_owner(guard), __atomic_load_n(&keeper->epoch, __ATOMIC_RELAXED)) !=
		       guard;
}

/* 1 when its thread is attached and has not ended, nor is just ending with its process. */
static inline int member_is_alive(struct segment *segment, struct member *member)
{
	return member_has_life(member) && !member_lost_guard(segment, member);
}

#endif
