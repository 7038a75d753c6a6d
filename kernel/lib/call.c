/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * call.c - the slow half of a call: refusals, deadlines, the wait.
 *
 * A wait ends when ready_next of the slot says so, which is set after the commit
 * of the transition that ended it; only then is the result read, without the lock.
 */
#include "call.h"
#include EMBEDDED_ANNOTATE

ENGINE_COLD int call_refusal(struct call *call)
{
	struct host_self *self = call->self;
	int nr;

	if (device.open)
		return device_refusal();
	if (!host.open)
		return EDVSDVSINIT;
	if (self->current != NONE || !host_attached(self))
		return EDVSNOTBIND;
	nr = __atomic_load_n(&host_member(&self->seat)->current, __ATOMIC_ACQUIRE);
	if (!dc_has_nr(&host.dc, nr))
		return EDVSNOTBIND;
	self->current = call->nr = nr;
	return 0;
}

ENGINE_COLD int call_out_of_range(void)
{
	struct call call;
	int rc = call_begin(&call);

	/* The module knows the order of checks: it is asked with what is out of range too. */
	if (rc == CALL_DEVICE)
		return device_call(DEVICE_ENTRY(NOTIFY, .value = NOTIFY_VALUE_MAX + 1), NULL, NULL);
	if (rc)
		return rc;
	return host.dc.state->running ? EDVSRANGE : EDVSDCNOTRUN;
}

int call_deadline(long ms, int64_t *ret_deadline_ns)
{
	struct call call;
	int rc = call_begin(&call);

	if (rc && rc != CALL_DEVICE)
		return rc;
	if (ms < -1 || ms > DVK_TIMEOUT_MAX_MS)
		return call_out_of_range();
	if (ms == -1)
		*ret_deadline_ns = DC_NEVER;
	else if (ms == 0)
		*ret_deadline_ns = 0;
	else
		*ret_deadline_ns = ticks_monotonic_ns() + ms * 1000000LL;
	return 0;
}

/*
 * The time of a wait has come, or it is cancelled: its outcome, or DVK_BLOCKED while a
 * copy goes on, or as long as a debugger has stopped the slot.
 */
static int end_early(int nr, message *ret_m, int (*end)(struct dc *dc, int nr))
{
	struct host_self *self = host_here();
	struct proc *p = dc_proc(&host.dc, nr);
	int rc;

	host_enter(&host.dc, &self->seat);
	/* Unbound by another, and taken anew: its time is not ours. */
	if (p->member != self->seat.member) {
		host_leave(&host.dc, &self->seat);
		return EDVSNOTBIND;
	}
	rc = end(&host.dc, nr);
	if (rc != DVK_BLOCKED) {
		if (p->ready_next != READY_NOT && p->ready_next != READY_WAITING)
			wake_unlist(&host.dc, self->seat.segment, nr);
		__atomic_store_n(&p->ready_next, READY_NOT, __ATOMIC_RELAXED);
	}
	host_leave(&host.dc, &self->seat);
	return rc == DVK_DONE ? engine_result(&host.dc, nr, ret_m) : rc;
}

/* The member that the slot waits for, as far as can be guessed: a hint for the look. */
static int32_t awaited_member(const struct proc *p)
{
	int sends = (__atomic_load_n(&p->rts, __ATOMIC_RELAXED) & DVK_RTS_SENDING) != 0;
	int endpoint = __atomic_load_n(sends ? &p->sendto_ep : &p->getfrom_ep, __ATOMIC_RELAXED);
	int nr;

	/* A server's next client is likely to be its last one. */
	if (endpoint == ANY)
		endpoint = __atomic_load_n(&p->request_ep, __ATOMIC_RELAXED);
	nr = dvk_endpoint_nr(endpoint);
	if (endpoint == NONE || !dc_has_nr(&host.dc, nr))
		return DC_NO_MEMBER;
	return __atomic_load_n(&dc_proc(&host.dc, nr)->member, __ATOMIC_RELAXED);
}

