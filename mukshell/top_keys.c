/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * top_keys.c - what the keys do to the live table.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "top.h"

#define TOP_SAVED_COLUMNS 512

static const char help[] =
	"Keys\n"
	"\n"
	"  q           leave\n"
	"  1 to 6  v V a view: processes, tree (who waits for whom), calls, messages\n"
	"              of the chosen or marked, servers (RDISK, FS), holds\n"
	"  arrows      choose a process; PgUp PgDn Home End\n"
	"  Enter       all about it, and why it waits\n"
	"  Tab         go to the one it waits for\n"
	"  m t         its messages, as they come\n"
	"  s S         sort by the next, the previous column\n"
	"  r           reverse the order\n"
	"  f           show only: a name (* and ?), a state (waiting, running ...);\n"
	"              of calls and messages a filter of trace; else what has the word\n"
	"  /  n        search; the next one\n"
	"  o           choose columns, as ps -o\n"
	"  p           pause\n"
	"  + -         faster, slower\n"
	"  z           count calls anew\n"
	"  W           save the frame in a file\n"
	"Upon the marked processes, or the chosen one; after a question:\n"
	"  space U     mark it or not; no marks\n"
	"  w X C       why; stop; cont\n"
	"  L D         of a held message: release; drop\n"
	"  ?           this; any key goes back\n";

static void sort_processes(struct top *top, int step)
{
	int at = 0;

	for (int i = 0; i < top->column_count; i++)
		if (top->columns[i].column == top->sort)
			at = i;
	at = (at + step + top->column_count) % top->column_count;
	top->sort = top->columns[at].column;
	top->descending = top->sort->heading.right && strcmp(top->sort->heading.key, "nr") != 0;
	snprintf(top->message, sizeof(top->message), "sorted by %s", top->sort->heading.heading);
}

static void sort_by_next(struct top *top, int step)
{
	if (top->view->is_processes && top->column_count) {
		sort_processes(top, step);
	} else if (top->view->has_heading && top->key_count) {
		top->grid_sort = (top->grid_sort + step + top->key_count) % top->key_count;
		top->descending = 1;
		snprintf(top->message, sizeof(top->message), "sorted by %s",
			 top->keys[top->grid_sort]);
	}
	top_arrange(top);
}

static void go_to_awaited(struct top *top)
{
	const struct dvk_procinfo *awaited = top_awaited(top, top_chosen(top));

	if (!awaited) {
		snprintf(top->message, sizeof(top->message), "it waits for nobody in particular");
		return;
	}
	top->chosen_ep = awaited->endpoint;
	if (top->view->is_processes && !top_chosen(top)) {
		top->filter[0] = '\0';
		top_arrange(top);
		top->chosen_ep = awaited->endpoint;
	}
}

static int has_searched(const struct top *top, int row)
{
	char name[INSPECT_NAME_BYTES];

	if (!top->view->is_processes)
		return strcasestr(top->lines[row], top->search) != NULL;
	return strcasestr(inspect_name(top->in, top->rows[row]->endpoint, name), top->search) !=
	       NULL;
}

static void search_from(struct top *top, int row)
{
	for (int i = 0; i < top->count && top->search[0]; i++) {
		if (!has_searched(top, (row + i) % top->count))
			continue;
		top_go_to_row(top, (row + i) % top->count);
		return;
	}
	snprintf(top->message, sizeof(top->message), "nothing has '%.100s'", top->search);
}

static void change_rate(struct top *top, int faster)
{
	long rate = faster ? top->rate_ms / 2 : top->rate_ms * 2;

	top->rate_ms = rate < TOP_RATE_MIN_MS   ? TOP_RATE_MIN_MS
		       : rate > TOP_RATE_MAX_MS ? TOP_RATE_MAX_MS
						: rate;
	snprintf(top->message, sizeof(top->message), "every %.1f s", (double)top->rate_ms / 1e3);
}

static void ask(struct top *top, enum top_asked what, const char *begin)
{
	top->mode = TOP_ASK;
	top->asks = what;
	snprintf(top->asked, sizeof(top->asked), "%s", begin);
}

void top_show_text(struct top *top, char *text)
{
	if (!text)
		return;
	free(top->text);
	top->text = text;
	top->text_first = 0;
	top->mode = TOP_TEXT;
}

static void look_at(struct top *top, int view)
{
	top_look_at(top, &top_views[(view + top_view_count) % top_view_count]);
	if (!top_collect(top))
		return;
	snprintf(top->message, sizeof(top->message), "%s cannot be shown", top->view->name);
	top_look_at(top, &top_views[TOP_PROCESSES]);
	top_arrange(top);
}

static void count_anew(struct top *top)
{
	top_feed_restart(top->feed);
	top_arrange(top);
}

static void mark(struct top *top)
{
	for (int i = 0; i < top->mark_count; i++) {
		if (top->marks[i] != top->chosen_ep)
			continue;
		top->marks[i] = top->marks[--top->mark_count];
		return;
	}
	if (top->mark_count == TOP_MARKS_MAX)
		snprintf(top->message, sizeof(top->message), "no more than %d can be marked",
			 TOP_MARKS_MAX);
	else if (top_chosen(top))
		top->marks[top->mark_count++] = top->chosen_ep;
}

