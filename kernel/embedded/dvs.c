/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dvs.c - the parameters of this node, in the file "dvs" of the folder of its DCs.
 *
 * A line of text: "dvs VERSION NODE NAME". It is replaced as a whole; what is no
 * such line counts as none.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "segment.h"

#define DVS_FILE    "dvs"
#define DVS_NEW     ".dvs.new"
#define DVS_VERSION 1

struct dvs dvs_of(const struct folder *folder)
{
	struct dvs dvs = { .initialised = 1 };
	int fd = openat(folder->fd, DVS_FILE, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	char line[64] = "";
	int version = 0;
	ssize_t got;

	if (fd < 0)
		return (struct dvs){ 0 };
	got = read(fd, line, sizeof(line) - 1);
	close(fd);
	if (got <= 0 || sscanf(line, "dvs %d %d %15s", &version, &dvs.node, dvs.name) < 2 ||
	    version != DVS_VERSION || dvs.node < 0 || dvs.node >= NR_NODES)
		return (struct dvs){ 0 };
	return dvs;
}

int dvs_set(const struct folder *folder, const struct dvs *dvs)
{
	char line[64];
	int fd, bytes, written;

	if (!dvs)
		return unlinkat(folder->fd, DVS_FILE, 0) == 0 ? 0
		       : errno == ENOENT                      ? EDVSDVSINIT
							      : EDVSACCES;
	bytes = snprintf(line, sizeof(line), "dvs %d %d %s\n", DVS_VERSION, dvs->node, dvs->name);
	unlinkat(folder->fd, DVS_NEW, 0);
	/* Who may enter the folder may know it. */
	fd = openat(folder->fd, DVS_NEW, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    0644);
	if (fd < 0)
		return EDVSACCES;
	written = write(fd, line, (size_t)bytes) == bytes;
	close(fd);
	if (!written || renameat(folder->fd, DVS_NEW, folder->fd, DVS_FILE) != 0) {
		unlinkat(folder->fd, DVS_NEW, 0);
		return EDVSNOSPC;
	}
	return 0;
}
