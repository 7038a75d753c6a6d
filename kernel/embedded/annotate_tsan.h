/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * annotate_tsan.h - what ThreadSanitizer cannot see of the DC's lock.
 *
 * It follows the lock inside of this process by its atomic operations. But what one
 * thread did under the lock may reach another through a third that is elsewhere: it
 * had the lock after the first and told the second.
 */
#ifndef EMBEDDED_ANNOTATE_H
#define EMBEDDED_ANNOTATE_H

#include <stddef.h>
#include <stdint.h>
#include <sanitizer/tsan_interface.h>

/* The caller was told by a transition, so it follows all that had the lock before. */
static inline void annotate_follows(void *lock)
{
	__tsan_acquire(lock);
}

#define TSAN_STACK_BYTES (2u << 20) /* more than what it raises all stacks to */

/*
 * A forked child has the memory of its parent's threads, but not them. A new thread that
 * got a stack of theirs would have the name of one that ThreadSanitizer counts as there
 * ("dup thread with used id"); a larger stack is none of theirs. epoch grows at each fork.
 */
static inline size_t annotate_stack_bytes(size_t bytes, uint64_t epoch)
{
	return bytes + TSAN_STACK_BYTES + epoch * 4096;
}

#endif
