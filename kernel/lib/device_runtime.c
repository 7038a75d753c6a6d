/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device_runtime.c - many slots on one thread, on the module (DESIGN decision 2).
 *
 * What others made ready comes along with every entry of the thread, and runs at once;
 * so only a thread without a task to run asks for it, and then it waits for it too.
 */
#include <string.h>

#include "device_thread.h"

__thread struct device_thread device_thread = { .current = NONE };

/* What belongs to a DC that was closed, or to the parent of a fork, is forgotten. */
static struct device_thread *here(void)
{
	struct device_thread *self = &device_thread;

	if (self->epoch != device.epoch)
		*self = (struct device_thread){ .epoch = device.epoch, .current = NONE };
	return self;
}

int device_current(void)
{
	return here()->current;
}

void device_set_current(int nr)
{
	if (nr == NONE || device_has_nr(nr))
		here()->current = nr;
}

void device_set_parker(const struct dvk_parker *parker)
{
	here()->parker = parker;
}

void device_end_wait(void)
{
	here()->ends_wait = 1;
}

struct dvk_request device_request(void)
{
	int nr = device_current();

	if (nr == NONE)
		return (struct dvk_request){ .client_ep = NONE };
	return device_slot(nr)->request;
}

void device_fetch(int64_t deadline_ns)
{
	struct device_thread *self = here();
	struct dvk_ready ready[DEVICE_READY];
	struct dvk_entry entry = { .op = DVK_OP_READY,
				   .slot_nr = NONE,
				   .deadline_ns = deadline_ns,
				   .ready = dvk_address(ready),
				   .ready_max = (uint32_t)(DEVICE_READY - self->told_count) };

	/* Whatever it returns, what is ready is said; a signal or the time ends it early. */
	if (entry.ready_max > 0 && device_enter(device.fd, &entry) >= 0)
		device_take(&entry, ready, 0);
}

int device_take_ready(int *ret_nrs, int max)
{
	struct device_thread *self = here();
	int count = self->told_count < max ? self->told_count : max;

	memcpy(ret_nrs, self->told, (size_t)count * sizeof(*ret_nrs));
	self->told_count -= count;
	memmove(self->told, self->told + count, (size_t)self->told_count * sizeof(*self->told));
	/* The next time there is something to take. */
	if (self->more && self->told_count == 0)
		device_fetch(0);
	return count;
}

void device_park(int64_t deadline_ns)
{
	if (here()->told_count == 0)
		device_fetch(deadline_ns);
}

int device_park_prepare(void)
{
	struct device_thread *self = here();

	if (self->told_count == 0)
		device_fetch(0);
	return self->told_count != 0;
}

void device_park_done(void)
{
	if (here()->told_count == 0)
		device_fetch(0);
}
