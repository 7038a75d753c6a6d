/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording_write.c - puts a DC's events and states into a file.
 *
 * Records are packed into one buffer, which becomes a chunk when it is full or
 * something else is written; nothing is allocated for each. A chunk goes out by one
 * writev: who dies in between leaves a torn one, which readers drop.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "crc32c.h"
#include "recording.h"
#include "recording_format.h"

struct recorder {
	int fd;
	int error; /* the first one, -errno */
	uint64_t bytes;
	uint64_t lost;
	struct records_head head;
	size_t used; /* of packed */
	struct crc32c crc;
	unsigned char packed[RECORDS_BYTES + PACKED_MAX];
};

static int fail(struct recorder *recorder, int error)
{
	if (!recorder->error)
		recorder->error = error;
	return recorder->error;
}

static int write_all(struct recorder *recorder, struct iovec *parts, int count)
{
	while (count && !recorder->error) {
		ssize_t done = writev(recorder->fd, parts, count);

		if (done < 0 && errno != EINTR)
			return fail(recorder, -errno);
		if (done < 0)
			continue;
		recorder->bytes += (uint64_t)done;
		while (count && (size_t)done >= parts->iov_len) {
			done -= (ssize_t)parts->iov_len;
			parts++;
			count--;
		}
		if (count) {
			parts->iov_base = (char *)parts->iov_base + done;
			parts->iov_len -= (size_t)done;
		}
	}
	return recorder->error;
}

#define PARTS_MAX 3

/* One chunk of up to PARTS_MAX parts. */
static int write_chunk(struct recorder *recorder, enum chunk_type type, const struct iovec *parts,
		       int count)
{
	static const char fill[8];
	struct chunk_header header = { .magic = CHUNK_MAGIC, .type = (uint32_t)type };
	struct iovec all[PARTS_MAX + 2] = { { &header, sizeof(header) } };

	for (int i = 0; i < count; i++) {
		all[i + 1] = parts[i];
		header.bytes += (uint32_t)parts[i].iov_len;
	}
	header.crc = crc32c_add(&recorder->crc, 0, &header.type, 2 * sizeof(uint32_t));
	for (int i = 0; i < count; i++)
		header.crc =
			crc32c_add(&recorder->crc, header.crc, parts[i].iov_base, parts[i].iov_len);
	all[count + 1] = (struct iovec){ (void *)fill, -header.bytes & 7 };
	return write_all(recorder, all, count + 2);
}

static int flush(struct recorder *recorder)
{
	struct iovec parts[] = { { &recorder->head, sizeof(recorder->head) },
				 { recorder->packed, recorder->used } };
	int error = recorder->error;

	if (recorder->used && !error)
		error = write_chunk(recorder, CHUNK_RECORDS, parts, 2);
	recorder->used = 0;
	return error;
}

/* Everything that is no record: it comes after the records before it. */
static int put(struct recorder *recorder, enum chunk_type type, const struct iovec *parts,
	       int count)
{
	int error = flush(recorder);

	return error ? error : write_chunk(recorder, type, parts, count);
}

static int64_t clock_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int write_header(struct recorder *recorder, const struct dvk_dcinfo *dc)
{
	struct recording_header header = {
		.version = RECORDING_VERSION,
		.order = RECORDING_ORDER,
		.header_bytes = sizeof(header),
		.event_bytes = sizeof(struct dvk_event),
		.message_bytes = sizeof(message),
		.dcinfo_bytes = sizeof(struct dvk_dcinfo),
		.procinfo_bytes = sizeof(struct dvk_procinfo),
		.table_bytes = sizeof(struct dvk_table),
		.thread_bytes = sizeof(struct inspect_thread),
		.dcid = dc->dcid,
		.node = dc->node,
		.dc_created_ns = dc->created_ns,
		.monotonic_ns = clock_ns(CLOCK_MONOTONIC),
		.wall_ns = clock_ns(CLOCK_REALTIME),
	};
	struct iovec part = { &header, sizeof(header) };
	struct utsname linux_name;

	memcpy(header.magic, RECORDING_MAGIC, sizeof(header.magic));
	memcpy(header.name, dc->name, sizeof(header.name));
	if (uname(&linux_name) == 0)
		memcpy(header.release, linux_name.release,
		       strnlen(linux_name.release, sizeof(header.release) - 1));
	header.crc = crc32c_add(&recorder->crc, 0, &header, offsetof(struct recording_header, crc));
	return write_all(recorder, &part, 1);
}

int recorder_create(const char *path, const struct dvk_dcinfo *dc, struct recorder **ret_recorder)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));
	int error;

	if (!recorder)
		return -ENOMEM;
	recorder->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (recorder->fd < 0) {
		error = -errno;
		free(recorder);
		return error;
	}
	crc32c_init(&recorder->crc);
	error = write_header(recorder, dc);
	if (error) {
		close(recorder->fd);
		free(recorder);
		return error;
	}
	*ret_recorder = recorder;
	return 0;
}

int recorder_close(struct recorder *recorder)
{
	struct loss end;
	struct iovec part = { &end, sizeof(end) };
	int error;

	if (!recorder)
		return 0;
	end = (struct loss){ .sequence = recorder->head.last, .count = recorder->lost };
	error = put(recorder, CHUNK_END, &part, 1);
	if (close(recorder->fd) < 0 && !error)
		error = -errno;
	free(recorder);
	return error;
}

void recorder_remove(const char *path)
{
	struct stat status;

	if (lstat(path, &status) == 0 && S_ISREG(status.st_mode))
		unlink(path);
}

