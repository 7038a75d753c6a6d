/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table.c - the rows of PM: found by pid and by endpoint, made for newcomers.
 *
 * Invariant: row_of[slot] is the row of the process in that slot, which has not
 * ended; a process that has called exit is in exited_ep[slot] until it unbinds.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "pm/pm.h"

/* What Linux knows of a process. */
struct linux_process {
	uint32_t uid, euid, gid, egid;
};

static int slot_of(int ep)
{
	int slot = dvk_endpoint_nr(ep) + NR_TASKS;

	return slot >= 0 && slot < PM_SLOTS ? slot : -1;
}

struct pm_extra *pm_extra_of(struct pm *pm, const struct pm_process_row *row)
{
	return &pm->extra[row - pm->rows];
}

struct pm_process_row *pm_find_pid(struct pm *pm, int pid)
{
	for (int i = 0; i < pm->used && pid > 0; i++)
		if (pm->rows[i].pid == pid)
			return &pm->rows[i];
	return NULL;
}

struct pm_process_row *pm_find_ep(struct pm *pm, int ep)
{
	int slot = slot_of(ep);
	struct pm_process_row *row;

	if (slot < 0 || !pm->row_of[slot])
		return NULL;
	row = &pm->rows[pm->row_of[slot] - 1];
	return row->ep == ep ? row : NULL;
}

/* A pid is not used anew while somebody's group has its number. */
static int is_taken(const struct pm *pm, int pid)
{
	for (int i = 0; i < pm->used; i++)
		if (pm->rows[i].pid && (pm->rows[i].pid == pid || pm->rows[i].group == pid))
			return 1;
	return 0;
}

static int next_pid(struct pm *pm)
{
	do
		pm->last_pid = pm->last_pid >= PM_PID_MAX ? PM_INIT_PID + 1 : pm->last_pid + 1;
	while (is_taken(pm, pm->last_pid));
	return pm->last_pid;
}

static int read_linux(int pid, struct linux_process *ret_process)
{
	char path[64], line[256];
	int found = 0;
	FILE *in;

	/* The tasks of our own MUK, all that there are at its boot. */
	if (pid == getpid()) {
		*ret_process = (struct linux_process){ getuid(), geteuid(), getgid(), getegid() };
		return 0;
	}
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	in = fopen(path, "re");
	if (!in)
		return EDVSSRCH;
	while (found < 2 && fgets(line, sizeof(line), in)) {
		found += sscanf(line, "Uid: %u %u", &ret_process->uid, &ret_process->euid) == 2;
		found += sscanf(line, "Gid: %u %u", &ret_process->gid, &ret_process->egid) == 2;
	}
	fclose(in);
	return found == 2 ? 0 : EDVSSRCH;
}

static int free_index(struct pm *pm)
{
	for (int i = 0; i < PM_PROCESSES; i++)
		if (!pm->rows[i].pid)
			return i;
	return EDVSAGAIN;
}

/* Only root may be somebody else than Linux says. */
static int choose_ids(const struct pm_newcomer *newcomer, const struct linux_process *known,
		      struct pm_process_row *row)
{
	uint32_t uid = newcomer->uid, gid = newcomer->gid;

	row->uid = uid == PM_LINUX_ID ? known->uid : uid;
	row->euid = uid == PM_LINUX_ID ? known->euid : uid;
	row->gid = gid == PM_LINUX_ID ? known->gid : gid;
	row->egid = gid == PM_LINUX_ID ? known->egid : gid;
	if (known->euid == 0)
		return 0;
	return row->euid == known->euid && row->egid == known->egid ? 0 : EDVSPERM;
}

int pm_register(struct pm *pm, const struct pm_newcomer *newcomer, struct pm_process_row **ret_row)
{
	const struct systask_process *process = &newcomer->process;
	struct pm_process_row row = { .ep = process->ep, .started = time(NULL) };
	const struct pm_process_row *parent;
	struct linux_process known = { .uid = 0 };
	int index = free_index(pm), slot = slot_of(process->ep);
	int result = index < 0 ? index : read_linux(process->pid, &known);

	if (result == 0 && (slot < 0 || pm->exited_ep[slot] == process->ep))
		result = EDVSSRCH;
	if (result == 0)
		result = choose_ids(newcomer, &known, &row);
	if (result < 0)
		return result;
	/* Who does not say whose child it is has nobody who would wait for it. */
	row.parent = newcomer->parent ? newcomer->parent : PM_INIT_PID;
	parent = pm_find_pid(pm, row.parent);
	if (newcomer->parent && (!parent || parent->state == PM_STATE_ZOMBIE))
		return EDVSSRCH;
	if (process->nr == INIT_PROC_NR && !pm_find_pid(pm, PM_INIT_PID)) {
		row.pid = PM_INIT_PID;
		row.parent = 0;
	} else {
		row.pid = next_pid(pm);
	}
	row.group = parent && newcomer->parent ? parent->group : row.pid;
	snprintf(row.name, sizeof(row.name), "%.15s",
		 *newcomer->name ? newcomer->name : process->name);
	pm->rows[index] = row;
	pm->extra[index] = (struct pm_extra){
		.incarnation = process->incarnation,
	};
	pm->row_of[slot] = (int16_t)(index + 1);
	pm->used = index >= pm->used ? index + 1 : pm->used;
	*ret_row = &pm->rows[index];
	return 0;
}

int pm_know(struct pm *pm, int ep, struct pm_process_row **ret_row)
{
	struct pm_newcomer newcomer = { .uid = PM_LINUX_ID, .gid = PM_LINUX_ID, .name = "" };
	int slot = slot_of(ep), result;

	if (slot < 0 || pm->exited_ep[slot] == ep)
		return EDVSSRCH;
	*ret_row = pm_find_ep(pm, ep);
	if (*ret_row)
		return 0;
	result = systask_call_getinfo(SYSTASK(0), ep, &newcomer.process, sizeof(newcomer.process));
	return result < 0 ? result : pm_register(pm, &newcomer, ret_row);
}

int pm_caller(struct pm *pm, const struct server_call *call, struct pm_process_row **ret_row)
{
	int result = pm_know(pm, call->client_ep, ret_row);

	if (result < 0)
		return result;
	(*ret_row)->pending = 0;
	/* Who calls does not wait: its wait has timed out. */
	(*ret_row)->state = PM_STATE_RUNNING;
	return 0;
}

void pm_free_row(struct pm *pm, struct pm_process_row *row)
{
	int slot = slot_of(row->ep);

	if (slot >= 0 && pm->row_of[slot] == row - pm->rows + 1)
		pm->row_of[slot] = 0;
	memset(pm_extra_of(pm, row), 0, sizeof(struct pm_extra));
	memset(row, 0, sizeof(*row));
	while (pm->used && !pm->rows[pm->used - 1].pid)
		pm->used--;
}
