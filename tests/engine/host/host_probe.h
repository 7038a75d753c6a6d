/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host_probe.h - in the engine's tests, events are no probes.
 */
#ifndef TEST_HOST_PROBE_H
#define TEST_HOST_PROBE_H

#include "engine.h"

static inline void host_probe(const struct event_what *what, uint64_t sequence, int32_t m_type)
{
	(void)what;
	(void)sequence;
	(void)m_type;
}

#endif
