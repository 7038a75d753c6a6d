/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * no_events.h - the engine without its hook for events, to measure what it costs.
 *
 * Included before everything else in place of kernel/engine/event.h.
 */
#ifndef ENGINE_EVENT_H
#define ENGINE_EVENT_H

#include "compiler.h"
#include "engine.h"
#include "undo.h"

static inline int event_wanted(const struct dc *dc, const struct proc *a, const struct proc *b)
{
	(void)dc;
	(void)a;
	(void)b;
	return 0;
}

static inline void event_put(struct dc *dc, const struct event_what *what, const message *m)
{
	(void)dc;
	(void)what;
	(void)m;
}

#endif
