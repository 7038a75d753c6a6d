/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * create.c - making a DC: complete without a name, then linked in.
 *
 * Who is killed while making it leaves nothing behind, but where the file system has
 * no files without names: there the file has another name meanwhile.
 * Whoever opens the file finds all of it, or no file. The maker holds it until
 * its first member is attached. Memory that transitions write is allocated now,
 * so that a full disk is an error here and no fault later.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <dvk/dvk.h>

#include "engine.h"
#include "member.h"

#define OWNER_GAVE_UP (INT_MAX - 1) /* glibc's PTHREAD_MUTEX_NOTRECOVERABLE */

static void robust_mutex_init(pthread_mutex_t *mutex)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(mutex, &attributes);
	pthread_mutexattr_destroy(&attributes);
}

/*
 * Of another kind, or given up: pthread would refuse it for ever. One whose owner has
 * just died (INT_MAX, while it is buried) is as sound as any.
 */
static int is_sound(const pthread_mutex_t *mutex, const pthread_mutex_t *fresh)
{
	return mutex->__data.__kind == fresh->__data.__kind &&
	       mutex->__data.__owner != OWNER_GAVE_UP;
}

int segment_has_sound_mutexes(const struct segment *segment)
{
	pthread_mutex_t fresh;

	robust_mutex_init(&fresh);
	for (int i = 0; i < segment->nr_members; i++)
		if (!is_sound(&segment->members[i].life, &fresh))
			return 0;
	for (int i = 0; i < KEEPERS; i++)
		if (!is_sound(&segment->keepers[i].mutex, &fresh))
			return 0;
	return 1;
}

static void init_head(struct segment *segment, const struct dvk_options *options, uint64_t bytes)
{
	int nr_procs = options->nr_procs ? options->nr_procs : NR_PROCS_DEFAULT;

	segment->version = SEGMENT_VERSION;
	segment->head_bytes = sizeof(*segment);
	segment->bytes_total = bytes;
	segment->nr_procs = nr_procs;
	segment->nr_members = NR_TASKS + nr_procs + MEMBERS_EXTRA;
	segment_boot_id(segment->boot_id);
	segment->pid_namespace = segment_pid_namespace();
	segment->kept = (options->flags & DVK_KEEP) != 0;
	segment->ticks_kind = ticks_best_kind();
	segment->made = ticks_pair_now(segment->ticks_kind);
	for (int i = 0; i < KEEPERS; i++) {
		robust_mutex_init(&segment->keepers[i].mutex);
		segment->keepers[i].member = DC_NO_MEMBER;
	}
	for (int i = 0; i < segment->nr_members; i++)
		robust_mutex_init(&segment->members[i].life);
	segment->magic = SEGMENT_MAGIC;
}

static int init_state(struct mapping *mapping, const struct dvk_options *options)
{
	struct segment *segment = mapping->segment;
	struct dc_state *state = (void *)((char *)segment + SEGMENT_STATE_OFFSET);
	int rc = dc_init(&mapping->dc, state, mapping->dcid, segment->nr_procs);

	if (rc)
		return rc;
	for (int nr = -NR_TASKS; nr < segment->nr_procs; nr++)
		dc_proc(&mapping->dc, nr)->ready_next = READY_NOT;
	state->node = dvs_of(&mapping->folder).node;
	state->nr_members = segment->nr_members;
	state->strict = (options->flags & DVK_STRICT) != 0;
	state->recorder_on = !(options->flags & DVK_NO_RECORDER);
	state->owner_uid = geteuid();
	state->owner_gid = options->flags & DVK_GROUP ? options->group : getegid();
	state->created_ns = segment->made.ns;
	if (options->name)
		snprintf(state->name, sizeof(state->name), "%s", options->name);
	else
		snprintf(state->name, sizeof(state->name), "dc%d", mapping->dcid);
	state->magic = SEGMENT_MAGIC;
	state->running = 1;
	return 0;
}

/* All but the full records' ring, which is allocated when somebody traces. */
static int allocate(int fd, uint64_t bytes)
{
	uint64_t ring = SEGMENT_STATE_OFFSET + offsetof(struct dc_state, ring);
	uint64_t after = SEGMENT_STATE_OFFSET + sizeof(struct dc_state);

	if (ftruncate(fd, (off_t)bytes) != 0)
		return errno;
	if (posix_fallocate(fd, 0, (off_t)ring) != 0)
		return ENOSPC;
	return posix_fallocate(fd, (off_t)after, (off_t)(bytes - after));
}

/*
 * What is filled here is entered into our page table at once, which costs a third of
 * the faults; where Linux is too old for that, they happen.
 */
