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

#include <sanitizer/tsan_interface.h>

/* The caller was told by a transition, so it follows all that had the lock before. */
static inline void annotate_follows(void *lock)
{
	__tsan_acquire(lock);
}

#endif
