/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * annotate_asan.h - AddressSanitizer must know which stack is in use.
 */
#ifndef RUNTIME_ANNOTATE_H
#define RUNTIME_ANNOTATE_H

#include <pthread.h>
#include <stddef.h>
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>

#define STACK_SCALE 8 /* how much larger stacks must be */

struct annotation {
	void *fake;
	const void *base;
	size_t bytes;
};

static inline void annotate_create(struct annotation *to, void *base, size_t bytes)
{
	to->fake = NULL;
	to->base = base;
	to->bytes = bytes;
	/* What only a task's stack points to is no leak. */
	__lsan_register_root_region(base, bytes);
}

/* The thread's own stack. */
static inline void annotate_thread(struct annotation *own)
{
	pthread_attr_t attributes;
	void *base = NULL;
	size_t bytes = 0;

	if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
		pthread_attr_getstack(&attributes, &base, &bytes);
		pthread_attr_destroy(&attributes);
	}
	*own = (struct annotation){ .base = base, .bytes = bytes };
}

/* Just before the switch; last: from is never entered again. */
static inline void annotate_leave(struct annotation *from, struct annotation *to, int last)
{
	__sanitizer_start_switch_fiber(last ? NULL : &from->fake, to->base, to->bytes);
}

/* The first thing on the stack that was switched to. */
static inline void annotate_enter(struct annotation *here)
{
	__sanitizer_finish_switch_fiber(here->fake, NULL, NULL);
}

/* Frames that never returned leave their marks on the memory, whose next user is another. */
static inline void annotate_destroy(struct annotation *gone)
{
	/* A task that is a thread has no stack of ours. */
	if (!gone->bytes)
		return;
	__lsan_unregister_root_region(gone->base, gone->bytes);
	__asan_unpoison_memory_region(gone->base, gone->bytes);
}

#endif
