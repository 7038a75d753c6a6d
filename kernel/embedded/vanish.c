/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vanish.c - threads that end without Linux marking their life.
 *
 * A thread that calls exec and is not its process's first one has the first one's
 * number when Linux looks through what it holds, and is passed over. One whose list of
 * robust mutexes is damaged is, too. But the keeper thread of its process ends with it
 * and is marked, and ends with the process alone: so who has lost it is ending, and
 * once Linux knows no such thread any more, we do what Linux did not.
 */
#include <signal.h>

#include "futex.h"
#include "member.h"

/* 0 once no thread of that number is left in the process, whoever's that is. */
static int exists(int pid, int tid)
{
	return syscall(SYS_tgkill, pid, tid, 0) == 0 || errno != ESRCH;
}

int member_vanished(struct segment *segment, int index)
{
	struct member *member = &segment->members[index];
	uint32_t state = __atomic_load_n(&member->state, __ATOMIC_ACQUIRE);
	uint32_t *word = member_life_word(member);
	uint32_t life = __atomic_load_n(word, __ATOMIC_ACQUIRE);
	int tid = __atomic_load_n(&member->tid, __ATOMIC_ACQUIRE);

	/* Life may also be that of who just attaches, or buries. */
	if (state == MEMBER_FREE || life & FUTEX_OWNER_DIED || (int)(life & FUTEX_TID_MASK) != tid)
		return 0;
	/* A view has no guard to lose. */
	if (state != MEMBER_LOOKING && !member_lost_guard(segment, member))
		return 0;
	if (exists(__atomic_load_n(&member->pid, __ATOMIC_RELAXED), tid))
		return state == MEMBER_ATTACHED;
	if (__atomic_compare_exchange_n(word, &life, (life & FUTEX_WAITERS) | FUTEX_OWNER_DIED, 0,
					__ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
		futex_wake(word, INT32_MAX);
	return 0;
}
