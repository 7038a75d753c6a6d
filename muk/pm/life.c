/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * life.c - processes begin, end, and are waited for.
 *
 * A process ends once: by pm.exit, or when SYSTASK tells that its slot is free. What
 * waitpid gives is MINIX's word: the exit status in the second byte, or the signal
 * that ended it in the first. init has no wait of its own: PM reaps its children.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "pm/pm.h"

#define EXITS_AT_ONCE     32
#define STATUS_EXIT(code) (((code)&0xff) << 8)

static int is_child_for(const struct pm_process_row *row, const struct pm_process_row *parent,
			int pid)
{
	if (!row->pid || row->parent != parent->pid)
		return 0;
	if (pid > 0)
		return row->pid == pid;
	if (pid == -1)
		return 1;
	return row->group == (pid ? -pid : parent->group);
}

/* The parent has seen the zombie: its times go to the parent, its row is free. */
static void reap(struct pm *pm, struct pm_process_row *parent, struct pm_process_row *row)
{
	struct pm_extra *to = pm_extra_of(pm, parent), *from = pm_extra_of(pm, row);

	to->child_user_ms += from->user_ms + from->child_user_ms;
	to->child_system_ms += from->system_ms + from->child_system_ms;
	pm_free_row(pm, row);
}

/* The parent's wait, if it has one for this child, is over. */
static void tell_parent(struct pm *pm, struct pm_process_row *row)
{
	struct pm_process_row *parent = pm_find_pid(pm, row->parent);
	struct pm_waitpid_reply reply = { .pid = row->pid, .status = row->status };
	struct pm_extra *extra;

	if (!parent || parent->pid == PM_INIT_PID || parent->state == PM_STATE_ZOMBIE) {
		pm_free_row(pm, row);
		return;
	}
	extra = pm_extra_of(pm, parent);
	if (parent->state != PM_STATE_WAITING || !is_child_for(row, parent, extra->wait_pid))
		return;
	parent->state = PM_STATE_RUNNING;
	/* A wait that has timed out has not seen the child: the next one will. */
	if (server_reply_to(extra->waiting, 0, &reply, sizeof(reply)) == 0)
		reap(pm, parent, row);
}

/* Its children are init's, who reaps those that have ended. */
static void give_to_init(struct pm *pm, int parent)
{
	for (int i = 0; i < pm->used; i++) {
		struct pm_process_row *row = &pm->rows[i];

		if (!row->pid || row->parent != parent)
			continue;
		row->parent = PM_INIT_PID;
		if (row->state == PM_STATE_ZOMBIE)
			pm_free_row(pm, row);
	}
}

static void end(struct pm *pm, struct pm_process_row *row, int status)
{
	int slot = dvk_endpoint_nr(row->ep) + NR_TASKS;

	pm->row_of[slot] = 0;
	row->state = PM_STATE_ZOMBIE;
	row->status = status;
	row->pending = 0;
	row->alarm_ns = 0;
	give_to_init(pm, row->pid);
	tell_parent(pm, row);
}

int pm_do_exit(void *state, struct server_call *call, const struct pm_exit_request *request)
{
	struct pm *pm = state;
	struct pm_process_row *row;
	struct systask_times_reply times;
	int result = pm_caller(pm, call, &row);

	if (result < 0)
		return result;
	if (dvk_endpoint_nr(call->client_ep) < NR_SERVERS)
		return EDVSPERM;
	if (systask_call_times(SYSTASK(0), call->client_ep, &times) == 0) {
		pm_extra_of(pm, row)->user_ms = times.user_ms;
		pm_extra_of(pm, row)->system_ms = times.system_ms;
	}
	pm->exited_ep[dvk_endpoint_nr(call->client_ep) + NR_TASKS] = call->client_ep;
	end(pm, row, STATUS_EXIT(request->status));
	return 0;
}

int pm_do_waitpid(void *state, struct server_call *call, const struct pm_waitpid_request *request,
		  struct pm_waitpid_reply *reply)
{
	struct pm *pm = state;
	struct pm_process_row *caller, *row;
	int children = 0, result = pm_caller(pm, call, &caller);

