/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * life.c - opening a DC, and a slot's life (M3-IPC sections 3, 5 and 8).
 */
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "call.h"
#include "futex.h"
#include "life.h"

int dvk_open(int dcid, const struct dvk_options *options)
{
	if (device.open || (!host.open && device_has(dcid, options)))
		return device_open(dcid, options);
	return host_open(dcid, options);
}

int dvk_close(void)
{
	return device.open ? device_close() : host_close();
}

const char *dvk_open_error(void)
{
	return refusal();
}

int dvk_dcid(void)
{
	if (device.open)
		return device.dcid;
	return host.open ? host.mapping.dcid : EDVSDCNOTRUN;
}

/* "muk/name" or "name", or NULL for the thread's own, into the two fields. */
static int split_name(const char *text, char ret_muk[DVK_NAME_BYTES], char ret_name[DVK_NAME_BYTES])
{
	char own[DVK_NAME_BYTES];
	const char *name, *slash;

	if (!text) {
		prctl(PR_GET_NAME, own);
		own[DVK_NAME_BYTES - 1] = '\0';
		text = own;
	}
	slash = strchr(text, '/');
	name = slash && slash[1] ? slash + 1 : text;
	memset(ret_muk, 0, DVK_NAME_BYTES);
	memset(ret_name, 0, DVK_NAME_BYTES);
	if (name != text && (slash == text || slash - text >= DVK_NAME_BYTES))
		return EDVSNAMESIZE;
	if (!name[0] || strlen(name) >= DVK_NAME_BYTES)
		return EDVSNAMESIZE;
	if (name != text)
		memcpy(ret_muk, text, (size_t)(slash - text));
	memcpy(ret_name, name, strlen(name));
	return 0;
}

/* A slot that is bound anew must not hang in the list of who had it before. */
static void leave_list(int nr)
{
	int candidate = nr == NONE ? host.dc.state->free_head : nr;
	int next;

	if (!dc_has_nr(&host.dc, candidate))
		return;
	next = dc_proc(&host.dc, candidate)->ready_next;
	if ((dc_proc(&host.dc, candidate)->rts & DVK_RTS_SLOT_FREE) && next != READY_NOT &&
	    next != READY_WAITING)
		wake_unlist(&host.dc, host.mapping.segment, candidate);
}

/* The thread of a member takes the slot over at its next call; under the lock. */
static void give_current(int member, int nr)
{
	int32_t *current = &host.mapping.segment->members[member].current;

	__atomic_store_n(current, nr, __ATOMIC_SEQ_CST);
	futex_wake((const uint32_t *)current, INT32_MAX);
}

static int bind_on_device(const struct life_bind *bind, const struct engine_bind *request,
			  int *ret_endpoint)
{
	struct dvk_device_names names;
	int rc;

	memcpy(names.name, request->name, sizeof(names.name));
	memcpy(names.muk, request->muk, sizeof(names.muk));
	rc = device_bind(bind->nr, bind->tid, &names);
	if (!dvk_is_endpoint(rc))
		return rc;
	*ret_endpoint = rc;
	return 0;
}

int life_bind(const struct life_bind *bind, int *ret_endpoint)
{
	struct host_self *self = &host_self;
	char muk[DVK_NAME_BYTES], name[DVK_NAME_BYTES];
	struct engine_bind request = { .nr = bind->nr, .name = name, .muk = muk };
	int named = split_name(bind->name, muk, name), rc;

	if (device.open) {
		/* No name is refused there too, in its turn. */
		if (named)
			name[0] = '\0';
		return bind_on_device(bind, &request, ret_endpoint);
	}
	rc = host_attach(self);
	if (rc)
		return rc;
	if (named)
		return host.dc.state->running ? named : EDVSDCNOTRUN;
	request.member = bind->member == DC_NO_MEMBER ? self->seat.member : bind->member;
	request.is_owner = host.is_owner;
	request.is_system = host.is_system && host.is_owner;
	request.misc = muk[0] ? DVK_MISC_UNIKERNEL : 0;
	if (host.is_system && !host.is_owner)
		return EDVSPRIVILEGES;
	host_enter(&host.dc, &self->seat);
	leave_list(bind->nr);
	rc = engine_bind(&host.dc, &request, ret_endpoint);
	if (rc == 0 && bind->member != DC_NO_MEMBER)
		give_current(bind->member, dvk_endpoint_nr(*ret_endpoint));
	host_leave(&host.dc, &self->seat);
	return rc;
}

