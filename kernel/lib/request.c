/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * request.c - taking requests only, passing them on; waking up and giving up.
 *
 * dvk_cancel() is called in signal handlers: it takes no lock, sets a word of the
 * slot and wakes its thread, which makes the transition itself.
 */
#include <unistd.h>

#include "call.h"

static int rcvrqst_until(message *ret_m, int64_t deadline_ns)
{
	message letter;
	struct call call;
	int rc = call_begin(&call);

	if (rc == CALL_DEVICE)
		return device_call(DEVICE_ENTRY(RCVRQST, .deadline_ns = deadline_ns), NULL, ret_m);
	if (rc)
		return rc;
	call_enter(&call);
	rc = call_leave(&call, engine_rcvrqst(&host.dc, call.nr, &letter, deadline_ns));
	if (rc == DVK_BLOCKED)
		return call_wait(deadline_ns, ret_m);
	if (rc == 0)
		*ret_m = letter;
	return rc;
}

int dvk_rcvrqst(message *ret_m)
{
	return rcvrqst_until(ret_m, DC_NEVER);
}

int dvk_rcvrqst_T(message *ret_m, long ms)
{
	int64_t deadline_ns;
	int rc = call_deadline(ms, &deadline_ns);

	return rc ? rc : rcvrqst_until(ret_m, deadline_ns);
}

int dvk_relay(int ep, const message *m)
{
	message letter = *m;
	struct call call;
	int rc = call_begin(&call);

	if (rc == CALL_DEVICE)
		return device_call(DEVICE_ENTRY(RELAY, .ep = ep), m, NULL);
	if (rc)
		return rc;
	call_enter(&call);
	return call_leave(&call, engine_relay(&host.dc, call.nr, ep, &letter));
}

/* 1 when a slot is bound, and one of this process. */
static int is_own(const struct proc *p)
{
	const struct segment *segment = host.mapping.segment;
	int member = __atomic_load_n(&p->member, __ATOMIC_RELAXED);

	return !(__atomic_load_n(&p->rts, __ATOMIC_RELAXED) & DVK_RTS_SLOT_FREE) &&
	       segment_has_member(segment, member) &&
	       __atomic_load_n(&segment->members[member].pid, __ATOMIC_RELAXED) == getpid();
}

int dvk_wakeup(int ep)
{
	const struct proc *p;
	struct call call;
	int rc = call_begin(&call), nr;

	if (rc == CALL_DEVICE)
		return device_call(DEVICE_ENTRY(WAKEUP, .ep = ep), NULL, NULL);
	if (rc)
		return rc;
	nr = ep == SELF ? call.nr : dvk_endpoint_nr(ep);
	call_enter(&call);
	p = dc_has_nr(&host.dc, nr) ? dc_proc(&host.dc, nr) : NULL;
	if (ep == SELF)
		ep = p->endpoint;
	if (p && is_own(p))
		rc = engine_wakeup(&host.dc, NONE, ep);
	else
		rc = engine_wakeup(&host.dc, call.nr, ep);
	return call_leave(&call, rc);
}

/* Without the lock: what is read may change at any time, and is checked. */
static int cancel(int nr)
{
	struct segment *segment = host.mapping.segment;
	struct proc *p = dc_proc(&host.dc, nr);
	int member = __atomic_load_n(&p->member, __ATOMIC_RELAXED);

	if (__atomic_load_n(&p->rts, __ATOMIC_RELAXED) & DVK_RTS_SLOT_FREE)
		return EDVSNOTBIND;
	if (!is_own(p))
		return EDVSPRIVILEGES;
	__atomic_store_n(&p->cancelled, 1, __ATOMIC_SEQ_CST);
	attention_ask(segment, member, ATTENTION_CANCEL);
	return 0;
}

int dvk_cancel(int endpoint)
{
	int nr = endpoint == SELF ? host_self.current : dvk_endpoint_nr(endpoint);

	if (device.open)
		return device_cancel(endpoint);
	if (!host.open)
		return EDVSDVSINIT;
	if (endpoint == SELF && (nr == NONE || host_self.epoch != host.epoch))
		return EDVSNOTBIND;
	if (!dc_has_nr(&host.dc, nr))
		return EDVSRANGE;
	if (endpoint != SELF && dc_proc(&host.dc, nr)->endpoint != endpoint)
		return EDVSENDPOINT;
	return cancel(nr);
}

int dvk_cancel_thread(pid_t tid)
{
	struct segment *segment = host.mapping.segment;
	int pid = getpid();

	if (device.open)
		return device_enter(device.fd,
				    DEVICE_ENTRY(CANCEL_THREAD, .slot_nr = NONE, .value = tid));
	if (!host.open)
		return EDVSDVSINIT;
	for (int i = 0; segment_has_member(segment, i); i++) {
		const struct member *member = &segment->members[i];
		int nr = member->current;

		if (member->pid != pid || member->tid != tid || member->state != MEMBER_ATTACHED)
			continue;
		return dc_has_nr(&host.dc, nr) ? cancel(nr) : EDVSNOTBIND;
	}
	return EDVSBADPID;
}
