/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * coroutines.c - all actors on one thread, which libdvk is told how to let wait.
 */
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "actor.h"

struct coroutine {
	ucontext_t context;
	struct mailbox *box;
	int nr;      /* its current slot */
	int waits;   /* in block() */
	int wait_nr; /* for this slot */
	int is_ready;
	int64_t deadline_ns;
};

static struct coroutine coroutines[ACTORS];
static struct coroutine *here; /* NULL: the scheduler */
static ucontext_t scheduler;

static int64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void leave(void)
{
	struct coroutine *self = here;

	here = NULL;
	swapcontext(&self->context, &scheduler);
}

static void block(int nr, int64_t deadline_ns)
{
	struct coroutine *self = here;

	self->wait_nr = nr;
	self->deadline_ns = deadline_ns;
	self->is_ready = 0;
	self->waits = 1;
	leave();
	self->waits = 0;
	dvk_set_current(nr);
}

static void ready(int nr, int handover)
{
	(void)handover;
	for (int i = 0; i < ACTORS; i++)
		if (coroutines[i].waits && coroutines[i].wait_nr == nr)
			coroutines[i].is_ready = 1;
}

static const struct dvk_parker parker = { .block = block, .ready = ready };

static void body(void)
{
	for (;;) {
		struct coroutine *self = here;

		actor_step(self->box);
		if (self->box->step.call == OPEN && self->box->rc == 0)
			dvk_set_parker(&parker);
		leave();
	}
}

static int has_step(const struct coroutine *c)
{
	return !c->waits && __atomic_load_n(&c->box->given, __ATOMIC_ACQUIRE) != c->box->done;
}

static void enter(struct coroutine *c)
{
	if (!c->waits)
		dvk_set_current(c->nr);
	here = c;
	swapcontext(&scheduler, &c->context);
	if (!c->waits)
		c->nr = dvk_current();
}

/* Runs all that can run: how many did. */
static int run_ready(void)
{
	int64_t now = monotonic_ns();
	int ran = 0;

	for (int i = 0; i < ACTORS; i++) {
		struct coroutine *c = &coroutines[i];

		if (!has_step(c) && !(c->waits && (c->is_ready || c->deadline_ns <= now)))
			continue;
		enter(c);
		ran++;
	}
	return ran;
}

static void take_ready(void)
{
	int nrs[ACTORS], count = dvk_take_ready(nrs, ACTORS);

	for (int i = 0; i < count; i++)
		ready(nrs[i], 0);
}

static int next_timeout_ms(void)
{
	int64_t next = monotonic_ns() + 1000000000, now = monotonic_ns();

	for (int i = 0; i < ACTORS; i++)
		if (coroutines[i].waits && coroutines[i].deadline_ns < next)
			next = coroutines[i].deadline_ns;
	return next <= now ? 0 : (int)((next - now) / 1000000) + 1;
}

static void sleep_on(void)
{
	int is_open = dvk_dcid() >= 0;
	struct pollfd fds[2] = { { stage->doorbell, POLLIN, 0 },
				 { is_open ? dvk_park_fd() : -1, POLLIN, 0 } };
	uint64_t rings;

	if (is_open && dvk_park_prepare())
		return;
	poll(fds, 2, next_timeout_ms());
	if (is_open)
		dvk_park_done();
	if (fds[0].revents && read(stage->doorbell, &rings, sizeof(rings)) < 0)
		return;
}

static void prepare(struct coroutine *c, struct mailbox *box)
{
	c->box = box;
	box->pid = getpid();
	c->nr = NONE;
	getcontext(&c->context);
	c->context.uc_stack.ss_size = CONF_STACK_BYTES;
	c->context.uc_stack.ss_sp = malloc(CONF_STACK_BYTES);
	makecontext(&c->context, body, 0);
	__atomic_store_n(&box->tid, gettid(), __ATOMIC_RELEASE);
}

void coroutines_loop(void)
{
	for (int i = 0; i < ACTORS; i++)
		prepare(&coroutines[i], &stage->boxes[i]);
	for (;;) {
		take_ready();
		if (!run_ready())
			sleep_on();
	}
}
