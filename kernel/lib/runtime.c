/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * runtime.c - many slots on one thread (DESIGN decision 2).
 */
#include "call.h"

static void list_ready(struct host_self *self, int on)
{
	host_enter(&host.dc, &self->seat);
	__atomic_store_n(&host_member(&self->seat)->listed, (uint32_t)on, __ATOMIC_RELAXED);
	/* Those that were told one way and not yet taken are told the other way. */
	wake_sweep(&host.dc, self->seat.segment);
	host_leave(&host.dc, &self->seat);
}

void dvk_set_parker(const struct dvk_parker *parker)
{
	struct host_self *self = &host_self;

	if (device.open) {
		device_set_parker(parker);
		return;
	}
	/* Without a DC, or room in it, there is nothing to wait for. */
	if (host_attach(self) != 0)
		return;
	self->parker = parker;
	list_ready(self, parker != NULL);
}

int dvk_current(void)
{
	if (unlikely(device.open))
		return device_current();
	return host_self.epoch == host.epoch ? host_self.current : NONE;
}

void dvk_set_current(int nr)
{
	struct host_self *self = &host_self;

	if (unlikely(device.open)) {
		device_set_current(nr);
		return;
	}
	if (!host_attached(self) || (nr != NONE && !dc_has_nr(&host.dc, nr)))
		return;
	self->current = nr;
	__atomic_store_n(&host_member(&self->seat)->current, nr, __ATOMIC_RELAXED);
}

void dvk_end_wait(void)
{
	host_self.ends_wait = 1;
	if (unlikely(device.open))
		device_end_wait();
}

/* Slots of this thread that sleep and are cancelled: their waits see to the rest. */
static int take_cancelled(struct host_self *self, int *ret_nrs, int max)
{
	int count = 0, nr;

	if (!(attention_give(self) & ATTENTION_CANCEL))
		return 0;
	for (nr = -NR_TASKS; nr < host.dc.nr_procs && count < max; nr++) {
		const struct proc *p = dc_proc(&host.dc, nr);

		if (p->member == self->seat.member &&
		    __atomic_load_n(&p->cancelled, __ATOMIC_RELAXED) && park_waits(p))
			ret_nrs[count++] = nr;
	}
	/* There may be more. */
	if (count == max)
		attention_ask(self->seat.segment, self->seat.member, ATTENTION_CANCEL);
	return count;
}

int dvk_take_ready(int *ret_nrs, int max)
{
	struct host_self *self = &host_self;
	struct member *member;
	int count = 0, nr;

	if (unlikely(device.open))
		return device_take_ready(ret_nrs, max);
	if (!host_attached(self))
		return 0;
	member = host_member(&self->seat);
	if (__builtin_expect(attention_is_asked(self), 0))
		count = take_cancelled(self, ret_nrs, max);
	if (__atomic_load_n(&member->ready_head, __ATOMIC_ACQUIRE) == READY_END)
		return count;
	host_lock(&self->seat);
	for (nr = member->ready_head; count < max && dc_has_nr(&host.dc, nr);
	     nr = member->ready_head) {
		struct proc *p = dc_proc(&host.dc, nr);

		ret_nrs[count++] = nr;
		__atomic_store_n(&member->ready_head, p->ready_next, __ATOMIC_RELEASE);
		__atomic_store_n(&p->ready_next, READY_NOT, __ATOMIC_RELEASE);
	}
	if (!dc_has_nr(&host.dc, member->ready_head)) {
		__atomic_store_n(&member->ready_head, READY_END, __ATOMIC_RELEASE);
		member->ready_tail = READY_END;
	}
	lock_release(&self->seat);
	return count;
}

void dvk_park(int64_t deadline_ns)
{
	struct host_self *self = &host_self;

	if (device.open)
		device_park(deadline_ns);
	else if (host_attached(self))
		park_list(self, deadline_ns);
}

int dvk_park_fd(void)
{
	struct host_self *self = &host_self;
	int rc;

	if (device.open)
		return device.fd;
	rc = host_attach(self);
	return rc ? rc : fifo_own(self);
}

int dvk_park_prepare(void)
{
	struct host_self *self = &host_self;
	struct member *member;

	if (device.open)
		return device_park_prepare();
	if (!host_attached(self))
		return 0;
	if (park_look(self))
		return 1;
	member = host_member(&self->seat);
	__atomic_exchange_n(&member->park, PARK_FD, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&member->ready_head, __ATOMIC_SEQ_CST) == READY_END &&
	    !attention_is_asked(self))
		return 0;
	dvk_park_done();
	return 1;
}

void dvk_park_done(void)
{
	struct host_self *self = &host_self;
	struct member *member;
	int by_message;

	if (device.open) {
		device_park_done();
		return;
	}
	if (!host_attached(self))
		return;
	member = host_member(&self->seat);
	by_message = __atomic_exchange_n(&member->park, PARK_AWAKE, __ATOMIC_SEQ_CST) != PARK_FD;
	if (by_message)
		fifo_drain();
	park_polled(self, by_message);
}
