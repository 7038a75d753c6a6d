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

static struct inspect_hop *add_hop(const struct inspect *in, const struct dvk_procinfo *p,
				   struct inspect_why *why)
{
	struct inspect_hop *hop = &why->hops[why->count++];
	struct text t;

	hop->endpoint = p->endpoint;
	hop->tid = p->tid;
	hop->age_ns = inspect_age(in, p);
	inspect_name(in, p->endpoint, hop->name);
	text_init(&t, hop->sentence, sizeof(hop->sentence));
	inspect_sentence(in, p, &t);
	return hop;
}

/*
 * p took the call of the hop before it, and receives from anybody: nothing that the
 * DVK knows of will bring the answer.
 */
static int owes_reply(const struct inspect *in, const struct dvk_procinfo *p,
		      const struct inspect_why *why)
{
	const struct dvk_procinfo *client;

	if (why->count < 2)
		return 0;
	client = inspect_find(in, why->hops[why->count - 2].endpoint);
	return client && client->call && client->call_taken && client->getfrom_ep == p->endpoint;
}

/* The cause when the chain ends at p, or -1: it goes on with *ret_next_ep. */
static int next_of(const struct inspect *in, const struct dvk_procinfo *p,
		   const struct inspect_why *why, int *ret_next_ep)
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
		return owes_reply(in, p, why) ? CAUSE_UNANSWERED : CAUSE_IDLE;
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

/* The hops from p on, behind those that why has already. */
static void follow_waits(const struct inspect *in, const struct dvk_procinfo *p,
			 struct inspect_why *why)
{
	int next_ep = NONE;
	int cause = -1;

	while (cause < 0) {
		const struct dvk_procinfo *next;

		add_hop(in, p, why);
		cause = next_of(in, p, why, &next_ep);
		if (cause >= 0)
			break;
		next = inspect_find(in, next_ep);
		if (!next)
			cause = CAUSE_DEAD;
		else if (is_in_chain(why, next_ep))
			cause = CAUSE_CIRCLE;
		else if (why->count == INSPECT_HOPS_MAX)
			cause = CAUSE_RUNNING;
		if (next && cause < 0)
			p = next;
	}
	blame(p, (enum inspect_cause)cause, why);
	if (cause == CAUSE_DEAD) {
		why->at_fault_ep = next_ep;
		why->pid = why->tid = 0;
	}
	if (cause == CAUSE_CIRCLE)
		why->at_fault_ep = next_ep;
}

void inspect_why_hops(const struct inspect *in, const struct dvk_procinfo *p,
		      struct inspect_why *ret_why)
{
	memset(ret_why, 0, sizeof(*ret_why));
	follow_waits(in, p, ret_why);
	if (in->snapshot->lock_stuck)
		blame_lock(in, ret_why);
}

/* The slot that runs, or waits, on that thread; NULL: it has none. */
static const struct dvk_procinfo *slot_of(const struct inspect *in, pid_t tid)
{
	const struct dvk_snapshot *s = in->snapshot;
	const struct dvk_procinfo *found = NULL;

	for (int i = 0; i < s->count; i++)
		if (s->procs[i].tid == tid && (!found || s->procs[i].on_cpu))
			found = &s->procs[i];
	return found;
}

/* The last hop is that thread, which has no slot: nobody of the DC runs on it. */
static void blame_thread(pid_t tid, struct inspect_why *why)
{
	struct inspect_hop *hop = &why->hops[why->count++];

	hop->endpoint = NONE;
	hop->tid = tid;
	snprintf(hop->name, sizeof(hop->name), "thread %d", tid);
	snprintf(hop->sentence, sizeof(hop->sentence), "has the lock, and no slot in the DC");
	why->cause = CAUSE_RUNNING;
	why->at_fault_ep = NONE;
	why->tid = tid;
}

int inspect_why_follow(const struct inspect *in, const struct inspect_thread *thread,
		       struct inspect_why *why)
{
	struct inspect_hop *last = &why->hops[why->count - 1];
	const struct dvk_procinfo *owner;

	if (why->cause != CAUSE_RUNNING || !thread->futex || !thread->owner ||
	    thread->owner == why->tid || why->count == INSPECT_HOPS_MAX)
		return 0;
	owner = slot_of(in, thread->owner);
	snprintf(last->sentence, sizeof(last->sentence),
		 "waits for a mutex (0x%" PRIx64 ") that %s has", thread->futex,
		 owner ? inspect_name(in, owner->endpoint, (char[INSPECT_NAME_BYTES]){ 0 })
		       : "a thread without a slot");
	why->host_ns = thread->read_ns;
	if (!owner) {
		blame_thread(thread->owner, why);
	} else if (is_in_chain(why, owner->endpoint)) {
		blame(owner, CAUSE_CIRCLE, why);
	} else {
		follow_waits(in, owner, why);
	}
	return 1;
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
	do
		inspect_thread_read(ret_why->pid, ret_why->tid, &thread);
	while (inspect_why_follow(in, &thread, ret_why));
	inspect_why_judge(in, &thread, ret_why);
}
