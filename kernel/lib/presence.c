/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * presence.c - binding others, and waiting for binds and unbinds.
 *
 * A thread that waits for its own bind has no slot to wait in: it sleeps on the
 * word of its member that says which slot is its current one.
 */
#include <unistd.h>

#include "call.h"
#include "futex.h"
#include "life.h"

/* The member of thread pid; DC_NO_MEMBER: none that is attached. */
static int find_member(pid_t pid)
{
	struct segment *segment = host.mapping.segment;

	for (int i = 0; segment_has_member(segment, i); i++) {
		struct member *member = &segment->members[i];

		if (__atomic_load_n(&member->state, __ATOMIC_ACQUIRE) == MEMBER_ATTACHED &&
		    __atomic_load_n(&member->tid, __ATOMIC_RELAXED) == pid &&
		    member_is_alive(segment, member))
			return i;
	}
	return DC_NO_MEMBER;
}

int dvk_lclbind(pid_t pid, int nr, const char *name)
{
	struct life_bind bind = { .nr = nr, .tid = pid ? pid : -1, .name = name };
	const struct member *member;
	int endpoint, rc;

	if (device.open) {
		rc = life_bind(&bind, &endpoint);
		return rc ? rc : endpoint;
	}
	rc = host_attach(&host_self);
	if (!rc && !host.dc.state->running)
		rc = EDVSDCNOTRUN;
	if (rc)
		return rc;
	bind.member = find_member(pid);
	if (bind.member == DC_NO_MEMBER)
		return EDVSBADPID;
	member = &host.mapping.segment->members[bind.member];
	if (__atomic_load_n(&member->pid, __ATOMIC_RELAXED) != getpid() && !host.is_owner)
		return EDVSPRIVILEGES;
	if (__atomic_load_n(&member->current, __ATOMIC_ACQUIRE) != NONE)
		return EDVSPROCRUN;
	rc = life_bind(&bind, &endpoint);
	return rc ? rc : endpoint;
}

/* The word is the member's current slot. 0: it has one now. */
static int wait_for_current(const int32_t *word, int64_t deadline_ns)
{
	while (__atomic_load_n(word, __ATOMIC_SEQ_CST) == NONE) {
		if (!host.dc.state->running)
			return EDVSDCNOTRUN;
		if (deadline_ns == 0)
			return EDVSAGAIN;
		if (futex_wait((const uint32_t *)word, NONE, deadline_ns) == ETIMEDOUT)
			return EDVSTIMEDOUT;
	}
	return 0;
}

static int64_t deadline_of(long ms)
{
	return ms <= 0 ? ms == 0 ? 0 : DC_NEVER : ticks_monotonic_ns() + ms * 1000000LL;
}

static int wait_for_own(long ms)
{
	struct host_self *self = &host_self;
	struct call call = { .self = self };
	int rc = device.open ? 0 : host_attach(self);

	if (rc)
		return rc;
	if (ms < -1 || ms > DVK_TIMEOUT_MAX_MS)
		return EDVSRANGE;
	if (device.open)
		return device_wait_bind(SELF, deadline_of(ms));
	if (self->current == NONE)
		rc = wait_for_current(&host_member(&self->seat)->current, deadline_of(ms));
	if (rc)
		return rc;
	rc = call_begin(&call);
	return rc ? rc : dc_proc(&host.dc, call.nr)->endpoint;
}

int dvk_wait4bind(int endpoint)
{
	return dvk_wait4bind_T(endpoint, -1);
}

int dvk_wait4bind_T(int endpoint, long ms)
{
	message told = { .m_source = NONE };
	int64_t deadline_ns;
	struct call call;
	int bound = NONE, rc;

	if (endpoint == SELF)
		return wait_for_own(ms);
	rc = call_deadline(ms, &deadline_ns);
	if (!rc)
		rc = call_begin(&call);
	if (rc == CALL_DEVICE)
		return device_wait_bind(endpoint, deadline_ns);
	if (rc)
		return rc;
	call_enter(&call);
	rc = call_leave(&call, engine_wait_bind(&host.dc, call.nr, endpoint, deadline_ns, &bound));
	if (rc != DVK_BLOCKED)
		return rc ? rc : bound;
	rc = call_wait(deadline_ns, &told);
	return rc ? rc : told.m_source;
}

int dvk_wait4unbind(int endpoint)
{
	return dvk_wait4unbind_T(endpoint, -1);
}

int dvk_wait4unbind_T(int endpoint, long ms)
{
	int64_t deadline_ns;
	struct call call;
	int rc = call_deadline(ms, &deadline_ns);

	if (!rc)
		rc = call_begin(&call);
	if (rc == CALL_DEVICE)
		return device_call(
			DEVICE_ENTRY(WAIT_UNBIND, .ep = endpoint, .deadline_ns = deadline_ns), NULL,
			NULL);
	if (rc)
		return rc;
	call_enter(&call);
	rc = call_leave(&call, engine_wait_unbind(&host.dc, call.nr, endpoint, deadline_ns));
	return rc == DVK_BLOCKED ? call_wait(deadline_ns, NULL) : rc;
}
