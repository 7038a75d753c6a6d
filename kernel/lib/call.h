/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * call.h - what the calls share: the caller, the time, the wait.
 */
#ifndef LIB_CALL_H
#define LIB_CALL_H

#include "embedded.h"

/*
 * A call under way. Messages are copied before the lock is taken and after it was
 * released, so that a bad address of the program's faults where nothing is held.
 */
struct call {
	struct host_self *self;
	int nr; /* the caller's slot */
	int64_t deadline_ns;
};

/* Why the thread has no slot: EDVSDVSINIT or EDVSNOTBIND. */
int call_refusal(void);

/* The deadline of ms from now; EDVSRANGE. */
int call_deadline(long ms, int64_t *ret_deadline_ns);

static inline int call_begin(struct call *call, long ms)
{
	struct host_self *self = &host_self;

	call->self = self;
	call->nr = self->current;
	call->deadline_ns = DC_NEVER;
	if (__builtin_expect(self->current == NONE || self->epoch != host.epoch, 0))
		return call_refusal();
	if (__builtin_expect(ms != -1, 0))
		return call_deadline(ms, &call->deadline_ns);
	return 0;
}

static inline void call_enter(const struct call *call)
{
	host_enter(&host.dc, &call->self->seat);
}

/* Waits for the slot of call, which is blocked, and fetches its result. */
int call_wait(struct call *call, message *ret_m);

/* Ends the transition whose result was rc, and waits if it is blocked. */
static inline int call_end(struct call *call, int rc, message *ret_m)
{
	struct host_self *self = call->self;

	host_commit(host.dc.state);
	if (rc == DVK_BLOCKED)
		__atomic_store_n(&dc_proc(&host.dc, call->nr)->ready_next, READY_WAITING,
				 __ATOMIC_RELAXED);
	host_unlock(&host.dc, &self->seat);
	if (rc == DVK_BLOCKED)
		return call_wait(call, ret_m);
	return rc;
}

#endif
