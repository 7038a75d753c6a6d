/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording_open.c - opens a recording, and says what it is.
 *
 * It is read by pread and not mapped: a file that somebody cuts short meanwhile
 * must not end its reader, and ten million events must not stay in its memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "index.h"
#include "recording_private.h"

static const char *header_problem(const struct recording *recording)
{
	const struct recording_header *header = &recording->header;
	uint32_t sum =
		crc32c_add(&recording->crc, 0, header, offsetof(struct recording_header, crc));

	if (memcmp(header->magic, RECORDING_MAGIC, sizeof(header->magic)) != 0)
		return "is no recording of mukshell";
	if (header->order != RECORDING_ORDER)
		return "was written on a machine with another order of bytes";
	if (header->version != RECORDING_VERSION || header->header_bytes != sizeof(*header))
		return NULL; /* says more */
	if (header->crc != sum)
		return "is damaged: its header has another checksum";
	if (header->event_bytes != sizeof(struct dvk_event) ||
	    header->message_bytes != sizeof(message) ||
	    header->dcinfo_bytes != sizeof(struct dvk_dcinfo) ||
	    header->procinfo_bytes != sizeof(struct dvk_procinfo) ||
	    header->table_bytes != sizeof(struct dvk_table) ||
	    header->thread_bytes != sizeof(struct inspect_thread))
		return "was written by a mukshell with other structures";
	return "";
}

static int check_header(struct recording *recording, struct text *reason)
{
	ssize_t got = pread(recording->fd, &recording->header, sizeof(recording->header), 0);
	const char *problem;

	if (got < 0) {
		text_add(reason, "%s: %s", recording->path, strerror(errno));
		return EDVSBADVALUE;
	}
	if ((size_t)got < sizeof(recording->header)) {
		text_add(reason, "%s is no recording of mukshell: it has %zd bytes",
			 recording->path, got);
		return EDVSBADVALUE;
	}
	problem = header_problem(recording);
	if (problem && !problem[0])
		return 0;
	text_add(reason, "%s ", recording->path);
	if (problem)
		text_add(reason, "%s", problem);
	else
		text_add(reason, "is of version %u, and this mukshell reads version %d",
			 recording->header.version, RECORDING_VERSION);
	return EDVSBADVALUE;
}

static void thread_of(void *context, pid_t pid, pid_t tid, struct inspect_thread *ret_thread)
{
	struct recording *recording = context;

	for (int i = 0; i < recording->others.count; i++) {
		const struct span *span = &recording->others.list[i];
		struct thread_head head;

		if (span->type != CHUNK_THREAD || recording_fetch(recording, span))
			continue;
		recording->place.chunk = -1;
		memcpy(&head, recording->chunk, sizeof(head));
		if (head.pid != pid || head.tid != tid)
			continue;
		memcpy(ret_thread, recording->chunk + sizeof(head), sizeof(*ret_thread));
		ret_thread->call[sizeof(ret_thread->call) - 1] = '\0';
		ret_thread->file[sizeof(ret_thread->file) - 1] = '\0';
		ret_thread->wchan[sizeof(ret_thread->wchan) - 1] = '\0';
		return;
	}
}

/* What the header says, for everybody who asks. */
static void fill_info(struct recording *recording)
{
	const struct recording_header *header = &recording->header;
	struct recording_info *info = &recording->info;

	info->dcid = header->dcid;
	info->node = header->node;
	info->made_ns = header->wall_ns;
	inspect_word(header->name, info->name);
	recording->host = (struct inspect_host){
		.thread = thread_of,
		.context = recording,
	};
	if (__builtin_sub_overflow(header->wall_ns, header->monotonic_ns,
				   &recording->host.wall_offset_ns))
		recording->host.wall_offset_ns = 0;
}

static int open_file(struct recording *recording, struct text *reason)
{
	struct stat status;

	/* O_NONBLOCK: a FIFO must not keep us waiting. */
	recording->fd = open(recording->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (recording->fd < 0 || fstat(recording->fd, &status) < 0) {
		text_add(reason, "%s: %s", recording->path, strerror(errno));
		return EDVSNOENT;
	}
	if (!S_ISREG(status.st_mode)) {
		text_add(reason, "%s is no regular file", recording->path);
		return EDVSBADVALUE;
	}
	recording->file_bytes = (uint64_t)status.st_size;
	/* No chunk is longer than the file. */
	recording->chunk =
		malloc(recording->file_bytes < CHUNK_BYTES_MAX ? (size_t)recording->file_bytes + 1
							       : CHUNK_BYTES_MAX);
	if (!recording->chunk)
		return EDVSNOMEM;
	return check_header(recording, reason);
}

int recording_open(const char *path, struct recording **ret_recording, struct text *ret_reason)
{
	struct recording *recording = calloc(1, sizeof(*recording));
	int error;

	if (!recording)
		return EDVSNOMEM;
	recording->place.chunk = -1;
	recording->fd = -1;
	snprintf(recording->path, sizeof(recording->path), "%s", path);
	crc32c_init(&recording->crc);
	error = open_file(recording, ret_reason);
	if (!error) {
		fill_info(recording);
		error = recording_index(recording);
	}
	if (error) {
		if (error == EDVSNOMEM)
			text_add(ret_reason, "%s: not enough memory", path);
		recording_close(recording);
		return error;
	}
	*ret_recording = recording;
	return 0;
}

void recording_close(struct recording *recording)
{
	if (!recording)
		return;
	if (recording->fd >= 0)
		close(recording->fd);
	if (inspect_host() == &recording->host)
		inspect_host_use(NULL);
	free(recording->records.list);
	free(recording->others.list);
	free(recording->chunk);
	free(recording);
}

void recording_info(const struct recording *recording, struct recording_info *ret_info)
{
	*ret_info = recording->info;
}

int recording_dcid(const struct recording *recording)
{
	return recording->info.dcid;
}

const char *recording_problem(const struct recording *recording)
{
	return recording->problem;
}

const struct inspect_host *recording_host(const struct recording *recording)
{
	return &recording->host;
}

void recording_words(const struct recording *recording, struct text *out)
{
	const struct recording_info *info = &recording->info;
	time_t seconds = (time_t)(info->made_ns / 1000000000);
	char made[32] = "an unknown time";
	struct tm tm;

	if (info->made_ns > 0 && localtime_r(&seconds, &tm))
		strftime(made, sizeof(made), "%Y-%m-%d %H:%M:%S", &tm);
	text_add(out, "%s: dc%d (%s) at %s, %" PRIu64 " events", recording->path, info->dcid,
		 info->name, made, info->events);
	if (info->last_ns > info->first_ns) {
		text_add(out, " in ");
		text_add_duration(out, info->last_ns - info->first_ns);
	}
	if (info->lost)
		text_add(out, ", %" PRIu64 " lost", info->lost);
	if (!info->snapshots)
		text_add(out, ", no state");
	if (info->note[0])
		text_add(out, "; %s", info->note);
	if (recording->problem[0])
		text_add(out, "; %s", recording->problem);
	if (!info->is_complete)
		text_add(out, "; its writer did not end it");
}
