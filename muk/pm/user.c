/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * user.c - users and groups: root may become anyone, others only who they are.
 *
 * A server that asked for a process's user is notified when it changes, and asks
 * again before it serves the process: notifications come before requests.
 */
#include "pm/pm.h"

static_assert(NR_SERVERS <= 64, "asked_by has a bit per server");

/* One that has gone has nothing to be told. */
static void tell_servers(struct pm *pm, const struct pm_process_row *row)
{
	struct pm_extra *extra = pm_extra_of(pm, row);

	for (int nr = 0; nr < NR_SERVERS; nr++)
		if (extra->asked_by >> nr & 1)
			(void)dvk_notify(nr);
	extra->asked_by = 0;
}

int pm_do_setuid(void *state, struct server_call *call, const struct pm_setuid_request *request)
{
	struct pm_process_row *row;
	int result = pm_caller(state, call, &row);

	if (result < 0)
		return result;
	if (row->euid != 0 && request->uid != row->uid)
		return EDVSPERM;
	if (row->euid == 0)
		row->uid = request->uid;
	row->euid = request->uid;
	tell_servers(state, row);
	return 0;
}

int pm_do_getuid(void *state, struct server_call *call, struct pm_getuid_reply *reply)
{
	struct pm_process_row *row;
	int result = pm_caller(state, call, &row);

	if (result < 0)
		return result;
	reply->uid = row->uid;
	reply->euid = row->euid;
	return 0;
}

int pm_do_setgid(void *state, struct server_call *call, const struct pm_setgid_request *request)
{
	struct pm_process_row *row;
	int result = pm_caller(state, call, &row);

	if (result < 0)
		return result;
	if (row->euid != 0 && request->gid != row->gid)
		return EDVSPERM;
	if (row->euid == 0)
		row->gid = request->gid;
	row->egid = request->gid;
	tell_servers(state, row);
	return 0;
}

int pm_do_getgid(void *state, struct server_call *call, struct pm_getgid_reply *reply)
{
	struct pm_process_row *row;
	int result = pm_caller(state, call, &row);

	if (result < 0)
		return result;
	reply->gid = row->gid;
	reply->egid = row->egid;
	return 0;
}

int pm_do_setsid(void *state, struct server_call *call, struct pm_setsid_reply *reply)
{
	struct pm *pm = state;
	struct pm_process_row *row;
	int result = pm_caller(pm, call, &row);

	if (result < 0)
		return result;
	for (int i = 0; i < pm->used; i++)
		if (pm->rows[i].pid && &pm->rows[i] != row && pm->rows[i].group == row->pid)
			return EDVSPERM;
	row->group = row->pid;
	reply->pid = row->pid;
	return 0;
}

int pm_do_getpgrp(void *state, struct server_call *call, struct pm_getpgrp_reply *reply)
{
	struct pm_process_row *row;
	int result = pm_caller(state, call, &row);

	if (result < 0)
		return result;
	reply->pid = row->group;
	return 0;
}
