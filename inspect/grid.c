/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * grid.c - rows and columns of values, sorted and printed as text.
 *
 * Columns are added first, then rows, then the values of each row from left to
 * right; a value that was not added is NOTHING.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grid.h"

struct inspect_grid *inspect_grid_create(void)
{
	return calloc(1, sizeof(struct inspect_grid));
}

void inspect_grid_destroy(struct inspect_grid *grid)
{
	if (!grid)
		return;
	for (int i = 0; i < grid->rows; i++) {
		for (int j = 0; j < grid->columns; j++)
			free(grid->cells[i][j].text);
		free(grid->cells[i]);
	}
	for (int j = 0; j < grid->columns; j++) {
		free(grid->keys[j]);
		free(grid->headings[j]);
	}
	free(grid->cells);
	free(grid);
}

int inspect_grid_column(struct inspect_grid *grid, const struct inspect_heading *heading)
{
	int j = grid->columns;

	if (j == GRID_COLUMNS_MAX || grid->rows)
		return EDVSRANGE;
	grid->keys[j] = strdup(heading->key);
	grid->headings[j] = strdup(heading->heading);
	grid->right[j] = heading->right;
	if (!grid->keys[j] || !grid->headings[j]) {
		free(grid->keys[j]);
		free(grid->headings[j]);
		return EDVSNOMEM;
	}
	grid->columns++;
	return 0;
}

int inspect_grid_row(struct inspect_grid *grid)
{
	struct grid_cell *row = calloc((size_t)grid->columns + 1, sizeof(*row));

	if (row && grid->rows == grid->room) {
		int room = grid->room ? 2 * grid->room : 64;
		struct grid_cell **cells =
			realloc(grid->cells, (size_t)room * sizeof(*grid->cells));

		if (!cells) {
			free(row);
			return EDVSNOMEM;
		}
		grid->cells = cells;
		grid->room = room;
	}
	if (!row)
		return EDVSNOMEM;
	grid->cells[grid->rows++] = row;
	grid->filled = 0;
	return 0;
}

int inspect_grid_value(struct inspect_grid *grid, const struct inspect_value *value)
{
	struct grid_cell *cell;

	if (!grid->rows || grid->filled == grid->columns)
		return EDVSRANGE;
	cell = &grid->cells[grid->rows - 1][grid->filled++];
	cell->kind = value->kind;
	cell->number = value->number;
	if (value->kind == INSPECT_NOTHING || !value->text[0])
		return 0;
	cell->text = strndup(value->text, sizeof(value->text) - 1);
	return cell->text ? 0 : EDVSNOMEM;
}

int inspect_grid_rows(const struct inspect_grid *grid)
{
	return grid->rows;
}

const char *inspect_grid_key(const struct inspect_grid *grid, int column)
{
	return column < grid->columns ? grid->keys[column] : NULL;
}

void grid_value(const struct grid_cell *cell, struct inspect_value *ret_value)
{
	inspect_value_set_number(ret_value, cell->kind, cell->number);
	if (cell->text)
		snprintf(ret_value->text, sizeof(ret_value->text), "%s", cell->text);
}

static int is_words(const struct grid_cell *cell)
{
	return cell->kind == INSPECT_TEXT || cell->kind == INSPECT_WORDS;
}

int grid_compare(const struct grid_cell *a, const struct grid_cell *b)
{
	int rank_a = a->kind == INSPECT_NOTHING ? 0 : 1 + is_words(a);
	int rank_b = b->kind == INSPECT_NOTHING ? 0 : 1 + is_words(b);

	if (rank_a != rank_b)
		return rank_a - rank_b;
	if (rank_a == 2)
		return strcmp(a->text ? a->text : "", b->text ? b->text : "");
	return (a->number > b->number) - (a->number < b->number);
}

struct sort_key {
	const struct grid_cell *cell;
	int place;
	int descending;
};

static int compare_keys(const void *a, const void *b)
{
	const struct sort_key *x = a, *y = b;
	int order = grid_compare(x->cell, y->cell);

	if (order)
		return x->descending ? -order : order;
	return x->place - y->place;
}

/* Puts the rows into the order of column j. */
static int sort_by(struct inspect_grid *grid, int j, int descending)
{
	struct sort_key *order = calloc((size_t)grid->rows + 1, sizeof(*order));
	struct grid_cell **cells = calloc((size_t)grid->rows + 1, sizeof(*cells));
	int result = order && cells ? 0 : EDVSNOMEM;

	if (result == 0) {
		for (int i = 0; i < grid->rows; i++)
			order[i] = (struct sort_key){ &grid->cells[i][j], i, descending };
		qsort(order, (size_t)grid->rows, sizeof(*order), compare_keys);
		for (int i = 0; i < grid->rows; i++)
			cells[i] = grid->cells[order[i].place];
		memcpy(grid->cells, cells, (size_t)grid->rows * sizeof(*cells));
	}
	free(cells);
	free(order);
	return result;
}

int inspect_grid_sort(struct inspect_grid *grid, const char *key, int descending)
{
	for (int j = 0; j < grid->columns; j++) {
		if (strcmp(grid->keys[j], key) == 0)
			return grid->rows ? sort_by(grid, j, descending) : 0;
	}
	return EDVSNOENT;
}
