/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.c - whole reads and writes, locks; see file.h.
 */
#include "file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

#include <dvk/errors.h>

int file_error(int error_number)
{
	static const struct {
		int number;
		int code;
	} codes[] = {
		{ EPERM, EDVSPERM },     { ENOENT, EDVSNOENT },
		{ EACCES, EDVSACCES },   { ENOMEM, EDVSNOMEM },
		{ EFAULT, EDVSFAULT },   { EISDIR, EDVSISDIR },
		{ ENOTDIR, EDVSNOTDIR }, { EMFILE, EDVSMFILE },
		{ ENFILE, EDVSNFILE },   { EFBIG, EDVSFBIG },
		{ ENOSPC, EDVSNOSPC },   { EDQUOT, EDVSNOSPC },
		{ EROFS, EDVSROFS },     { ENAMETOOLONG, EDVSNAMETOOLONG },
		{ ELOOP, EDVSLOOP },
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].number == error_number)
			return codes[i].code;
	return EDVSIO;
}

int file_read(int fd, uint64_t offset, void *ret_data, size_t bytes)
{
	char *to = ret_data;

	while (bytes) {
		ssize_t done = pread(fd, to, bytes, (off_t)offset);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return file_error(errno);
		if (!done)
			return EDVSIO;
		to += done;
		offset += (uint64_t)done;
		bytes -= (size_t)done;
	}
	return 0;
}

int file_write(int fd, uint64_t offset, const void *data, size_t bytes)
{
	struct iovec vector = { .iov_base = (void *)(uintptr_t)data, .iov_len = bytes };

	return file_write_vectors(fd, offset, &vector, 1);
}

/* Drops done bytes from the front of the vectors; returns how many vectors are used up. */
static int advance(struct iovec *vectors, int count, size_t done)
{
	int used = 0;

	while (used < count && done >= vectors[used].iov_len)
		done -= vectors[used++].iov_len;
	if (used < count) {
		vectors[used].iov_base = (char *)vectors[used].iov_base + done;
		vectors[used].iov_len -= done;
	}
	return used;
}

int file_write_vectors(int fd, uint64_t offset, struct iovec *vectors, int count)
{
	int used = advance(vectors, count, 0);

	while (used < count) {
		int now = count - used < IOV_MAX ? count - used : IOV_MAX;
		ssize_t done = pwritev(fd, vectors + used, now, (off_t)offset);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return file_error(errno);
		if (!done)
			return EDVSIO;
		offset += (uint64_t)done;
		used += advance(vectors + used, count - used, (size_t)done);
	}
	return 0;
}

/* Who has the flock of fd's file, from /proc/locks; 0: unknown. */
static int lock_holder(int fd)
{
	FILE *locks = fopen("/proc/locks", "re");
	int holder = 0;
	char line[256];
	struct stat st;

	if (!locks)
		return 0;
	while (!holder && !fstat(fd, &st) && fgets(line, sizeof(line), locks)) {
		unsigned int major_nr, minor_nr;
		unsigned long inode;
		int pid;

		if (sscanf(line, "%*d: FLOCK ADVISORY %*s %d %x:%x:%lu", &pid, &major_nr, &minor_nr,
			   &inode) != 4)
			continue;
		if (inode == st.st_ino && major_nr == major(st.st_dev) &&
		    minor_nr == minor(st.st_dev))
			holder = pid;
	}
	fclose(locks);
	return holder;
}

int file_lock(int fd, int shared, int *ret_holder)
{
	while (flock(fd, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) < 0) {
		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK)
			return file_error(errno);
		*ret_holder = lock_holder(fd);
		return EDVSBUSY;
	}
	return 0;
}
