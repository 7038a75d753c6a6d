/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * member.c - attaching a thread to a segment and detaching it.
 *
 * life is taken first and given back last, so whoever sees a member that is not
 * FREE finds in its life whether the thread still runs. Only the holder of life
 * changes state from and to FREE.
 */
#include <sched.h>

#include "futex.h"
#include "member.h"

void member_kick(struct segment *segment, int index)
{
	uint32_t *kick = &segment->kick[index / WATCH_MEMBERS];

	__atomic_add_fetch(kick, 1, __ATOMIC_SEQ_CST);
	futex_wake(kick, INT32_MAX);
	if (kick == segment->kick)
		return;
	/* The keeper starts further watchers, and watches the first ones itself. */
	__atomic_add_fetch(segment->kick, 1, __ATOMIC_SEQ_CST);
	futex_wake(segment->kick, INT32_MAX);
}

void member_kick_all(struct segment *segment)
{
	for (int i = 0; segment_has_member(segment, i); i += WATCH_MEMBERS) {
		__atomic_add_fetch(&segment->kick[i / WATCH_MEMBERS], 1, __ATOMIC_SEQ_CST);
		futex_wake(&segment->kick[i / WATCH_MEMBERS], INT32_MAX);
	}
}

/* Takes life of a member that is free; 0 if it is not. */
static int take_life(struct member *member)
{
	int rc;

	if (__atomic_load_n(&member->state, __ATOMIC_ACQUIRE) != MEMBER_FREE)
		return 0;
	rc = pthread_mutex_trylock(&member->life);
	if (rc == EOWNERDEAD)
		rc = pthread_mutex_consistent(&member->life);
	if (rc != 0)
		return 0;
	if (__atomic_load_n(&member->state, __ATOMIC_ACQUIRE) == MEMBER_FREE)
		return 1;
	pthread_mutex_unlock(&member->life);
	return 0;
}

int member_attach(struct segment *segment, enum member_state state, uint32_t guard,
		  struct seat *ret_seat)
{
	struct member *member;
	int index = 0;

	while (segment_has_member(segment, index) && !take_life(&segment->members[index]))
		index++;
	if (!segment_has_member(segment, index))
		return EDVSRSCBUSY;
	member = &segment->members[index];
	/* A lock word of a damaged segment must not look like ours. */
	do
		__atomic_store_n(&member->epoch, member->epoch + 1, __ATOMIC_RELAXED);
	while (lock_word_of(index, member->epoch) ==
	       (__atomic_load_n(&segment->lock, __ATOMIC_RELAXED) & ~LOCK_WAITERS));
	__atomic_store_n(&member->pid, getpid(), __ATOMIC_RELAXED);
	/* Who finds this tid finds that pid (vanish.c). */
	__atomic_store_n(&member->tid, gettid(), __ATOMIC_RELEASE);
	__atomic_store_n(&member->guard, guard, __ATOMIC_RELAXED);
	__atomic_store_n(&member->has_fifo, 0, __ATOMIC_RELAXED);
	/* Who wakes or counts all reads these of every member, also of one that comes. */
	member->ready_tail = READY_END;
	__atomic_store_n(&member->ready_head, READY_END, __ATOMIC_RELAXED);
	__atomic_store_n(&member->listed, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&member->traces, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&member->current, NONE, __ATOMIC_RELAXED);
	__atomic_store_n(&member->cpu, sched_getcpu(), __ATOMIC_RELAXED);
	__atomic_store_n(&member->woken_ns, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&member->attention, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&member->park, PARK_AWAKE, __ATOMIC_RELAXED);
	__atomic_store_n(&member->state, state, __ATOMIC_RELEASE);
	*ret_seat = (struct seat){ .segment = segment,
				   .member = index,
				   .lock_word = lock_word_of(index, member->epoch) };
	member_kick(segment, index);
	return 0;
}

void member_detach(struct seat *seat)
{
	struct member *member = &seat->segment->members[seat->member];

	__atomic_store_n(&member->state, MEMBER_FREE, __ATOMIC_RELEASE);
	/* Wakes the watcher, which has set the waiters' bit of life. */
	pthread_mutex_unlock(&member->life);
	*seat = (struct seat){ .member = DC_NO_MEMBER };
}
