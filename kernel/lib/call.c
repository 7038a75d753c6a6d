/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * call.c - the slow half of a call: refusals, deadlines, the wait.
 *
 * A wait ends when ready_next of the slot says so, which is set after the commit
 * of the transition that ended it; only then is the result read, without the lock.
 */
#include "call.h"

int call_refusal(void)
{
	return host.open ? EDVSNOTBIND : EDVSDVSINIT;
}

int call_deadline(long ms, int64_t *ret_deadline_ns)
{
	if (ms < -1 || ms > DVK_TIMEOUT_MAX_MS)
		return EDVSRANGE;
	if (ms == -1)
		*ret_deadline_ns = DC_NEVER;
	else if (ms == 0)
		*ret_deadline_ns = 0;
	else
		*ret_deadline_ns = ticks_monotonic_ns() + ms * 1000000LL;
	return 0;
}

/* The time of a wait has come: its outcome, or DVK_BLOCKED while a copy goes on. */
static int expire(struct call *call, message *ret_m)
{
	struct proc *p = dc_proc(&host.dc, call->nr);
	int rc;

	call_enter(call);
	/* Unbound by another, and taken anew: its time is not ours. */
	if (p->member != call->self->seat.member) {
		host_leave(&host.dc, &call->self->seat);
		return EDVSNOTBIND;
	}
	rc = engine_timeout(&host.dc, call->nr);
	if (rc != DVK_BLOCKED) {
		if (p->ready_next != READY_NOT && p->ready_next != READY_WAITING)
			wake_unlist(&host.dc, call->self->seat.segment, call->nr);
		p->ready_next = READY_NOT;
	}
	host_leave(&host.dc, &call->self->seat);
	return rc == DVK_DONE ? engine_result(&host.dc, call->nr, ret_m) : rc;
}

/* The member that the slot waits for, as far as can be guessed: a hint for the look. */
static int32_t awaited_member(const struct proc *p)
{
	int endpoint = p->rts & DVK_RTS_SENDING ? p->sendto_ep : p->getfrom_ep, nr;

	/* A server's next client is likely to be its last one. */
	if (endpoint == ANY)
		endpoint = p->request_ep;
	nr = dvk_endpoint_nr(endpoint);
	return endpoint != NONE && dc_has_nr(&host.dc, nr) ? dc_proc(&host.dc, nr)->member
							   : DC_NO_MEMBER;
}

static void sleep_once(const struct call *call, const struct proc *p)
{
	if (call->self->parker) {
		call->self->parker->block(call->nr, call->deadline_ns);
	} else {
		call->self->peer = awaited_member(p);
		park_slot(call->self, p, call->deadline_ns);
	}
}

int call_wait(struct call *call, message *ret_m)
{
	const struct proc *p = dc_proc(&host.dc, call->nr);
	int member = call->self->seat.member;
	int rc;

	call->self->peer = DC_NO_MEMBER;
	call->self->ends_wait = 0;
	for (;;) {
		sleep_once(call, p);
		if (__atomic_load_n(&p->ready_next, __ATOMIC_ACQUIRE) == READY_NOT)
			break;
		if (!call->self->ends_wait && call->deadline_ns > ticks_monotonic_ns())
			continue;
		rc = expire(call, ret_m);
		if (rc != DVK_BLOCKED)
			return rc;
		call->deadline_ns = DC_NEVER;
		call->self->ends_wait = 0;
	}
	/* Unbound by another, and perhaps already taken anew. */
	if (p->member != member)
		return EDVSNOTBIND;
	return engine_result(&host.dc, call->nr, ret_m);
}
