/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * top_screen.c - draws the live table: all there is of ncurses.
 *
 * The screen is asked for its size before each frame, so that a resize needs
 * nothing else; every line is cut at its width, and what does not fit is left out.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <ncursesw/curses.h>

#include "interrupt.h"
#include "top.h"

#define HEAD_LINES 2 /* the summary and the headings */
#define FOOT_LINES 1

static const struct {
	int curses;
	int key;
} keys[] = {
	{ KEY_UP, TOP_KEY_UP },
	{ KEY_DOWN, TOP_KEY_DOWN },
	{ 'k', TOP_KEY_UP },
	{ 'j', TOP_KEY_DOWN },
	{ KEY_PPAGE, TOP_KEY_PAGE_UP },
	{ KEY_NPAGE, TOP_KEY_PAGE_DOWN },
	{ KEY_HOME, TOP_KEY_HOME },
	{ KEY_END, TOP_KEY_END },
	{ KEY_ENTER, TOP_KEY_ENTER },
	{ '\n', TOP_KEY_ENTER },
	{ '\r', TOP_KEY_ENTER },
	{ '\t', TOP_KEY_TAB },
	{ 27, TOP_KEY_ESCAPE },
	{ KEY_BACKSPACE, TOP_KEY_BACKSPACE },
	{ 127, TOP_KEY_BACKSPACE },
	{ '\b', TOP_KEY_BACKSPACE },
};

/* A whole line, cut or filled up with blanks. */
static void put_line(int y, const char *text, int attributes)
{
	int width = getmaxx(stdscr);

	attron(attributes);
	mvaddnstr(y, 0, text, width);
	for (int x = getcurx(stdscr); getcury(stdscr) == y && x < width; x++)
		addch(' ');
	attroff(attributes);
}

/* One line of the table; p NULL: the headings. */
static void make_line(const struct top *top, const struct dvk_procinfo *p, struct text *out)
{
	int width = getmaxx(stdscr);
	char bytes[512];
	struct text cell;

	for (int i = 0; i < top_column_count; i++) {
		const struct top_column *shown = &top_columns[i];
		const struct inspect_column *column = inspect_column_find(shown->key);

		if (width < shown->min_screen)
			continue;
		text_init(&cell, bytes, sizeof(bytes));
		if (p)
			top_cell(top, column, p, &cell);
		else
			text_add(&cell, "%s%s", column->heading.heading,
				 column == top->sort ? (top->descending ? "v" : "^") : "");
		if (shown->width)
			text_add(out, column->heading.right ? "%*.*s " : "%-*.*s ", shown->width,
				 shown->width, bytes);
		else
			text_add(out, "%s", bytes);
	}
}

/* The chosen row stays on the screen. */
static void scroll_to_chosen(struct top *top)
{
	int row = 0;

	for (int i = 0; i < top->count; i++)
		if (top->rows[i]->endpoint == top->chosen_ep)
			row = i;
	if (row < top->first)
		top->first = row;
	if (row >= top->first + top->page)
		top->first = row - top->page + 1;
	if (top->first > top->count - top->page)
		top->first = top->count > top->page ? top->count - top->page : 0;
}

static void draw_table(struct top *top)
{
	char bytes[1024];
	struct text line;

	scroll_to_chosen(top);
	for (int i = 0; i < top->page; i++) {
		const struct dvk_procinfo *p;

		if (top->first + i >= top->count)
			break;
		p = top->rows[top->first + i];
		text_init(&line, bytes, sizeof(bytes));
		make_line(top, p, &line);
		put_line(HEAD_LINES + i, bytes, p->endpoint == top->chosen_ep ? A_REVERSE : 0);
	}
}

