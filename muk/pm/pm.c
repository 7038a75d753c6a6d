/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pm.c - PM's start, its notifications, and the calls that only look.
 */
#include <stdlib.h>
#include <time.h>

#include "pm/pm.h"

static int pm_time(void *state, struct server_call *call, struct pm_time_reply *reply)
{
	(void)state;
	(void)call;
	reply->seconds = time(NULL);
	return 0;
}

static int pm_getpid(void *state, struct server_call *call, struct pm_getpid_reply *reply)
{
	struct pm_process_row *row;
	int result = pm_caller(state, call, &row);

	if (result < 0)
		return result;
	reply->pid = row->pid;
	reply->parent = row->parent;
	return 0;
}

/* Who asks for another, FS for its client, wants to know on whose behalf it acts. */
static int pm_getproc(void *state, struct server_call *call,
		      const struct pm_getproc_request *request, struct pm_getproc_reply *reply)
{
	struct pm_process_row *row;
	int result = pm_know(state, request->ep == SELF ? call->client_ep : request->ep, &row);
	int asker = dvk_endpoint_nr(call->client_ep);

	if (result < 0)
		return result;
	if (asker >= 0 && asker < NR_SERVERS)
		pm_extra_of(state, row)->asked_by |= 1ull << asker;
	reply->pid = row->pid;
	reply->parent = row->parent;
	reply->uid = row->euid;
	reply->gid = row->egid;
	return 0;
}

static int pm_times(void *state, struct server_call *call, const struct pm_times_request *request)
{
	struct pm *pm = state;
	struct pm_process_row *row;
	struct systask_times_reply own = { 0 };
	struct pm_times times;
	int result = pm_caller(pm, call, &row);

	if (result == 0)
		result = systask_call_times(SYSTASK(0), call->client_ep, &own);
	if (result < 0)
		return result;
	times = (struct pm_times){
		.user_ms = own.user_ms,
		.system_ms = own.system_ms,
		.child_user_ms = pm_extra_of(pm, row)->child_user_ms,
		.child_system_ms = pm_extra_of(pm, row)->child_system_ms,
		.uptime_ms = own.uptime_ms,
	};
	return server_copy_out(call, &request->buffer, 0, &times, sizeof(times));
}

static void pm_notified(void *state, int source_ep, uint32_t map)
{
	(void)map;
	if (source_ep == SYSTASK(0))
		pm_take_exits(state);
	else if (source_ep == CLOCK)
		pm_take_alarms(state);
}

static void pm_stop(void *state)
{
	struct pm *pm = state;

	free(pm->rows);
	free(pm->extra);
	free(pm);
}

/* From the ends before this moment nothing is to be learned. */
static int watch_exits(struct pm *pm)
{
	struct systask_exits_reply reply;
	struct systask_exit_row old[32];
	int result = systask_call_watch(SYSTASK(0), 1);

	if (result < 0)
		return result;
	do {
		result = systask_call_exits(SYSTASK(0), pm->next_exit, old, sizeof(old), &reply);
		if (result < 0)
			return result;
		pm->next_exit = reply.next;
	} while (reply.count);
	return 0;
}

static int pm_start(struct server *server, void **ret_state)
{
	struct pm *pm = calloc(1, sizeof(*pm));
	int result = EDVSNOMEM;

	if (!pm)
		return EDVSNOMEM;
	pm->server = server;
	pm->last_pid = PM_INIT_PID;
	for (int i = 0; i < PM_SLOTS; i++)
		pm->exited_ep[i] = NONE;
	pm->rows = calloc(PM_PROCESSES, sizeof(*pm->rows));
	pm->extra = calloc(PM_PROCESSES, sizeof(*pm->extra));
	if (pm->rows && pm->extra)
		result = dvk_register_table("pm.process", PM_PROCESS_VERSION, pm->rows,
					    PM_PROCESSES, sizeof(*pm->rows));
	if (result == 0)
		result = watch_exits(pm);
	if (result < 0) {
		pm_stop(pm);
		return result;
	}
	*ret_state = pm;
	return 0;
}

static const struct pm_handlers handlers = {
	.exit = pm_do_exit,
	.waitpid = pm_do_waitpid,
	.time = pm_time,
	.getpid = pm_getpid,
	.setuid = pm_do_setuid,
	.getuid = pm_do_getuid,
	.alarm = pm_do_alarm,
	.kill = pm_do_kill,
	.times = pm_times,
	.setgid = pm_do_setgid,
	.getgid = pm_do_getgid,
	.setsid = pm_do_setsid,
	.getpgrp = pm_do_getpgrp,
	.newproc = pm_do_newproc,
	.getproc = pm_getproc,
	.scan = pm_do_scan,
};

const struct server_type server_type_pm = {
	.name = "pm",
	.protocol = &protocol_pm,
	.nr = PM_PROC_NR,
	.handlers = &handlers,
	.dispatch = pm_dispatch,
	.start = pm_start,
	.notified = pm_notified,
	.stop = pm_stop,
};
