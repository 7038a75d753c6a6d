/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump.c - a dump is a title, then sections, all shown through inspect/.
 *
 * It looks from outside, as the shell does, so a server that hangs is in it too.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <dvk/dvk.h>

#include "inspect.h"
#include "is/dump.h"
#include "patient.h"

#define LINE_BYTES 1024

/* What the sections share. */
struct dump {
	FILE *out;
	struct patient *patient;
	struct inspect *in;
	const struct dvk_snapshot *snapshot;
};

static void begin_section(const struct dump *dump, const char *title)
{
	fprintf(dump->out, "\n-- %s\n", title);
}

static void say_error(const struct dump *dump, int error)
{
	char words[LINE_BYTES];
	struct text text;

	text_init(&text, words, sizeof(words));
	text_add_error(&text, error);
	fprintf(dump->out, "cannot be shown: %s\n", words);
}

static void write_title(const struct dump *dump)
{
	const struct dvk_dcinfo *dc = &dump->snapshot->dc;
	time_t now = time(NULL);
	char date[40] = "";
	struct tm tm;

	if (localtime_r(&now, &tm))
		strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S %z", &tm);
	fprintf(dump->out, "==== dc%d \"%.*s\" at %s%s\n", dc->dcid, DVK_NAME_BYTES, dc->name, date,
		dump->snapshot->one_state ? "" : " (rows were read one by one)");
	fprintf(dump->out, "%d of %d slots, %d threads, node %d, keeper %d, uid %u, segment %s\n",
		dc->bound, dc->nr_procs + dc->nr_tasks, dc->members, dc->node, dc->keeper_pid,
		dc->owner_uid, dc->path);
	fprintf(dump->out,
		"%" PRIu64 " transitions, %" PRIu64 " events, %" PRIu64 " bytes mapped\n",
		dc->transitions, dc->events, dc->bytes_mapped);
}

/* The processes of the DC, with the columns that words name ("": the usual ones). */
static int fill_processes(const struct dump *dump, struct inspect_grid *grid, const char *words)
{
	struct inspect_choice choice;
	char reason[LINE_BYTES];
	struct text text;
	int error;

	text_init(&text, reason, sizeof(reason));
	error = inspect_choose(words, &choice, &text);
	if (!error)
		error = inspect_grid_choose(grid, &choice);
	for (int i = 0; !error && i < dump->snapshot->count; i++)
		error = inspect_grid_process(grid, dump->in, &choice, &dump->snapshot->procs[i]);
	return error;
}

static void write_processes(const struct dump *dump, const char *title, const char *words)
{
	struct inspect_grid *grid = inspect_grid_create();
	int error = grid ? fill_processes(dump, grid, words) : EDVSNOMEM;

	begin_section(dump, title);
	if (error)
		say_error(dump, error);
	else
		inspect_grid_print(grid, dump->out, 0);
	inspect_grid_destroy(grid);
}

static void write_table(const struct dump *dump, const struct dvk_table *table)
{
	struct inspect_grid *grid = NULL;
	char stamp[LINE_BYTES];
	struct text text;
	int error;

	text_init(&text, stamp, sizeof(stamp));
	inspect_table_stamp(dump->in, table, &text);
	begin_section(dump, stamp);
	error = inspect_table_read(dump->patient, dump->in, table, &grid);
	if (error) {
		say_error(dump, error);
		return;
	}
	inspect_grid_print(grid, dump->out, 0);
	inspect_grid_destroy(grid);
}

static void write_line(void *context, const struct inspect_line *line)
{
	const struct dump *dump = context;
	char words[LINE_BYTES];
	struct text text;

	text_init(&text, words, sizeof(words));
	inspect_line_text(line, &text);
	fprintf(dump->out, "%s\n", words);
}

static void write_recorder(struct dump *dump)
{
	struct dvk_event *events = malloc(DVK_RECORDER_EVENTS * sizeof(*events));
	struct inspect_tracer *tracer = inspect_tracer_create(0, write_line, dump);
	uint64_t sequence = 1, lost = 0;
	int count;

	begin_section(dump, "the end of the flight recorder");
	if (!events || !tracer) {
		say_error(dump, EDVSNOMEM);
		goto out;
	}
	count = patient_events(dump->patient, &sequence, events, DVK_RECORDER_EVENTS, &lost);
	if (count < 0) {
		say_error(dump, count);
		goto out;
	}
	inspect_tracer_names(tracer, dump->in);
	for (int i = count > DUMP_EVENTS ? count - DUMP_EVENTS : 0; i < count; i++)
		inspect_tracer_feed(tracer, &events[i], NULL);
	inspect_tracer_overdue(tracer, INT64_MAX);
out:
	inspect_tracer_destroy(tracer);
	free(events);
}

static void write_sections(struct dump *dump)
{
	char words[LINE_BYTES];
	struct text text;

	write_title(dump);
	text_init(&text, words, sizeof(words));
	inspect_lock_words(dump->in, &text);
	if (text.used)
		fprintf(dump->out, "%s\n", words);
	write_processes(dump, "processes", "");
	write_processes(dump, "privileges and statistics",
			"nr,ep,name,muk,level,pid,tid,state,misc,sent,received,copied,pending,"
			"incarnation");
	for (int i = 0; i < dump->snapshot->table_count; i++)
		write_table(dump, &dump->snapshot->tables[i]);
	write_recorder(dump);
	fputc('\n', dump->out);
}

int dump_write(FILE *out, int dcid, const char *dir)
{
	struct dump dump = { .out = out };
	struct dvk_snapshot *snapshot;
	struct dvk_view *view;
	int error = dvk_view_open(dcid, dir, 1, &view);

	if (error)
		return error;
	error = EDVSNOMEM;
	dump.patient = patient_of_view(view);
	if (!dump.patient) {
		dvk_view_close(view);
		return error;
	}
	error = patient_snapshot(dump.patient, &snapshot);
	if (error)
		goto close_view;
	dump.snapshot = snapshot;
	dump.in = inspect_create(snapshot, NULL);
	if (!dump.in) {
		error = EDVSNOMEM;
		goto free_snapshot;
	}
	write_sections(&dump);
	inspect_destroy(dump.in);
free_snapshot:
	dvk_snapshot_free(snapshot);
close_view:
	patient_close(dump.patient);
	return error;
}
