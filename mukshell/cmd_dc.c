/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_dc.c - the attached DC itself.
 */
#include <json.h>

#include "command.h"
#include "look.h"

#define NOT_ZERO(kind, number) ((number) ? (kind) : INSPECT_NOTHING), (number)

/* Adds a column and its value; both are kept until the grid's row is begun. */
struct list {
	int count;
	struct inspect_heading headings[24];
	struct inspect_value values[24];
};

static struct inspect_value *add(struct list *list, const char *key)
{
	list->headings[list->count] = (struct inspect_heading){ key, key, 0 };
	return &list->values[list->count++];
}

static void add_number(struct list *list, const char *key, enum inspect_kind kind, int64_t number)
{
	inspect_value_set_number(add(list, key), kind, number);
}

static void fill(const struct look *look, struct list *list)
{
	const struct dvk_dcinfo *dc = &look->snapshot->dc;
	int64_t now = look->snapshot->taken_ns;
	char bytes[INSPECT_TEXT_BYTES];
	struct text lock;

	inspect_value_set_text(add(list, "dc"), "dc%d", dc->dcid);
	inspect_value_set_text(add(list, "name"), "%.*s", DVK_NAME_BYTES, dc->name);
	add_number(list, "bound", INSPECT_NUMBER, dc->bound);
	add_number(list, "tasks", INSPECT_NUMBER, dc->nr_tasks);
	add_number(list, "procs", INSPECT_NUMBER, dc->nr_procs);
	add_number(list, "members", INSPECT_NUMBER, dc->members);
	add_number(list, "keeper", NOT_ZERO(INSPECT_NUMBER, dc->keeper_pid));
	add_number(list, "lock_pid", NOT_ZERO(INSPECT_NUMBER, dc->lock_pid));
	add_number(list, "lock_tid", NOT_ZERO(INSPECT_NUMBER, dc->lock_tid));
	text_init(&lock, bytes, sizeof(bytes));
	inspect_lock_words(look->in, &lock);
	inspect_value_set_text(add(list, "lock_stuck"), "%s", bytes);
	if (!look->snapshot->lock_stuck)
		list->values[list->count - 1].kind = INSPECT_NOTHING;
	add_number(list, "one_state", INSPECT_BOOLEAN, look->snapshot->one_state);
	add_number(list, "strict", INSPECT_BOOLEAN, dc->strict);
	add_number(list, "kept", INSPECT_BOOLEAN, dc->kept);
	add_number(list, "node", INSPECT_NUMBER, dc->node);
	add_number(list, "owner_uid", INSPECT_NUMBER, dc->owner_uid);
	add_number(list, "owner_gid", INSPECT_NUMBER, dc->owner_gid);
	add_number(list, "version", INSPECT_NUMBER, dc->version);
	add_number(list, "age", INSPECT_DURATION, dc->created_ns ? now - dc->created_ns : 0);
	add_number(list, "transitions", INSPECT_NUMBER, (int64_t)dc->transitions);
	add_number(list, "events", INSPECT_NUMBER, (int64_t)dc->events);
	add_number(list, "tables", INSPECT_NUMBER, look->snapshot->table_count);
	add_number(list, "mapped", INSPECT_BYTES, (int64_t)dc->bytes_mapped);
	inspect_value_set_text(add(list, "path"), "%.*s", (int)sizeof(dc->path), dc->path);
}

static int make_grid(const struct list *list, struct inspect_grid *grid)
{
	int error = 0;

	for (int i = 0; i < list->count && !error; i++)
		error = inspect_grid_column(grid, &list->headings[i]);
	if (!error)
		error = inspect_grid_row(grid);
	for (int i = 0; i < list->count && !error; i++)
		error = inspect_grid_value(grid, &list->values[i]);
	return error;
}

static int dc_run(struct shell *shell, const struct arguments *arguments)
{
	struct list list = { .count = 0 };
	struct inspect_grid *grid;
	struct look look;
	int error = look_begin(shell, &look);

	(void)arguments;
	if (error)
		return error;
	fill(&look, &list);
	grid = inspect_grid_create();
	error = grid ? make_grid(&list, grid) : EDVSNOMEM;
	if (error)
		shell_error(shell, error, "it could not be shown");
	else if (shell->json)
		inspect_json_print(inspect_grid_json_row(grid, 0), shell->out);
	else
		inspect_grid_print_list(grid, shell->out);
	inspect_grid_destroy(grid);
	look_end(&look);
	return error;
}

const struct command command_dc = {
	.name = "dc",
	.group = GROUP_LOOK,
	.summary = "show the attached DC: its lock, keeper, members, sizes",
	.details = "one_state says whether the state is that of one moment; when the lock's holder "
		   "did not let go within 50 ms, rows are read one by one, and lock_stuck says who "
		   "holds it and what he does.",
	.example = "dc",
	.json = "one object:\n"
		"dc, name, path            which one it is\n"
		"bound, tasks, procs       slots in use, below 0, from 0 on\n"
		"members                   threads attached to it\n"
		"keeper                    pid of who watches for deaths, or null\n"
		"lock_pid, lock_tid        who holds its lock, or null\n"
		"lock_stuck                who keeps the lock and why, or null\n"
		"one_state                 the snapshot is of one moment\n"
		"strict, kept              how it was made\n"
		"node, owner_uid, owner_gid, version, tables\n"
		"age                       seconds since it was made\n"
		"transitions, events       so far\n"
		"mapped                    bytes of its segment",
	.run = dc_run,
};
