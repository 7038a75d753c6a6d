/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host_impl.h - the embedded host as the engine sees it (engine/host.h).
 *
 * The undo log needs the compiler's order only. What cuts a transition short is
 * the death of its thread, and then the kernel has stopped it between two
 * instructions: all stores before are done, none after, whatever order they became
 * visible in meanwhile. Whoever rolls back has learned of the death from the
 * kernel, which is a full barrier.
 */
#ifndef EMBEDDED_HOST_IMPL_H
#define EMBEDDED_HOST_IMPL_H

#include <stdint.h>
#include <string.h>

#include "dc.h"

/* Slots that one transition woke, as far as they fit; an exit may wake all. */
#define HOST_WAKES 32

struct host_wakes {
	int count;
	int overflow; /* 1: more than fit; all slots are looked through */
	struct host_wakened {
		int32_t nr;
		int32_t handover;
	} slots[HOST_WAKES];
};

/* In static TLS, also in the shared library: a call reads it several times. */
extern __thread struct host_wakes host_wakes __attribute__((tls_model("initial-exec")));

#define host_barrier() __asm__ volatile("" ::: "memory")

/* Any object, read as the words it lies in. */
typedef uint64_t __attribute__((may_alias)) host_word;

static inline void host_save(struct dc *dc, const void *word)
{
	struct dc_state *state = dc->state;
	uintptr_t address = (uintptr_t)word & ~(uintptr_t)7;
	uint32_t count = state->undo_count;

	/* More than the longest transition needs: only garbage gets here. */
	if (__builtin_expect(count >= DVK_UNDO_WORDS, 0))
		return;
	state->undo[count].offset = address - (uintptr_t)state;
	state->undo[count].old = *(const host_word *)address;
	host_barrier(); /* the entry is whole before it counts */
	state->undo_count = count + 1;
	host_barrier(); /* and counts before the word changes */
}

static inline void host_wake(struct dc *dc, int nr, int handover)
{
	struct host_wakes *wakes = &host_wakes;

	(void)dc;
	if (__builtin_expect(wakes->count >= HOST_WAKES, 0)) {
		wakes->overflow = 1;
		return;
	}
	wakes->slots[wakes->count++] = (struct host_wakened){ .nr = nr, .handover = handover };
}

/*
 * A thread that sleeps for a slot that is no longer its own is woken too, and
 * finds that out; one that is dead is not there any more.
 */
static inline void host_stop_wait(struct dc *dc, int nr)
{
	host_wake(dc, nr, 0);
}

int64_t host_wall_ns(struct dc *dc);

#endif
