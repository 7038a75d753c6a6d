/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event.c - full records, and events that are rare.
 */
#include "event.h"
#include "slot.h"

void event_trace(struct dc *dc, const struct dvk_event *event, const message *m)
{
	struct dvk_record *record = &dc->state->ring[event->sequence % DVK_RING_EVENTS];
	struct dvk_event blank = *event;

	/* Blank until the message is whole, for readers that come meanwhile. */
	blank.sequence = 0;
	event_write(&record->event, &blank);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	if (m)
		record->m = *m;
	else
		memset(&record->m, 0, sizeof(record->m));
	event_write(&record->event, event);
}

/* Who made it is a slot; the other party may be ANY or NONE, and then does not count. */
void event_emit(struct dc *dc, const struct event_what *what, const message *m)
{
	const struct proc *src = slot_find(dc, what->src_ep);
	const struct proc *dst = slot_find(dc, what->dst_ep);

	if (src && event_wanted(dc, src, dst ? dst : src))
		event_put(dc, what, m);
}
