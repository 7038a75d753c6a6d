/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attention.c - a thread is asked for something that only itself can do.
 *
 * The word is set before the thread's park word is read, and the thread looks at it
 * after it has written its park word: one of them sees the other. A signal handler
 * may ask, so there is no lock here. What is asked is done as the thread waits, or as
 * it begins to.
 */
#include "embedded.h"
#include "futex.h"

void attention_ask(struct segment *segment, int index, uint32_t what)
{
	struct member *member = &segment->members[index];
	uint32_t park;

	__atomic_or_fetch(&member->attention, what, __ATOMIC_SEQ_CST);
	park = __atomic_exchange_n(&member->park, PARK_AWAKE, __ATOMIC_SEQ_CST);
	if (park == PARK_FUTEX)
		futex_wake(&member->park, 1);
	else if (park == PARK_FD)
		fifo_wake_from_handler(index);
}

uint32_t attention_give(struct host_self *self)
{
	uint32_t what =
		__atomic_exchange_n(&host_member(&self->seat)->attention, 0, __ATOMIC_SEQ_CST);

	if (what & ATTENTION_COPY)
		bounce_serve(self);
	return what;
}
