/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event.h - each transition leaves a record (M3-IPC section 11).
 *
 * The flight recorder has headers only; while somebody traces, full records go
 * into the ring too. What a quiet slot does, or is done to it, is no event.
 */
#ifndef ENGINE_EVENT_H
#define ENGINE_EVENT_H

#include "compiler.h"
#include "engine.h"
#include "undo.h"
#include <host_probe.h>

/* The parties whose quiet counts; whose endpoints are told is in event_what. */
static inline int event_wanted(const struct dc *dc, const struct proc *a, const struct proc *b)
{
	return likely(dc->state->recorder_on | dc->state->traced) && likely(!(a->quiet | b->quiet));
}

/*
 * Readers do not take the lock: a record whose sequence is 0, or changes while it
 * is read, is torn; so the sequence is taken away first and written last. Each
 * field goes straight to its place: put together elsewhere first, and copied in
 * wider pieces than it was written, it would wait for the store buffer.
 */
static inline void event_write(struct dvk_event *slot, const struct dc_state *state,
			       const struct event_what *what, const message *m)
{
	__atomic_store_n(&slot->sequence, 0, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	slot->time_ns = state->now;
	slot->call = what->call;
	slot->src_ep = what->src_ep;
	slot->dst_ep = what->dst_ep;
	slot->kind = (int16_t)what->kind;
	slot->result = (int16_t)what->result;
	slot->m_type = m ? m->m_type : 0;
	__atomic_store_n(&slot->sequence, state->event_next, __ATOMIC_RELEASE);
}

/* The record with its message, into the ring; m may be NULL. */
void event_trace(struct dc *dc, struct event_what what, const message *m);

/* Emits without asking who is quiet: after event_wanted(). */
static inline void event_put(struct dc *dc, const struct event_what *what, const message *m)
{
	struct dc_state *state = dc->state;
	uint64_t sequence = state->event_next;
	struct dvk_event *slot = &state->recorder[sequence % DVK_RECORDER_EVENTS];

	if (likely(state->recorder_on)) {
		event_write(slot, state, what, m);
		/* The next one's place; the recorder is larger than the nearest cache. */
		__builtin_prefetch(slot + 2, 1);
	}
	if (unlikely(state->traced))
		event_trace(dc, *what, m);
	host_probe(what, sequence, m ? m->m_type : 0);
	/* Counted when it can be read: who reads without the lock goes up to here. */
	host_save(dc, &state->event_next);
	__atomic_store_n(&state->event_next, sequence + 1, __ATOMIC_RELEASE);
}

#endif
