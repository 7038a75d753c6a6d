/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * annotate_tsan.h - ThreadSanitizer must know which fiber runs.
 */
#ifndef RUNTIME_ANNOTATE_H
#define RUNTIME_ANNOTATE_H

#include <stddef.h>
#include <sanitizer/tsan_interface.h>

#define STACK_SCALE 16 /* how much larger stacks must be */

struct annotation {
	void *fiber;
	int is_own; /* the thread's own, which is not ours to destroy */
};

static inline void annotate_create(struct annotation *to, void *base, size_t bytes)
{
	(void)base;
	(void)bytes;
	to->fiber = __tsan_create_fiber(0);
	to->is_own = 0;
}

/* The thread's own stack. */
static inline void annotate_thread(struct annotation *own)
{
	own->fiber = __tsan_get_current_fiber();
	own->is_own = 1;
}

/* Just before the switch; last: from is never entered again. */
static inline __attribute__((always_inline)) void annotate_leave(struct annotation *from,
								 struct annotation *to, int last)
{
	(void)from;
	(void)last;
	__tsan_switch_to_fiber(to->fiber, 0);
}

/* The first thing on the stack that was switched to. */
static inline void annotate_enter(struct annotation *here)
{
	(void)here;
}

static inline void annotate_destroy(struct annotation *gone)
{
	if (gone->fiber && !gone->is_own)
		__tsan_destroy_fiber(gone->fiber);
}

#endif
