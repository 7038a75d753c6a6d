/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chart.h - a sequence chart of messages: a column for each process, an arrow a row.
 *
 * A call whose reply comes before anything else is one arrow there and back; what
 * repeats itself is shown once, with how often.
 */
#ifndef INSPECT_CHART_H
#define INSPECT_CHART_H

#include "inspect.h"

#define CHART_COLUMNS 24
#define CHART_ARROWS  65536
#define CHART_BLOCK   8 /* arrows that may repeat together */
#define CHART_WHAT    48

/* X(name, word): kinds of arrows; the word is JSON's. */
#define CHART_KINDS(X)                             \
	X(CALL, "call")   /* a request sets out */ \
	X(REPLY, "reply") /* and what came back */ \
	X(BOTH, "whole")  /* both in one */        \
	X(EVENT, "event") /* a message without a reply, or nobody's */

enum chart_kind {
#define CHART_ENUM(name, word) CHART_##name,
	CHART_KINDS(CHART_ENUM)
#undef CHART_ENUM
};

struct chart_arrow {
	int64_t time_ns;
	int64_t took_ns; /* of a call that is over, -1: none; of several: each, on average */
	uint64_t call;
	int from, to; /* columns; to -1: it goes nowhere */
	enum chart_kind kind;
	int result;            /* 0 or a negative EDVS */
	char what[CHART_WHAT]; /* "fs.open" */
	int block;             /* arrows from here on that repeat together, else 0 */
	int times;             /* how often, else 1 */
};

struct chart {
	int columns;
	char names[CHART_COLUMNS][INSPECT_NAME_BYTES]; /* the last one: "others", when too many */
	int count;
	int capacity;
	uint64_t dropped;
	struct chart_arrow *arrows;
};

/* All zero before; the arrows are the chart's until chart_deinit(). */
void chart_add(struct chart *chart, const struct inspect_line *line, struct inspect_tracer *tracer);
/* Puts the arrows into their order, joins and folds them. Once, after the last chart_add(). */
void chart_fold(struct chart *chart);
/* width 0: as wide as is good. */
void chart_print(const struct chart *chart, int width, FILE *out);
void chart_deinit(struct chart *chart);
const char *chart_kind_word(enum chart_kind kind);

#endif
