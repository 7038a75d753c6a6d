/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording_index.c - which chunks a file has, and what is wrong with the others.
 *
 * All is read once and its checksums compared. A chunk that is wrong is left out;
 * where not even the next one can be found, reading ends there.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recording_private.h"

#define SPANS_MAX (1 << 22)

/* All bytes or nothing. */
static int read_at(const struct recording *recording, uint64_t offset, void *ret_data, size_t bytes)
{
	char *at = ret_data;

	while (bytes) {
		ssize_t got = pread(recording->fd, at, bytes, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return EDVSIO;
		at += got;
		offset += (uint64_t)got;
		bytes -= (size_t)got;
	}
	return 0;
}

static int check(const struct recording *recording, const struct chunk_header *header)
{
	uint32_t sum = crc32c_add(&recording->crc, 0, &header->type, 2 * sizeof(uint32_t));

	return crc32c_add(&recording->crc, sum, recording->chunk, header->bytes) == header->crc
		       ? 0
		       : EDVSIO;
}

int recording_fetch(struct recording *recording, const struct span *span)
{
	struct chunk_header header;
	uint64_t offset = span->offset - sizeof(header);
	int error = read_at(recording, offset, &header, sizeof(header));

	/* Somebody may have written into the file since it was opened. */
	if (error || header.bytes != span->bytes || header.type != span->type)
		return EDVSIO;
	error = read_at(recording, span->offset, recording->chunk, span->bytes);
	return error ? error : check(recording, &header);
}

static int add(struct spans *spans, const struct span *span)
{
	if (spans->count == spans->room) {
		int room = spans->room ? 2 * spans->room : 64;
		struct span *list = room > SPANS_MAX
					    ? NULL
					    : realloc(spans->list, (size_t)room * sizeof(*list));

		if (!list)
			return EDVSNOMEM;
		spans->list = list;
		spans->room = room;
	}
	spans->list[spans->count++] = *span;
	return 0;
}

static int add_records(struct recording *recording, struct span *span)
{
	struct recording_info *info = &recording->info;
	struct records_head head;
	uint64_t flags = 0;

	if (span->bytes < sizeof(head))
		return EDVSIO;
	memcpy(&head, recording->chunk, sizeof(head));
	if (!head.first || head.last < head.first || head.first <= info->last || !head.count ||
	    head.count > head.last - head.first + 1 ||
	    head.count > span->bytes / sizeof(struct dvk_event))
		return EDVSIO;
	if (!info->first) {
		info->first = head.first;
		info->first_ns = head.first_ns;
	}
	if (span->bytes >= sizeof(head) + sizeof(flags))
		memcpy(&flags, recording->chunk + sizeof(head), sizeof(flags));
	info->has_messages |= (flags & PACKED_FULL) != 0;
	info->last = head.last;
	info->last_ns = head.last_ns;
	info->events += head.count;
	span->first = head.first;
	span->last = head.last;
	return add(&recording->records, span);
}

static int add_memory(struct recording *recording, struct span *span)
{
	struct memory_head head;

	if (span->bytes < sizeof(head))
		return EDVSIO;
	memcpy(&head, recording->chunk, sizeof(head));
	if (__builtin_add_overflow(head.address, span->bytes - sizeof(head), &span->last))
		return EDVSIO;
	span->pid = head.pid;
	span->first = head.address;
	return add(&recording->others, span);
}

static int add_loss(struct recording *recording, struct span *span)
{
	struct loss loss;

	if (span->bytes != sizeof(loss))
		return EDVSIO;
	memcpy(&loss, recording->chunk, sizeof(loss));
	span->first = loss.sequence;
	span->last = loss.count;
	if (span->type == CHUNK_END)
		recording->info.is_complete = 1;
	else
		recording->info.lost += loss.count;
	return add(&recording->others, span);
}

static int add_snapshot(struct recording *recording, struct span *span)
{
	struct snapshot_head head;
	uint64_t bytes = sizeof(head);

	if (span->bytes < sizeof(head))
		return EDVSIO;
	memcpy(&head, recording->chunk, sizeof(head));
	if (head.count < 0 || head.table_count < 0 || head.count > NR_TASKS + NR_PROCS_MAX ||
	    head.table_count > DVK_TABLES)
		return EDVSIO;
	bytes += (uint64_t)head.count * sizeof(struct dvk_procinfo) +
		 (uint64_t)head.table_count * sizeof(struct dvk_table);
	if (bytes != span->bytes)
		return EDVSIO;
	recording->info.snapshots++;
	return add(&recording->others, span);
}

static void keep_note(struct recording *recording, const struct span *span)
{
	struct recording_info *info = &recording->info;
	size_t bytes = span->bytes < sizeof(info->note) ? span->bytes : sizeof(info->note) - 1;

	memcpy(info->note, recording->chunk, bytes);
	info->note[bytes] = '\0';
	for (char *at = info->note; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 127)
			*at = '?';
}

/* What is of a kind that a later version may have is left out in silence. */
static int add_chunk(struct recording *recording, struct span *span)
{
	switch ((enum chunk_type)span->type) {
	case CHUNK_RECORDS:
		return add_records(recording, span);
	case CHUNK_SNAPSHOT:
		return add_snapshot(recording, span);
	case CHUNK_MEMORY:
		return add_memory(recording, span);
	case CHUNK_THREAD:
		return span->bytes == sizeof(struct thread_head) + sizeof(struct inspect_thread)
			       ? add(&recording->others, span)
			       : EDVSIO;
	case CHUNK_STACK:
		if (span->bytes < sizeof(struct stack_head))
			return EDVSIO;
		recording->info.stacks++;
		return add(&recording->others, span);
	case CHUNK_LOSS:
	case CHUNK_END:
		return add_loss(recording, span);
	case CHUNK_NAME:
		return span->bytes == sizeof(struct name_head) ? add(&recording->others, span)
							       : EDVSIO;
	case CHUNK_NOTE:
		keep_note(recording, span);
		return 0;
	}
	return 0;
}

static void say_torn(struct recording *recording, uint64_t offset)
{
	snprintf(recording->problem, sizeof(recording->problem),
		 "its last part, from byte %llu on, is not whole and was left out",
		 (unsigned long long)offset);
}

/* 1: there is a chunk at offset, checked or counted as damaged. 0: reading ends here. */
static int take(struct recording *recording, uint64_t *offset, int *ret_error)
{
	uint64_t left = recording->file_bytes - *offset;
	struct chunk_header header;
	struct span span;

	if (left < sizeof(header) || read_at(recording, *offset, &header, sizeof(header))) {
		say_torn(recording, *offset);
		return 0;
	}
	if (header.magic != CHUNK_MAGIC || header.bytes > CHUNK_BYTES_MAX) {
		snprintf(recording->problem, sizeof(recording->problem),
			 "it is damaged at byte %llu: what follows was left out",
			 (unsigned long long)*offset);
		return 0;
	}
	span = (struct span){ .offset = *offset + sizeof(header),
			      .bytes = header.bytes,
			      .type = header.type };
	if (left - sizeof(header) < header.bytes ||
	    read_at(recording, span.offset, recording->chunk, header.bytes)) {
		say_torn(recording, *offset);
		return 0;
	}
	*offset = span.offset + ((header.bytes + 7ull) & ~7ull);
	*ret_error = check(recording, &header);
	if (!*ret_error)
		*ret_error = add_chunk(recording, &span);
	return *ret_error != EDVSNOMEM;
}

int recording_index(struct recording *recording)
{
	uint64_t offset = recording->header.header_bytes;
	int error = 0;

	while (offset < recording->file_bytes && take(recording, &offset, &error)) {
		if (error)
			recording->damaged++;
		error = 0;
	}
	if (recording->damaged && !recording->problem[0])
		snprintf(recording->problem, sizeof(recording->problem),
			 "%d of its parts %s damaged and left out", recording->damaged,
			 recording->damaged == 1 ? "is" : "are");
	return error;
}
