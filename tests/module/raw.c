/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * raw.c - one system call each, and what the cases share.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi.h"

#define PAGES  16
#define SPARES 64

/* Files that a child opened while it was still root: the device may be root's only. */
static int spares[SPARES], spare_count;

int raw_file(void)
{
	int fd = spare_count ? spares[--spare_count] : open(DVK_DEVICE_PATH, O_RDWR | O_CLOEXEC);

	if (fd < 0) {
		printf("Bail out! %s: %s\n", DVK_DEVICE_PATH, strerror(errno));
		exit(1);
	}
	return fd;
}

int raw_enter(int fd, struct dvk_entry *entry)
{
	entry->bytes = sizeof(*entry);
	entry->version = DVK_DEVICE_VERSION;
	return ioctl(fd, DVK_IOC_ENTRY, entry) ? ABI_FAILED - errno : entry->result;
}

int raw_open(int fd, int dcid, unsigned int flags, struct dvk_device_open *ret_how)
{
	struct dvk_device_open how = { .gid = UINT32_MAX, .mode = 0666 };
	int rc = RAW(fd, OPEN, .ep = dcid, .value = (int)flags, .data = dvk_address(&how));

	if (rc == 0 && ret_how)
		*ret_how = how;
	return rc;
}

int raw_bind(int fd, int nr, const char *name)
{
	struct dvk_device_names names = { .muk = "" };
	struct dvk_entry entry = {
		.op = DVK_OP_BIND, .slot_nr = NONE, .ep = nr, .data = dvk_address(&names)
	};
	int rc;

	snprintf(names.name, sizeof(names.name), "%s", name);
	rc = raw_enter(fd, &entry);
	return rc ? rc : entry.ep;
}

int raw_at_dc(void)
{
	int fd = raw_file();

	if (raw_open(fd, ABI_DCID, DVK_CREATE, NULL) == 0)
		return fd;
	printf("Bail out! no DC\n");
	exit(1);
}

int raw_bound(int nr, int *ret_endpoint)
{
	int fd = raw_at_dc();

	*ret_endpoint = raw_bind(fd, nr, "abi");
	return fd;
}

static int become(unsigned int uid)
{
	while (spare_count < SPARES) {
		spares[spare_count] = open(DVK_DEVICE_PATH, O_RDWR | O_CLOEXEC);
		if (spares[spare_count++] < 0)
			return -1;
	}
	return setgid(uid) != 0 || setuid(uid) != 0;
}

int raw_in_child(int (*run)(void), unsigned int uid)
{
	int pipes[2], result = -1;
	pid_t pid;

	if (pipe(pipes) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		if (uid && become(uid) != 0)
			_exit(1);
		result = run();
		_exit(write(pipes[1], &result, sizeof(result)) != sizeof(result));
	}
	close(pipes[1]);
	if (read(pipes[0], &result, sizeof(result)) != sizeof(result))
		result = -1;
	close(pipes[0]);
	waitpid(pid, NULL, 0);
	return result;
}

static void *pages(int protection)
{
	size_t bytes = PAGES * (size_t)sysconf(_SC_PAGESIZE);

	return mmap(NULL, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

void *raw_unmapped(void)
{
	void *memory = pages(PROT_READ);

	munmap(memory, PAGES * (size_t)sysconf(_SC_PAGESIZE));
	return memory;
}

void *raw_read_only(void)
{
	return pages(PROT_READ);
}
