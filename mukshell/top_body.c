/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * top_body.c - the views of the live screen, and the text of those that are text.
 *
 * A view whose contents a command prints anyway runs that command: it cannot say
 * anything else than the command does.
 */
#include <stdlib.h>
#include <string.h>

#include "top.h"

static int servers_body(struct top *top, FILE *out)
{
	char *commands[][2] = { { "rd", NULL }, { "super", NULL }, { "fs", NULL } };
	const char *between = top->shell->json ? "[" : "";

	for (int i = 0; i < 3; i++) {
		fputs(between, out);
		(void)top_run_command(top, commands[i], out); /* said in out */
		between = top->shell->json ? "," : "\n";
	}
	if (top->shell->json)
		fputs("]\n", out);
	return 0;
}

static int holds_body(struct top *top, FILE *out)
{
	char *words[] = { "hold", "list", NULL };

	(void)top_run_command(top, words, out); /* said in out */
	return 0;
}

const struct top_view top_views[] = {
	{ "processes", "what each does, messages and bytes a second", 1, 1, 0, NULL },
	{ "tree", "who waits stands below whom it waits for", 1, 1, 0, NULL },
	{ "calls", "how many, how long, which failed", 0, 1, 1, top_feed_calls },
	{ "messages", "the last ones of the chosen or marked", 0, 1, 1, top_feed_messages },
	{ "servers", "RDISK's and FS's tables", 0, 0, 0, servers_body },
	{ "holds", "rules, and the messages that are held", 0, 0, 0, holds_body },
};
const int top_view_count = sizeof(top_views) / sizeof(top_views[0]);

static int is_shown(const struct top *top, const char *line)
{
	/* Views with a feed have the filter language, which was applied to the events. */
	return top->view->uses_feed || !top->filter[0] || strcasestr(line, top->filter);
}

/* Takes the body apart into lines. */
static int split_body(struct top *top)
{
	const char **lines;
	int room = 1;
	char *save = NULL;

	for (const char *c = top->body; *c; c++)
		room += *c == '\n';
	lines = realloc(top->lines, (size_t)room * sizeof(*lines));
	if (!lines)
		return EDVSNOMEM;
	top->lines = lines;
	top->count = 0;
	top->heading = "";
	for (char *line = top->body; line && *line; line = save) {
		save = strchr(line, '\n');
		if (save)
			*save++ = '\0';
		if (top->view->has_heading && line == top->body)
			top->heading = line;
		else if (is_shown(top, line))
			lines[top->count++] = line;
	}
	return 0;
}

int top_make_body(struct top *top)
{
	char *body = NULL;
	size_t bytes;
	FILE *out = open_memstream(&body, &bytes);
	int error = out ? top->view->body(top, out) : EDVSNOMEM;

	if (out && fclose(out) && !error)
		error = EDVSNOMEM;
	if (error || !body) {
		free(body);
		return EDVSNOMEM;
	}
	free(top->body);
	top->body = body;
	return split_body(top);
}

int top_print_grid(struct top *top, struct inspect_grid *grid, FILE *out)
{
	const char *key;

	top->key_count = 0;
	while (top->key_count < TOP_KEYS_MAX && (key = inspect_grid_key(grid, top->key_count)))
		snprintf(top->keys[top->key_count++], sizeof(top->keys[0]), "%s", key);
	if (top->grid_sort >= 0 && top->grid_sort < top->key_count)
		inspect_grid_sort(grid, top->keys[top->grid_sort], top->descending);
	if (top->shell->json)
		inspect_grid_print_json(grid, out);
	else
		inspect_grid_print(grid, out, 0);
	inspect_grid_destroy(grid);
	return 0;
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

static int print_processes(struct top *top, FILE *out)
{
	struct inspect_grid *grid = inspect_grid_create();
	struct inspect_choice choice = { .count = 0 };
	int error = grid ? 0 : EDVSNOMEM;

	for (int i = 0; i < top->column_count; i++)
		choice.columns[choice.count++] = top->columns[i].column;
	if (!error)
		error = inspect_grid_choose(grid, &choice);
	for (int i = 0; i < top->count && !error; i++)
		error = inspect_grid_process(grid, top->in, &choice, top->rows[i]);
	if (!error && top->shell->json)
		inspect_grid_print_json(grid, out);
	else if (!error)
		inspect_grid_print(grid, out, top->shell->columns);
	inspect_grid_destroy(grid);
	return error;
}

int top_print(struct top *top)
{
	struct shell *shell = top->shell;
	char bytes[256];
	struct text summary;
	int error;

	text_init(&summary, bytes, sizeof(bytes));
	top_summary(top, &summary);
	if (!shell->json)
		fprintf(shell->out, "%s\n", bytes);
	error = top->view->is_processes ? print_processes(top, shell->out)
					: top->view->body(top, shell->out);
	return error ? shell_error(shell, error, "the table") : 0;
}
