/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fifo.c - waking a thread that sleeps in poll or epoll.
 *
 * Each such member has a FIFO beside the segment; wakers open it on demand and
 * keep it. Both sides open it for reading and writing, so there is always a
 * reader and a write never raises SIGPIPE.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "embedded.h"

/* The FIFOs of others that this process has open. */
static struct {
	int32_t fd_plus_1; /* 0: none */
	uint32_t epoch;    /* of the member whose FIFO it is */
} opened[MEMBERS_MAX];
static pthread_mutex_t opened_lock = PTHREAD_MUTEX_INITIALIZER;

static __thread int own_fd_plus_1;

static int open_fifo(int member)
{
	char name[48];

	segment_fifo_name(host.mapping.dcid, member, name);
	return openat(host.mapping.folder.fd, name, O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
}

/*
 * Wakers that may open the segment may open the FIFO: it gets the segment's group and
 * mode, and its owner too if root makes it. One that a dead member of another user left
 * in a group's folder, where it cannot be removed, is as good.
 */
static int share(int fd)
{
	struct stat segment, fifo;

	if (fstat(host.mapping.fd, &segment) != 0 || fstat(fd, &fifo) != 0 ||
	    !S_ISFIFO(fifo.st_mode))
		return EDVSACCES;
	if (fifo.st_uid != geteuid())
		return fifo.st_gid == segment.st_gid && (fifo.st_mode & 0660) == 0660 ? 0
										      : EDVSACCES;
	if (fchmod(fd, segment.st_mode & 0660) != 0)
		return EDVSACCES;
	if (geteuid() != 0)
		segment.st_uid = fifo.st_uid;
	if (segment.st_uid == fifo.st_uid && segment.st_gid == fifo.st_gid)
		return 0;
	return fchown(fd, segment.st_uid, segment.st_gid) == 0 ? 0 : EDVSACCES;
}

int fifo_own(struct host_self *self)
{
	char name[48];
	int fd, rc;

	if (own_fd_plus_1)
		return own_fd_plus_1 - 1;
	segment_fifo_name(host.mapping.dcid, self->seat.member, name);
	unlinkat(host.mapping.folder.fd, name, 0);
	/* Said before it is there: whoever dies in between leaves no file behind. */
	__atomic_store_n(&host_member(&self->seat)->has_fifo, 1, __ATOMIC_RELEASE);
	if (mkfifoat(host.mapping.folder.fd, name, 0600) != 0 && errno != EEXIST)
		return errno == ENOSPC ? EDVSNOSPC : EDVSACCES;
	fd = open_fifo(self->seat.member);
	rc = fd >= 0 ? share(fd) : errno == EMFILE || errno == ENFILE ? EDVSMFILE : EDVSACCES;
	if (rc) {
		unlinkat(host.mapping.folder.fd, name, 0);
		if (fd >= 0)
			close(fd);
		return rc;
	}
	own_fd_plus_1 = fd + 1;
	return fd;
}

void fifo_drain(void)
{
	char bytes[256];

	while (own_fd_plus_1 && read(own_fd_plus_1 - 1, bytes, sizeof(bytes)) == sizeof(bytes))
		;
}

void fifo_close_own(struct host_self *self)
{
	char name[48];

	if (!own_fd_plus_1)
		return;
	segment_fifo_name(host.mapping.dcid, self->seat.member, name);
	/* Of a DC that was ended, the name may be another's. */
	if (host.dc.state->running)
		unlinkat(host.mapping.folder.fd, name, 0);
	close(own_fd_plus_1 - 1);
	own_fd_plus_1 = 0;
}

void fifo_wake(struct segment *segment, int member)
{
	uint32_t epoch = segment->members[member].epoch;
	ssize_t written = 0;

	pthread_mutex_lock(&opened_lock);
	if (opened[member].fd_plus_1 && opened[member].epoch != epoch) {
		close(opened[member].fd_plus_1 - 1);
		opened[member].fd_plus_1 = 0;
	}
	if (!opened[member].fd_plus_1) {
		opened[member].fd_plus_1 = open_fifo(member) + 1;
		opened[member].epoch = epoch;
	}
	/* A full FIFO is readable already, and that is all it is for. */
	if (opened[member].fd_plus_1)
		written = write(opened[member].fd_plus_1 - 1, "", 1);
	(void)written;
	pthread_mutex_unlock(&opened_lock);
}

/* Writes a number; returns the end. */
static char *put_number(char *end, int number)
{
	char digits[12];
	int count = 0;

	do
		digits[count++] = (char)('0' + number % 10);
	while (number /= 10);
	while (count)
		*end++ = digits[--count];
	return end;
}

void fifo_wake_from_handler(int member)
{
	char name[48] = "dc", *end = put_number(name + 2, host.mapping.dcid);
	ssize_t written = 0;
	int fd;

	memcpy(end, ".wake.", 6);
	*put_number(end + 6, member) = '\0';
	fd = openat(host.mapping.folder.fd, name, O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	written = write(fd, "", 1);
	(void)written;
	close(fd);
}

void fifo_forget_all(void)
{
	for (int i = 0; i < MEMBERS_MAX; i++) {
		if (opened[i].fd_plus_1)
			close(opened[i].fd_plus_1 - 1);
		opened[i].fd_plus_1 = 0;
	}
	if (own_fd_plus_1)
		close(own_fd_plus_1 - 1);
	own_fd_plus_1 = 0;
	pthread_mutex_init(&opened_lock, NULL);
}
