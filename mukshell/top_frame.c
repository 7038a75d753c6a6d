/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * top_frame.c - the lines of a frame, whatever they are drawn on.
 *
 * Every line is cut at the width, at no place within a character; what does not fit
 * is left out: any size does, from one line of one column on.
 */
#include <string.h>

#include "top.h"

#define LINE_BYTES 2048

struct frame {
	struct top *top;
	const struct top_size *size;
	top_put_fn *put;
	void *context;
};

/* Ends the text after so many characters. */
static void cut(char *text, int columns)
{
	int seen = 0;

	for (char *c = text; *c; c++) {
		if (((unsigned char)*c & 0xc0) != 0x80 && seen++ == columns) {
			*c = '\0';
			return;
		}
	}
}

static void put(const struct frame *frame, int y, char *text, enum top_style style)
{
	/* The last line, if not the only one, is the foot's. */
	if (y >= frame->size->rows - (style != TOP_FOOT) && y > 0)
		return;
	cut(text, frame->size->columns);
	frame->put(frame->context, y, text, style);
}

static int head_lines(const struct top *top)
{
	return top->view->has_heading && top->mode != TOP_TEXT ? 2 : 1;
}

/* A process's cell; p NULL: the column's heading. */
static void make_cell(const struct top *top, const struct inspect_column *column,
		      const struct dvk_procinfo *p, struct text *out)
{
	struct inspect_value value = { 0 };

	if (p) {
		column->get(top->in, p, &value);
		inspect_value_text(&value, out);
	} else {
		text_add(out, "%s%s", column->heading.heading,
			 column != top->sort ? ""
			 : top->descending   ? "v"
					     : "^");
	}
}

static void make_line(const struct frame *frame, const struct dvk_procinfo *p, int depth,
		      struct text *out)
{
	const struct top *top = frame->top;
	char bytes[512];
	struct text cell;

	for (int i = 0; i < top->column_count; i++) {
		const struct top_column *shown = &top->columns[i];
		int is_name = strcmp(shown->column->heading.key, "name") == 0;
		int is_right = shown->column->heading.right;

		if (frame->size->columns < shown->min_screen)
			continue;
		text_init(&cell, bytes, sizeof(bytes));
		if (is_name && p)
			text_add(&cell, "%s%*s", top_is_marked(top, p->endpoint) ? "*" : "",
				 depth > 8 ? 8 : depth, "");
		make_cell(top, shown->column, p, &cell);
		if (shown->width)
			text_add(out, is_right ? "%*.*s " : "%-*.*s ", shown->width, shown->width,
				 bytes);
		else
			text_add(out, "%s", bytes);
	}
}

static enum top_style style_of(const struct top *top, const struct dvk_procinfo *p)
{
	if (p->endpoint == top->chosen_ep)
		return TOP_CHOSEN;
	if (top_is_marked(top, p->endpoint))
		return TOP_MARKED;
	if (p->rts & (DVK_RTS_STOPPED | DVK_RTS_HELD))
		return TOP_BAD;
	return p->rts ? TOP_PLAIN : TOP_BUSY;
}

/* The chosen row stays on the screen. */
static void scroll_to_chosen(struct top *top)
{
	int row = top_row(top);

	if (row < top->first)
		top->first = row;
	if (row >= top->first + top->page)
		top->first = row - top->page + 1;
	if (top->first > top->count - top->page)
		top->first = top->count > top->page ? top->count - top->page : 0;
}

static void put_rows(const struct frame *frame)
{
	struct top *top = frame->top;
	char bytes[LINE_BYTES];
	struct text line;

	scroll_to_chosen(top);
	for (int i = top->first; i < top->count && i < top->first + top->page; i++) {
		enum top_style style = i == top_row(top) ? TOP_CHOSEN : TOP_PLAIN;

		text_init(&line, bytes, sizeof(bytes));
		if (top->view->is_processes) {
			make_line(frame, top->rows[i], top->depths[i], &line);
			style = style_of(top, top->rows[i]);
		} else {
			text_add(&line, "%s", top->lines[i]);
		}
		put(frame, head_lines(top) + i - top->first, bytes, style);
	}
}

