/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * park.c - how a thread waits until one of its slots is ready.
 *
 * If the one it waits for shares its processor, it first gives way: mostly that one
 * runs then, answers and gives way itself, and both save the sleep and the wake-up;
 * a round trip takes 1.2 us instead of 1.9. Else it looks for a while, as the other
 * can run meanwhile. How long, the waits before tell: one that ended within a few
 * times what a wake-up costs should have been looked through, one that lasted was
 * not worth the looking. What a wake-up costs is measured: it is 5 us on bare metal
 * and may be 50 us where a processor is virtual. Then it says in its park word that
 * it sleeps, looks once more, and sleeps: whoever makes a slot ready does so before
 * reading the word.
 */
#include <sched.h>

#include "embedded.h"
#include "futex.h"

#define WAKE_NS_MAX  80000 /* more is a busy machine, where looking does harm */
#define LOOK_FACTOR  3     /* a look that pays must outlast the other's wake-up */
#define LOOK_NS_MIN  200
#define LOOKS_A_TIME 16 /* between readings of the clock */
#define YIELDS       2  /* before a sleep */

struct wait {
	struct host_self *self;
	const struct proc *p; /* NULL: any slot of the list */
};

/* Or it must be looked after: what others ask of the thread is done by who called us. */
static int is_over(const struct wait *wait)
{
	if (__builtin_expect(attention_is_asked(wait->self), 0))
		return 1;
	if (wait->p)
		return !park_waits(wait->p);
	return __atomic_load_n(&host_member(&wait->self->seat)->ready_head, __ATOMIC_ACQUIRE) !=
	       READY_END;
}

/* 1 when the awaited one shares our processor, and cannot run while we look. */
static int peer_is_here(const struct host_self *self)
{
	const struct segment *segment = self->seat.segment;
	struct member *member = host_member(&self->seat);
	int cpu = sched_getcpu();

	/* Others read it: written only when it has changed. */
	if (__atomic_load_n(&member->cpu, __ATOMIC_RELAXED) != cpu)
		__atomic_store_n(&member->cpu, cpu, __ATOMIC_RELAXED);
	if (lock_spins == 0)
		return 1;
	return segment_has_member(segment, self->peer) &&
	       __atomic_load_n(&segment->members[self->peer].cpu, __ATOMIC_RELAXED) == cpu;
}

/* Lets others run. 1 when the wait is over. */
static int give_way(const struct wait *wait)
{
	for (int i = 0; i < YIELDS; i++) {
		sched_yield();
		if (is_over(wait))
			return 1;
	}
	return 0;
}

/* Looks for a while. 1 when the wait is over. */
static int look(const struct wait *wait)
{
	int64_t end = ticks_monotonic_ns() + wait->self->look_ns;

	do {
		for (int i = 0; i < LOOKS_A_TIME; i++) {
			if (is_over(wait))
				return 1;
			ticks_relax();
		}
	} while (ticks_monotonic_ns() < end);
	return is_over(wait);
}

/* What comes before a sleep. 1 when the wait is over. */
static int wait_awake(const struct wait *wait)
{
	return peer_is_here(wait->self) ? give_way(wait) : look(wait);
}

/* After a sleep that began at start_ns: shall the next wait look longer or less long? */
static void learn(struct host_self *self, int64_t start_ns)
{
	int64_t woken = __atomic_load_n(&host_member(&self->seat)->woken_ns, __ATOMIC_RELAXED);
	int64_t now = ticks_monotonic_ns();
	int64_t cost = now - woken < WAKE_NS_MAX ? now - woken : WAKE_NS_MAX;

	if (woken > start_ns)
		self->wake_ns += (cost - self->wake_ns) / 4;
	if (now - start_ns < LOOK_FACTOR * self->wake_ns)
		self->look_ns = LOOK_FACTOR * self->wake_ns;
	else
		self->look_ns = self->look_ns / 2 > LOOK_NS_MIN ? self->look_ns / 2 : LOOK_NS_MIN;
}

static void park(const struct wait *wait, int64_t deadline_ns)
{
	struct host_self *self = wait->self;
	uint32_t *word = &host_member(&self->seat)->park;
	int64_t start;
	int rc = 0;

	if (wait_awake(wait))
		return;
	start = ticks_monotonic_ns();
	while (rc != ETIMEDOUT) {
		__atomic_exchange_n(word, PARK_FUTEX, __ATOMIC_SEQ_CST);
		if (is_over(wait))
			break;
		rc = futex_wait(word, PARK_FUTEX, deadline_ns);
		if (is_over(wait))
			break;
	}
	__atomic_store_n(word, PARK_AWAKE, __ATOMIC_RELAXED);
	learn(self, start);
}

void park_slot(struct host_self *self, const struct proc *p, int64_t deadline_ns)
{
	park(&(struct wait){ .self = self, .p = p }, deadline_ns);
}

void park_list(struct host_self *self, int64_t deadline_ns)
{
	park(&(struct wait){ .self = self }, deadline_ns);
}

int park_look(struct host_self *self)
{
	if (wait_awake(&(struct wait){ .self = self }))
		return 1;
	self->poll_start_ns = ticks_monotonic_ns();
	return 0;
}

void park_polled(struct host_self *self, int by_message)
{
	if (by_message)
		learn(self, self->poll_start_ns);
	else /* a descriptor does not come sooner because we look at slots */
		self->look_ns = self->look_ns / 2 > LOOK_NS_MIN ? self->look_ns / 2 : LOOK_NS_MIN;
}
