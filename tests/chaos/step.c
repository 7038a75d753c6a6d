/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * step.c - a victim is led to where it should be hit, an instruction at a time.
 *
 * A call holds the DC's lock for a tenth of a microsecond; who looks from another
 * processor, on a busy machine, may wait for minutes until it sees it there.
 */
#include <errno.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "killer.h"

#define STEPS 400000 /* a few turns of a member's loop */

static int wait_for(pid_t tid)
{
	int status;

	while (waitpid(tid, &status, __WALL) < 0)
		if (errno != EINTR)
			return 0;
	return WIFSTOPPED(status);
}

int killer_lead(struct killer *killer, struct aim *aim)
{
	pid_t tid = killer->board->places[aim->place].tid;

	if (tid <= 0 || ptrace(PTRACE_SEIZE, tid, NULL, NULL) != 0)
		return 0;
	aim->tid = tid;
	aim->is_traced = 1;
	if (ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) != 0 || !wait_for(tid))
		return 0;
	for (int i = 0; i < STEPS; i++) {
		if (killer_is_at(killer, aim))
			return 1;
		if (ptrace(PTRACE_SINGLESTEP, tid, NULL, NULL) != 0 || !wait_for(tid))
			return 0;
	}
	return 0;
}

void killer_reap(const struct killer *killer, const struct aim *aim)
{
	/* A thread that is traced is its tracer's to bury, before its process can be. */
	if (aim->is_traced && aim->tid != killer->pids[aim->process])
		while (waitpid(aim->tid, NULL, __WALL) < 0 && errno == EINTR)
			;
}
