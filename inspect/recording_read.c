/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording_read.c - a recording as a patient: its last state, its memory, its events.
 *
 * One chunk is in memory at a time. Its checksum was right, but who made it may
 * have been wrong: every length is compared with what is there.
 */
#include <stdlib.h>
#include <string.h>

#include "patient_private.h"
#include "recording_private.h"

/* ---- the state ---------------------------------------------------------------- */

static void end_words(struct dvk_snapshot *snapshot)
{
	struct dvk_dcinfo *dc = &snapshot->dc;

	dc->name[sizeof(dc->name) - 1] = '\0';
	dc->path[sizeof(dc->path) - 1] = '\0';
	for (int i = 0; i < snapshot->table_count; i++) {
		char *type = snapshot->tables[i].type;

		type[sizeof(snapshot->tables[i].type) - 1] = '\0';
	}
}

/* The chunk in memory is a snapshot's, of the right length. */
static struct dvk_snapshot *unpack_snapshot(const struct recording *recording)
{
	struct dvk_snapshot *snapshot = calloc(1, sizeof(*snapshot));
	const unsigned char *at = recording->chunk + sizeof(struct snapshot_head);
	struct snapshot_head head;
	size_t bytes;

	if (!snapshot)
		return NULL;
	memcpy(&head, recording->chunk, sizeof(head));
	bytes = (size_t)head.count * sizeof(*snapshot->procs);
	snapshot->procs = malloc(bytes + 1);
	snapshot->tables = malloc((size_t)head.table_count * sizeof(*snapshot->tables) + 1);
	if (!snapshot->procs || !snapshot->tables) {
		dvk_snapshot_free(snapshot);
		return NULL;
	}
	memcpy(snapshot->procs, at, bytes);
	memcpy(snapshot->tables, at + bytes, (size_t)head.table_count * sizeof(*snapshot->tables));
	snapshot->dc = head.dc;
	snapshot->taken_ns = head.taken_ns;
	snapshot->one_state = head.one_state;
	snapshot->lock_stuck = head.lock_stuck;
	snapshot->count = head.count;
	snapshot->table_count = head.table_count;
	end_words(snapshot);
	return snapshot;
}

/* The contents of one that is no chunk of records. */
static int fetch_other(struct recording *recording, const struct span *span)
{
	recording->place.chunk = -1;
	return recording_fetch(recording, span);
}

static int file_snapshot(void *context, struct dvk_snapshot **ret_snapshot)
{
	struct recording *recording = context;

	for (int i = recording->others.count - 1; i >= 0; i--) {
		const struct span *span = &recording->others.list[i];

		if (span->type != CHUNK_SNAPSHOT)
			continue;
		if (fetch_other(recording, span))
			return EDVSIO;
		*ret_snapshot = unpack_snapshot(recording);
		return *ret_snapshot ? 0 : EDVSNOMEM;
	}
	return EDVSNOENT;
}

/* ---- memory --------------------------------------------------------------------- */

/* The newest piece that has the address; NULL when it was not kept. */
static const struct span *piece_at(const struct recording *recording, pid_t pid, uint64_t address)
{
	for (int i = recording->others.count - 1; i >= 0; i--) {
		const struct span *span = &recording->others.list[i];

		if (span->type == CHUNK_MEMORY && span->pid == pid && address >= span->first &&
		    address < span->last)
			return span;
	}
	return NULL;
}

static int file_read(void *context, pid_t pid, uint64_t address, void *ret_data, size_t bytes)
{
	struct recording *recording = context;
	char *at = ret_data;

	while (bytes) {
		const struct span *span = piece_at(recording, pid, address);
		size_t count;

		if (!span || fetch_other(recording, span))
			return EDVSFAULT;
		count = bytes < span->last - address ? bytes : (size_t)(span->last - address);
		memcpy(at, recording->chunk + sizeof(struct memory_head) + (address - span->first),
		       count);
		at += count;
		address += count;
		bytes -= count;
	}
	return 0;
}

/* ---- events --------------------------------------------------------------------- */