	if (result < 0)
		return result;
	for (int i = 0; i < pm->used; i++) {
		row = &pm->rows[i];
		if (!is_child_for(row, caller, request->pid))
			continue;
		children++;
		if (row->state != PM_STATE_ZOMBIE)
			continue;
		reply->pid = row->pid;
		reply->status = row->status;
		reap(pm, caller, row);
		return 0;
	}
	if (!children)
		return EDVSCHILD;
	if (request->options & PM_WAIT_NOHANG) {
		reply->pid = reply->status = 0;
		return 0;
	}
	caller->state = PM_STATE_WAITING;
	pm_extra_of(pm, caller)->wait_pid = request->pid;
	pm_extra_of(pm, caller)->waiting = server_request(call);
	return EDVSDONTREPLY;
}

int pm_do_newproc(void *state, struct server_call *call, const struct pm_newproc_request *request,
		  struct pm_newproc_reply *reply)
{
	struct pm *pm = state;
	struct pm_process_row *row;
	char name[sizeof(request->name) + 1] = "";
	struct pm_newcomer newcomer = {
		.parent = request->parent,
		.uid = request->uid,
		.gid = request->gid,
		.name = name,
	};
	int result;

	if (pm_find_ep(pm, call->client_ep))
		return EDVSEXIST;
	memcpy(name, request->name, sizeof(request->name));
	result = systask_call_getinfo(SYSTASK(0), call->client_ep, &newcomer.process,
				      sizeof(newcomer.process));
	if (result == 0)
		result = pm_register(pm, &newcomer, &row);
	if (result < 0)
		return result;
	reply->pid = row->pid;
	return 0;
}

int pm_do_scan(void *state, struct server_call *call, struct pm_scan_reply *reply)
{
	struct pm *pm = state;
	struct pm_newcomer newcomer = { .uid = PM_LINUX_ID, .gid = PM_LINUX_ID, .name = "" };
	struct systask_process *processes = calloc(PM_SLOTS, sizeof(*processes));
	struct systask_processes_reply found;
	struct pm_process_row *row;
	int known = 0, result;

	(void)call;
	if (!processes)
		return EDVSNOMEM;
	result = systask_call_processes(SYSTASK(0), processes, PM_SLOTS * sizeof(*processes),
					&found);
	for (int i = 0; result == 0 && i < found.count && i < PM_SLOTS; i++) {
		if (pm_find_ep(pm, processes[i].ep) ||
		    pm->exited_ep[processes[i].nr + NR_TASKS] == processes[i].ep)
			continue;
		newcomer.process = processes[i];
		/* One that has ended meanwhile is no reason to forget the others. */
		known += pm_register(pm, &newcomer, &row) == 0;
	}
	free(processes);
	if (result < 0)
		return result;
	reply->count = known;
	return 0;
}

static void take_exit(struct pm *pm, const struct systask_exit_row *ended)
{
	struct pm_process_row *row = pm_find_ep(pm, ended->ep);
	int slot = dvk_endpoint_nr(ended->ep) + NR_TASKS;

	if (slot >= 0 && slot < PM_SLOTS && pm->exited_ep[slot] == ended->ep)
		pm->exited_ep[slot] = NONE;
	/* A server's endpoint stays the same: what ended may be the one before. */
	if (row && pm_extra_of(pm, row)->incarnation == ended->incarnation)
		end(pm, row, ended->code == EDVSSRCDIED ? SIGKILL : STATUS_EXIT(ended->code));
}

void pm_take_exits(struct pm *pm)
{
	struct systask_exit_row ended[EXITS_AT_ONCE];
	struct systask_exits_reply reply;

	do {
		if (systask_call_exits(SYSTASK(0), pm->next_exit, ended, sizeof(ended), &reply) < 0)
			return;
		pm->next_exit = reply.next;
		for (int i = 0; i < reply.count; i++)
			take_exit(pm, &ended[i]);
	} while (reply.count == EXITS_AT_ONCE);
}