static void draw_text(struct top *top)
{
	const char *at = top->text;
	int lines = 0;

	for (const char *c = at; *c; c++)
		lines += *c == '\n';
	if (top->text_first > lines - top->page)
		top->text_first = lines > top->page ? lines - top->page : 0;
	for (int skip = top->text_first; skip && (at = strchr(at, '\n')); skip--)
		at++;
	for (int i = 0; i < top->page && at && *at; i++) {
		int length = (int)strcspn(at, "\n");
		int width = getmaxx(stdscr);

		mvaddnstr(HEAD_LINES + i, 0, at, length < width ? length : width);
		at += length + (at[length] == '\n');
	}
}

static void make_foot(const struct top *top, struct text *out)
{
	switch (top->mode) {
	case TOP_ASK_FILTER:
		text_add(out, "show only: %s_", top->asked);
		return;
	case TOP_ASK_SEARCH:
		text_add(out, "search: %s_", top->asked);
		return;
	case TOP_DETAILS:
	case TOP_HELP:
		text_add(out, "arrows scroll, any other key goes back");
		return;
	case TOP_TABLE:
		if (top->message[0])
			text_add(out, "%s", top->message);
		else
			text_add(out, "q quit  ? help  Enter details  Tab awaited  s sort  f filter"
				      "  / search  p pause");
		if (top->filter[0])
			text_add(out, "  [only %s]", top->filter);
		return;
	}
}

static void draw(struct top *top)
{
	int height = getmaxy(stdscr);
	char bytes[1024];
	struct text line;

	top->page = height > HEAD_LINES + FOOT_LINES ? height - HEAD_LINES - FOOT_LINES : 1;
	erase();
	text_init(&line, bytes, sizeof(bytes));
	top_summary(top, &line);
	put_line(0, bytes, A_BOLD);
	if (top->mode == TOP_DETAILS || top->mode == TOP_HELP) {
		draw_text(top);
	} else {
		text_init(&line, bytes, sizeof(bytes));
		make_line(top, NULL, &line);
		put_line(1, bytes, A_REVERSE);
		draw_table(top);
	}
	text_init(&line, bytes, sizeof(bytes));
	make_foot(top, &line);
	put_line(height - 1, bytes, A_DIM);
	refresh();
}

static int translate(const struct top *top, int c)
{
	int typing = top->mode == TOP_ASK_FILTER || top->mode == TOP_ASK_SEARCH;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].curses == c && !(typing && c >= ' ' && c < 127))
			return keys[i].key;
	return c >= 0 && c < 256 ? c : -1;
}

static long ms_since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - then->tv_sec) * 1000 + (now.tv_nsec - then->tv_nsec) / 1000000;
}

/* Draws; waits for a key or the next frame's time. */
static int run_screen(struct top *top)
{
	struct timespec collected;
	int result = 0;

	clock_gettime(CLOCK_MONOTONIC, &collected);
	while (!result && !top->quit && !interrupt_pending()) {
		long left = top->rate_ms - ms_since(&collected);
		int c;

		draw(top);
		timeout(top->paused ? 500 : left > 0 ? (int)left : 0);
		c = getch();
		if (c != ERR && c != KEY_RESIZE && translate(top, c) >= 0)
			top_key(top, translate(top, c));
		if (!top->paused && ms_since(&collected) >= top->rate_ms) {
			result = top_collect(top);
			clock_gettime(CLOCK_MONOTONIC, &collected);
		}
	}
	return result;
}

/* Whether the terminal can put its cursor anywhere; a dumb one cannot. */
static int can_move(void)
{
	const char *move = tigetstr("cup");

	return move && move != (const char *)-1;
}

int top_screen(struct top *top)
{
	SCREEN *screen = newterm(NULL, stdout, stdin);
	int result;

	if (screen && !can_move()) {
		endwin();
		delscreen(screen);
		screen = NULL;
	}
	if (!screen)
		return shell_error(top->shell, 0,
				   "this terminal (TERM=%s) cannot show it; try top --once",
				   getenv("TERM") ? getenv("TERM") : "");
	set_escdelay(50);
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	curs_set(0);
	result = run_screen(top);
	endwin();
	delscreen(screen);
	interrupt_clear();
	return result;
}
