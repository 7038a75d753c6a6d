/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tables.c - the tables that servers registered, read from outside into grids.
 *
 * How a row looks comes from the protocol tables. A row of zero bytes is not in
 * use. The owner may change its rows meanwhile: what is shown is stamped.
 */
#include <stdlib.h>
#include <string.h>

#include <protocol/protocol.h>

#include "index.h"
#include "patient.h"

#define TABLE_BYTES_MAX (64u << 20)

const struct dvk_table *inspect_table(const struct inspect *in, const char *type, int owner_ep)
{
	const struct dvk_snapshot *s = in->snapshot;

	for (int i = 0; i < s->table_count; i++) {
		const struct dvk_table *table = &s->tables[i];

		if (strncmp(table->type, type, sizeof(table->type)) == 0 &&
		    (owner_ep == ANY || table->owner_ep == owner_ep))
			return table;
	}
	return NULL;
}

/* The record of a table, if it is one that this program knows. */
static int find_record(const struct dvk_table *table, const struct protocol_record **ret_record)
{
	const struct protocol_record *record;
	char type[sizeof(table->type) + 1] = "";

	memcpy(type, table->type, sizeof(table->type));
	record = protocol_record_find(type);
	if (!record)
		return EDVSNOENT;
	if (record->version != table->version || record->bytes != table->row_bytes ||
	    !table->rows || table->rows > TABLE_BYTES_MAX / record->bytes)
		return EDVSBADVALUE;
	*ret_record = record;
	return 0;
}

static int is_shown(const struct protocol_field *field)
{
	return strncmp(field->name, "pad", 3) != 0;
}

static int is_used(const unsigned char *row, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		if (row[i])
			return 1;
	return 0;
}

/* "blocks_free" as "BLOCKS_FREE"; words stand left, numbers right. */
static int add_column(struct inspect_grid *grid, const struct protocol_field *field)
{
	struct inspect_heading heading = { .key = field->name };
	char upper[64];
	size_t i;

	for (i = 0; i < sizeof(upper) - 1 && field->name[i]; i++)
		upper[i] = (char)(field->name[i] >= 'a' && field->name[i] <= 'z'
					  ? field->name[i] - 'a' + 'A'
					  : field->name[i]);
	upper[i] = '\0';
	heading.heading = upper;
	heading.right = field->kind != PROTOCOL_TEXT && field->kind != PROTOCOL_FLAGS &&
			field->kind != PROTOCOL_ENUM && field->kind != PROTOCOL_ENDPOINT &&
			field->kind != PROTOCOL_BOOL;
	return inspect_grid_column(grid, &heading);
}

static int add_row(const struct inspect *in, const struct protocol_record *record, const void *row,
		   struct inspect_grid *grid)
{
	struct inspect_value value;
	int error = inspect_grid_row(grid);

	for (int i = 0; i < record->count && !error; i++) {
		if (!is_shown(&record->fields[i]))
			continue;
		inspect_field_value(in, &record->fields[i], row, &value);
		error = inspect_grid_value(grid, &value);
	}
	return error;
}

int inspect_table_rows(const struct inspect *in, const struct dvk_table *table, const void *rows,
		       struct inspect_grid **ret_grid)
{
	const struct protocol_record *record;
	struct inspect_grid *grid;
	int error = find_record(table, &record);

	if (error)
		return error;
	grid = inspect_grid_create();
	if (!grid)
		return EDVSNOMEM;
	for (int i = 0; i < record->count && !error; i++)
		if (is_shown(&record->fields[i]))
			error = add_column(grid, &record->fields[i]);
	for (uint32_t i = 0; i < table->rows && !error; i++) {
		const unsigned char *row = (const unsigned char *)rows + (size_t)i * record->bytes;

		if (is_used(row, record->bytes))
			error = add_row(in, record, row, grid);
	}
	if (error)
		inspect_grid_destroy(grid);
	else
		*ret_grid = grid;
	return error;
}

int inspect_table_read(struct patient *patient, const struct inspect *in,
		       const struct dvk_table *table, struct inspect_grid **ret_grid)
{
	const struct protocol_record *record;
	int error = find_record(table, &record);
	size_t bytes;
	void *rows;

	if (error)
		return error;
	bytes = (size_t)table->rows * record->bytes;
	rows = malloc(bytes);
	if (!rows)
		return EDVSNOMEM;
	error = patient_read(patient, table->pid, table->address, rows, bytes);
	if (!error)
		error = inspect_table_rows(in, table, rows, ret_grid);
	free(rows);
	return error;
}

void inspect_table_stamp(const struct inspect *in, const struct dvk_table *table, struct text *out)
{
	const struct dvk_procinfo *p = inspect_find(in, table->owner_ep);
	struct inspect_thread thread;
	char name[INSPECT_NAME_BYTES], bytes[INSPECT_TEXT_BYTES];
	struct text sentence;

	text_add(out, "%.*s of %s", (int)sizeof(table->type), table->type,
		 inspect_name(in, table->owner_ep, name));
	if (!p) {
		text_add(out, ", which is gone");
		return;
	}
	text_add(out, ", which ");
	inspect_thread_read(p->pid, p->tid, &thread);
	if (!thread.exists || thread.state == 'T' || thread.state == 't' || thread.state == 'Z') {
		text_add(out, "is ");
		inspect_thread_words(&thread, out);
		return;
	}
	text_init(&sentence, bytes, sizeof(bytes));
	inspect_sentence(in, p, &sentence);
	/* All others begin with a verb. */
	text_add(out, "%s%s", strncmp(bytes, "ready", 5) == 0 ? "is " : "", bytes);
}
