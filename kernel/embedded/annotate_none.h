/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * annotate_none.h - nobody needs to be told of lock and threads.
 */
#ifndef EMBEDDED_ANNOTATE_H
#define EMBEDDED_ANNOTATE_H

#include <stddef.h>
#include <stdint.h>

static inline void annotate_follows(void *lock)
{
	(void)lock;
}

/* How large the stack of a thread of this host's own is. */
static inline size_t annotate_stack_bytes(size_t bytes, uint64_t epoch)
{
	(void)epoch;
	return bytes;
}

#endif
