/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * why.c - the chain of waits from a process to the one who is at fault.
 *
 * Two steps: the hops come from the snapshot alone, the judgement joins what
 * Linux knows of the last one's thread. Who waits for the processor of its thread
 * waits for the task that keeps it: that is a hop as well.
 */
#include <inttypes.h>
#include <string.h>

#include "index.h"

const char *inspect_cause_word(enum inspect_cause cause)
{
	static const char *const words[] = {
#define WORD(name, word) word,
		INSPECT_CAUSES(WORD)
#undef WORD
	};

	return (unsigned int)cause < sizeof(words) / sizeof(words[0]) ? words[cause] : "?";
}

static void add_hop(const struct inspect *in, const struct dvk_procinfo *p, struct inspect_why *why)
{
	struct inspect_hop *hop = &why->hops[why->count++];
	struct text t;

	hop->endpoint = p->endpoint;
	inspect_name(in, p->endpoint, hop->name);
	text_init(&t, hop->sentence, sizeof(hop->sentence));
	inspect_sentence(in, p, &t);
}

/* The cause when the chain ends at p, or -1: it goes on with *ret_next_ep. */
static int next_of(const struct inspect *in, const struct dvk_procinfo *p, int *ret_next_ep)
{
	const struct dvk_procinfo *holder = inspect_holder(in, p);

	if (p->rts & (DVK_RTS_STOPPED | DVK_RTS_HELD))
		return CAUSE_DEBUGGER;
	if (p->rts & (DVK_RTS_REMOTE | DVK_RTS_RMTOPER | DVK_RTS_MIGRATING | DVK_RTS_WAITMIGR))
		return CAUSE_REMOTE;
	if (p->rts & DVK_RTS_SENDING) {
		*ret_next_ep = p->sendto_ep;
		return -1;
	}
	if (p->rts & DVK_RTS_RECEIVING && p->getfrom_ep != ANY) {
		*ret_next_ep = p->getfrom_ep;
		return -1;
	}
	if (p->rts & DVK_RTS_RECEIVING)
		return CAUSE_IDLE;
	if (p->rts)
		return CAUSE_RUNNING;
	if (p->sleep_note[0])
		return CAUSE_OUTSIDE;
	if (!p->on_cpu && holder) {
		*ret_next_ep = holder->endpoint;
		return -1;
	}
	return !p->on_cpu && inspect_row(in, p)->shares_thread ? CAUSE_READY : CAUSE_RUNNING;
}

static int is_in_chain(const struct inspect_why *why, int endpoint)
{
	for (int i = 0; i < why->count; i++)
		if (why->hops[i].endpoint == endpoint)
			return 1;
	return 0;
}

static void blame(const struct dvk_procinfo *p, enum inspect_cause cause, struct inspect_why *why)
{
	why->cause = cause;
	why->at_fault_ep = p->endpoint;
	why->pid = p->pid;
	why->tid = p->tid;
}

/* The DC's lock is not let go: nobody gets on, whatever he waits for. */
static void blame_lock(const struct inspect *in, struct inspect_why *why)
{
	const struct dvk_snapshot *s = in->snapshot;

	why->cause = CAUSE_LOCK;
	why->at_fault_ep = NONE;
	why->pid = s->dc.lock_pid;
	why->tid = s->dc.lock_tid;
	for (int i = 0; i < s->count; i++) {
		if (!s->dc.lock_tid || s->procs[i].tid != s->dc.lock_tid)
			continue;
		if (why->at_fault_ep == NONE || s->procs[i].on_cpu)
			why->at_fault_ep = s->procs[i].endpoint;
	}
}

void inspect_why_hops(const struct inspect *in, const struct dvk_procinfo *p,
		      struct inspect_why *ret_why)
{
	int next_ep = NONE;
	int cause = -1;

	memset(ret_why, 0, sizeof(*ret_why));
	while (cause < 0) {
		const struct dvk_procinfo *next;

		add_hop(in, p, ret_why);
		cause = next_of(in, p, &next_ep);
		if (cause >= 0)
			break;
		next = inspect_find(in, next_ep);
		if (!next)
			cause = CAUSE_DEAD;
		else if (is_in_chain(ret_why, next_ep))
			cause = CAUSE_CIRCLE;
		else if (ret_why->count == INSPECT_HOPS_MAX)
			cause = CAUSE_RUNNING;
		if (next && cause < 0)
			p = next;
	}
	blame(p, (enum inspect_cause)cause, ret_why);
	if (cause == CAUSE_DEAD) {
		ret_why->at_fault_ep = next_ep;
		ret_why->pid = ret_why->tid = 0;
	}
	if (cause == CAUSE_CIRCLE)
		ret_why->at_fault_ep = next_ep;
	if (in->snapshot->lock_stuck)
		blame_lock(in, ret_why);
}

void inspect_lock_words(const struct inspect *in, struct text *out)
{
	const struct dvk_dcinfo *dc = &in->snapshot->dc;
	struct inspect_thread thread;
	struct inspect_why why;
	char name[INSPECT_NAME_BYTES];

	if (!in->snapshot->lock_stuck)
		return;
	blame_lock(in, &why);
	text_add(out, "the lock of dc%d is held by ", dc->dcid);
	if (why.at_fault_ep != NONE)
		text_add(out, "%s (pid %d)", inspect_name(in, why.at_fault_ep, name), why.pid);
	else
		text_add(out, "pid %d", why.pid);
	if (dc->lock_since_ns > 0 && dc->lock_since_ns < in->snapshot->taken_ns) {
		text_add(out, " for ");
		text_add_duration(out, in->snapshot->taken_ns - dc->lock_since_ns);
	}
	inspect_thread_read(why.pid, why.tid, &thread);
	text_add(out, ", ");
	inspect_thread_words(&thread, out);
}

void inspect_why(const struct inspect *in, const struct dvk_procinfo *p,
		 struct inspect_why *ret_why)
{
	struct inspect_thread thread;

	inspect_why_hops(in, p, ret_why);
	inspect_thread_read(ret_why->pid, ret_why->tid, &thread);
	inspect_why_judge(in, &thread, ret_why);
}
