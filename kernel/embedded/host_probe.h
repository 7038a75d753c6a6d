/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host_probe.h - each event is a USDT probe too: dvk:CALL, dvk:REPLY and so on, for bpftrace,
 * perf and gdb, from the table of events.
 *
 * Arguments: the event's number, the call that it is part of, source and destination
 * endpoint, the message's type, the result. A probe that nobody uses is one nop. What a
 * quiet slot does is no event, and no probe.
 */
#ifndef EMBEDDED_HOST_PROBE_H
#define EMBEDDED_HOST_PROBE_H

#include <sys/sdt.h>

#include "engine.h"

#define PROBE_CASE(name, word)                                                                     \
	case DVK_EVENT_##name:                                                                     \
		DTRACE_PROBE6(dvk, name, sequence, what->call, what->src_ep, what->dst_ep, m_type, \
			      what->result);                                                       \
		return;

/* Where the kind is known when it is compiled, only its probe remains of the switch. */
static inline __attribute__((always_inline)) void host_probe(const struct event_what *what,
							     uint64_t sequence, int32_t m_type)
{
	switch ((enum dvk_event_kind)what->kind) {
		DVK_EVENT_KINDS(PROBE_CASE)
	case DVK_EVENT_NONE:
		return;
	}
}

#endif
