/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * call.h - what the calls share: the caller, the time, the wait.
 */
#ifndef LIB_CALL_H
#define LIB_CALL_H

#include "compiler.h"
#include "device.h"
#include "embedded.h"

/*
 * A call under way. Messages are copied before the lock is taken and after it was
 * released, so that a bad address of the program's faults where nothing is held.
 */
struct call {
	struct host_self *self;
	int nr; /* the caller's slot */
};

/*
 * The thread knows of no slot: 0 when another has bound it (dvk_lclbind), which it
 * takes over now; CALL_DEVICE when the DC is on the module; else EDVSDVSINIT or
 * EDVSNOTBIND.
 */
int call_refusal(struct call *call);
/* The slot is STOPPED: waits until a debugger lets it go on. The lock is held, and is after. */
void call_stopped(const struct call *call);

/* An argument is out of its range: EDVSRANGE, or what is checked before that. */
int call_out_of_range(void);

/* The deadline of ms from now, on either host; EDVSRANGE, or why the thread has no slot. */
int call_deadline(long ms, int64_t *ret_deadline_ns);

static inline int call_begin(struct call *call)
{
	struct host_self *self = host_here();

	call->self = self;
	call->nr = self->current;
	if (unlikely(self->current == NONE || self->epoch != host.epoch))
		return call_refusal(call);
	return 0;
}

static inline void call_enter(const struct call *call)
{
	host_enter(&host.dc, &call->self->seat);
	if (unlikely(dc_proc(&host.dc, call->nr)->rts == DVK_RTS_STOPPED))
		call_stopped(call);
}

/* Ends the transition whose result was rc; after DVK_BLOCKED the caller waits. */
static inline int call_leave(const struct call *call, int rc)
{
	host_commit(host.dc.state);
	if (rc == DVK_BLOCKED)
		__atomic_store_n(&dc_proc(&host.dc, call->nr)->ready_next, READY_WAITING,
				 __ATOMIC_RELAXED);
	host_unlock(&host.dc, &call->self->seat);
	return rc;
}

/* Waits for the current slot, which is blocked, and fetches its result. */
int call_wait(int64_t deadline_ns, message *ret_m);

#endif
