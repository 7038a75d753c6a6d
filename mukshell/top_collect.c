/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * top_collect.c - the state behind the live table, without any screen.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "session.h"
#include "top.h"

const struct top_column top_columns[] = {
	{ "nr", 4, 40 },       { "name", 14, 0 },  { "age", 8, 50 },     { "rate", 7, 60 },
	{ "byterate", 9, 72 }, { "queue", 3, 60 }, { "sentence", 0, 0 },
};
const int top_column_count = sizeof(top_columns) / sizeof(top_columns[0]);

void top_init(struct top *top, struct shell *shell)
{
	memset(top, 0, sizeof(*top));
	top->shell = shell;
	top->rate_ms = 1000;
	top->sort = inspect_column_find("nr");
	top->chosen_ep = NONE;
}

void top_deinit(struct top *top)
{
	inspect_destroy(top->in);
	dvk_snapshot_free(top->snapshot);
	dvk_snapshot_free(top->previous);
	free(top->rows);
	free(top->text);
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
	inspect_destroy(top->in);
	dvk_snapshot_free(top->previous);
	top->previous = top->snapshot;
	top->snapshot = snapshot;
	top->in = in;
	top_arrange(top);
	return 0;
}

void top_arrange(struct top *top)
{
	const struct inspect_order order = { top->sort, top->descending };
	const struct dvk_procinfo **rows;

	rows = realloc(top->rows, ((size_t)top->snapshot->count + 1) * sizeof(*rows));
	if (!rows)
		return;
	top->rows = rows;
	top->count = 0;
	for (int i = 0; i < top->snapshot->count; i++)
		if (!top->filter[0] ||
		    inspect_matches(top->in, &top->snapshot->procs[i], top->filter))
			rows[top->count++] = &top->snapshot->procs[i];
	if (inspect_sort(top->in, rows, top->count, &order))
		snprintf(top->message, sizeof(top->message), "not sorted: out of memory");
	if (!top_chosen(top) && top->count)
		top->chosen_ep = rows[0]->endpoint;
}

const struct dvk_procinfo *top_chosen(const struct top *top)
{
	for (int i = 0; i < top->count; i++)
		if (top->rows[i]->endpoint == top->chosen_ep)
			return top->rows[i];
	return NULL;
}

void top_cell(const struct top *top, const struct inspect_column *column,
	      const struct dvk_procinfo *p, struct text *out)
{
	struct inspect_value value = { 0 };

	column->get(top->in, p, &value);
	inspect_value_text(&value, out);
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
	if (top->count < top->snapshot->count)
		text_add(out, " (%d shown)", top->count);
	text_add(out, ", %llu msg/s, %s", (unsigned long long)message_rate(top), clock);
	if (top->paused)
		text_add(out, ", paused");
	if (top->shell->lost)
		text_add(out, ", THE MUK HAS GONE: last state");
	else if (top->snapshot->lock_stuck)
		inspect_lock_words(top->in, out);
}

static int print_columns(const struct top *top, struct inspect_grid *grid)
{
	struct inspect_choice choice = { .count = 0 };
	int error;

	for (int i = 0; i < top_column_count; i++)
		choice.columns[choice.count++] = inspect_column_find(top_columns[i].key);
	error = inspect_grid_choose(grid, &choice);
	for (int i = 0; i < top->count && !error; i++)
		error = inspect_grid_process(grid, top->in, &choice, top->rows[i]);
	return error;
}

int top_print(const struct top *top)
{
	struct shell *shell = top->shell;
	struct inspect_grid *grid = inspect_grid_create();
	int error = grid ? print_columns(top, grid) : EDVSNOMEM;
	char bytes[256];
	struct text summary;

	if (!error && shell->json) {
		inspect_grid_print_json(grid, shell->out);
	} else if (!error) {
		text_init(&summary, bytes, sizeof(bytes));
		top_summary(top, &summary);
		fprintf(shell->out, "%s\n", bytes);
		inspect_grid_print(grid, shell->out, shell->columns);
	}
	inspect_grid_destroy(grid);
	return error ? shell_error(shell, error, "the table") : 0;
}

static void print_why(const struct top *top, const struct dvk_procinfo *p, FILE *out)
{
	struct inspect_why why;

	inspect_why(top->in, p, &why);
	fputc('\n', out);
	for (int i = 0; i < why.count; i++)
		fprintf(out, "%*s%s %s\n", 2 * i, "", why.hops[i].name, why.hops[i].sentence);
	fprintf(out, "%s\n", why.verdict);
}

char *top_details(const struct top *top)
{
	const struct dvk_procinfo *p = top_chosen(top);
	struct inspect_grid *grid = inspect_grid_create();
	struct inspect_choice all = { .count = 0 };
	char *text = NULL;
	size_t bytes;
	FILE *out = p && grid ? open_memstream(&text, &bytes) : NULL;

	if (out) {
		while (all.count < inspect_column_count && all.count < INSPECT_CHOSEN_MAX) {
			all.columns[all.count] = &inspect_columns[all.count];
			all.count++;
		}
		if (inspect_grid_choose(grid, &all) == 0 &&
		    inspect_grid_process(grid, top->in, &all, p) == 0)
			inspect_grid_print_list(grid, out);
		print_why(top, p, out);
		fclose(out);
	}
	inspect_grid_destroy(grid);
	return text;
}
