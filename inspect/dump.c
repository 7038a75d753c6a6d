/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump.c - asks a patient for everything once, and writes it down.
 *
 * The snapshot is one state. Tables, threads and events are read after it, while
 * their owners go on: each has the time at which it was read through its order only.
 */
#include <errno.h>
#include <stdlib.h>

#include "dump.h"

#define TABLE_BYTES_MAX (64u << 20)

struct dump {
	struct patient *patient;
	struct recorder *recorder;
	const struct dvk_snapshot *snapshot;
	struct inspect_dump *done;
};

static int write_table(struct dump *dump, const struct dvk_table *table)
{
	size_t bytes = (size_t)table->rows * table->row_bytes;
	int error = 0;
	void *rows;

	if (bytes > TABLE_BYTES_MAX) {
		dump->done->missing++;
		return 0;
	}
	rows = malloc(bytes + 1);
	if (!rows)
		return -ENOMEM;
	if (patient_read(dump->patient, table->pid, table->address, rows, bytes)) {
		dump->done->missing++;
	} else {
		error = recorder_memory(dump->recorder, table->pid, table->address, rows, bytes);
		dump->done->tables++;
	}
	free(rows);
	return error;
}

static int is_first_of_thread(const struct dvk_snapshot *snapshot, int index)
{
	for (int i = 0; i < index; i++)
		if (snapshot->procs[i].tid == snapshot->procs[index].tid)
			return 0;
	return 1;
}

static int write_threads(struct dump *dump)
{
	const struct dvk_snapshot *s = dump->snapshot;
	struct inspect_thread thread;
	int error = 0;

	for (int i = 0; i < s->count && !error; i++) {
		if (!is_first_of_thread(s, i))
			continue;
		inspect_thread_read(s->procs[i].pid, s->procs[i].tid, &thread);
		error = recorder_thread(dump->recorder, s->procs[i].pid, s->procs[i].tid, &thread);
		dump->done->threads++;
	}
	return error;
}

static int write_events(struct dump *dump)
{
	struct dvk_event *events = calloc(DVK_RECORDER_EVENTS, sizeof(*events));
	uint64_t sequence = 0;
	int count, error = events ? 0 : -ENOMEM;

	do {
		count = events ? patient_events(dump->patient, &sequence, events,
						DVK_RECORDER_EVENTS, NULL)
			       : 0;
		if (count > 0)
			error = recorder_events(dump->recorder, events, count);
		dump->done->events += count > 0 ? (uint64_t)count : 0;
		/* Of the living: one lap is what there was. */
	} while (!error && count > 0 && !patient_view(dump->patient));
	free(events);
	return error;
}

int inspect_dump_state(struct patient *patient, const struct dvk_snapshot *snapshot,
		       struct recorder *recorder, inspect_stacks_fn *stacks,
		       struct inspect_dump *ret_dump)
{
	struct dump dump = {
		.patient = patient,
		.recorder = recorder,
		.snapshot = snapshot,
		.done = ret_dump,
	};
	int error = recorder_snapshot(recorder, snapshot);

	*ret_dump = (struct inspect_dump){ .processes = snapshot->count };
	for (int i = 0; i < snapshot->table_count && !error; i++)
		error = write_table(&dump, &snapshot->tables[i]);
	if (!error)
		error = write_threads(&dump);
	if (!error && stacks)
		ret_dump->stacks = stacks(patient, snapshot, recorder);
	return error;
}

/* The state, then the events: so what they say is newer than what is seen. */
static int write_all(struct dump *dump, const char *note, inspect_stacks_fn *stacks)
{
	int error = note ? recorder_note(dump->recorder, note) : 0;

	if (!error)
		error = inspect_dump_state(dump->patient, dump->snapshot, dump->recorder, stacks,
					   dump->done);
	if (!error)
		error = write_events(dump);
	dump->done->bytes = recorder_bytes(dump->recorder);
	return error;
}

int inspect_dump_write(struct patient *patient, const char *path, const char *note,
		       inspect_stacks_fn *stacks, struct inspect_dump *ret_dump)
{
	struct dvk_snapshot *snapshot;
	struct dump dump = { .patient = patient, .done = ret_dump };
	int closed, error = patient_snapshot(patient, &snapshot);

	*ret_dump = (struct inspect_dump){ 0 };
	if (error)
		return error;
	dump.snapshot = snapshot;
	error = recorder_create(path, &snapshot->dc, &dump.recorder);
	if (!error) {
		error = write_all(&dump, note, stacks);
		closed = recorder_close(dump.recorder);
		error = error ? error : closed;
		if (error)
			recorder_remove(path);
	}
	dvk_snapshot_free(snapshot);
	errno = -error;
	return error ? EDVSIO : 0;
}
