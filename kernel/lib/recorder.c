/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recorder.c - reading the flight recorder and the full records without the lock.
 *
 * The writer takes a record's sequence away, fills it, and writes the sequence
 * last; so a record is whole when its sequence is the same before and after. One
 * that has another sequence was overwritten: it is lost.
 */
#include <string.h>

#include "view.h"

/* Where reading begins and how far it goes. */
struct span {
	uint64_t at, end;
	uint64_t lost;
};

/* What of *sequence.. a ring of so many records can still have. */
static struct span span_of(const struct dvk_view *view, uint64_t sequence, uint64_t ring)
{
	uint64_t end = __atomic_load_n(&view->mapping.dc.state->event_next, __ATOMIC_ACQUIRE);
	uint64_t oldest = end > ring ? end - ring : 1;
	struct span span = { .at = sequence, .end = end };

	if (sequence == 0) {
		span.at = oldest;
	} else if (sequence < oldest) {
		span.at = oldest;
		span.lost = oldest - sequence;
	}
	return span;
}

/* Copies bytes that begin with an event; 1 when they are whole and the wanted ones. */
static int read_record(const void *record, void *ret_record, size_t bytes, uint64_t sequence)
{
	const struct dvk_event *event = record;

	if (__atomic_load_n(&event->sequence, __ATOMIC_ACQUIRE) != sequence)
		return 0;
	memcpy(ret_record, record, bytes);
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return __atomic_load_n(&event->sequence, __ATOMIC_RELAXED) == sequence;
}

int dvk_view_recorder(struct dvk_view *view, uint64_t *sequence, struct dvk_event *ret_events,
		      int max, uint64_t *ret_lost)
{
	const struct dc_state *state = view->mapping.dc.state;
	struct ticks_line line = view_line(view->mapping.segment);
	struct span span;
	int count = 0;

	/* The module shows it to the DC's owner. */
	if (!state)
		return EDVSPERM;
	span = span_of(view, *sequence, DVK_RECORDER_EVENTS);
	view->seen = span.end;
	for (; span.at < span.end && count < max; span.at++) {
		const struct dvk_event *event = &state->recorder[span.at % DVK_RECORDER_EVENTS];

		if (!read_record(event, &ret_events[count], sizeof(*event), span.at)) {
			span.lost += state->recorder_on;
			continue;
		}
		ret_events[count].time_ns = ticks_to_ns(&line, ret_events[count].time_ns);
		count++;
	}
	*sequence = span.at;
	if (ret_lost)
		*ret_lost = span.lost;
	return count;
}

int dvk_view_records(struct dvk_view *view, uint64_t *sequence, struct dvk_record *ret_records,
		     int max, uint64_t *ret_lost)
{
	const struct dc_state *state = view->mapping.dc.state;
	struct ticks_line line = view_line(view->mapping.segment);
	uint64_t from = *sequence < view->traced_from ? view->traced_from : *sequence;
	struct span span;
	int count = 0;

	if (!state)
		return EDVSPERM;
	span = span_of(view, from, DVK_RING_EVENTS);
	view->seen = span.end;
	for (; span.at < span.end && count < max; span.at++) {
		const struct dvk_record *record = &state->ring[span.at % DVK_RING_EVENTS];

		if (!read_record(record, &ret_records[count], sizeof(*record), span.at)) {
			span.lost++;
			continue;
		}
		ret_records[count].event.time_ns =
			ticks_to_ns(&line, ret_records[count].event.time_ns);
		count++;
	}
	*sequence = span.at;
	if (ret_lost)
		*ret_lost = span.lost;
	return count;
}
