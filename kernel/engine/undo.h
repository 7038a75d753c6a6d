/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * undo.h - how the engine changes shared state: the old word first.
 *
 * Each change of something that the state before the transition gives a meaning
 * goes through SET. Plain stores are for letters, statistics, and fields that
 * mean nothing in the state before (dc.h says which): to roll back is then to
 * restore the few words that decide, and a fast transition logs three of them.
 */
#ifndef ENGINE_UNDO_H
#define ENGINE_UNDO_H

#include "host.h"

/* Changes one field as a whole: others may read it without the lock, as a hint. */
#define PUT(field, value) __atomic_store_n(&(field), (value), __ATOMIC_RELAXED)

/* Changes one field of at most 8 aligned bytes so that it can be rolled back. */
#define SET(dc, field, value)              \
	do {                               \
		host_save((dc), &(field)); \
		PUT(field, value);         \
	} while (0)

/* Logs all of an object that begins at 8 aligned bytes, for a change as a whole. */
static inline void undo_save(struct dc *dc, const void *object, size_t bytes)
{
	const uint64_t *word = object;
	size_t i;

	for (i = 0; i < bytes / sizeof(*word); i++)
		host_save(dc, &word[i]);
}

#endif
