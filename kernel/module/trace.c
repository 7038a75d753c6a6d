/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace.c - from the kind of an event to its tracepoint.
 */
#define CREATE_TRACE_POINTS
#include "trace.h"

#include "events.h"

void trace_events_tell(int dcid, const struct dvk_event *event)
{
	switch ((enum dvk_event_kind)event->kind) {
	case DVK_EVENT_NONE:
		break;
#define DVK_KIND(name, word)                   \
	case DVK_EVENT_##name:                 \
		trace_dvk_##name(dcid, event); \
		break;
		DVK_EVENT_KINDS(DVK_KIND)
#undef DVK_KIND
	}
}
