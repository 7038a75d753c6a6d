/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * circle.h - would this wait never end? (M3-IPC section 5, deadlock)
 */
#ifndef ENGINE_CIRCLE_H
#define ENGINE_CIRCLE_H

#include "slot.h"

int circle_walk(const struct dc *dc, const struct proc *caller, const struct proc *dst);

/*
 * 1 when caller, waiting for dst for ever, would close a circle of processes of
 * which each waits for ever for the next. Nothing to pay while dst runs, or
 * receives from anybody.
 */
static inline int circle_closes(const struct dc *dc, const struct proc *caller,
				const struct proc *dst, int64_t deadline_ns)
{
	if (likely(!(dst->rts & SLOT_WAITS)) || deadline_ns != DC_NEVER)
		return 0;
	return circle_walk(dc, caller, dst);
}

#endif
