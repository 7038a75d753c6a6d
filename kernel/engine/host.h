/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host.h - what the engine asks of the OS below it; each host has its host_impl.h,
 * found by the include path, which defines these as static inlines or functions.
 *
 *   void host_save(struct dc *dc, const void *word)
 *	Keeps the old value of the aligned 8 bytes that hold word in the undo
 *	log, before they change. A host whose transitions cannot be cut does
 *	nothing.
 *   void host_wake(struct dc *dc, int nr, int handover)
 *	Slot nr is running again (rts 0, result and letter set): whoever sleeps
 *	for it is woken after the lock is released. handover: by a request or a
 *	reply of the current caller, so a switch straight to it is best.
 *   void host_stop_wait(struct dc *dc, int nr)
 *	Slot nr was unbound or died: forget that it was ready.
 *   int64_t host_wall_ns(struct dc *dc)
 *	Wall-clock time, for notifications.
 *   void host_probe(const struct event_what *what, uint64_t sequence, int32_t m_type)
 *	An event, for the tracers of the machine; in host_probe.h.
 *
 * It also declares memchr, memcpy, memset, strncmp and strnlen, whose header is not
 * the same everywhere.
 */
#ifndef ENGINE_HOST_H
#define ENGINE_HOST_H

#include "dc.h"
#include <host_impl.h>

#endif
