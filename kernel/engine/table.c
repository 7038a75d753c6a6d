/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table.c - servers say where their tables are, for those who look.
 *
 * A table is known by its owner and type; to register it again replaces it. The
 * engine never reads one: address and size are what the owner says, and who
 * looks reads the owner's memory, not ours.
 */
#include "check.h"
#include "table.h"

static struct dvk_table *find(struct dc *dc, int owner_ep, const char *type)
{
	struct dvk_table *table, *unused = NULL;
	int i;

	for (i = 0; i < DVK_TABLES; i++) {
		table = &dc->state->tables[i];
		if (!table->type[0])
			unused = unused ? unused : table;
		else if (table->owner_ep == owner_ep &&
			 !strncmp(table->type, type, sizeof(table->type)))
			return table;
	}
	return unused;
}

int engine_register_table(struct dc *dc, int caller_nr, const struct dvk_table *table)
{
	struct dvk_table *place;
	struct proc *caller;
	int rc = check_caller(dc, caller_nr, &caller);

	if (rc)
		return rc;
	if (!table->type[0] || !memchr(table->type, 0, sizeof(table->type)))
		return EDVSNAMESIZE;
	if (!table->address || !table->rows || !table->row_bytes)
		return EDVSBADVALUE;
	place = find(dc, caller->endpoint, table->type);
	if (!place)
		return EDVSRSCBUSY;
	undo_save(dc, place, sizeof(*place));
	*place = *table;
	place->owner_ep = caller->endpoint;
	return 0;
}

void table_drop(struct dc *dc, int owner_ep)
{
	int i;

	for (i = 0; i < DVK_TABLES; i++) {
		struct dvk_table *table = &dc->state->tables[i];

		if (table->type[0] && table->owner_ep == owner_ep)
			SET(dc, table->type[0], 0);
	}
}
