/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * judge.c - the verdict of why: the last hop's state and its Linux thread, joined.
 *
 * A stopped or dead thread outweighs what the process seems to do; circles,
 * debuggers and other nodes are what they are whatever the thread does.
 */
#include <inttypes.h>
#include <string.h>

#include "index.h"

#define SPIN_NS 100000000 /* DESIGN decision 5 */

/* How many tasks are ready and wait for the thread of p. */
static int count_waiting(const struct inspect *in, const struct dvk_procinfo *p)
{
	const struct dvk_snapshot *s = in->snapshot;
	int count = 0;

	for (int i = 0; i < s->count; i++) {
		const struct dvk_procinfo *q = &s->procs[i];

		count += q != p && q->tid == p->tid && !q->rts && !q->on_cpu && !q->sleep_note[0];
	}
	return count;
}

static void add_thread(const struct inspect_thread *thread, const struct inspect_why *why,
		       struct text *out)
{
	inspect_thread_words(thread, out);
	text_add(out, " (pid %d", why->pid);
	if (why->tid != why->pid)
		text_add(out, ", thread %d", why->tid);
	text_add(out, ")");
}

/* What the thread's state changes about the cause. */
static enum inspect_cause refine(const struct inspect *in, const struct inspect_thread *thread,
				 const struct inspect_why *why)
{
	const struct dvk_procinfo *p = inspect_find(in, why->at_fault_ep);

	if (why->cause == CAUSE_CIRCLE || why->cause == CAUSE_DEBUGGER ||
	    why->cause == CAUSE_REMOTE || why->cause == CAUSE_DEAD || why->cause == CAUSE_LOCK)
		return why->cause;
	if (!thread->exists || thread->state == 'Z' || thread->state == 'X')
		return CAUSE_DEAD;
	if (thread->state == 'T')
		return CAUSE_STOPPED;
	if (thread->state == 't')
		return CAUSE_TRACED;
	if (why->cause != CAUSE_RUNNING)
		return why->cause;
	if (thread->state != 'R')
		return CAUSE_SYSCALL;
	if (!p)
		return CAUSE_RUNNING;
	return inspect_age(in, p) >= SPIN_NS ? CAUSE_SPINNING : CAUSE_RUNNING;
}

static void say_circle(const struct inspect *in, const struct inspect_why *why, struct text *out)
{
	char name[INSPECT_NAME_BYTES];
	int begun = 0;

	inspect_name(in, why->at_fault_ep, name);
	text_add(out, "they wait for each other: ");
	for (int i = 0; i < why->count; i++) {
		begun |= why->hops[i].endpoint == why->at_fault_ep;
		if (begun)
			text_add(out, "%s for ", why->hops[i].name);
	}
	text_add(out, "%s", name);
}

static void say_age(const struct inspect *in, const struct dvk_procinfo *p, struct text *out)
{
	int64_t age = p ? inspect_age(in, p) : 0;

	if (!age)
		return;
	text_add(out, " for ");
	text_add_duration(out, age);
}

static void say_spinning(const struct inspect *in, const struct dvk_procinfo *p,
			 const struct inspect_thread *thread, struct text *out)
{
	int waiting = count_waiting(in, p);
	const char *where = thread->syscall >= 0 ? "is running" : "is running in user mode";

	text_add(out, "%s", where);
	say_age(in, p, out);
	text_add(out, " without giving up the processor (pid %d", p->pid);
	if (p->tid != p->pid)
		text_add(out, ", thread %d", p->tid);
	text_add(out, ")");
	if (waiting)
		text_add(out, "; %d other task%s of its thread cannot run", waiting,
			 waiting == 1 ? "" : "s");
}

static void say_idle(const struct inspect_why *why, struct text *out)
{
	if (why->count == 1)
		text_add(out, "waits for requests; nothing is wrong");
	else
		text_add(out, "has put the request aside and waits for other messages; "
			      "it answers later");
}

static void say_thread(const struct inspect *in, const struct inspect_thread *thread,
		       const struct inspect_why *why, struct text *out)
{
	text_add(out, "is ");
	add_thread(thread, why, out);
	if (why->cause == CAUSE_SYSCALL)
		say_age(in, inspect_find(in, why->at_fault_ep), out);
	if (why->cause == CAUSE_STOPPED)
		text_add(out, "; kill -CONT %d lets it go on", why->pid);
	else if (why->cause == CAUSE_DEAD && in->snapshot->dc.keeper_pid)
		text_add(out, "; the keeper, pid %d, has not cleaned up after it yet",
			 in->snapshot->dc.keeper_pid);
	else if (why->cause == CAUSE_READY)
		text_add(out, "; it can run, but its thread has not come to it");
}

/* How many calls p has not answered, and how long the oldest waits. */
static void say_unanswered(const struct inspect *in, const struct dvk_procinfo *p,
			   const struct inspect_why *why, struct text *out)
{
	const struct inspect_hop *client = &why->hops[why->count - 2];

	text_add(out, "took the request of %s, has not answered it", client->name);
	if (client->age_ns) {
		text_add(out, " for ");
		text_add_duration(out, client->age_ns);
	}
	text_add(out, ", and receives other requests");
	if (inspect_age(in, p)) {
		text_add(out, " (the last came ");
		text_add_duration(out, inspect_age(in, p));
		text_add(out, " ago)");
	}
	text_add(out, ": it answers later, or the reply is lost");
}

void inspect_why_judge(const struct inspect *in, const struct inspect_thread *thread,
		       struct inspect_why *why)
{
	const struct dvk_procinfo *p = inspect_find(in, why->at_fault_ep);
	char name[INSPECT_NAME_BYTES];
	struct text out;

	text_init(&out, why->verdict, sizeof(why->verdict));
	why->cause = refine(in, thread, why);
	why->host_ns = thread->read_ns ? thread->read_ns : why->host_ns;
	inspect_why_advise(in, why);
	if (why->cause == CAUSE_LOCK) {
		inspect_lock_words(in, &out);
		return;
	}
	if (why->cause == CAUSE_CIRCLE) {
		say_circle(in, why, &out);
		return;
	}
	if (why->at_fault_ep == NONE && why->tid)
		snprintf(name, sizeof(name), "thread %d", why->tid);
	else
		inspect_name(in, why->at_fault_ep, name);
	text_add(&out, "%s ", name);
	if (why->cause == CAUSE_IDLE)
		say_idle(why, &out);
	else if (why->cause == CAUSE_UNANSWERED && p)
		say_unanswered(in, p, why, &out);
	else if (why->cause == CAUSE_DEBUGGER || why->cause == CAUSE_REMOTE ||
		 why->cause == CAUSE_OUTSIDE)
		text_add(&out, "%s", why->hops[why->count - 1].sentence);
	else if (why->cause == CAUSE_SPINNING && p)
		say_spinning(in, p, thread, &out);
	else if (why->cause == CAUSE_DEAD && !why->pid)
		text_add(&out, "is dead: nothing is bound there any more");
	else
		say_thread(in, thread, why, &out);
}
