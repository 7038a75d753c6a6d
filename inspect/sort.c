/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sort.c - processes in the order of one of their columns.
 */
#include <stdlib.h>
#include <string.h>

#include "grid.h"

struct sort_row {
	const struct dvk_procinfo *p;
	struct grid_cell cell; /* its text is owned here */
	int place;
	int descending;
};

static int compare_rows(const void *a, const void *b)
{
	const struct sort_row *x = a, *y = b;
	int order = grid_compare(&x->cell, &y->cell);

	if (order)
		return x->descending ? -order : order;
	return x->place - y->place;
}

static int fill(const struct inspect *in, const struct inspect_order *order, struct sort_row *row)
{
	struct inspect_value value;

	inspect_value_set_number(&value, INSPECT_NOTHING, 0);
	order->column->get(in, row->p, &value);
	row->descending = order->descending;
	row->cell.kind = value.kind;
	row->cell.number = value.number;
	if (!value.text[0])
		return 0;
	row->cell.text = strdup(value.text);
	return row->cell.text ? 0 : EDVSNOMEM;
}

int inspect_sort(const struct inspect *in, const struct dvk_procinfo **rows, int count,
		 const struct inspect_order *order)
{
	struct sort_row *sorted = calloc((size_t)count + 1, sizeof(*sorted));
	int error = sorted ? 0 : EDVSNOMEM;

	for (int i = 0; i < count && !error; i++) {
		sorted[i].p = rows[i];
		sorted[i].place = i;
		error = fill(in, order, &sorted[i]);
	}
	if (!error) {
		qsort(sorted, (size_t)count, sizeof(*sorted), compare_rows);
		for (int i = 0; i < count; i++)
			rows[i] = sorted[i].p;
	}
	for (int i = 0; sorted && i < count; i++)
		free(sorted[i].cell.text);
	free(sorted);
	return error;
}
