/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * blame.c - who keeps others waiting, over all who wait.
 *
 * Chains end at few: each end is judged once, so that a DC full of waiting processes
 * costs no more looks at /proc than it has culprits.
 */
#include "index.h"

/* Waits for a certain other one. */
static int waits_for_one(const struct dvk_procinfo *p)
{
	return p->rts & DVK_RTS_SENDING ||
	       (p->rts & DVK_RTS_RECEIVING && p->getfrom_ep != ANY && p->getfrom_ep != NONE);
}

static int is_known(const struct inspect_why *whys, int count, const struct inspect_why *why)
{
	for (int i = 0; i < count; i++)
		if (whys[i].at_fault_ep == why->at_fault_ep && whys[i].tid == why->tid)
			return 1;
	return 0;
}

/* What does not pass by itself. */
static int is_fault(enum inspect_cause cause)
{
	return cause == CAUSE_STOPPED || cause == CAUSE_TRACED || cause == CAUSE_SPINNING ||
	       cause == CAUSE_DEAD || cause == CAUSE_CIRCLE;
}

int inspect_blame(const struct inspect *in, struct inspect_why *ret_whys, int max)
{
	const struct dvk_snapshot *s = in->snapshot;
	struct inspect_thread thread;
	int judged = 0, count = 0;

	for (int i = 0; i < s->count && judged < max && !s->lock_stuck; i++) {
		struct inspect_why *why = &ret_whys[judged];

		if (!waits_for_one(&s->procs[i]))
			continue;
		inspect_why_hops(in, &s->procs[i], why);
		if (is_known(ret_whys, judged, why))
			continue;
		do
			inspect_thread_read(why->pid, why->tid, &thread);
		while (inspect_why_follow(in, &thread, why));
		if (is_known(ret_whys, judged, why))
			continue;
		inspect_why_judge(in, &thread, why);
		judged++;
	}
	for (int i = 0; i < judged; i++)
		if (is_fault(ret_whys[i].cause))
			ret_whys[count++] = ret_whys[i];
	return count;
}
