/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * futex.h - the futex calls that the embedded host sleeps and wakes by.
 *
 * Words in the segment are shared between processes, so no FUTEX_PRIVATE there.
 * Deadlines are absolute CLOCK_MONOTONIC ns; INT64_MAX is never.
 */
#ifndef EMBEDDED_FUTEX_H
#define EMBEDDED_FUTEX_H

#include <errno.h>
#include <linux/futex.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif

/* The limit of the kernel for one futex_waitv. */
#define FUTEX_VECTOR_MAX 128

static inline struct timespec futex_time(int64_t ns)
{
	return (struct timespec){ .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };
}

/* Sleeps while *word is value. 0, EAGAIN (it was not), EINTR or ETIMEDOUT. */
static inline int futex_wait(const uint32_t *word, uint32_t value, int64_t deadline_ns)
{
	struct timespec until = futex_time(deadline_ns);
	long r = syscall(SYS_futex, word, FUTEX_WAIT_BITSET, value,
			 deadline_ns == INT64_MAX ? NULL : &until, NULL, FUTEX_BITSET_MATCH_ANY);

	return r < 0 ? errno : 0;
}

static inline void futex_wake(const uint32_t *word, int count)
{
	syscall(SYS_futex, word, FUTEX_WAKE, count, NULL, NULL, 0);
}

/* Sleeps until one of the words is woken or is not its value. 0 or an errno. */
static inline int futex_wait_any(struct futex_waitv *words, unsigned int count, int64_t deadline_ns)
{
	struct timespec until = futex_time(deadline_ns);
	long r = syscall(SYS_futex_waitv, words, count, 0, deadline_ns == INT64_MAX ? NULL : &until,
			 CLOCK_MONOTONIC);

	return r < 0 ? errno : 0;
}

static inline struct futex_waitv futex_word(const uint32_t *word, uint32_t value)
{
	return (struct futex_waitv){ .val = value,
				     .uaddr = (uint64_t)(uintptr_t)word,
				     .flags = FUTEX_32 };
}

#endif
