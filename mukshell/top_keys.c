/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * top_keys.c - what the keys do to the live table.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "top.h"

const char top_help[] =
	"Keys\n"
	"\n"
	"  q           leave\n"
	"  arrows      choose a process; PgUp PgDn Home End\n"
	"  Enter       all about it, and why it waits\n"
	"  Tab         go to the one it waits for\n"
	"  s S         sort by the next, the previous column\n"
	"  r           reverse the order\n"
	"  f           show only: a name (* and ?), a state (waiting, running ...)\n"
	"  /  n        search a name; the next one\n"
	"  p           pause\n"
	"  + -         faster, slower\n"
	"  ?           this; any key goes back\n";

static int chosen_row(const struct top *top)
{
	for (int i = 0; i < top->count; i++)
		if (top->rows[i]->endpoint == top->chosen_ep)
			return i;
	return 0;
}

static void choose_row(struct top *top, int row)
{
	if (top->count == 0)
		return;
	row = row < 0 ? 0 : row >= top->count ? top->count - 1 : row;
	top->chosen_ep = top->rows[row]->endpoint;
}

static void sort_by_next(struct top *top, int step)
{
	int at = 0;

	for (int i = 0; i < top_column_count; i++)
		if (inspect_column_find(top_columns[i].key) == top->sort)
			at = i;
	at = (at + step + top_column_count) % top_column_count;
	top->sort = inspect_column_find(top_columns[at].key);
	top->descending = top->sort->heading.right && strcmp(top->sort->heading.key, "nr") != 0;
	top_arrange(top);
	snprintf(top->message, sizeof(top->message), "sorted by %s", top->sort->heading.heading);
}

/* To whom it sends, or from whom alone it receives. */
static void go_to_awaited(struct top *top)
{
	const struct dvk_procinfo *p = top_chosen(top);
	const struct dvk_procinfo *awaited = NULL;

	if (p && p->rts & DVK_RTS_SENDING)
		awaited = inspect_find(top->in, p->sendto_ep);
	else if (p && p->rts & DVK_RTS_RECEIVING && p->getfrom_ep != ANY)
		awaited = inspect_find(top->in, p->getfrom_ep);
	if (awaited) {
		top->chosen_ep = awaited->endpoint;
		if (!top_chosen(top)) {
			top->filter[0] = '\0';
			top_arrange(top);
			top->chosen_ep = awaited->endpoint;
		}
	} else {
		snprintf(top->message, sizeof(top->message), "it waits for nobody in particular");
	}
}

static void search_from(struct top *top, int row)
{
	char name[INSPECT_NAME_BYTES];

	for (int i = 0; i < top->count && top->search[0]; i++) {
		const struct dvk_procinfo *p = top->rows[(row + i) % top->count];

		if (!strcasestr(inspect_name(top->in, p->endpoint, name), top->search))
			continue;
		top->chosen_ep = p->endpoint;
		return;
	}
	snprintf(top->message, sizeof(top->message), "no name has '%s'", top->search);
}

static void change_rate(struct top *top, int faster)
{
	long rate = faster ? top->rate_ms / 2 : top->rate_ms * 2;

	top->rate_ms = rate < TOP_RATE_MIN_MS   ? TOP_RATE_MIN_MS
		       : rate > TOP_RATE_MAX_MS ? TOP_RATE_MAX_MS
						: rate;
	snprintf(top->message, sizeof(top->message), "every %.1f s", (double)top->rate_ms / 1e3);
}

static void ask(struct top *top, enum top_mode mode, const char *begin)
{
	top->mode = mode;
	snprintf(top->asked, sizeof(top->asked), "%s", begin);
}

static void show_text(struct top *top, enum top_mode mode, char *text)
{
	if (!text)
		return;
	free(top->text);
	top->text = text;
	top->text_first = 0;
	top->mode = mode;
}

static void move_in_table(struct top *top, int key)
{
	int row = chosen_row(top);

	switch (key) {
	case TOP_KEY_UP:
		choose_row(top, row - 1);
		return;
	case TOP_KEY_DOWN:
		choose_row(top, row + 1);
		return;
	case TOP_KEY_PAGE_UP:
		choose_row(top, row - top->page);
		return;
	case TOP_KEY_PAGE_DOWN:
		choose_row(top, row + top->page);
		return;
	case TOP_KEY_HOME:
		choose_row(top, 0);
		return;
	case TOP_KEY_END:
		choose_row(top, top->count - 1);
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
	case 'f':
		ask(top, TOP_ASK_FILTER, top->filter);
		return;
	case '/':
		ask(top, TOP_ASK_SEARCH, "");
		return;
	case 'n':
		search_from(top, chosen_row(top) + 1);
		return;
	case 'p':
		top->paused = !top->paused;
		return;
	case '+':
	case '-':
		change_rate(top, key == '+');
		return;
	}
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
		show_text(top, TOP_HELP, strdup(top_help));
		return;
	case TOP_KEY_ENTER:
		show_text(top, TOP_DETAILS, top_details(top));
		return;
	case TOP_KEY_TAB:
		go_to_awaited(top);
		return;
	}
	if (key > 255)
		move_in_table(top, key);
	else
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

static void finish_asking(struct top *top)
{
	enum top_mode mode = top->mode;

	top->mode = TOP_TABLE;
	if (mode == TOP_ASK_FILTER) {
		memcpy(top->filter, top->asked, sizeof(top->filter));
		top_arrange(top);
	} else {
		memcpy(top->search, top->asked, sizeof(top->search));
		search_from(top, chosen_row(top));
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
	case TOP_DETAILS:
	case TOP_HELP:
		text_key(top, key);
		return;
	case TOP_ASK_FILTER:
	case TOP_ASK_SEARCH:
		asked_key(top, key);
		return;
	}
}
