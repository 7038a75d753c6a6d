/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chart.c - lines of a trace as arrows in the order of their times, folded.
 */
#include <stdlib.h>
#include <string.h>

#include "chart.h"

const char *chart_kind_word(enum chart_kind kind)
{
	static const char *const words[] = {
#define WORD(name, word) word,
		CHART_KINDS(WORD)
#undef WORD
	};

	return words[kind];
}

void chart_deinit(struct chart *chart)
{
	free(chart->arrows);
	chart->arrows = NULL;
	chart->count = chart->capacity = 0;
}

/* By name: those who have ended share the column of their successors. */
static int column_of(struct chart *chart, const char *name)
{
	int i = 0;

	while (i < chart->columns && strcmp(chart->names[i], name) != 0)
		i++;
	if (i < chart->columns)
		return i;
	if (i == CHART_COLUMNS) {
		strcpy(chart->names[CHART_COLUMNS - 1], "others");
		return CHART_COLUMNS - 1;
	}
	snprintf(chart->names[chart->columns], INSPECT_NAME_BYTES, "%s", name);
	return chart->columns++;
}

static void push(struct chart *chart, const struct chart_arrow *arrow)
{
	int capacity = chart->capacity ? 2 * chart->capacity : 256;
	struct chart_arrow *arrows;

	if (chart->count == CHART_ARROWS) {
		chart->dropped++;
		return;
	}
	if (chart->count == chart->capacity) {
		arrows = realloc(chart->arrows, (size_t)capacity * sizeof(*arrows));
		if (!arrows) {
			chart->dropped++;
			return;
		}
		chart->arrows = arrows;
		chart->capacity = capacity;
	}
	chart->arrows[chart->count++] = *arrow;
}

void chart_add(struct chart *chart, const struct inspect_line *line, struct inspect_tracer *tracer)
{
	struct chart_arrow arrow = { .time_ns = line->time_ns,
				     .took_ns = -1,
				     .call = line->call,
				     .kind = CHART_EVENT,
				     .result = line->result,
				     .to = -1,
				     .times = 1 };
	char name[INSPECT_NAME_BYTES];
	struct text what;
	int server;

	text_init(&what, arrow.what, sizeof(arrow.what));
	inspect_line_name(line, &what);
	arrow.from = column_of(chart, inspect_tracer_name(tracer, line->src_ep, name));
	if (line->dst_ep != NONE && line->dst_ep != ANY && line->dst_ep != line->src_ep)
		arrow.to = column_of(chart, inspect_tracer_name(tracer, line->dst_ep, name));
	if (line->kind == DVK_EVENT_CALL && arrow.to >= 0) {
		arrow.kind = CHART_CALL;
		arrow.took_ns = line->took_ns;
	}
	push(chart, &arrow);
	if (arrow.kind != CHART_CALL || line->is_open)
		return;
	server = arrow.to;
	arrow.kind = CHART_REPLY;
	arrow.time_ns += line->took_ns;
	arrow.to = arrow.from;
	arrow.from = server;
	push(chart, &arrow);
}

/* At the same time: what ends comes first, inner calls lie within outer ones. */
static int compare(const void *a, const void *b)
{
	const struct chart_arrow *x = a, *y = b;
	int x_ends = x->kind == CHART_REPLY, y_ends = y->kind == CHART_REPLY;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	if (x->call == y->call)
		return x_ends - y_ends;
	if (x_ends != y_ends)
		return y_ends - x_ends;
	if (x->took_ns != y->took_ns)
		return (x->took_ns < y->took_ns) == x_ends ? -1 : 1;
	return (x->call > y->call) - (x->call < y->call);
}

/* A request and its reply with nothing between are one arrow. */
static void join(struct chart *chart)
{
	int kept = 0;

	for (int i = 0; i < chart->count; i++) {
		struct chart_arrow *arrow = &chart->arrows[kept++];

		*arrow = chart->arrows[i];
		if (arrow->kind != CHART_CALL || !arrow->call || i + 1 == chart->count ||
		    chart->arrows[i + 1].kind != CHART_REPLY ||
		    chart->arrows[i + 1].call != arrow->call)
			continue;
		arrow->kind = CHART_BOTH;
		i++;
	}
	chart->count = kept;
}

static int is_same(const struct chart_arrow *a, const struct chart_arrow *b)
{
	return a->kind == b->kind && a->from == b->from && a->to == b->to &&
	       a->result == b->result && strcmp(a->what, b->what) == 0;
}

/* How often the arrows from first on, so many, come one time after the other. */
static int repeats(const struct chart *chart, int first, int length)
{
	int times = 1;

	for (int at = first + length; at + length <= chart->count; at += length, times++)
		for (int i = 0; i < length; i++)
			if (!is_same(&chart->arrows[first + i], &chart->arrows[at + i]))
				return times;
	return times;
}

/* The block that saves most rows; its length, and how often it comes. */
static int best_block(const struct chart *chart, int first, int *ret_times)
{
	int best = 1, saved = 0;

	*ret_times = 1;
	for (int length = 1; length <= CHART_BLOCK && first + length <= chart->count; length++) {
		int times = repeats(chart, first, length);

		if (length * (times - 1) <= saved)
			continue;
		saved = length * (times - 1);
		best = length;
		*ret_times = times;
	}
	return best;
}

static void average(struct chart_arrow *arrows, int length, int times)
{
	for (int i = 0; i < length; i++) {
		double sum = 0;

		for (int t = 0; t < times; t++)
			sum += (double)arrows[i + t * length].took_ns;
		if (arrows[i].took_ns >= 0)
			arrows[i].took_ns = (int64_t)(sum / times);
	}
}

/* Columns in the order in which they come first; "others" stays the last. */
static void order_columns(struct chart *chart)
{
	int place[CHART_COLUMNS], count = 0;
	char names[CHART_COLUMNS][INSPECT_NAME_BYTES];

	memset(place, -1, sizeof(place));
	if (chart->columns == CHART_COLUMNS)
		place[CHART_COLUMNS - 1] = CHART_COLUMNS - 1;
	for (int i = 0; i < chart->count; i++) {
		const int ends[2] = { chart->arrows[i].from, chart->arrows[i].to };

		for (int e = 0; e < 2; e++)
			if (ends[e] >= 0 && place[ends[e]] < 0)
				place[ends[e]] = count++;
	}
	memcpy(names, chart->names, sizeof(names));
	for (int i = 0; i < chart->columns; i++)
		if (place[i] >= 0)
			memcpy(chart->names[place[i]], names[i], sizeof(names[i]));
	for (int i = 0; i < chart->count; i++) {
		chart->arrows[i].from = place[chart->arrows[i].from];
		if (chart->arrows[i].to >= 0)
			chart->arrows[i].to = place[chart->arrows[i].to];
	}
}

void chart_fold(struct chart *chart)
{
	int kept = 0, times;

	if (!chart->count)
		return;
	qsort(chart->arrows, (size_t)chart->count, sizeof(*chart->arrows), compare);
	order_columns(chart);
	join(chart);
	for (int i = 0; i < chart->count;) {
		int length = best_block(chart, i, &times);

		average(&chart->arrows[i], length, times);
		memmove(&chart->arrows[kept], &chart->arrows[i],
			(size_t)length * sizeof(*chart->arrows));
		chart->arrows[kept].block = times > 1 ? length : 0;
		chart->arrows[kept].times = times;
		kept += length;
		i += length * times;
	}
	chart->count = kept;
}
