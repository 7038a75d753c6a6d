/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * summary.h - the calls of a trace counted: how many, how they failed, how long they took.
 *
 * Takes lines of a tracer, bare ones too. Rows are as many as there are calls,
 * callers or pairs, at most SUMMARY_ROWS; memory does not grow with the lines.
 */
#ifndef INSPECT_SUMMARY_H
#define INSPECT_SUMMARY_H

#include "inspect.h"
#include "spread.h"

#define SUMMARY_ROWS   4096
#define SUMMARY_ERRORS 6 /* different errors of a row that are named */

/* X(name, word): what a row is about. */
#define SUMMARY_BY(X)       \
	X(CALL, "call")     \
	X(CALLER, "caller") \
	X(PAIR, "pair") /* caller and server */

enum summary_by {
#define SUMMARY_ENUM(name, word) SUMMARY_BY_##name,
	SUMMARY_BY(SUMMARY_ENUM)
#undef SUMMARY_ENUM
		SUMMARY_BY_COUNT,
};

/* What a row is about; NONE, NONE, 0, NULL: it is not about that. */
struct summary_key {
	int src_ep, dst_ep, m_type;
	const struct protocol *protocol;
};

struct summary_row {
	struct summary_key key;
	uint64_t open; /* no reply was seen */
	uint64_t failed;
	int error_count;
	struct {
		int code;
		uint64_t count;
	} errors[SUMMARY_ERRORS];
	struct spread took, queue, service, others;
};

struct summary {
	enum summary_by by;
	int count;
	uint64_t dropped; /* lines for which there was no row any more */
	double sum_ns;
	struct summary_row **rows; /* in the order in which they came */
	int *places;               /* hash of their keys: place + 1, 0: free */
};

/* NULL: EDVSNOMEM. */
struct summary *summary_create(enum summary_by by);
void summary_destroy(struct summary *summary);
/* Lines that are no calls are left out. */
void summary_add(struct summary *summary, const struct inspect_line *line);
/* "fs.open", "client", "client > fs", with the names that the tracer knows. */
void summary_name(const struct summary *summary, const struct summary_row *row,
		  struct inspect_tracer *tracer, struct text *out);
/* One row each; the most time first. EDVSNOMEM. */
int summary_grid(const struct summary *summary, struct inspect_tracer *tracer,
		 struct inspect_grid **ret_grid);
/* "EDVSNOENT 3, EDVSPERM 1". */
void summary_errors(const struct summary_row *row, struct text *out);

#endif
