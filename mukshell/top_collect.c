/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * top_collect.c - the state behind the live screen, without any screen.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "session.h"
#include "top.h"

/* By importance: a narrow screen leaves the last out. */
static const struct {
	const char *key;
	int width;
	int min_screen;
} widths[] = {
	{ "nr", 4, 40 },       { "name", 14, 0 },  { "age", 8, 50 },     { "rate", 7, 60 },
	{ "byterate", 9, 72 }, { "queue", 3, 60 }, { "sentence", 0, 0 },
};
#define WIDTHS     ((int)(sizeof(widths) / sizeof(widths[0])))
#define WIDTH_ELSE 9 /* of other columns, at least */

static void add_column(struct top *top, const struct inspect_column *column)
{
	struct top_column *shown = &top->columns[top->column_count++];
	int heading = (int)strlen(column->heading.heading) + 1;

	shown->column = column;
	shown->width = heading > WIDTH_ELSE ? heading : WIDTH_ELSE;
	shown->min_screen = 0;
	for (int i = 0; i < WIDTHS; i++) {
		if (strcmp(widths[i].key, column->heading.key) != 0)
			continue;
		shown->width = widths[i].width;
		shown->min_screen = widths[i].min_screen;
	}
}

int top_choose_columns(struct top *top, const char *words, struct text *ret_reason)
{
	struct inspect_choice choice;
	int error = inspect_choose(words, &choice, ret_reason);

	if (error)
		return error;
	top->column_count = 0;
	for (int i = 0; i < choice.count && i < TOP_COLUMNS_MAX; i++) {
		add_column(top, choice.columns[i]);
		top->columns[i].min_screen = 0; /* they were asked for */
	}
	if (top->column_count)
		top->columns[top->column_count - 1].width = 0;
	return 0;
}

void top_init(struct top *top, struct shell *shell)
{
	memset(top, 0, sizeof(*top));
	top->shell = shell;
	top->rate_ms = 1000;
	top->view = &top_views[TOP_PROCESSES];
	top->sort = inspect_column_find("nr");
	top->grid_sort = -1;
	top->chosen_ep = NONE;
	top->heading = "";
	for (int i = 0; i < WIDTHS; i++)
		add_column(top, inspect_column_find(widths[i].key));
}

void top_deinit(struct top *top)
{
	top_feed_destroy(top->feed, top->shell);
	inspect_destroy(top->in);
	dvk_snapshot_free(top->snapshot);
	dvk_snapshot_free(top->previous);
	free(top->rows);
	free(top->depths);
	free(top->body);
	free(top->lines);
	free(top->text);
}

void top_look_at(struct top *top, const struct top_view *view)
{
	if (view == top->view)
		return;
	top_feed_destroy(top->feed, top->shell);
	top->feed = NULL;
	if (view->is_processes != top->view->is_processes || !view->is_processes)
		top->filter[0] = '\0'; /* it was in another language */
	top->view = view;
	top->grid_sort = -1;
	top->chosen_line = 0;
	top->first = 0;
	top->mode = TOP_TABLE;
}

/* The feed of the view at hand takes what has come. */
static int follow(struct top *top)
{
	if (!top->feed)
		top->feed = top_feed_create(top);
	return top->feed ? top_feed_follow(top->feed, top)
			 : shell_error(top->shell, EDVSNOMEM, "events");
}

int top_collect(struct top *top)
{
	struct dvk_snapshot *snapshot;
	struct inspect *in;
	int result = shell_snapshot(top->shell, &snapshot);

	if (result)
		return result;
	in = inspect_create(snapshot, top->snapshot);
	if (!in) {
		dvk_snapshot_free(snapshot);
		return shell_error(top->shell, EDVSNOMEM, "the processes");
	}
	if (top->feed)
		top_feed_names(top->feed, in);
	inspect_destroy(top->in);
	dvk_snapshot_free(top->previous);
	top->previous = top->snapshot;
	top->snapshot = snapshot;
	top->in = in;
	if (top->view->uses_feed)
		result = follow(top);
	if (!result)
		top_arrange(top);
	return result;
}

