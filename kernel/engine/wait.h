/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wait.h - a wait that ends without what was waited for.
 */
#ifndef ENGINE_WAIT_H
#define ENGINE_WAIT_H

#include "dc.h"

/* p waits, and its time has come: its wait is over, with this result. Wakes nobody. */
int wait_expire(struct dc *dc, struct proc *p);
/* Whom p waits for: an endpoint, ANY or NONE. */
int wait_awaited(const struct proc *p);

#endif
