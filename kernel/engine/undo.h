/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * undo.h - how the engine changes shared state: the old word first.
 */
#ifndef ENGINE_UNDO_H
#define ENGINE_UNDO_H

#include "host.h"

/* Changes one field of at most 8 aligned bytes so that it can be rolled back. */
#define SET(dc, field, value)						\
	do {								\
		host_save((dc), &(field));				\
		(field) = (value);					\
	} while (0)

#endif
