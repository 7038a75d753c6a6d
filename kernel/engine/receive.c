/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * receive.c - a receiver takes what is there, or waits.
 *
 * The order: the lowest pending notification that src allows, then the oldest
 * queued sender that src allows; a held one is skipped. A sender of a sendrec
 * becomes RECEIVING in one step, it never runs in between. A source that is dead
 * gives EDVSSRCDIED.
 */
#include "receive.h"
#include "event.h"
#include "queue.h"

/* The source is among those that the caller takes from. */
static ENGINE_COLD int receive_allows(const struct intake *in, const struct proc *src)
{
	const struct proc_rest *rest = dc_rest(in->dc, dc_nr(in->dc, in->caller));

	return check_bit(rest->sources, dc_nr(in->dc, src) + NR_TASKS);
}

int receive_check_source(const struct intake *in)
{
	struct proc *src;
	int rc = check_peer(in->dc, in->caller, in->src_ep, &src);

	if (rc)
		return rc;
	if (src->rts & DVK_RTS_SLOT_FREE)
		return EDVSSRCDIED;
	if (unlikely(!(in->caller->rights & RIGHT_RECEIVE_ALL)) && !receive_allows(in, src))
		return EDVSTRAPDENIED;
	return check_rights(in->dc, in->caller, NULL, CALL_RECEIVE_NR);
}

int receive_closes_circle(const struct intake *in)
{
	const struct proc *src = slot_find(in->dc, in->src_ep);

	return src && circle_closes(in->dc, in->caller, src, in->deadline_ns);
}

/* The sender leaves its queue: its send is over, or its call is taken. */
static void take_sender(struct dc *dc, struct proc *sender)
{
	if (sender->call_state == CALL_NONE) {
		slot_end_wait(dc, sender, 0, 0);
		return;
	}
	SET(dc, sender->call_state, CALL_TAKEN);
	SET(dc, sender->rts, (sender->rts & ~DVK_RTS_SENDING) | DVK_RTS_RECEIVING);
}

int receive_from_queue(const struct intake *in)
{
	struct proc *caller = in->caller, *sender;
	int rc = queue_pick(in->dc, caller, in->src_ep, &sender);
	struct event_what what = { .kind = DVK_EVENT_DELIVER, .dst_ep = caller->endpoint };

	if (rc != 1)
		return rc < 0 ? rc : DVK_BLOCKED;
	rc = queue_remove(in->dc, caller, sender);
	if (unlikely(rc))
		return rc;
	what.src_ep = sender->endpoint;
	what.call = sender->call;
	slot_put_letter(caller, &sender->letter, sender->endpoint);
	*in->ret_m = caller->letter;
	caller->request_call = sender->call;
	PUT(caller->request_ep, sender->call ? sender->endpoint : NONE);
	caller->messages_received++;
	take_sender(in->dc, sender);
	if (event_wanted(in->dc, sender, caller))
		event_put(in->dc, &what, in->ret_m);
	return DVK_DONE;
}

static ENGINE_COLD int refuse(const struct intake *in, int rc)
{
	struct event_what what = { .dst_ep = in->src_ep, .result = rc };

	return check_refused(in->dc, in->caller, &what, NULL);
}

int engine_receive(struct dc *dc, int caller_nr, int src_ep, message *ret_m, int64_t deadline_ns)
{
	struct event_what what = { .kind = DVK_EVENT_RECEIVE, .src_ep = src_ep };
	struct intake in = {
		.dc = dc, .src_ep = src_ep, .ret_m = ret_m, .deadline_ns = deadline_ns
	};
	int rc = check_caller(dc, caller_nr, &in.caller);

	if (unlikely(rc))
		return rc;
	rc = receive_check(&in);
	if (likely(!rc))
		rc = receive_take(&in);
	if (rc == DVK_BLOCKED)
		rc = receive_await(&in);
	if (unlikely(rc < 0))
		return rc == EDVSWOKENUP ? rc : refuse(&in, rc);
	what.dst_ep = in.caller->endpoint;
	if (rc == DVK_BLOCKED && event_wanted(dc, in.caller, in.caller))
		event_put(dc, &what, NULL);
	return rc;
}
