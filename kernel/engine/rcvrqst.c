/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rcvrqst.c - taking requests of calls only, and being woken up.
 *
 * A receiver of requests waits for ANY_REQUEST, which is no endpoint: sends and
 * notifications find nobody who waits for them, and stay queued or pending. Of
 * what stands aside, a receive takes a wake-up first, then what is pending, then
 * the copies that a debugger has made, which came before the queue.
 */
#include "event.h"
#include "hold.h"
#include "receive.h"

/* A wake-up is taken once. */
static int take_wakeup(struct dc *dc, struct proc *caller)
{
	SET(dc, caller->misc, caller->misc & ~DVK_MISC_WOKENUP);
	return EDVSWOKENUP;
}

ENGINE_COLD int receive_aside(const struct intake *in)
{
	struct proc *caller = in->caller;
	int is_any = in->src_ep == ANY || in->src_ep == ANY_REQUEST;

	if (is_any && caller->misc & DVK_MISC_WOKENUP)
		return take_wakeup(in->dc, caller);
	if (in->src_ep != ANY_REQUEST && notify_take(in->dc, caller, in->src_ep, in->ret_m))
		return DVK_DONE;
	if (caller->misc & DVK_MISC_ENQUEUED)
		return hold_take_copy(in);
	return DVK_BLOCKED;
}

int engine_rcvrqst(struct dc *dc, int caller_nr, message *ret_m, int64_t deadline_ns)
{
	struct event_what what = { .kind = DVK_EVENT_RECEIVE, .src_ep = ANY };
	struct intake in = {
		.dc = dc, .src_ep = ANY_REQUEST, .ret_m = ret_m, .deadline_ns = deadline_ns
	};
	int rc = check_caller(dc, caller_nr, &in.caller);

	if (rc)
		return rc;
	rc = check_rights(dc, in.caller, NULL, CALL_RCVRQST_NR);
	in.caller->wait_since = dc->state->now;
	if (!rc)
		rc = in.caller->misc & RECEIVE_ASIDE ? receive_aside(&in) : DVK_BLOCKED;
	if (rc == DVK_BLOCKED)
		rc = receive_from_queue(&in);
	if (rc == DVK_BLOCKED)
		rc = receive_await(&in);
	what.dst_ep = in.caller->endpoint;
	if (rc == DVK_BLOCKED && event_wanted(dc, in.caller, in.caller))
		event_put(dc, &what, NULL);
	if (rc >= 0)
		return rc;
	what = (struct event_what){ .dst_ep = ANY, .result = rc };
	return rc == EDVSWOKENUP ? rc : check_refused(dc, in.caller, &what, NULL);
}

static int check_target(const struct dc *dc, const struct proc *caller, int ep, struct proc **ret_p)
{
	struct proc *p = slot_find(dc, ep);

	if (!p)
		return EDVSRANGE;
	if (p->endpoint != ep)
		return EDVSENDPOINT;
	if (p->rts & DVK_RTS_SLOT_FREE)
		return EDVSDSTDIED;
	if (caller && p->member != caller->member && !(caller->rights & RIGHT_SYSTEM))
		return EDVSPRIVILEGES;
	*ret_p = p;
	return caller ? check_rights(dc, caller, NULL, CALL_WAKEUP_NR) : 0;
}

/* It waits for anybody, or for any request. */
static int waits_for_any(const struct proc *p)
{
	return slot_awaits(p, ANY) || slot_awaits_request(p);
}

int engine_wakeup(struct dc *dc, int caller_nr, int ep)
{
	struct event_what what = { .kind = DVK_EVENT_CANCEL, .dst_ep = ANY, .result = EDVSWOKENUP };
	struct proc *caller = NULL, *p = NULL;
	int rc = dc->state->running ? 0 : EDVSDCNOTRUN;

	if (caller_nr != NONE)
		rc = check_caller(dc, caller_nr, &caller);
	if (rc)
		return rc;
	rc = check_target(dc, caller, ep, &p);
	if (rc) {
		what = (struct event_what){ .dst_ep = ep, .result = rc };
		return caller ? check_refused(dc, caller, &what, NULL) : rc;
	}
	what.src_ep = ep;
	if (waits_for_any(p)) {
		slot_end_wait(dc, p, EDVSWOKENUP, 0);
		event_emit(dc, &what, NULL);
	} else {
		SET(dc, p->misc, p->misc | DVK_MISC_WOKENUP);
	}
	return DVK_DONE;
}
