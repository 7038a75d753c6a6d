/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chart_print.c - a chart in letters.
 *
 * --> a request, <-- its reply, o-> both where nothing came between; a block that
 * repeats itself has its number in the margin, beside its first row.
 */
#include <string.h>

#include "chart.h"

#define TIME_WIDTH  15
#define MARGIN      8
#define COLUMN_MIN  12
#define COLUMN_GOOD 24
#define WIDTH_MAX   (TIME_WIDTH + CHART_COLUMNS * 2 * COLUMN_GOOD + MARGIN)

struct drawing {
	const struct chart *chart;
	int columns; /* that are drawn; arrows to others end at the last */
	int gap;     /* letters from a column to the next */
	FILE *out;
};

static int column_at(const struct drawing *d, int column)
{
	if (column >= d->columns)
		column = d->columns - 1;
	return TIME_WIDTH + d->gap / 2 + column * d->gap;
}

static void put(char *row, int at, const char *text)
{
	memcpy(row + at, text, strlen(text));
}

/* The ends of lines are not filled with blanks. */
static void print_row(const struct drawing *d, char *row)
{
	int used = WIDTH_MAX;

	while (used && row[used - 1] == ' ')
		used--;
	fprintf(d->out, "%.*s\n", used, row);
}

static void print_head(const struct drawing *d)
{
	char row[WIDTH_MAX];
	char name[INSPECT_NAME_BYTES];

	memset(row, ' ', sizeof(row));
	for (int i = 0; i < d->columns; i++) {
		snprintf(name, sizeof(name), "%.*s", d->gap - 1,
			 i == d->columns - 1 && d->columns < d->chart->columns
				 ? "others"
				 : d->chart->names[i]);
		put(row, column_at(d, i) - (int)strlen(name) / 2, name);
	}
	print_row(d, row);
}

static void label(const struct chart_arrow *arrow, struct text *out)
{
	if (arrow->kind != CHART_REPLY)
		text_add(out, "%s", arrow->what);
	if (arrow->kind == CHART_REPLY && !arrow->result)
		text_add(out, "ok");
	if (arrow->kind != CHART_CALL && arrow->result) {
		const char *name = dvk_errname(arrow->result);

		text_add(out, arrow->kind == CHART_REPLY ? "%s" : " %s", name ? name : "error");
	}
	if (arrow->kind == CHART_CALL || arrow->took_ns < 0)
		return;
	text_add(out, " ");
	text_add_duration(out, arrow->took_ns);
}

static void draw_arrow(const struct drawing *d, const struct chart_arrow *arrow, char *row)
{
	int from = column_at(d, arrow->from), to = column_at(d, arrow->to);
	int left = from < to ? from : to, right = from < to ? to : from;
	char bytes[CHART_WHAT + 64];
	struct text text;
	int length;

	text_init(&text, bytes, sizeof(bytes));
	label(arrow, &text);
	memset(row + left + 1, '-', (size_t)(right - left - 1));
	length = (int)text.used < right - left - 5 ? (int)text.used : right - left - 5;
	memcpy(row + left + (right - left - length + 1) / 2, bytes, (size_t)length);
	row[from < to ? right - 1 : left + 1] = from < to ? '>' : '<';
	if (arrow->kind == CHART_BOTH)
		row[from < to ? left + 1 : right - 1] = 'o';
}

/* What happens at one column: an exit, a message to nobody, or both ends in one column. */
static void draw_point(const struct drawing *d, const struct chart_arrow *arrow, char *row)
{
	int at = column_at(d, arrow->from);
	char bytes[CHART_WHAT + 64];
	struct text text;

	text_init(&text, bytes, sizeof(bytes));
	label(arrow, &text);
	row[at] = '*';
	row[at + 1] = ' ';
	if (at + 2 + (int)text.used + 1 > WIDTH_MAX)
		bytes[WIDTH_MAX - at - 3] = '\0';
	put(row, at + 2, bytes);
}

static void print_arrow(const struct drawing *d, const struct chart_arrow *arrow, int repeats_of)
{
	int64_t since = arrow->time_ns - d->chart->arrows[0].time_ns;
	char row[WIDTH_MAX], bytes[64];
	struct text text;

	memset(row, ' ', sizeof(row));
	text_init(&text, bytes, sizeof(bytes));
	text_add(&text, "%.3f ms", (double)since / 1e6);
	put(row, text.used < TIME_WIDTH - 2 ? TIME_WIDTH - 2 - (int)text.used : 0, bytes);
	for (int i = 0; i < d->columns; i++)
		row[column_at(d, i)] = '|';
	if (arrow->to >= 0 && column_at(d, arrow->from) != column_at(d, arrow->to))
		draw_arrow(d, arrow, row);
	else
		draw_point(d, arrow, row);
	text_init(&text, bytes, MARGIN);
	if (arrow->block)
		text_add(&text, "%sx %d", arrow->block > 1 ? "+ " : "", arrow->times);
	else if (repeats_of)
		text_add(&text, "|");
	if (text.used)
		put(row, column_at(d, d->columns - 1) + d->gap / 2, bytes);
	print_row(d, row);
}

void chart_print(const struct chart *chart, int width, FILE *out)
{
	struct drawing d = { chart, chart->columns, COLUMN_GOOD, out };
	int left = 0;

	if (!chart->count)
		return;
	if (width) {
		int room = width - TIME_WIDTH - MARGIN;
		int most = room / COLUMN_MIN < 2 ? 2 : room / COLUMN_MIN;

		if (d.columns > most)
			d.columns = most;
		d.gap = room / d.columns;
		if (d.gap > 2 * COLUMN_GOOD)
			d.gap = 2 * COLUMN_GOOD;
		if (d.gap < COLUMN_MIN)
			d.gap = COLUMN_MIN;
	}
	print_head(&d);
	for (int i = 0; i < chart->count; i++) {
		if (chart->arrows[i].block)
			left = chart->arrows[i].block;
		print_arrow(&d, &chart->arrows[i], left > 0);
		left--;
	}
}
