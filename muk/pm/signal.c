/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * signal.c - signals are notifications from PM, whose value is the signal's number.
 *
 * What a process does with one is its own matter. SIGKILL is not asked for: SYSTASK
 * ends the Linux process behind a user's slot. Tasks and servers end with their MUK
 * only, so for them it is refused, as MINIX does with its system processes. All
 * alarms of PM are one alarm at CLOCK, that of the next to come.
 */
#include <signal.h>

#include "pm/pm.h"
#include "protocol/clock.h"

#define ALARM_SECONDS_MAX (365ll * 24 * 3600)
#define NS_PER_S          1000000000ll
#define NS_PER_MS         1000000ll

/* Root and servers signal everyone, others those of their own user. */
static int may_signal(const struct pm_process_row *from, const struct pm_process_row *to)
{
	if (from->euid == 0 || dvk_endpoint_nr(from->ep) < NR_SERVERS)
		return 1;
	return from->euid == to->uid || from->uid == to->uid || from->euid == to->euid;
}

static int is_meant(const struct pm_process_row *from, const struct pm_process_row *to, int pid)
{
	if (pid > 0)
		return to->pid == pid;
	/* Who names no one in particular means users. */
	if (dvk_endpoint_nr(to->ep) < NR_SERVERS)
		return 0;
	if (pid == -1)
		return to->pid > PM_INIT_PID;
	return to->group == (pid ? -pid : from->group);
}

static int deliver(struct pm *pm, struct pm_process_row *row, int signal)
{
	int result;

	if (signal == 0)
		return 0;
	if (signal == SIGKILL)
		return dvk_endpoint_nr(row->ep) < NR_SERVERS
			       ? EDVSPERM
			       : systask_call_kill(SYSTASK(0), row->ep, SIGKILL);
	result = dvk_ntfy_value(dvk_endpoint_nr(server_endpoint(pm->server)), row->ep, signal);
	if (result < 0)
		return EDVSSRCH;
	row->pending |= 1u << signal;
	return 0;
}

int pm_do_kill(void *state, struct server_call *call, const struct pm_kill_request *request)
{
	struct pm *pm = state;
	struct pm_process_row *caller, *row;
	int sent = 0, failure = EDVSSRCH, result = pm_caller(pm, call, &caller);

	if (result < 0)
		return result;
	if (request->signal < 0 || request->signal > NOTIFY_VALUE_MAX)
		return EDVSINVAL;
	for (int i = 0; i < pm->used; i++) {
		row = &pm->rows[i];
		if (!row->pid || !is_meant(caller, row, request->pid))
			continue;
		if (row->state == PM_STATE_ZOMBIE && request->signal != 0)
			continue;
		result = may_signal(caller, row) ? deliver(pm, row, request->signal) : EDVSPERM;
		if (result == 0)
			sent++;
		else
			failure = result;
	}
	return sent ? 0 : failure;
}

/* Tells CLOCK the time of the next alarm. */
static int arm(struct pm *pm)
{
	struct clock_alarm_reply reply;
	int64_t next_ns = INT64_MAX, left_ns;

	for (int i = 0; i < pm->used; i++)
		if (pm->rows[i].alarm_ns && pm->rows[i].alarm_ns < next_ns)
			next_ns = pm->rows[i].alarm_ns;
	if (next_ns == INT64_MAX)
		return clock_call_alarm(CLOCK, 0, 0, &reply);
	left_ns = next_ns - server_now_ns();
	return clock_call_alarm(CLOCK, left_ns > 0 ? (left_ns + NS_PER_MS - 1) / NS_PER_MS : 1, 0,
				&reply);
}

int pm_do_alarm(void *state, struct server_call *call, const struct pm_alarm_request *request,
		struct pm_alarm_reply *reply)
{
	struct pm *pm = state;
	struct pm_process_row *caller;
	int64_t now_ns = server_now_ns(), before_ns;
	int result = pm_caller(pm, call, &caller);

	if (result < 0)
		return result;
	if (request->seconds < 0 || request->seconds > ALARM_SECONDS_MAX)
		return EDVSINVAL;
	before_ns = caller->alarm_ns;
	caller->alarm_ns = request->seconds ? now_ns + request->seconds * NS_PER_S : 0;
	result = arm(pm);
	if (result < 0) {
		caller->alarm_ns = before_ns;
		return result;
	}
	reply->left = before_ns > now_ns ? (before_ns - now_ns + NS_PER_S - 1) / NS_PER_S : 0;
	return 0;
}

void pm_take_alarms(struct pm *pm)
{
	int64_t now_ns = server_now_ns();

	for (int i = 0; i < pm->used; i++) {
		struct pm_process_row *row = &pm->rows[i];

		if (!row->alarm_ns || row->alarm_ns > now_ns)
			continue;
		row->alarm_ns = 0;
		/* One that has died meanwhile needs no alarm. */
		(void)deliver(pm, row, SIGALRM);
	}
	/* Without a CLOCK there are no alarms to come; who sets one is told so. */
	(void)arm(pm);
}