static void touch_now(void *memory, uint64_t bytes, int nr_procs)
{
	uint64_t slots = SEGMENT_STATE_OFFSET + sizeof(struct dc_state);
	uint64_t begin = slots / SEGMENT_PAGE * SEGMENT_PAGE;
	uint64_t members = offsetof(struct segment, members) +
			   (uint64_t)(NR_TASKS + nr_procs + MEMBERS_EXTRA) * sizeof(struct member);

	madvise(memory, members, MADV_POPULATE_WRITE);
	madvise((char *)memory + begin, bytes - begin, MADV_POPULATE_WRITE);
}

static int fill(struct mapping *mapping, const struct dvk_options *options)
{
	int error = allocate(mapping->fd, mapping->bytes);
	void *memory;

	if (error)
		return refuse(EDVSNOSPC, "no memory for dc%d in %s: %s", mapping->dcid,
			      mapping->folder.path, strerror(error));
	memory = mmap(NULL, mapping->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, mapping->fd, 0);
	if (memory == MAP_FAILED)
		return refuse(EDVSNOMEM, "dc%d cannot be mapped: %s", mapping->dcid,
			      strerror(errno));
	madvise(memory, mapping->bytes, MADV_DONTFORK);
	touch_now(memory, mapping->bytes, options->nr_procs ? options->nr_procs : NR_PROCS_DEFAULT);
	mapping->segment = memory;
	init_head(mapping->segment, options, mapping->bytes);
	return init_state(mapping, options);
}

/* A file that is not there for others; its name is empty if it needs none. */
static int open_apart(const struct folder *folder, char name[64])
{
	int flags = O_RDWR | O_CLOEXEC, fd = -1;

	if (access("/proc/self/fd", X_OK) == 0)
		fd = openat(folder->fd, ".", flags | O_TMPFILE, 0600);
	if (fd >= 0) {
		name[0] = '\0';
		return fd;
	}
	unlinkat(folder->fd, name, 0);
	return openat(folder->fd, name, flags | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
}

/* Before it has its name: a group's members may do with it what its owner may. */
static int share(const struct mapping *mapping, const struct dvk_options *options)
{
	if (!(options->flags & DVK_GROUP))
		return 0;
	if (fchown(mapping->fd, (uid_t)-1, options->group) == 0 && fchmod(mapping->fd, 0660) == 0)
		return 0;
	return refuse(EDVSACCES, "dc%d cannot be given to group %u: %s", mapping->dcid,
		      (unsigned int)options->group, strerror(errno));
}

/* Gives it the name that others look for. */
static int link_in(const struct mapping *mapping, const char *apart, const char *name)
{
	char path[64];
	int rc;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", mapping->fd);
	if (apart[0])
		rc = linkat(mapping->folder.fd, apart, mapping->folder.fd, name, 0);
	else
		rc = linkat(AT_FDCWD, path, mapping->folder.fd, name, AT_SYMLINK_FOLLOW);
	if (rc == 0)
		return 0;
	return errno == EEXIST ? EDVSEXIST : EDVSACCES;
}

int segment_create(int dcid, const struct folder *folder, const struct dvk_options *options,
		   struct mapping *ret_mapping)
{
	int nr_procs = options->nr_procs ? options->nr_procs : NR_PROCS_DEFAULT;
	struct mapping mapping = { .dcid = dcid, .folder = *folder };
	char name[32], apart[64];
	int rc;

	if (dc_bytes(nr_procs) == 0)
		return refuse(EDVSRANGE, "a DC cannot have %d slots", nr_procs);
	if (options->name && (!options->name[0] || strlen(options->name) >= DVK_NAME_BYTES))
		return refuse(EDVSNAMESIZE, "a DC's name has 1 to 15 bytes");
	mapping.bytes = SEGMENT_STATE_OFFSET + dc_bytes(nr_procs);
	segment_file_name(dcid, name);
	snprintf(apart, sizeof(apart), ".%s.%d.%d", name, getpid(), gettid());
	mapping.fd = open_apart(folder, apart);
	if (mapping.fd < 0)
		return refuse(EDVSACCES, "dc%d cannot be made in %s: %s", dcid, folder->path,
			      strerror(errno));
	rc = flock(mapping.fd, LOCK_EX | LOCK_NB) ? EDVSBUSY : fill(&mapping, options);
	if (rc == 0)
		rc = share(&mapping, options);
	if (rc == 0)
		rc = link_in(&mapping, apart, name);
	if (apart[0])
		unlinkat(folder->fd, apart, 0);
	if (rc == 0) {
		*ret_mapping = mapping;
		return 0;
	}
	if (mapping.segment)
		munmap(mapping.segment, mapping.bytes);
	close(mapping.fd);
	return rc;
}