static int make_room(struct top *top)
{
	size_t count = (size_t)top->snapshot->count + 1;
	const struct dvk_procinfo **rows = realloc(top->rows, count * sizeof(*rows));
	int *depths;

	if (!rows)
		return EDVSNOMEM;
	top->rows = rows;
	depths = realloc(top->depths, count * sizeof(*depths));
	if (!depths)
		return EDVSNOMEM;
	top->depths = depths;
	memset(depths, 0, count * sizeof(*depths));
	return 0;
}

void top_arrange(struct top *top)
{
	const struct inspect_order order = { top->sort, top->descending };

	if (!top->view->is_processes) {
		if (top_make_body(top))
			snprintf(top->message, sizeof(top->message), "out of memory");
		return;
	}
	top->count = 0;
	if (make_room(top))
		return;
	for (int i = 0; i < top->snapshot->count; i++)
		if (!top->filter[0] ||
		    inspect_matches(top->in, &top->snapshot->procs[i], top->filter))
			top->rows[top->count++] = &top->snapshot->procs[i];
	if (inspect_sort(top->in, top->rows, top->count, &order))
		snprintf(top->message, sizeof(top->message), "not sorted: out of memory");
	if (top->view == &top_views[TOP_TREE])
		top_plant(top);
	if (!top_chosen(top) && top->count)
		top->chosen_ep = top->rows[0]->endpoint;
}

int top_row(const struct top *top)
{
	if (!top->view->is_processes)
		return top->chosen_line < top->count ? top->chosen_line : 0;
	for (int i = 0; i < top->count; i++)
		if (top->rows[i]->endpoint == top->chosen_ep)
			return i;
	return 0;
}

void top_go_to_row(struct top *top, int row)
{
	if (top->count == 0)
		return;
	row = row < 0 ? 0 : row >= top->count ? top->count - 1 : row;
	if (top->view->is_processes)
		top->chosen_ep = top->rows[row]->endpoint;
	else
		top->chosen_line = row;
}

const struct dvk_procinfo *top_chosen(const struct top *top)
{
	if (!top->view->is_processes)
		return inspect_find(top->in, top->chosen_ep);
	for (int i = 0; i < top->count; i++)
		if (top->rows[i]->endpoint == top->chosen_ep)
			return top->rows[i];
	return NULL;
}

int top_is_marked(const struct top *top, int endpoint)
{
	for (int i = 0; i < top->mark_count; i++)
		if (top->marks[i] == endpoint)
			return 1;
	return 0;
}

/* Messages of all per second since the frame before. */
static uint64_t message_rate(const struct top *top)
{
	int64_t ns = top->previous ? top->snapshot->taken_ns - top->previous->taken_ns : 0;
	uint64_t sent[2] = { 0, 0 };

	if (ns <= 0)
		return 0;
	for (int i = 0; i < top->snapshot->count; i++)
		sent[1] += top->snapshot->procs[i].messages_sent;
	for (int i = 0; i < top->previous->count; i++)
		sent[0] += top->previous->procs[i].messages_sent;
	return sent[1] > sent[0] ? (uint64_t)((double)(sent[1] - sent[0]) * 1e9 / (double)ns) : 0;
}

void top_summary(const struct top *top, struct text *out)
{
	const struct dvk_dcinfo *dc = &top->snapshot->dc;
	time_t now = time(NULL);
	char clock[16] = "";
	struct tm tm;

	if (localtime_r(&now, &tm))
		strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	text_add(out, "%s %s, %d processes", session_name(top->shell), dc->name,
		 top->snapshot->count);
	if (top->view->is_processes && top->count < top->snapshot->count)
		text_add(out, " (%d shown)", top->count);
	text_add(out, ", %llu msg/s, %s", (unsigned long long)message_rate(top), clock);
	if (top->mark_count)
		text_add(out, ", %d marked", top->mark_count);
	if (top->paused)
		text_add(out, ", paused");
	if (top->shell->lost)
		text_add(out, ", THE MUK HAS GONE: last state");
	else if (top->snapshot->lock_stuck)
		inspect_lock_words(top->in, out);
}
