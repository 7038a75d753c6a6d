/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wait.h - a wait that ends without what was waited for.
 */
#ifndef ENGINE_WAIT_H
#define ENGINE_WAIT_H

#include "dc.h"

/* What a wait is for. */
struct wait_for {
	uint32_t flag; /* RECEIVING, WAITBIND, WAITUNBIND */
	int ep;
	int64_t deadline_ns;
};
/* p waits from now on: DVK_BLOCKED, or EDVSAGAIN. */
int wait_begin(struct dc *dc, struct proc *p, const struct wait_for *wait);
/* p waits, and its time has come: its wait is over, with this result. Wakes nobody. */
int wait_expire(struct dc *dc, struct proc *p);
/* Takes p, if it is SENDING, off the queue that it is on. */
void wait_leave_queue(struct dc *dc, struct proc *p);
/* Whom p waits for: an endpoint, ANY or NONE. */
int wait_awaited(const struct proc *p);

#endif