static inline void sleep_once(struct host_self *self, int nr, int64_t deadline_ns)
{
	const struct proc *p = dc_proc(&host.dc, nr);

	if (likely(self->parker != NULL)) {
		self->parker->block(nr, deadline_ns);
	} else {
		self->peer = awaited_member(p);
		park_slot(self, p, deadline_ns);
	}
}

/* The wait of nr is over. */
static inline int fetch_result(const struct host_self *self, int nr, message *ret_m)
{
	const struct proc *p = dc_proc(&host.dc, nr);

	annotate_follows(&self->seat.segment->lock);
	/* Unbound by another, and perhaps already taken anew. */
	if (unlikely(__atomic_load_n(&p->member, __ATOMIC_RELAXED) != self->seat.member))
		return EDVSNOTBIND;
	if (unlikely(__atomic_load_n(&p->rts, __ATOMIC_RELAXED) || p->result))
		return engine_result(&host.dc, nr, ret_m);
	if (ret_m)
		*ret_m = p->letter;
	return 0;
}

/* It was cancelled since it is blocked, or before: counts once. */
static int is_cancelled(const struct host_self *self, int nr)
{
	struct proc *p = dc_proc(&host.dc, nr);

	return __atomic_load_n(&p->member, __ATOMIC_RELAXED) == self->seat.member &&
	       __atomic_exchange_n(&p->cancelled, 0, __ATOMIC_SEQ_CST);
}

/* Not ready yet: sleeps on, until it is or its time has come. */
static ENGINE_COLD int wait_on(int64_t deadline_ns, message *ret_m)
{
	struct host_self *self = host_here();
	const struct proc *p = dc_proc(&host.dc, self->current);
	int nr = self->current, rc;

	do {
		attention_look(self);
		rc = DVK_BLOCKED;
		if (is_cancelled(self, nr))
			rc = end_early(nr, ret_m, engine_cancel);
		if (rc != DVK_BLOCKED)
			return rc;
		if (self->ends_wait ||
		    (deadline_ns != DC_NEVER && deadline_ns <= ticks_monotonic_ns())) {
			rc = end_early(nr, ret_m, engine_timeout);
			if (rc != DVK_BLOCKED)
				return rc;
			deadline_ns = DC_NEVER;
			self->ends_wait = 0;
		}
		sleep_once(self, nr, deadline_ns);
	} while (__atomic_load_n(&p->ready_next, __ATOMIC_ACQUIRE) != READY_NOT);
	return fetch_result(self, nr, ret_m);
}

int call_wait(int64_t deadline_ns, message *ret_m)
{
	struct host_self *self = host_here();
	int nr = self->current;
	const struct proc *p = dc_proc(&host.dc, nr);

	self->peer = DC_NO_MEMBER;
	self->ends_wait = 0;
	if (likely(!__atomic_load_n(&p->cancelled, __ATOMIC_RELAXED)))
		sleep_once(self, nr, deadline_ns);
	if (unlikely(__atomic_load_n(&p->ready_next, __ATOMIC_ACQUIRE) != READY_NOT))
		return wait_on(deadline_ns, ret_m);
	return fetch_result(self, nr, ret_m);
}

void call_stopped(const struct call *call)
{
	struct host_self *self = call->self;
	struct proc *p = dc_proc(&host.dc, call->nr);

	self->peer = DC_NO_MEMBER;
	while (p->rts == DVK_RTS_STOPPED && p->member == self->seat.member) {
		__atomic_store_n(&p->ready_next, READY_WAITING, __ATOMIC_RELAXED);
		host_leave(&host.dc, &self->seat);
		do {
			attention_look(self);
			sleep_once(self, call->nr, DC_NEVER);
		} while (park_waits(p));
		host_enter(&host.dc, &self->seat);
	}
}
