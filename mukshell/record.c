/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record.c - follows the ring of full records as fast as it goes, into a file.
 *
 * Nothing is decoded or joined here: the ring holds some milliseconds only. Names of
 * those who come are added when a bind was seen; of those who were there, and of all
 * that is left at the end, the states know.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <dump.h>
#include <json.h>

#include "record.h"
#include "session.h"

#define RECORDS_AT_ONCE 4096
#define WAIT_MS         100
#define NAMES_NS        20000000 /* names are taken anew at most so often */

struct record {
	struct shell *shell;
	const char *path;
	const struct record_limits *limits;
	struct recorder *recorder;
	struct dvk_snapshot *known; /* whose names are in the file */
	struct dvk_record *records;
	int64_t named_ns;
	int someone_came;
	uint64_t events, lost;
	const char *ended; /* why, NULL: by the user or in time */
};

int record_is_wanted(const char *path)
{
	size_t length = strlen(path), suffix = strlen(RECORD_SUFFIX);

	return length > suffix && !strcmp(path + length - suffix, RECORD_SUFFIX);
}

static int knows(const struct dvk_snapshot *known, int endpoint, int *at)
{
	int nr = dvk_endpoint_nr(endpoint);

	while (*at < known->count && known->procs[*at].nr < nr)
		++*at;
	return *at < known->count && known->procs[*at].endpoint == endpoint;
}

/* Rows are by nr in both states. */
static int add_names(struct record *record)
{
	struct dvk_snapshot *now;
	char name[DVK_NAME_BYTES + 1] = "";
	int at = 0, error = 0;

	if (!record->someone_came || shell_now_ns() - record->named_ns < NAMES_NS ||
	    patient_snapshot(record->shell->patient, &now))
		return 0;
	record->named_ns = shell_now_ns();
	record->someone_came = 0;
	for (int i = 0; i < now->count && !error; i++) {
		if (knows(record->known, now->procs[i].endpoint, &at))
			continue;
		memcpy(name, now->procs[i].name, DVK_NAME_BYTES);
		error = recorder_name(record->recorder, now->procs[i].endpoint, name);
	}
	dvk_snapshot_free(record->known);
	record->known = now;
	return error;
}

/* One batch of the ring. Returns how many, or -errno of the file. */
static int drain(struct record *record, uint64_t *sequence)
{
	uint64_t lost = 0;
	int count = shell_records(record->shell, sequence, record->records, RECORDS_AT_ONCE, &lost);
	int error = lost ? recorder_lost(record->recorder, lost) : 0;

	record->lost += lost;
	for (int i = 0; i < count && !record->someone_came; i++)
		record->someone_came = record->records[i].event.kind == DVK_EVENT_BIND;
	if (!error && count > 0)
		error = recorder_records(record->recorder, record->records, count);
	if (error)
		return error;
	record->events += count > 0 ? (uint64_t)count : 0;
	return count < 0 ? 0 : count;
}

static int is_over(struct record *record)
{
	const struct record_limits *limits = record->limits;

	if (limits->events && record->events >= (uint64_t)limits->events)
		record->ended = "--events";
	else if (limits->bytes && recorder_bytes(record->recorder) >= (uint64_t)limits->bytes)
		record->ended = "--size";
	else if (!patient_alive(record->shell->patient))
		record->ended = "the DC has ended";
	return record->ended || shell_interrupted(record->shell) ||
	       shell_now_ns() >= limits->until_ns;
}

static int follow(struct record *record, uint64_t sequence)
{
	int64_t left;
	int count, error;

	do {
		count = drain(record, &sequence);
		if (count < 0)
			return count;
		error = add_names(record);
		left = record->limits->until_ns == INT64_MAX
			       ? WAIT_MS
			       : (record->limits->until_ns - shell_now_ns()) / 1000000;
		if (!error && count < RECORDS_AT_ONCE && left > 0)
			dvk_view_wait(record->shell->view, left < WAIT_MS ? (long)left : WAIT_MS);
	} while (!error && !is_over(record));
	/* What came while the last batch was written. */
	if (!error)
		count = drain(record, &sequence);
	return error ? error : count < 0 ? count : 0;
}

/* The state at the end, unless nobody is left in it. */
static int add_state(struct record *record)
{
	struct inspect_dump done;
	struct dvk_snapshot *now;
	int error = 0;

	if (patient_snapshot(record->shell->patient, &now))
		return 0;
	if (now->count)
		error = inspect_dump_state(record->shell->patient, now, record->recorder, NULL,
					   &done);
	dvk_snapshot_free(now);
	return error;
}

static void say_done(const struct record *record, uint64_t file_bytes)
{
	const struct shell *shell = record->shell;
	json_t *object;
	char bytes[32];
	struct text size;

	if (shell->json) {
		object = json_object();
		json_object_set_new(object, "file", inspect_json_string(record->path));
		json_object_set_new(object, "events", json_integer((json_int_t)record->events));
		json_object_set_new(object, "lost", json_integer((json_int_t)record->lost));
		json_object_set_new(object, "bytes", json_integer((json_int_t)file_bytes));
		if (record->ended)
			json_object_set_new(object, "ended", inspect_json_string(record->ended));
		inspect_json_print(object, shell->out);
		return;
	}
	text_init(&size, bytes, sizeof(bytes));
	text_add_bytes(&size, file_bytes);
	fprintf(shell->out, "%s: %" PRIu64 " events, %" PRIu64 " lost, %s%s%s\n", record->path,
		record->events, record->lost, bytes, record->ended ? "; ended by " : "",
		record->ended ? record->ended : "");
}

static int record_into_file(struct record *record)
{
	uint64_t sequence = record->known->dc.events + 1, bytes = 0;
	int closed, error = recorder_create(record->path, &record->known->dc, &record->recorder);

	if (!error)
		error = recorder_snapshot(record->recorder, record->known);
	if (!error)
		error = follow(record, sequence);
	if (!error)
		error = add_state(record);
	if (record->recorder) {
		bytes = recorder_bytes(record->recorder);
		closed = recorder_close(record->recorder);
		error = error ? error : closed;
	}
	if (error)
		return shell_error(record->shell, 0, "%s: %s", record->path, strerror(-error));
	say_done(record, bytes);
	return 0;
}

int record_run(struct shell *shell, const char *path, const struct record_limits *limits)
{
	struct record record = { .shell = shell, .path = path, .limits = limits };
	int error = shell_alive(shell);

	if (error)
		return error;
	record.records = malloc(RECORDS_AT_ONCE * sizeof(*record.records));
	if (!record.records)
		return shell_error(shell, EDVSNOMEM, "records");
	error = dvk_view_trace(shell->view, 1);
	if (error < 0) {
		error = shell_error(shell, error, "full records");
		goto free_records;
	}
	error = shell_snapshot(shell, &record.known);
	if (!error)
		error = record_into_file(&record);
	dvk_view_trace(shell->view, 0);
	dvk_snapshot_free(record.known);
free_records:
	free(record.records);
	return error;
}
