/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * events.h - an event of a DC goes to the kernel's tracepoints dvk:*.
 */
#ifndef MODULE_EVENTS_H
#define MODULE_EVENTS_H

#include <dvk/state.h>

void trace_events_tell(int dcid, const struct dvk_event *event);

#endif