/* The first chunk of records that ends at sequence or later. */
static int chunk_of(const struct recording *recording, uint64_t sequence)
{
	int low = 0, high = recording->records.count;

	while (low < high) {
		int middle = (low + high) / 2;

		if (recording->records.list[middle].last < sequence)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int open_chunk(struct recording *recording, int chunk)
{
	const struct span *span = &recording->records.list[chunk];

	recording->place.chunk = -1;
	if (recording_fetch(recording, span))
		return EDVSIO;
	recording->place = (struct place){ .chunk = chunk,
					   .at = sizeof(struct records_head),
					   .sequence = span->first - 1 };
	return 0;
}

/* Unpacks the next of the chunk in memory. 0: there is none, or it makes no sense. */
static int unpack(struct recording *recording, struct dvk_record *ret_record, int *ret_full)
{
	struct place *place = &recording->place;
	const struct span *span = &recording->records.list[place->chunk];
	const unsigned char *at = recording->chunk + place->at;
	uint32_t left = span->bytes - place->at;
	uint64_t flags, gap;
	size_t words, bytes = sizeof(ret_record->event);

	if (left < bytes)
		return 0;
	memcpy(&ret_record->event, at, bytes);
	flags = ret_record->event.sequence;
	gap = flags >> PACKED_SHIFT;
	words = (flags & PACKED_WORDS) * sizeof(uint64_t);
	if (gap >= span->last - place->sequence ||
	    left < bytes + words + (flags & PACKED_PLAIN || !(flags & PACKED_FULL) ? 0 : 8))
		return 0;
	place->sequence += gap + 1;
	ret_record->event.sequence = place->sequence;
	memset(&ret_record->m, 0, sizeof(ret_record->m));
	*ret_full = (flags & PACKED_FULL) != 0;
	if (flags & PACKED_PLAIN) {
		ret_record->m.m_source = ret_record->event.src_ep;
		ret_record->m.m_type = ret_record->event.m_type;
	} else if (*ret_full) {
		memcpy(&ret_record->m, at + bytes, 8);
		bytes += 8;
	}
	memcpy(ret_record->m.payload, at + bytes, words);
	place->at += (uint32_t)(bytes + words);
	return 1;
}

/* The next one with that sequence or a later one; 0: there is none. */
static int next_record(struct recording *recording, uint64_t sequence,
		       struct dvk_record *ret_record, int *ret_full)
{
	struct place *place = &recording->place;
	int chunk = place->chunk;

	if (chunk < 0 || place->sequence >= sequence ||
	    sequence > recording->records.list[chunk].last) {
		chunk = chunk_of(recording, sequence);
		if (chunk < recording->records.count && open_chunk(recording, chunk))
			place->chunk = -1;
	}
	while (chunk < recording->records.count) {
		while (place->chunk >= 0 && unpack(recording, ret_record, ret_full))
			if (ret_record->event.sequence >= sequence)
				return 1;
		chunk++;
		if (chunk < recording->records.count && open_chunk(recording, chunk))
			place->chunk = -1;
	}
	return 0;
}

/* What was said to be missing before sequences from..to - 1. */
static uint64_t lost_in(const struct recording *recording, uint64_t from, uint64_t to)
{
	uint64_t lost = 0;

	for (int i = 0; i < recording->others.count; i++) {
		const struct span *span = &recording->others.list[i];

		if (span->type == CHUNK_LOSS && span->first >= from && span->first < to)
			lost += span->last;
	}
	return lost;
}

/* What is asked for: full records, or the headers of all. */
struct wish {
	struct dvk_record *records; /* or NULL */
	struct dvk_event *events;
	int max;
};

static int file_take(struct recording *recording, uint64_t *sequence, const struct wish *wish,
		     uint64_t *ret_lost)
{
	uint64_t from = *sequence;
	struct dvk_record record;
	int count = 0, full;

	while (count < wish->max && next_record(recording, *sequence, &record, &full)) {
		*sequence = record.event.sequence + 1;
		if (wish->records && full)
			wish->records[count++] = record;
		else if (!wish->records)
			wish->events[count++] = record.event;
	}
	/* The end: also what is missing behind the last. */
	if (count < wish->max && *sequence <= recording->info.last + 1)
		*sequence = recording->info.last + 2;
	if (ret_lost)
		*ret_lost = lost_in(recording, from, *sequence);
	return count;
}

static int file_events(void *context, uint64_t *sequence, struct dvk_event *ret_events, int max,
		       uint64_t *ret_lost)
{
	const struct wish wish = { .events = ret_events, .max = max };

	return file_take(context, sequence, &wish, ret_lost);
}

static int file_records(void *context, uint64_t *sequence, struct dvk_record *ret_records, int max,
			uint64_t *ret_lost)
{
	const struct wish wish = { .records = ret_records, .max = max };

	return file_take(context, sequence, &wish, ret_lost);
}

/* ---- the rest --------------------------------------------------------------------- */

static int file_alive(void *context)
{
	(void)context;
	return 0;
}

static void file_close(void *context)
{
	recording_close(context);
}

static const struct patient_functions file = {
	.snapshot = file_snapshot,
	.read = file_read,
	.events = file_events,
	.records = file_records,
	.alive = file_alive,
	.close = file_close,
};

struct patient *patient_of_recording(struct recording *recording)
{
	return patient_create(&file, recording);
}

void recording_stacks(struct recording *recording,
		      void (*show)(void *context, int endpoint, const char *text), void *context)
{
	for (int i = 0; i < recording->others.count; i++) {
		const struct span *span = &recording->others.list[i];
		struct stack_head head;
		char *text;

		if (span->type != CHUNK_STACK || fetch_other(recording, span))
			continue;
		memcpy(&head, recording->chunk, sizeof(head));
		text = strndup((char *)recording->chunk + sizeof(head), span->bytes - sizeof(head));
		if (text)
			show(context, head.endpoint, text);
		free(text);
	}
}

static void show_rows(const struct recording *recording,
		      void (*show)(void *context, int endpoint, const char *name), void *context)
{
	struct dvk_snapshot *snapshot = unpack_snapshot(recording);

	for (int i = 0; snapshot && i < snapshot->count; i++) {
		char name[DVK_NAME_BYTES + 1] = "";

		memcpy(name, snapshot->procs[i].name, DVK_NAME_BYTES);
		if (name[0])
			show(context, snapshot->procs[i].endpoint, name);
	}
	dvk_snapshot_free(snapshot);
}

void recording_names(struct recording *recording,
		     void (*show)(void *context, int endpoint, const char *name), void *context)
{
	for (int i = 0; i < recording->others.count; i++) {
		const struct span *span = &recording->others.list[i];
		struct name_head head;

		if (span->type == CHUNK_SNAPSHOT && !fetch_other(recording, span))
			show_rows(recording, show, context);
		if (span->type != CHUNK_NAME || fetch_other(recording, span))
			continue;
		memcpy(&head, recording->chunk, sizeof(head));
		head.name[sizeof(head.name) - 1] = '\0';
		show(context, head.endpoint, head.name);
	}
}
