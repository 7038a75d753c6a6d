/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event.c - full records, and events that are rare.
 */
#include "event.h"
#include "slot.h"

ENGINE_COLD void event_trace(struct dc *dc, struct event_what what, const message *m)
{
	struct dc_state *state = dc->state;
	struct dvk_record *record = &state->ring[state->event_next % DVK_RING_EVENTS];

	/* Without a sequence until the message is whole, for readers that come meanwhile. */
	__atomic_store_n(&record->event.sequence, 0, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	if (m)
		record->m = *m;
	else
		memset(&record->m, 0, sizeof(record->m));
	event_write(&record->event, state, &what, m);
}

/* Who made it is a slot; the other party may be ANY or NONE, and then does not count. */
void event_emit(struct dc *dc, const struct event_what *what, const message *m)
{
	const struct proc *src = slot_find(dc, what->src_ep);
	const struct proc *dst = slot_find(dc, what->dst_ep);

	if (src && event_wanted(dc, src, dst ? dst : src))
		event_put(dc, what, m);
}
