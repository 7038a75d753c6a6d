/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * look_tables.c - the tables that servers registered, read from outside.
 *
 * Each comes with a stamp that says what its owner did when it was read.
 */
#include <string.h>

#include <json.h>

#include "look.h"

struct reading {
	struct shell *shell;
	struct look look;
	int owner_ep;  /* ANY: of everybody */
	json_t *array; /* of what was read, with --json */
	int count;
};

static void add_json(struct reading *reading, const struct dvk_table *table,
		     const struct inspect_grid *grid)
{
	json_t *object = json_object();
	char name[INSPECT_NAME_BYTES], type[sizeof(table->type) + 1];
	char bytes[512];
	struct text stamp;

	text_init(&stamp, bytes, sizeof(bytes));
	inspect_table_stamp(reading->look.in, table, &stamp);
	snprintf(type, sizeof(type), "%.*s", (int)sizeof(table->type), table->type);
	json_object_set_new(object, "table", inspect_json_string(type));
	json_object_set_new(
		object, "owner",
		inspect_json_string(inspect_name(reading->look.in, table->owner_ep, name)));
	json_object_set_new(object, "stamp", inspect_json_string(bytes));
	json_object_set_new(object, "rows", inspect_grid_json(grid));
	json_array_append_new(reading->array, object);
}

static void print_text(struct reading *reading, const struct dvk_table *table,
		       const struct inspect_grid *grid)
{
	struct shell *shell = reading->shell;
	char bytes[512];
	struct text stamp;

	text_init(&stamp, bytes, sizeof(bytes));
	inspect_table_stamp(reading->look.in, table, &stamp);
	fprintf(shell->out, "%s%s%s\n", reading->count ? "\n" : "", bytes,
		inspect_grid_rows(grid) ? "" : "\n(no rows)");
	if (inspect_grid_rows(grid) == 1)
		inspect_grid_print_list(grid, shell->out);
	else if (inspect_grid_rows(grid))
		inspect_grid_print(grid, shell->out, shell->terminal ? shell->columns : 0);
}

static int read_one(struct reading *reading, const struct dvk_table *table)
{
	struct inspect_grid *grid;
	char name[INSPECT_NAME_BYTES];
	int error;

	error = inspect_table_read(reading->shell->patient, reading->look.in, table, &grid);
	if (error)
		return shell_error(reading->shell, error, "table %.*s of %s%s",
				   (int)sizeof(table->type), table->type,
				   inspect_name(reading->look.in, table->owner_ep, name),
				   error == EDVSSRCH ? " has gone with its MUK" : "");
	if (reading->array)
		add_json(reading, table, grid);
	else
		print_text(reading, table, grid);
	reading->count++;
	inspect_grid_destroy(grid);
	return 0;
}

static int read_type(struct reading *reading, const char *type)
{
	const struct dvk_snapshot *s = reading->look.snapshot;
	int result = 0;

	for (int i = 0; i < s->table_count; i++) {
		const struct dvk_table *table = &s->tables[i];

		if (strncmp(table->type, type, sizeof(table->type)) != 0)
			continue;
		if (reading->owner_ep == ANY || reading->owner_ep == table->owner_ep)
			result = read_one(reading, table) ? EDVSIO : result;
	}
	return result;
}

int look_tables(struct shell *shell, const char *const *types, const char *word)
{
	struct reading reading = { .shell = shell, .owner_ep = ANY };
	const struct dvk_procinfo *p;
	int result = look_begin(shell, &reading.look);

	if (result)
		return result;
	if (word) {
		result = look_process(shell, &reading.look, word, &p);
		if (result)
			goto end;
		reading.owner_ep = p->endpoint;
	}
	reading.array = shell->json ? json_array() : NULL;
	for (int i = 0; types[i]; i++)
		result = read_type(&reading, types[i]) ? EDVSIO : result;
	if (reading.array)
		inspect_json_print(reading.array, shell->out);
	if (!reading.count && !result)
		result = shell_error(shell, 0, "%s has no table %s", word ? word : "the DC",
				     types[0]);
end:
	look_end(&reading.look);
	return result;
}
