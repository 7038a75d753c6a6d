/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * summary_grid.c - a summary as rows and columns.
 */
#include <stdlib.h>
#include <string.h>

#include "summary.h"

static const struct inspect_heading headings[] = {
	{ "name", "", 0 },
	{ "calls", "CALLS", 1 },
	{ "open", "OPEN", 1 },
	{ "failed", "FAILED", 1 },
	{ "share", "SHARE", 1 },
	{ "min", "MIN", 1 },
	{ "median", "MEDIAN", 1 },
	{ "p90", "P90", 1 },
	{ "p99", "P99", 1 },
	{ "max", "MAX", 1 },
	{ "queue_median", "QUEUE", 1 },
	{ "queue_p99", "Q.P99", 1 },
	{ "service_median", "SERVICE", 1 },
	{ "service_p99", "S.P99", 1 },
	{ "others_median", "OTHERS", 1 },
	{ "errors", "ERRORS", 0 },
};
#define HEADINGS ((int)(sizeof(headings) / sizeof(headings[0])))

static const char *const by_headings[] = { "CALL", "CALLER", "CALLER > SERVER" };

static int add_duration(struct inspect_grid *grid, int64_t ns)
{
	struct inspect_value value = { .kind = INSPECT_NOTHING };

	if (ns >= 0)
		inspect_value_set_number(&value, INSPECT_DURATION, ns);
	return inspect_grid_value(grid, &value);
}

static int add_number(struct inspect_grid *grid, uint64_t number)
{
	struct inspect_value value;

	inspect_value_set_number(&value, INSPECT_NUMBER, (int64_t)number);
	return inspect_grid_value(grid, &value);
}

/* Per mille of all time, shown as "12.3 %". */
static int add_share(struct inspect_grid *grid, double part, double whole)
{
	int per_mille = whole > 0 ? (int)(1000 * part / whole + 0.5) : 0;
	struct inspect_value value;

	inspect_value_set_number(&value, INSPECT_NUMBER, per_mille);
	snprintf(value.text, sizeof(value.text), "%d.%d %%", per_mille / 10, per_mille % 10);
	return inspect_grid_value(grid, &value);
}

static int add_text(struct inspect_grid *grid, const char *text)
{
	struct inspect_value value;

	inspect_value_set_text(&value, "%s", text);
	return inspect_grid_value(grid, &value);
}

static int add_times(struct inspect_grid *grid, const struct summary_row *row)
{
	const int64_t times[] = {
		spread_min(&row->took),        spread_at(&row->took, 500),
		spread_at(&row->took, 900),    spread_at(&row->took, 990),
		spread_max(&row->took),        spread_at(&row->queue, 500),
		spread_at(&row->queue, 990),   spread_at(&row->service, 500),
		spread_at(&row->service, 990), spread_at(&row->others, 500),
	};
	int error = 0;

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]) && !error; i++)
		error = add_duration(grid, times[i]);
	return error;
}

static int add_row(const struct summary *summary, const struct summary_row *row,
		   struct inspect_tracer *tracer, struct inspect_grid *grid)
{
	char bytes[INSPECT_TEXT_BYTES];
	struct text text;
	int error = inspect_grid_row(grid);

	text_init(&text, bytes, sizeof(bytes));
	summary_name(summary, row, tracer, &text);
	error = error ? error : add_text(grid, bytes);
	error = error ? error : add_number(grid, row->took.count + row->open);
	error = error ? error : add_number(grid, row->open);
	error = error ? error : add_number(grid, row->failed);
	error = error ? error : add_share(grid, row->took.sum_ns, summary->sum_ns);
	error = error ? error : add_times(grid, row);
	text_init(&text, bytes, sizeof(bytes));
	summary_errors(row, &text);
	return error ? error : add_text(grid, bytes);
}

static int compare_rows(const void *a, const void *b)
{
	const struct summary_row *x = *(struct summary_row *const *)a;
	const struct summary_row *y = *(struct summary_row *const *)b;

	return (x->took.sum_ns < y->took.sum_ns) - (x->took.sum_ns > y->took.sum_ns);
}

static int fill(const struct summary *summary, struct summary_row **rows,
		struct inspect_tracer *tracer, struct inspect_grid *grid)
{
	int error = 0;

	for (int i = 0; i < HEADINGS && !error; i++) {
		struct inspect_heading heading = headings[i];

		if (!i)
			heading.heading = by_headings[summary->by];
		error = inspect_grid_column(grid, &heading);
	}
	for (int i = 0; i < summary->count && !error; i++)
		error = add_row(summary, rows[i], tracer, grid);
	return error;
}

int summary_grid(const struct summary *summary, struct inspect_tracer *tracer,
		 struct inspect_grid **ret_grid)
{
	struct summary_row **rows = calloc((size_t)summary->count + 1, sizeof(*rows));
	struct inspect_grid *grid = inspect_grid_create();
	int error = rows && grid ? 0 : EDVSNOMEM;

	if (!error) {
		memcpy(rows, summary->rows, (size_t)summary->count * sizeof(*rows));
		qsort(rows, (size_t)summary->count, sizeof(*rows), compare_rows);
		error = fill(summary, rows, tracer, grid);
	}
	free(rows);
	if (error)
		inspect_grid_destroy(grid);
	else
		*ret_grid = grid;
	return error;
}
