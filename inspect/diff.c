/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diff.c - the rows of two summaries by their names.
 */
#include <stdlib.h>
#include <string.h>

#include "diff.h"

int diff_side_init(struct diff_side *side, const struct summary *summary,
		   struct inspect_tracer *tracer)
{
	struct text text;

	side->summary = summary;
	side->names = calloc((size_t)summary->count + 1, sizeof(*side->names));
	if (!side->names)
		return EDVSNOMEM;
	for (int i = 0; i < summary->count; i++) {
		text_init(&text, side->names[i], sizeof(side->names[i]));
		summary_name(summary, summary->rows[i], tracer, &text);
	}
	return 0;
}

void diff_side_deinit(struct diff_side *side)
{
	free(side->names);
	side->names = NULL;
}

static const struct summary_row *find(const struct diff_side *side, const char *name)
{
	for (int i = 0; i < side->summary->count; i++)
		if (strcmp(side->names[i], name) == 0)
			return side->summary->rows[i];
	return NULL;
}

static double calls(const struct summary_row *row)
{
	return (double)row->took.count + (double)row->open;
}

/* By how many per cent it grew. */
static double growth(double before, double after)
{
	if (before > 0)
		return 100 * (after - before) / before;
	return after > 0 ? 1e9 : 0;
}

static double grown_time(const struct diff_row *row, int per_mille, uint64_t least)
{
	if (row->before->took.count < least || row->after->took.count < least)
		return 0;
	return growth((double)spread_at(&row->before->took, per_mille),
		      (double)spread_at(&row->after->took, per_mille));
}

/* Failures for each call. */
static double failures(const struct summary_row *row)
{
	return calls(row) > 0 ? (double)(row->failed + row->open) / calls(row) : 0;
}

static void judge(struct diff_row *row, double threshold)
{
	double count = growth(calls(row->before), calls(row->after));
	const struct {
		const char *what;
		double grown;
	} sides[] = {
		{ "calls", count < 0 ? -count : count },
		{ "failed", growth(failures(row->before), failures(row->after)) },
		{ "median", grown_time(row, 500, DIFF_MEDIAN_CALLS) },
		{ "p99", grown_time(row, 990, DIFF_P99_CALLS) },
	};
	struct text why;

	text_init(&why, row->why, sizeof(row->why));
	for (int i = 0; i < 4; i++) {
		if (sides[i].grown > 0)
			row->kind = DIFF_CHANGED;
		if (sides[i].grown <= threshold)
			continue;
		row->is_past = 1;
		text_add(&why, "%s%s", why.used ? "," : "", sides[i].what);
	}
}

static double time_of(const struct diff_row *row)
{
	return (row->after ? row->after : row->before)->took.sum_ns;
}

static int compare(const void *a, const void *b)
{
	const struct diff_row *x = a, *y = b;

	if (x->is_past != y->is_past)
		return y->is_past - x->is_past;
	if (time_of(x) != time_of(y))
		return time_of(x) < time_of(y) ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* New, or gone: which is a change of its own. */
static void alone(struct diff_row *row, enum diff_kind kind)
{
	row->kind = kind;
	row->is_past = 1;
	strcpy(row->why, kind == DIFF_NEW ? "new" : "gone");
}

int diff_rows(const struct diff_side *before, const struct diff_side *after, double threshold,
	      struct diff_row **ret_rows)
{
	int most = before->summary->count + after->summary->count, count = 0;
	struct diff_row *rows = calloc((size_t)most + 1, sizeof(*rows));

	if (!rows)
		return EDVSNOMEM;
	for (int i = 0; i < before->summary->count; i++) {
		struct diff_row *row = &rows[count++];

		row->name = before->names[i];
		row->before = before->summary->rows[i];
		row->after = find(after, row->name);
		if (row->after)
			judge(row, threshold);
		else
			alone(row, DIFF_GONE);
	}
	for (int i = 0; i < after->summary->count; i++) {
		if (find(before, after->names[i]))
			continue;
		rows[count].name = after->names[i];
		rows[count].after = after->summary->rows[i];
		alone(&rows[count++], DIFF_NEW);
	}
	qsort(rows, (size_t)count, sizeof(*rows), compare);
	*ret_rows = rows;
	return count;
}

/* ---- the grid ---- */

static const struct inspect_heading headings[] = {
	{ "name", "", 0 },
	{ "change", "CHANGE", 0 },
	{ "calls_before", "CALLS", 1 },
	{ "calls_after", "NOW", 1 },
	{ "failed_before", "FAILED", 1 },
	{ "failed_after", "NOW", 1 },
	{ "median_before", "MEDIAN", 1 },
	{ "median_after", "NOW", 1 },
	{ "p99_before", "P99", 1 },
	{ "p99_after", "NOW", 1 },
	{ "past", "PAST", 0 },
};
#define HEADINGS ((int)(sizeof(headings) / sizeof(headings[0])))

static int add(struct inspect_grid *grid, enum inspect_kind kind, int64_t number)
{
	struct inspect_value value = { .kind = INSPECT_NOTHING };

	if (number >= 0)
		inspect_value_set_number(&value, kind, number);
	return inspect_grid_value(grid, &value);
}

static int add_text(struct inspect_grid *grid, const char *text)
{
	struct inspect_value value;

	inspect_value_set_text(&value, "%s", text);
	return inspect_grid_value(grid, &value);
}

static int add_row(struct inspect_grid *grid, const struct diff_row *row)
{
	static const char *const words[] = {
#define WORD(name, word) word,
		DIFF_KINDS(WORD)
#undef WORD
	};
	const struct summary_row *sides[2] = { row->before, row->after };
	int error = inspect_grid_row(grid);

	error = error ? error : add_text(grid, row->name);
	error = error ? error : add_text(grid, words[row->kind]);
	for (int i = 0; i < 2 && !error; i++)
		error = add(grid, INSPECT_NUMBER, sides[i] ? (int64_t)calls(sides[i]) : -1);
	for (int i = 0; i < 2 && !error; i++)
		error = add(grid, INSPECT_NUMBER, sides[i] ? (int64_t)sides[i]->failed : -1);
	for (int i = 0; i < 2 && !error; i++)
		error = add(grid, INSPECT_DURATION,
			    sides[i] ? spread_at(&sides[i]->took, 500) : -1);
	for (int i = 0; i < 2 && !error; i++)
		error = add(grid, INSPECT_DURATION,
			    sides[i] ? spread_at(&sides[i]->took, 990) : -1);
	return error ? error : add_text(grid, row->why);
}

int diff_grid(const struct diff_row *rows, int count, struct inspect_grid **ret_grid)
{
	struct inspect_grid *grid = inspect_grid_create();
	int error = grid ? 0 : EDVSNOMEM;

	for (int i = 0; i < HEADINGS && !error; i++)
		error = inspect_grid_column(grid, &headings[i]);
	for (int i = 0; i < count && !error; i++)
		error = add_row(grid, &rows[i]);
	if (error)
		inspect_grid_destroy(grid);
	else
		*ret_grid = grid;
	return error;
}
