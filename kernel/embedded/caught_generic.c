/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * caught_generic.c - a copy whose faults can be caught, on any processor.
 *
 * The handler jumps out of the copy. It blocks no signals (fault.c), so the mask
 * need not be saved, which would cost a system call.
 */
#include <setjmp.h>

#include "caught.h"

static __thread sigjmp_buf *volatile way_out;

__attribute__((no_sanitize("address", "thread"))) static void
copy(unsigned char *to, const unsigned char *from, size_t bytes)
{
	typedef uint64_t __attribute__((may_alias, aligned(1))) word;
	size_t i = 0;

	for (; i + sizeof(word) <= bytes; i += sizeof(word))
		*(volatile word *)(to + i) = *(const volatile word *)(from + i);
	for (; i < bytes; i++)
		*(volatile unsigned char *)(to + i) = from[i];
}

int caught_copy(void *to, const void *from, size_t bytes)
{
	sigjmp_buf here;

	if (sigsetjmp(here, 0) != 0) {
		way_out = NULL;
		return 1;
	}
	way_out = &here;
	copy(to, from, bytes);
	way_out = NULL;
	return 0;
}

int caught_redirect(ucontext_t *context)
{
	(void)context;
	if (way_out)
		siglongjmp(*way_out, 1);
	return 0;
}