int dvk_bind(int nr, const char *name)
{
	struct life_bind bind = { .nr = nr, .member = DC_NO_MEMBER, .name = name };
	int endpoint, rc = life_bind(&bind, &endpoint);

	if (rc)
		return rc;
	dvk_set_current(dvk_endpoint_nr(endpoint));
	return endpoint;
}

int dvk_tbind(int nr, const char *name)
{
	struct life_bind bind = { .nr = nr, .member = DC_NO_MEMBER, .name = name };
	int endpoint, rc = life_bind(&bind, &endpoint);

	return rc ? rc : endpoint;
}

/* 1 when endpoint is a slot of this process; under the lock. */
static int is_own(int endpoint)
{
	int nr = dvk_endpoint_nr(endpoint);
	const struct proc *p;

	if (!dc_has_nr(&host.dc, nr))
		return 0;
	p = dc_proc(&host.dc, nr);
	return !(p->rts & DVK_RTS_SLOT_FREE) &&
	       segment_has_member(host.mapping.segment, p->member) &&
	       host.mapping.segment->members[p->member].pid == getpid();
}

/* The thread's current slot, NONE when it was unbound by another; under the lock. */
static int own_current(const struct host_self *self)
{
	const struct proc *p;

	if (self->current == NONE)
		return NONE;
	p = dc_proc(&host.dc, self->current);
	if (p->rts & DVK_RTS_SLOT_FREE || p->member != self->seat.member)
		return NONE;
	return self->current;
}

int dvk_unbind(int endpoint, int code)
{
	struct host_self *self = &host_self;
	int current, own = NONE, rc;

	if (device.open)
		return device_unbind(endpoint, code);
	rc = host_attach(self);
	if (rc)
		return rc;
	host_enter(&host.dc, &self->seat);
	current = own_current(self);
	if (endpoint == SELF && current != NONE)
		endpoint = dc_proc(&host.dc, current)->endpoint;
	if (is_own(endpoint))
		rc = engine_unbind(&host.dc, NONE, endpoint, code);
	else
		rc = current == NONE ? EDVSNOTBIND
				     : engine_unbind(&host.dc, current, endpoint, code);
	if (rc == 0)
		own = dvk_endpoint_nr(endpoint);
	host_leave(&host.dc, &self->seat);
	if (own != NONE && own == current)
		dvk_set_current(NONE);
	return rc;
}

/* The slot of a thread, or of any thread of a process; under the lock. */
static int find_pid(pid_t pid, int by_tid)
{
	struct segment *segment = host.mapping.segment;

	for (int nr = -NR_TASKS; nr < host.dc.nr_procs; nr++) {
		const struct proc *p = dc_proc(&host.dc, nr);
		const struct member *member;

		if ((p->rts & DVK_RTS_SLOT_FREE) || !segment_has_member(segment, p->member))
			continue;
		member = &segment->members[p->member];
		if ((by_tid ? member->tid : member->pid) == pid)
			return nr;
	}
	return NONE;
}

int dvk_getep(pid_t pid)
{
	struct host_self *self = &host_self;
	int nr, rc;

	if (device.open)
		return device_getep(pid);
	rc = host_attach(self);
	if (rc)
		return rc;
	host_enter(&host.dc, &self->seat);
	nr = own_current(self);
	if (pid != 0) {
		nr = find_pid(pid, 1);
		if (nr == NONE)
			nr = find_pid(pid, 0);
	}
	rc = nr == NONE ? EDVSNOTBIND : dc_proc(&host.dc, nr)->endpoint;
	host_leave(&host.dc, &self->seat);
	return rc;
}
