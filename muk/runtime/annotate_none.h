/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * annotate_none.h - nobody needs to be told of switches.
 */
#ifndef RUNTIME_ANNOTATE_H
#define RUNTIME_ANNOTATE_H

#include <stddef.h>

#define STACK_SCALE 1 /* how much larger stacks must be */

struct annotation {
	char unused;
};

static inline void annotate_create(struct annotation *to, void *base, size_t bytes)
{
	(void)to;
	(void)base;
	(void)bytes;
}

/* The thread's own stack. */
static inline void annotate_thread(struct annotation *own)
{
	(void)own;
}

/* Just before the switch; last: from is never entered again. */
static inline void annotate_leave(struct annotation *from, struct annotation *to, int last)
{
	(void)from;
	(void)to;
	(void)last;
}

/* The first thing on the stack that was switched to. */
static inline void annotate_enter(struct annotation *here)
{
	(void)here;
}

static inline void annotate_destroy(struct annotation *gone)
{
	(void)gone;
}

#endif
