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

/* The parties whose quiet counts; whose endpoints are told is in event_what. */
static inline int event_wanted(const struct dc *dc, const struct proc *a, const struct proc *b)
{
	return likely(dc->state->recorder_on | dc->state->traced) && likely(!(a->quiet | b->quiet));
}

/*
 * Readers do not take the lock: a record whose sequence is 0, or changes while it
 * is read, is torn; so the sequence is taken away first and written last.
 */
static inline void event_write(struct dvk_event *slot, const struct dvk_event *event)
{
	__atomic_store_n(&slot->sequence, 0, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	slot->time_ns = event->time_ns;
	slot->call = event->call;
	slot->src_ep = event->src_ep;
	slot->dst_ep = event->dst_ep;
	slot->kind = event->kind;
	slot->result = event->result;
	slot->m_type = event->m_type;
	__atomic_store_n(&slot->sequence, event->sequence, __ATOMIC_RELEASE);
}

/* The record with its message, into the ring; m may be NULL. */
void event_trace(struct dc *dc, const struct dvk_event *event, const message *m);

/* Emits without asking who is quiet: after event_wanted(). */
static inline void event_put(struct dc *dc, const struct event_what *what, const message *m)
{
	struct dc_state *state = dc->state;
	struct dvk_event event = {
		.sequence = state->event_next,
		.time_ns = state->now,
		.call = what->call,
		.src_ep = what->src_ep,
		.dst_ep = what->dst_ep,
		.kind = what->kind,
		.result = what->result,
		.m_type = m ? m->m_type : 0,
	};

	if (likely(state->recorder_on))
		event_write(&state->recorder[event.sequence % DVK_RECORDER_EVENTS], &event);
	if (unlikely(state->traced))
		event_trace(dc, &event, m);
	/* Counted when it can be read: who reads without the lock goes up to here. */
	host_save(dc, &state->event_next);
	__atomic_store_n(&state->event_next, event.sequence + 1, __ATOMIC_RELEASE);
}

#endif
