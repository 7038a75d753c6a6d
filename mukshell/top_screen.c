/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * top_screen.c - draws the live screen: all there is of ncurses.
 *
 * The screen is asked for its size before each frame, so that a resize needs
 * nothing else; the lines come as they are from top_frame.c.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <ncursesw/curses.h>

#include "interrupt.h"
#include "top.h"

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

/* By enum top_style: attributes that do without colours, and a colour for the rest. */
static const struct {
	attr_t attributes;
	short colour; /* -1: the terminal's own */
} styles[] = {
	[TOP_PLAIN] = { A_NORMAL, -1 },          [TOP_HEAD] = { A_BOLD, -1 },
	[TOP_HEADING] = { A_REVERSE, -1 },       [TOP_CHOSEN] = { A_REVERSE, -1 },
	[TOP_MARKED] = { A_BOLD, COLOR_YELLOW }, [TOP_BAD] = { A_BOLD, COLOR_RED },
	[TOP_BUSY] = { A_NORMAL, COLOR_GREEN },  [TOP_FOOT] = { A_DIM, -1 },
};
#define STYLES ((int)(sizeof(styles) / sizeof(styles[0])))

/* NO_COLOR in the environment, whatever it says, means none. */
static void begin_colours(void)
{
	const char *none = getenv("NO_COLOR");

	if ((none && *none) || start_color() == ERR || !has_colors())
		return;
	use_default_colors();
	for (short i = 0; i < STYLES; i++)
		if (styles[i].colour >= 0)
			init_pair((short)(i + 1), styles[i].colour, -1);
}

/* A whole line; the rest of it is blank in the same attributes. */
static void put_line(void *context, int y, const char *text, enum top_style style)
{
	const int *has_colours = context;
	attr_t attributes = styles[style].attributes;
	int width = getmaxx(stdscr);

	if (*has_colours && styles[style].colour >= 0)
		attributes |= COLOR_PAIR(style + 1);
	attron(attributes);
	mvaddnstr(y, 0, text, -1);
	if (attributes & A_REVERSE)
		for (int x = getcurx(stdscr); getcury(stdscr) == y && x < width; x++)
			addch(' ');
	attroff(attributes);
}

/* ncurses sends only what differs from what the terminal shows. */
static void draw(struct top *top)
{
	const struct top_size size = { getmaxx(stdscr), getmaxy(stdscr) };
	int has_colours = has_colors() && !getenv("NO_COLOR");

	erase();
	top_frame(top, &size, put_line, &has_colours);
	refresh();
}

static int translate(const struct top *top, int c)
{
	int typing = top->mode == TOP_ASK;

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

/* The terminal has gone: nothing will ever be typed or seen. */
static int is_gone(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&input, 1, 0) > 0 && input.revents & (POLLHUP | POLLERR | POLLNVAL);
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
		if (c == ERR && is_gone())
			return shell_error(top->shell, 0, "the terminal has gone");
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
	int quiet = top->shell->quiet, lost = top->shell->lost;
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
	begin_colours();
	/* The screen is not a place for remarks: the first line says that the MUK has gone. */
	top->shell->quiet = 1;
	result = run_screen(top);
	top->shell->quiet = quiet;
	endwin();
	delscreen(screen);
	interrupt_clear();
	if (top->shell->lost && !lost)
		shell_note(top->shell, "the MUK has gone; its last state is still shown");
	return result;
}
