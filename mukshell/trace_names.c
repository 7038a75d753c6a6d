/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_names.c - who was it: the flight recorder knows endpoints only, and those
 * of processes that have ended are in SYSTASK's table of exits, read from outside.
 */
#include <stdlib.h>
#include <string.h>

#include <protocol/systask.h>

#include <recording.h>

#include "trace_command.h"

#define EXITS_MAX 65536

static void remember_all(struct trace *trace, const struct dvk_table *table)
{
	struct systask_exit_row *rows;
	char name[sizeof(rows->name) + 1];
	size_t bytes = (size_t)table->rows * sizeof(*rows);

	if (table->row_bytes != sizeof(*rows) || table->version != SYSTASK_EXIT_VERSION ||
	    table->rows > EXITS_MAX)
		return;
	rows = malloc(bytes + 1);
	if (!rows)
		return;
	if (shell_read(trace->shell, table->pid, table->address, rows, bytes) == 0) {
		for (uint32_t i = 0; i < table->rows; i++) {
			memcpy(name, rows[i].name, sizeof(rows->name));
			name[sizeof(rows->name)] = '\0';
			if (name[0])
				inspect_tracer_remember(trace->tracer, rows[i].ep, name);
		}
	}
	free(rows);
}

static void remember_name(void *context, int endpoint, const char *name)
{
	inspect_tracer_remember(context, endpoint, name);
}

void trace_remember_dead(struct trace *trace)
{
	const struct dvk_snapshot *s = trace->look.snapshot;
	struct recording *recording = patient_recording(trace->shell->patient);

	if (recording)
		recording_names(recording, remember_name, trace->tracer);

	for (int i = 0; i < s->table_count; i++)
		if (strcmp(s->tables[i].type, "systask.exit") == 0)
			remember_all(trace, &s->tables[i]);
}
