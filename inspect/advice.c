/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * advice.c - what to do about the cause that why has found, and where.
 *
 * A circle is broken where the least is lost: at a user's process before a server,
 * and there at who has waited the shortest. Nothing is advised that the shell or
 * Linux cannot do now.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "index.h"

/* Its end costs more than that of others: it serves them. */
static int serves(const struct dvk_procinfo *p)
{
	return p->level != DVK_LEVEL_USER;
}

static int is_cheaper(const struct inspect *in, const struct dvk_procinfo *p,
		      const struct dvk_procinfo *than)
{
	if (!than || serves(p) != serves(than))
		return !than || serves(than);
	return inspect_age(in, p) < inspect_age(in, than);
}

/* Where the circle at the end of the hops is to be broken. */
static const struct dvk_procinfo *weakest(const struct inspect *in, const struct inspect_why *why)
{
	const struct dvk_procinfo *best = NULL;
	int begun = 0;

	for (int i = 0; i < why->count; i++) {
		const struct dvk_procinfo *p = inspect_find(in, why->hops[i].endpoint);

		begun |= why->hops[i].endpoint == why->at_fault_ep;
		if (begun && p && is_cheaper(in, p, best))
			best = p;
	}
	return best;
}

/* The first of the circle whose wait ends by itself, NULL: none. */
static const struct dvk_procinfo *first_timeout(const struct inspect *in,
						const struct inspect_why *why)
{
	const struct dvk_procinfo *first = NULL;
	int begun = 0;

	for (int i = 0; i < why->count; i++) {
		const struct dvk_procinfo *p = inspect_find(in, why->hops[i].endpoint);

		begun |= why->hops[i].endpoint == why->at_fault_ep;
		if (begun && p && p->rts && p->deadline_ns > in->snapshot->taken_ns &&
		    p->deadline_ns != INT64_MAX && (!first || p->deadline_ns < first->deadline_ns))
			first = p;
	}
	return first;
}

static void advise_circle(const struct inspect *in, const struct inspect_why *why, struct text *out)
{
	const struct dvk_procinfo *p = weakest(in, why), *timeout = first_timeout(in, why);
	char name[INSPECT_NAME_BYTES];

	if (!p)
		return;
	inspect_name(in, p->endpoint, name);
	text_add(out, "break it at %s, %s: `!kill -KILL %d` ends it, and its callers get an error",
		 name, serves(p) ? "all of them are servers" : "which serves nobody", p->pid);
	if (!timeout)
		return;
	text_add(out, "; or wait: %s times out in ", inspect_name(in, timeout->endpoint, name));
	text_add_duration(out, timeout->deadline_ns - in->snapshot->taken_ns);
}

void inspect_why_advise(const struct inspect *in, struct inspect_why *why)
{
	const struct dvk_procinfo *p = inspect_find(in, why->at_fault_ep);
	char name[INSPECT_NAME_BYTES];
	struct text out;

	text_init(&out, why->advice, sizeof(why->advice));
	inspect_name(in, why->at_fault_ep, name);
	switch (why->cause) {
	case CAUSE_CIRCLE:
		advise_circle(in, why, &out);
		break;
	case CAUSE_DEBUGGER:
		if (p && p->rts & DVK_RTS_HELD)
			text_add(&out, "`hold list` names what is held, `release` lets it go on");
		else
			text_add(&out, "`cont %s` lets it go on", name);
		break;
	case CAUSE_STOPPED:
		text_add(&out, "`!kill -CONT %d` lets it go on", why->pid);
		break;
	case CAUSE_SPINNING:
		text_add(&out, "`bt --stop %s` shows where it runs", name);
		break;
	case CAUSE_SYSCALL:
		if (p)
			text_add(&out, "`bt %s` shows from where", name);
		break;
	case CAUSE_UNANSWERED:
		text_add(&out, "`trace --last 50 to=%s` shows what it answered since", name);
		break;
	case CAUSE_IDLE:
	case CAUSE_RUNNING:
	case CAUSE_READY:
	case CAUSE_OUTSIDE:
	case CAUSE_TRACED:
	case CAUSE_DEAD:
	case CAUSE_REMOTE:
	case CAUSE_LOCK:
		break;
	}
}
