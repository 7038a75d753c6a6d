/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * segment.c - mapping a DC's file, believing nothing of it.
 *
 * Every size is compared with what this library would have made, and with the
 * file's own, before a byte beyond the header is read.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine.h"
#include "member.h"

#define HOLD_TRIES 2000 /* of 1 ms */

void segment_file_name(int dcid, char ret_name[32])
{
	snprintf(ret_name, 32, "dc%d", dcid);
}

void segment_fifo_name(int dcid, int member, char ret_name[48])
{
	snprintf(ret_name, 48, "dc%d.wake.%d", dcid, member);
}

void segment_boot_id(char ret_id[40])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? 0 : read(fd, ret_id, 36);

	memset(ret_id + (got > 0 ? got : 0), 0, 40 - (size_t)(got > 0 ? got : 0));
	if (fd >= 0)
		close(fd);
}

uint64_t segment_pid_namespace(void)
{
	struct stat status;

	return stat("/proc/self/ns/pid", &status) == 0 ? status.st_ino : 0;
}

int segment_of_this_boot(const struct segment *segment)
{
	char boot_id[40];

	segment_boot_id(boot_id);
	return memcmp(boot_id, segment->boot_id, sizeof(boot_id)) == 0;
}

/* The header against what this library makes. */
static int check_header(const struct mapping *mapping, const char *path)
{
	const struct segment *segment = mapping->segment;
	uint64_t state_bytes = dc_bytes(segment->nr_procs);

	if (segment->magic != SEGMENT_MAGIC)
		return refuse(EDVSBADVALUE, "%s is not a DC's segment", path);
	if (segment->version != SEGMENT_VERSION || segment->head_bytes != sizeof(*segment))
		return refuse(EDVSBADVALUE, "%s is of version %u, this program needs %u", path,
			      segment->version, SEGMENT_VERSION);
	if (state_bytes != 0 && segment->bytes_total == mapping->bytes &&
	    segment->bytes_total != SEGMENT_STATE_OFFSET + state_bytes)
		return refuse(EDVSBADVALUE, "%s was made by another build of libdvk", path);
	if (state_bytes == 0 || segment->bytes_total != SEGMENT_STATE_OFFSET + state_bytes ||
	    segment->bytes_total > mapping->bytes || segment->nr_members < 1 ||
	    segment->nr_members > MEMBERS_MAX)
		return refuse(EDVSBADVALUE, "%s has been cut short or damaged", path);
	if (segment_of_this_boot(segment) && segment->pid_namespace != segment_pid_namespace())
		return refuse(EDVSBADPID, "%s belongs to another PID namespace", path);
	return 0;
}

static int map_file(struct mapping *mapping, const char *path)
{
	int protection = mapping->read_only ? PROT_READ : PROT_READ | PROT_WRITE;
	struct stat status;

	if (fstat(mapping->fd, &status) != 0 || !S_ISREG(status.st_mode))
		return refuse(EDVSBADVALUE, "%s is not a file", path);
	if ((uint64_t)status.st_size < SEGMENT_STATE_OFFSET + sizeof(struct dc_state))
		return refuse(EDVSBADVALUE, "%s is too short for a DC's segment", path);
	mapping->bytes = (uint64_t)status.st_size;
	mapping->segment = mmap(NULL, mapping->bytes, protection, MAP_SHARED, mapping->fd, 0);
	if (mapping->segment == MAP_FAILED)
		return refuse(EDVSNOMEM, "%s cannot be mapped: %s", path, strerror(errno));
	/* A child of fork is no member, and must not look like one. */
	madvise(mapping->segment, mapping->bytes, MADV_DONTFORK);
	return 0;
}

