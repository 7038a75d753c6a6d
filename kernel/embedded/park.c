/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * park.c - how a thread waits until one of its slots is ready.
 *
 * First it looks for a while, if the one it waits for can run meanwhile on
 * another processor; a look that paid makes the next one longer, one that did not
 * makes it shorter. Then it says in its park word that it sleeps, looks once
 * more, and sleeps: whoever makes a slot ready does so before reading the word.
 */
#include <sched.h>

#include "embedded.h"
#include "futex.h"

#define SPINS_FIRST 400
#define SPINS_MAX   2000
#define SPINS_MIN   20

struct wait {
	struct host_self *self;
	const struct proc *p; /* NULL: any slot of the list */
};

static int is_over(const struct wait *wait)
{
	if (wait->p)
		return !park_waits(wait->p);
	return __atomic_load_n(&host_member(&wait->self->seat)->ready_head, __ATOMIC_ACQUIRE) !=
	       READY_END;
}

/* 1 when the awaited one shares our processor, and cannot run while we look. */
static int peer_is_here(const struct host_self *self)
{
	const struct segment *segment = self->seat.segment;

	if (!segment_has_member(segment, self->peer))
		return 0;
	return segment->members[self->peer].cpu == sched_getcpu();
}

/* Looks for a while. 1 when the wait is over. */
static int spin(const struct wait *wait)
{
	struct host_self *self = wait->self;

	if (lock_spins == 0)
		return is_over(wait);
	if (self->spins == 0)
		self->spins = SPINS_FIRST;
	for (int i = 0; i < self->spins; i++) {
		if (is_over(wait)) {
			self->spins = self->spins < SPINS_MAX / 2 ? self->spins * 2 : SPINS_MAX;
			return 1;
		}
		if (i == SPINS_MIN && peer_is_here(self))
			return 0;
		ticks_relax();
	}
	self->spins = self->spins / 2 > SPINS_MIN ? self->spins / 2 : SPINS_MIN;
	return is_over(wait);
}

static void park(const struct wait *wait, int64_t deadline_ns)
{
	uint32_t *word = &host_member(&wait->self->seat)->park;
	int rc = 0;

	host_member(&wait->self->seat)->cpu = sched_getcpu();
	if (spin(wait))
		return;
	while (rc != ETIMEDOUT) {
		__atomic_exchange_n(word, PARK_FUTEX, __ATOMIC_SEQ_CST);
		if (is_over(wait))
			break;
		rc = futex_wait(word, PARK_FUTEX, deadline_ns);
		if (is_over(wait))
			break;
	}
	__atomic_store_n(word, PARK_AWAKE, __ATOMIC_RELAXED);
}

void park_slot(struct host_self *self, const struct proc *p, int64_t deadline_ns)
{
	park(&(struct wait){ .self = self, .p = p }, deadline_ns);
}

void park_list(struct host_self *self, int64_t deadline_ns)
{
	park(&(struct wait){ .self = self }, deadline_ns);
}