static void move_in_table(struct top *top, int key)
{
	int row = top_row(top);

	switch (key) {
	case TOP_KEY_UP:
		top_go_to_row(top, row - 1);
		return;
	case TOP_KEY_DOWN:
		top_go_to_row(top, row + 1);
		return;
	case TOP_KEY_PAGE_UP:
		top_go_to_row(top, row - top->page);
		return;
	case TOP_KEY_PAGE_DOWN:
		top_go_to_row(top, row + top->page);
		return;
	case TOP_KEY_HOME:
		top_go_to_row(top, 0);
		return;
	case TOP_KEY_END:
		top_go_to_row(top, top->count - 1);
		return;
	}
}

static void change_table(struct top *top, int key)
{
	switch (key) {
	case 's':
	case 'S':
		sort_by_next(top, key == 's' ? 1 : -1);
		return;
	case 'r':
		top->descending = !top->descending;
		top_arrange(top);
		return;
	case 'n':
		search_from(top, top_row(top) + 1);
		return;
	case 'p':
		top->paused = !top->paused;
		return;
	case '+':
	case '-':
		change_rate(top, key == '+');
		return;
	case 'z':
		count_anew(top);
		return;
	case 'U':
		top->mark_count = 0;
		return;
	}
}

/* Keys that begin a line to be typed. 0: it is none of them. */
static int ask_key(struct top *top, int key)
{
	switch (key) {
	case 'f':
		ask(top, TOP_ASK_FILTER, top->filter);
		return 1;
	case '/':
		ask(top, TOP_ASK_SEARCH, "");
		return 1;
	case 'o':
		ask(top, TOP_ASK_COLUMNS, "");
		return 1;
	case 'W':
		ask(top, TOP_ASK_FILE, "top.txt");
		return 1;
	}
	return 0;
}

/* Keys that show something else. 0: it is none of them. */
static int view_key(struct top *top, int key)
{
	if (key >= '1' && key < '1' + top_view_count)
		look_at(top, key - '1');
	else if (key == 'v' || key == 'V')
		look_at(top, (int)(top->view - top_views) + (key == 'v' ? 1 : -1));
	else if (key == 'm' || key == 't')
		look_at(top, TOP_MESSAGES);
	else
		return 0;
	return 1;
}

static void table_key(struct top *top, int key)
{
	switch (key) {
	case 'q':
	case TOP_KEY_ESCAPE:
		top->quit = 1;
		return;
	case '?':
	case 'h':
		top_show_text(top, strdup(help));
		return;
	case TOP_KEY_ENTER:
		top_show_text(top, top_details(top));
		return;
	case TOP_KEY_TAB:
		go_to_awaited(top);
		return;
	case ' ':
		mark(top);
		return;
	}
	if (key > 255)
		move_in_table(top, key);
	else if (!view_key(top, key) && !ask_key(top, key) && !top_act(top, key))
		change_table(top, key);
}

static void text_key(struct top *top, int key)
{
	if (key == TOP_KEY_DOWN || key == TOP_KEY_PAGE_DOWN)
		top->text_first += key == TOP_KEY_DOWN ? 1 : top->page;
	else if (key == TOP_KEY_UP || key == TOP_KEY_PAGE_UP)
		top->text_first -= key == TOP_KEY_UP ? 1 : top->page;
	else
		top->mode = TOP_TABLE;
	if (top->text_first < 0)
		top->text_first = 0;
}

/* The frame as it was on the screen. */
static void save_frame(struct top *top)
{
	const struct top_size size = { TOP_SAVED_COLUMNS, top->page + 3 };
	FILE *out = fopen(top->asked, "we");
	int failed = !out;

	if (out) {
		top_frame_text(top, &size, out);
		failed = ferror(out);
		failed |= fclose(out);
	}
	snprintf(top->message, sizeof(top->message), failed ? "%.100s: %s" : "saved in %.100s",
		 top->asked, strerror(errno));
}

static void choose_columns(struct top *top)
{
	char bytes[160];
	struct text reason;

	text_init(&reason, bytes, sizeof(bytes));
	if (top_choose_columns(top, top->asked, &reason))
		snprintf(top->message, sizeof(top->message), "%s", bytes);
}

static void finish_asking(struct top *top)
{
	top->mode = TOP_TABLE;
	switch (top->asks) {
	case TOP_ASK_FILTER:
		memcpy(top->filter, top->asked, sizeof(top->filter));
		if (top->view->uses_feed)
			top_collect(top);
		else
			top_arrange(top);
		return;
	case TOP_ASK_SEARCH:
		memcpy(top->search, top->asked, sizeof(top->search));
		search_from(top, top_row(top));
		return;
	case TOP_ASK_COLUMNS:
		choose_columns(top);
		return;
	case TOP_ASK_FILE:
		save_frame(top);
		return;
	}
}

static void asked_key(struct top *top, int key)
{
	size_t length = strlen(top->asked);

	if (key == TOP_KEY_ENTER) {
		finish_asking(top);
	} else if (key == TOP_KEY_ESCAPE) {
		top->mode = TOP_TABLE;
	} else if (key == TOP_KEY_BACKSPACE) {
		if (length)
			top->asked[length - 1] = '\0';
	} else if (key < 256 && isprint(key) && length + 1 < sizeof(top->asked)) {
		top->asked[length] = (char)key;
		top->asked[length + 1] = '\0';
	}
}

void top_key(struct top *top, int key)
{
	top->message[0] = '\0';
	switch (top->mode) {
	case TOP_TABLE:
		table_key(top, key);
		return;
	case TOP_TEXT:
		text_key(top, key);
		return;
	case TOP_ASK:
		asked_key(top, key);
		return;
	case TOP_SURE:
		top->mode = TOP_TABLE;
		if (key == 'y' || key == 'Y')
			top_act_now(top);
		return;
	}
}
