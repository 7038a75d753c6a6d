/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * life.c - a slot's life: bound, found by its thread, unbound (M3-IPC sections 3 and 5).
 */
#include <linux/pid.h>
#include <linux/rcupdate.h>

#include "op.h"

/* The member that is thread tid, as the asker numbers it; under the lock. */
static struct member *find_member(const struct container *container, int tid)
{
	const struct pid *pid = find_vpid(tid);
	int i;

	for (i = 0; pid && i < container->nr_members; i++)
		if (container->members[i] && container->members[i]->tid == pid)
			return container->members[i];
	return NULL;
}

/* Whom the entry binds. */
static int find_bound(struct call *call, struct member **ret_member)
{
	struct member *member = call->member;

	if (!member->task)
		return EDVSDVSINIT;
	if (!call->container->dc.state->running)
		return EDVSDCNOTRUN;
	if (call->entry->value) {
		member = find_member(call->container, call->entry->value);
		if (!member)
			return EDVSBADPID;
		if (!member_is_of(member, call->file->tgid) && !call->rights.is_owner)
			return EDVSPRIVILEGES;
		if (member_slot(call->container, member) != NONE)
			return EDVSPROCRUN;
	}
	*ret_member = member;
	return 0;
}

static int bind_transition(struct call *call)
{
	struct container *container = call->container;
	const struct dvk_device_names *names = call->data;
	struct engine_bind request = { .nr = call->entry->ep,
				       .name = names->name,
				       .muk = names->muk,
				       .is_owner = call->rights.is_owner,
				       .misc = names->muk[0] ? DVK_MISC_UNIKERNEL : 0 };
	struct member *member;
	int nr, rc = find_bound(call, &member);

	if (rc)
		return rc;
	if (call->rights.is_system && !call->rights.is_owner)
		return EDVSPRIVILEGES;
	request.is_system = call->rights.is_system;
	request.member = member->index;
	rc = engine_bind(&container->dc, &request, &call->entry->ep);
	if (rc)
		return rc;
	nr = dvk_endpoint_nr(call->entry->ep);
	sleep_forget(container, nr);
	if (member_slot(container, member) == NONE)
		member->current_nr = nr;
	if (member != call->member)
		wake_up_interruptible_all(&member->wait);
	return 0;
}

const struct op op_BIND = { .needs = OP_DC | OP_MEMBER | OP_IN,
			    .bytes = sizeof(struct dvk_device_names),
			    .transition = bind_transition };

/* 1 when endpoint is a slot of the caller's process. */
static int is_own(const struct call *call, int endpoint)
{
	const struct dc *dc = &call->container->dc;
	int nr = dvk_endpoint_nr(endpoint);
	const struct proc *p;

	if (!dc_has_nr(dc, nr))
		return 0;
	p = dc_proc(dc, nr);
	return !(p->rts & DVK_RTS_SLOT_FREE) &&
	       member_is_of(member_of(call->container, p), call->file->tgid);
}

static int unbind_transition(struct call *call)
{
	struct dc *dc = &call->container->dc;
	int endpoint = call->entry->ep, has_slot = call_own_slot(call) == 0;

	if (!call->member->task)
		return EDVSDVSINIT;
	if (endpoint == SELF && has_slot)
		endpoint = dc_proc(dc, call->nr)->endpoint;
	if (is_own(call, endpoint))
		return engine_unbind(dc, NONE, endpoint, call->entry->value);
	return has_slot ? engine_unbind(dc, call->nr, endpoint, call->entry->value) : EDVSNOTBIND;
}

const struct op op_UNBIND = { .needs = OP_DC | OP_MEMBER, .transition = unbind_transition };

/* The first slot of a thread, or of any thread of a process; under the lock. */
static int find_slot(const struct container *container, const struct pid *pid, int by_tid)
{
	int nr;

	for (nr = -NR_TASKS; nr < container->dc.nr_procs; nr++) {
		const struct proc *p = dc_proc(&container->dc, nr);
		const struct member *member = member_of(container, p);

		if (p->rts & DVK_RTS_SLOT_FREE || !member)
			continue;
		if ((by_tid ? member->tid : member->file->tgid) == pid)
			return nr;
	}
	return NONE;
}

static int getep_transition(struct call *call)
{
	struct container *container = call->container;
	int nr = NONE;

	if (!call->entry->value) {
		int rc = call_own_slot(call);

		if (rc)
			return rc;
		nr = call->nr;
	} else {
		const struct pid *pid = find_vpid(call->entry->value);

		if (pid)
			nr = find_slot(container, pid, 1);
		if (pid && nr == NONE)
			nr = find_slot(container, pid, 0);
	}
	if (nr == NONE)
		return EDVSNOTBIND;
	call->entry->ep = dc_proc(&container->dc, nr)->endpoint;
	return 0;
}

const struct op op_GETEP = { .needs = OP_DC | OP_MEMBER, .transition = getep_transition };
