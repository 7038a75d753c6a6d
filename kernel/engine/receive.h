/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * receive.h - what a receive takes, for receive.c and for reply_receive.
 */
#ifndef ENGINE_RECEIVE_H
#define ENGINE_RECEIVE_H

#include "check.h"
#include "circle.h"
#include "notify.h"

/* One receive. */
struct intake {
	struct dc *dc;
	struct proc *caller;
	int src_ep; /* an endpoint, ANY or ANY_REQUEST */
	message *ret_m;
	int64_t deadline_ns;
};

/* The oldest sender that src allows: DVK_DONE, DVK_BLOCKED (nobody), EDVSBADPROC. */
int receive_from_queue(const struct intake *in);
/* In misc: there is something to take besides notifications and senders. */
#define RECEIVE_ASIDE (DVK_MISC_WOKENUP | DVK_MISC_ENQUEUED)
/* A wake-up, a notification, a copy: DVK_DONE, DVK_BLOCKED (nothing), EDVSWOKENUP. */
int receive_aside(const struct intake *in);
/* The parts of receive_check() and receive_await() for a particular source. */
int receive_check_source(const struct intake *in);
int receive_closes_circle(const struct intake *in);

/* The order of checks of section 5, for a source. */
static inline int receive_check(const struct intake *in)
{
	if (unlikely(in->src_ep != ANY))
		return receive_check_source(in);
	return check_rights(in->dc, in->caller, NULL, CALL_RECEIVE_NR);
}

/* The lowest pending notification, then the oldest sender: DVK_DONE or DVK_BLOCKED. */
static inline int receive_take(const struct intake *in)
{
	struct proc *caller = in->caller;

	caller->wait_since = in->dc->state->now;
	if (unlikely(caller->misc & RECEIVE_ASIDE)) {
		int rc = receive_aside(in);

		if (rc != DVK_BLOCKED)
			return rc;
	}
	if (unlikely(caller->notify_pending[0] | caller->notify_pending[1]) &&
	    notify_take(in->dc, caller, in->src_ep, in->ret_m))
		return DVK_DONE;
	if (likely(caller->queue_head == NONE))
		return DVK_BLOCKED;
	return receive_from_queue(in);
}

/* There was nothing: DVK_BLOCKED, EDVSLOCKED, EDVSAGAIN. */
static inline int receive_await(const struct intake *in)
{
	struct proc *caller = in->caller;

	if (unlikely(in->src_ep != ANY) && receive_closes_circle(in))
		return EDVSLOCKED;
	if (unlikely(in->deadline_ns == 0))
		return EDVSAGAIN;
	caller->getfrom_ep = in->src_ep;
	caller->call = 0;
	caller->call_state = CALL_NONE;
	caller->call_type = 0;
	caller->deadline_ns = in->deadline_ns;
	slot_begin_wait(in->dc, caller, DVK_RTS_RECEIVING);
	return DVK_BLOCKED;
}

#endif