uint64_t recorder_bytes(const struct recorder *recorder)
{
	return recorder->bytes + recorder->used;
}

/* The words of the payload up to its last one that is not 0. */
static unsigned int payload_words(const message *m)
{
	uint64_t words[DVK_PAYLOAD_BYTES / 8];
	unsigned int count = DVK_PAYLOAD_BYTES / 8;

	memcpy(words, m->payload, sizeof(words));
	while (count && !words[count - 1])
		count--;
	return count;
}

static void pack(struct recorder *recorder, const struct dvk_event *event, const message *m)
{
	unsigned char *at = recorder->packed + recorder->used;
	uint64_t expected = recorder->used ? recorder->head.last + 1 : event->sequence;
	uint64_t flags = (event->sequence - expected) << PACKED_SHIFT;
	unsigned int words = m ? payload_words(m) : 0;

	if (!recorder->used)
		recorder->head = (struct records_head){ .first = event->sequence,
							.first_ns = event->time_ns };
	flags |= words | (m ? PACKED_FULL : 0);
	memcpy(at, event, sizeof(*event));
	recorder->used += sizeof(*event);
	if (m && m->m_source == event->src_ep && m->m_type == event->m_type) {
		flags |= PACKED_PLAIN;
	} else if (m) {
		memcpy(recorder->packed + recorder->used, m, 8);
		recorder->used += 8;
	}
	memcpy(at, &flags, sizeof(flags));
	if (words)
		memcpy(recorder->packed + recorder->used, m->payload, words * sizeof(uint64_t));
	recorder->used += words * sizeof(uint64_t);
	recorder->head.last = event->sequence;
	recorder->head.last_ns = event->time_ns;
	recorder->head.count++;
}

int recorder_records(struct recorder *recorder, const struct dvk_record *records, int count)
{
	for (int i = 0; i < count && !recorder->error; i++) {
		if (recorder->used >= RECORDS_BYTES)
			flush(recorder);
		if (records[i].event.sequence > recorder->head.last)
			pack(recorder, &records[i].event, &records[i].m);
	}
	return recorder->error;
}

int recorder_events(struct recorder *recorder, const struct dvk_event *events, int count)
{
	for (int i = 0; i < count && !recorder->error; i++) {
		if (recorder->used >= RECORDS_BYTES)
			flush(recorder);
		if (events[i].sequence > recorder->head.last)
			pack(recorder, &events[i], NULL);
	}
	return recorder->error;
}

int recorder_lost(struct recorder *recorder, uint64_t count)
{
	struct loss loss = { .sequence = recorder->head.last + 1, .count = count };
	struct iovec part = { &loss, sizeof(loss) };

	recorder->lost += count;
	return count ? put(recorder, CHUNK_LOSS, &part, 1) : recorder->error;
}

int recorder_snapshot(struct recorder *recorder, const struct dvk_snapshot *snapshot)
{
	struct snapshot_head head = {
		.dc = snapshot->dc,
		.taken_ns = snapshot->taken_ns,
		.one_state = snapshot->one_state,
		.lock_stuck = snapshot->lock_stuck,
		.count = snapshot->count,
		.table_count = snapshot->table_count,
	};
	struct iovec parts[] = {
		{ &head, sizeof(head) },
		{ snapshot->procs, (size_t)snapshot->count * sizeof(*snapshot->procs) },
		{ snapshot->tables, (size_t)snapshot->table_count * sizeof(*snapshot->tables) },
	};

	return put(recorder, CHUNK_SNAPSHOT, parts, 3);
}

int recorder_memory(struct recorder *recorder, pid_t pid, uint64_t address, const void *data,
		    size_t bytes)
{
	const size_t max = CHUNK_BYTES_MAX - sizeof(struct memory_head);
	int error = recorder->error;

	for (size_t at = 0; at < bytes && !error; at += max) {
		struct memory_head head = { .pid = pid, .address = address + at };
		struct iovec parts[] = {
			{ &head, sizeof(head) },
			{ (char *)data + at, bytes - at < max ? bytes - at : max },
		};

		error = put(recorder, CHUNK_MEMORY, parts, 2);
	}
	return error;
}

int recorder_thread(struct recorder *recorder, pid_t pid, pid_t tid,
		    const struct inspect_thread *thread)
{
	struct thread_head head = { .pid = pid, .tid = tid };
	struct iovec parts[] = { { &head, sizeof(head) }, { (void *)thread, sizeof(*thread) } };

	return put(recorder, CHUNK_THREAD, parts, 2);
}

int recorder_stack(struct recorder *recorder, const struct dvk_procinfo *p, const char *text)
{
	struct stack_head head = { .endpoint = p->endpoint, .pid = p->pid, .tid = p->tid };
	struct iovec parts[] = { { &head, sizeof(head) },
				 { (char *)text, strnlen(text, CHUNK_BYTES_MAX / 2) } };

	return put(recorder, CHUNK_STACK, parts, 2);
}

int recorder_name(struct recorder *recorder, int endpoint, const char *name)
{
	struct name_head head = { .endpoint = endpoint };
	struct iovec part = { &head, sizeof(head) };

	memcpy(head.name, name, strnlen(name, sizeof(head.name) - 1));
	return put(recorder, CHUNK_NAME, &part, 1);
}

int recorder_note(struct recorder *recorder, const char *text)
{
	struct iovec part = { (char *)text, strnlen(text, 1024) };

	return put(recorder, CHUNK_NOTE, &part, 1);
}
