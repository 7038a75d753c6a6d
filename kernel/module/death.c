/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * death.c - threads that end, by exit, by kill or by exec, are buried at once.
 *
 * The kernel says so at its tracepoints, in the context of the thread itself, where
 * nothing may sleep.
 */
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/tracepoint.h>

#include "container.h"

static struct tracepoint *exit_point, *exec_point;

static void end_task(struct task_struct *task, int becomes_another)
{
	struct member *member;

	rcu_read_lock();
	while ((member = member_find(task, NULL))) {
		/* A file that stays open is at no DC in what the process becomes. */
		if (becomes_another)
			WRITE_ONCE(member->file->is_left, 1);
		member_bury(member, EDVSSRCDIED);
	}
	rcu_read_unlock();
}

static void at_exit(void *data, struct task_struct *task)
{
	end_task(task, 0);
}

static void at_exec(void *data, struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm)
{
	end_task(task, 1);
}

static void find_point(struct tracepoint *point, void *data)
{
	if (!strcmp(point->name, "sched_process_exit"))
		exit_point = point;
	else if (!strcmp(point->name, "sched_process_exec"))
		exec_point = point;
}

int deaths_watch(void)
{
	int rc;

	for_each_kernel_tracepoint(find_point, NULL);
	if (!exit_point || !exec_point)
		return -ENOENT;
	rc = tracepoint_probe_register(exit_point, at_exit, NULL);
	if (rc)
		return rc;
	rc = tracepoint_probe_register(exec_point, at_exec, NULL);
	if (rc)
		tracepoint_probe_unregister(exit_point, at_exit, NULL);
	return rc;
}

void deaths_unwatch(void)
{
	tracepoint_probe_unregister(exec_point, at_exec, NULL);
	tracepoint_probe_unregister(exit_point, at_exit, NULL);
	tracepoint_synchronize_unregister();
}