static int open_file(struct mapping *mapping, const char *name, const char *path)
{
	int mode = mapping->read_only ? O_RDONLY : O_RDWR;

	mapping->fd = openat(mapping->folder.fd, name, mode | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (mapping->fd >= 0)
		return 0;
	if (errno == ENOENT)
		return refuse(EDVSDCNOTRUN, "%s does not exist", path);
	return refuse(errno == EACCES || errno == EPERM ? EDVSACCES : EDVSBADVALUE,
		      "%s cannot be opened: %s", path, strerror(errno));
}

int segment_map(int dcid, const struct folder *folder, int read_only, struct mapping *ret_mapping)
{
	struct mapping mapping = { .dcid = dcid, .read_only = read_only, .folder = *folder };
	char name[32], path[300];
	int rc;

	segment_file_name(dcid, name);
	snprintf(path, sizeof(path), "%s/%s", folder->path, name);
	rc = open_file(&mapping, name, path);
	if (rc)
		return rc;
	rc = map_file(&mapping, path);
	if (rc)
		goto close_file;
	rc = check_header(&mapping, path);
	if (rc)
		goto unmap;
	rc = dc_attach(&mapping.dc, (char *)mapping.segment + SEGMENT_STATE_OFFSET,
		       mapping.bytes - SEGMENT_STATE_OFFSET);
	if (rc || mapping.dc.nr_procs != mapping.segment->nr_procs ||
	    !segment_has_sound_mutexes(mapping.segment)) {
		rc = refuse(EDVSBADVALUE, "%s is damaged", path);
		goto unmap;
	}
	*ret_mapping = mapping;
	return 0;
unmap:
	munmap(mapping.segment, mapping.bytes);
close_file:
	close(mapping.fd);
	return rc;
}

void segment_unmap(struct mapping *mapping)
{
	munmap(mapping->segment, mapping->bytes);
	close(mapping->fd);
	folder_close(&mapping->folder);
	mapping->segment = NULL;
	mapping->fd = -1;
}

int segment_hold(const struct mapping *mapping)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	struct stat status;
	int tries = 0;

	while (flock(mapping->fd, LOCK_EX | LOCK_NB) != 0) {
		if (++tries == HOLD_TRIES)
			return refuse(EDVSBUSY,
				      "dc%d is being opened or closed by a process that "
				      "does not come to an end",
				      mapping->dcid);
		nanosleep(&pause, NULL);
	}
	if (fstat(mapping->fd, &status) == 0 && status.st_nlink > 0)
		return 0;
	flock(mapping->fd, LOCK_UN);
	return refuse(EDVSDCNOTRUN, "dc%d was just removed", mapping->dcid);
}

void segment_release(const struct mapping *mapping)
{
	flock(mapping->fd, LOCK_UN);
}

int segment_alive(struct segment *segment, int except_pid)
{
	for (int i = 0; segment_has_member(segment, i); i++) {
		struct member *member = &segment->members[i];

		if (__atomic_load_n(&member->state, __ATOMIC_ACQUIRE) == MEMBER_ATTACHED &&
		    member_is_alive(segment, member) && member->pid != except_pid)
			return 1;
	}
	return 0;
}

/* The file of that name is still the one that is mapped. */
static int is_named(const struct mapping *mapping, const char *name)
{
	struct stat ours, named;

	return fstat(mapping->fd, &ours) == 0 &&
	       fstatat(mapping->folder.fd, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	       ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

int segment_remove(struct mapping *mapping)
{
	char name[32], prefix[48];
	struct dirent *entry;
	DIR *listing;
	int fd;

	segment_file_name(mapping->dcid, name);
	if (!is_named(mapping, name))
		return 0;
	if (unlinkat(mapping->folder.fd, name, 0) != 0 && errno != ENOENT)
		return EDVSACCES;
	snprintf(prefix, sizeof(prefix), "%s.wake.", name);
	fd = openat(mapping->folder.fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	listing = fd < 0 ? NULL : fdopendir(fd);
	if (!listing) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while ((entry = readdir(listing)))
		if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
			unlinkat(mapping->folder.fd, entry->d_name, 0);
	closedir(listing);
	return 0;
}
