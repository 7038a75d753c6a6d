/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diff.h - what became of the calls from one recording to the next.
 */
#ifndef INSPECT_DIFF_H
#define INSPECT_DIFF_H

#include "summary.h"

#define DIFF_NAME         (2 * INSPECT_NAME_BYTES + 4)
#define DIFF_MEDIAN_CALLS 5   /* fewer say nothing of a median */
#define DIFF_P99_CALLS    100 /* or of a 99th percentile */

/* X(name, word): what became of a row. */
#define DIFF_KINDS(X)         \
	X(SAME, "same")       \
	X(CHANGED, "changed") \
	X(NEW, "new")         \
	X(GONE, "gone")

enum diff_kind {
#define DIFF_ENUM(name, word) DIFF_##name,
	DIFF_KINDS(DIFF_ENUM)
#undef DIFF_ENUM
};

/* One side: a summary and the names of its rows, made while its tracer lives. */
struct diff_side {
	const struct summary *summary;
	char (*names)[DIFF_NAME];
};
/* EDVSNOMEM; the names are the side's until diff_side_deinit(). */
int diff_side_init(struct diff_side *side, const struct summary *summary,
		   struct inspect_tracer *tracer);
void diff_side_deinit(struct diff_side *side);

struct diff_row {
	const char *name;
	const struct summary_row *before, *after; /* NULL: not there */
	enum diff_kind kind;
	int is_past;  /* it changed by more than the threshold */
	char why[64]; /* "p99", "calls": what did; "" when nothing */
};

/*
 * A row for each name of either side, those past the threshold (per cent) first, then as
 * summary_grid() would have them. A row is past it when it is new or gone, or when its calls
 * became more or fewer, its failures more, or its median or p99 longer by more than that.
 * Rows are the caller's (free). Returns how many, or EDVSNOMEM.
 */
int diff_rows(const struct diff_side *before, const struct diff_side *after, double threshold,
	      struct diff_row **ret_rows);
/* EDVSNOMEM. */
int diff_grid(const struct diff_row *rows, int count, struct inspect_grid **ret_grid);

#endif
