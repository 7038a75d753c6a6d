/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table.h - the tables of a process that dies are dropped.
 */
#ifndef ENGINE_TABLE_H
#define ENGINE_TABLE_H

#include "dc.h"

static_assert(sizeof(struct dvk_table) % 8 == 0, "tables are logged by words");

/* Drops all that owner_ep has registered. */
void table_drop(struct dc *dc, int owner_ep);

#endif
