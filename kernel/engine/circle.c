/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * circle.c - walks from a process to the one it waits for, and on.
 *
 * A wait with a timeout, a receive from anybody and a request that a debugger
 * holds will end some other way, so they are the end of a chain. The walk is as
 * long as there are slots at most, whatever the links say.
 */
#include "circle.h"

/* Whom p waits for, for ever; NULL: nobody in particular. */
static const struct proc *awaited_by(const struct dc *dc, const struct proc *p)
{
	if (p->deadline_ns != DC_NEVER || p->rts & DVK_RTS_HELD)
		return NULL;
	if (p->rts & DVK_RTS_SENDING)
		return slot_find(dc, p->sendto_ep);
	if (p->rts & DVK_RTS_RECEIVING && p->getfrom_ep != ANY)
		return slot_find(dc, p->getfrom_ep);
	return NULL;
}

int circle_walk(const struct dc *dc, const struct proc *caller, const struct proc *dst)
{
	const struct proc *p = dst;
	int steps;

	for (steps = 0; p && p != caller && steps < dc->nr_slots; steps++)
		p = awaited_by(dc, p);
	return p == caller;
}