static void put_text(const struct frame *frame)
{
	struct top *top = frame->top;
	const char *at = top->text;
	char bytes[LINE_BYTES];
	int lines = 0;

	for (const char *c = at; *c; c++)
		lines += *c == '\n';
	if (top->text_first > lines - top->page)
		top->text_first = lines > top->page ? lines - top->page : 0;
	for (int skip = top->text_first; skip && (at = strchr(at, '\n')); skip--)
		at++;
	for (int i = 0; i < top->page && at && *at; i++) {
		int length = (int)strcspn(at, "\n");

		snprintf(bytes, sizeof(bytes), "%.*s", length, at);
		put(frame, head_lines(top) + i, bytes, TOP_PLAIN);
		at += length + (at[length] == '\n');
	}
}

static void put_heading(const struct frame *frame)
{
	const struct top *top = frame->top;
	char bytes[LINE_BYTES];
	struct text line;

	if (head_lines(top) < 2)
		return;
	text_init(&line, bytes, sizeof(bytes));
	if (top->view->is_processes)
		make_line(frame, NULL, 0, &line);
	else
		text_add(&line, "%s", top->heading);
	put(frame, 1, bytes, TOP_HEADING);
}

static void make_table_foot(const struct top *top, struct text *out)
{
	char name[INSPECT_NAME_BYTES];

	if (top->message[0]) {
		text_add(out, "%s", top->message);
		return;
	}
	text_add(out, "%s: ", top->view->name);
	if (top->view == &top_views[TOP_MESSAGES] && !top->mark_count)
		text_add(out, "of %s: ", inspect_name(top->in, top->chosen_ep, name));
	if (top->filter[0])
		text_add(out, "only %s: ", top->filter);
	text_add(out, "q quit  ? help  v view  Tab awaited  s sort  f filter  p pause");
}

static void make_foot(const struct top *top, struct text *out)
{
	static const char *const prompts[] = {
		[TOP_ASK_FILTER] = "show only",
		[TOP_ASK_SEARCH] = "search",
		[TOP_ASK_COLUMNS] = "columns",
		[TOP_ASK_FILE] = "save the frame in",
	};

	switch (top->mode) {
	case TOP_ASK:
		text_add(out, "%s: %s_", prompts[top->asks], top->asked);
		return;
	case TOP_SURE:
		top_ask_sure(top, out);
		return;
	case TOP_TEXT:
		text_add(out, "arrows scroll, any other key goes back");
		return;
	case TOP_TABLE:
		make_table_foot(top, out);
		return;
	}
}

void top_frame(struct top *top, const struct top_size *size, top_put_fn *put_fn, void *context)
{
	const struct frame frame = { top, size, put_fn, context };
	char bytes[LINE_BYTES];
	struct text line;

	top->page = size->rows - head_lines(top) - 1;
	if (top->page < 1)
		top->page = 1;
	text_init(&line, bytes, sizeof(bytes));
	top_summary(top, &line);
	put(&frame, 0, bytes, TOP_HEAD);
	put_heading(&frame);
	if (top->mode == TOP_TEXT)
		put_text(&frame);
	else
		put_rows(&frame);
	text_init(&line, bytes, sizeof(bytes));
	make_foot(top, &line);
	if (size->rows > 1)
		put(&frame, size->rows - 1, bytes, TOP_FOOT);
}

struct printing {
	FILE *out;
	int y;
};

static void print_line(void *context, int y, const char *text, enum top_style style)
{
	struct printing *printing = context;

	(void)style;
	for (; printing->y < y; printing->y++)
		fputc('\n', printing->out);
	fprintf(printing->out, "%s\n", text);
	printing->y++;
}

void top_frame_text(struct top *top, const struct top_size *size, FILE *out)
{
	struct printing printing = { out, 0 };

	top_frame(top, size, print_line, &printing);
}
