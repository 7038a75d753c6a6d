/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * grid.h - how a grid keeps its values; private to what sorts and prints it.
 */
#ifndef INSPECT_GRID_H
#define INSPECT_GRID_H

#include "inspect.h"

#define GRID_COLUMNS_MAX 64

struct grid_cell {
	enum inspect_kind kind;
	int64_t number;
	char *text; /* NULL: none */
};

struct inspect_grid {
	int columns;
	int rows;
	int room;   /* rows that cells has room for */
	int filled; /* values of the last row */
	char *keys[GRID_COLUMNS_MAX];
	char *headings[GRID_COLUMNS_MAX];
	int right[GRID_COLUMNS_MAX];
	struct grid_cell **cells; /* [row][column] */
};

/* The value in a cell. */
void grid_value(const struct grid_cell *cell, struct inspect_value *ret_value);
/* Their order as of strcmp: nothing comes first, then numbers, then texts. */
int grid_compare(const struct grid_cell *a, const struct grid_cell *b);

#endif
