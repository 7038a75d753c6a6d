/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device_open.c - which host a DC is on, and entering one on the module.
 *
 * DVK_HOST says "module" or "embedded" for all DCs. Else a folder that was named means
 * the embedded host, and without one a DC that the module knows is there; a new one is
 * made there too, unless a segment of its number runs.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "device_thread.h"
#include "search.h"

static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER;

/* DVK_HOST: 1 the module, 0 the embedded host, -1 nothing was said. */
static int choice(void)
{
	const char *host = getenv("DVK_HOST");

	if (host && strcmp(host, "module") == 0)
		return 1;
	return host && strcmp(host, "embedded") == 0 ? 0 : -1;
}

int device_is_chosen(void)
{
	return choice() == 1;
}

int device_serves(const char *dir)
{
	int chosen = choice();

	if (chosen >= 0)
		return chosen;
	return !dir && access(DVK_DEVICE_PATH, R_OK | W_OK) == 0;
}

/* 1 when a segment of this number runs. */
static int is_embedded(int dcid)
{
	struct mapping mapping;
	int runs;

	if (search(dcid, NULL, 1, &mapping) != 0)
		return 0;
	runs = search_is_current(&mapping);
	segment_unmap(&mapping);
	return runs;
}

int device_has(int dcid, const struct dvk_options *options)
{
	struct dvk_dcinfo list[NR_DCS];
	int count;

	if (!device_serves(options ? options->dir : NULL))
		return 0;
	if (device_is_chosen())
		return 1;
	count = device_list(list, NR_DCS);
	for (int i = 0; i < count; i++)
		if (list[i].dcid == dcid)
			return 1;
	return options && (options->flags & DVK_CREATE) && !is_embedded(dcid);
}

int device_file(void)
{
	return open(DVK_DEVICE_PATH, O_RDWR | O_CLOEXEC);
}

int device_enter_open(int fd, int op, int dcid, const struct dvk_options *options,
		      struct dvk_device_open *ret_open)
{
	struct dvk_device_open how = { .gid = UINT32_MAX };
	struct dvk_entry entry = { .op = (uint16_t)op,
				   .slot_nr = NONE,
				   .ep = dcid,
				   .value = (int32_t)(options->flags & ~DVK_GROUP),
				   .data = dvk_address(&how) };
	int rc;

	if (options->nr_procs < 0)
		return EDVSRANGE;
	entry.size = (uint64_t)options->nr_procs;
	if (options->flags & DVK_GROUP) {
		how.mode = 0660;
		how.gid = options->group;
	}
	if (options->name && strlen(options->name) >= sizeof(how.name))
		return EDVSNAMESIZE;
	if (options->name)
		strcpy(how.name, options->name);
	rc = device_enter(fd, &entry);
	if (rc == 0 && ret_open)
		*ret_open = how;
	return rc;
}

/* Why it did not open, in words. */
static int refuse_open(int dcid, int rc)
{
	switch (rc) {
	case EDVSDCNOTRUN:
		return refuse(rc, "dc%d is not running; looked in " DVK_DEVICE_PATH, dcid);
	case EDVSACCES:
		return refuse(rc,
			      "dc%d on " DVK_DEVICE_PATH " belongs to another user, or is given to "
			      "a group that you are not in",
			      dcid);
	case EDVSBADCALL:
		return refuse(rc, DVK_DEVICE_PATH " is of another version than this library");
	default:
		return refuse(rc, "dc%d on " DVK_DEVICE_PATH ": %s", dcid, dvk_strerror(rc));
	}
}

/* In the child of a fork: the file stays its parent's. */
static void in_child(void)
{
	pthread_mutex_init(&opening, NULL);
	if (!device.open)
		return;
	close(device.fd);
	free(device.slots);
	device = (struct device){ .fd = -1, .epoch = device.epoch + 1 };
}

static void watch_forks(void)
{
	pthread_atfork(NULL, NULL, in_child);
}

static int open_locked(int dcid, const struct dvk_options *options)
{
	struct dvk_device_open how;
	int fd, rc;

	if (device.open)
		return device.dcid == dcid
			       ? 0
			       : refuse(EDVSDCRUN, "this process has dc%d open", device.dcid);
	fd = device_file();
	if (fd < 0)
		return refuse(EDVSACCES, DVK_DEVICE_PATH " cannot be opened: %m");
	rc = device_enter_open(fd, DVK_OP_OPEN, dcid, options, &how);
	if (rc) {
		close(fd);
		return refuse_open(dcid, rc);
	}
	device.slots = calloc((size_t)(NR_TASKS + how.nr_procs), sizeof(*device.slots));
	if (!device.slots) {
		close(fd);
		return EDVSNOMEM;
	}
	device.fd = fd;
	device.dcid = dcid;
	device.nr_procs = how.nr_procs;
	device.is_owner = how.is_owner;
	device.is_system = (options->flags & DVK_SYSTEM) != 0;
	device.epoch++;
	device.open = 1;
	return 0;
}

int device_open(int dcid, const struct dvk_options *options)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	static const struct dvk_options none;
	int rc;

	if (dcid < 0 || dcid >= NR_DCS)
		return refuse(EDVSBADDCID, "a DC's number is 0 to %d", NR_DCS - 1);
	pthread_once(&once, watch_forks);
	pthread_mutex_lock(&opening);
	rc = open_locked(dcid, options ? options : &none);
	pthread_mutex_unlock(&opening);
	return rc;
}

int device_close(void)
{
	int rc = EDVSDVSINIT;

	pthread_mutex_lock(&opening);
	if (device.open) {
		/* The file may be open in a child as well, so it is told. */
		rc = device_enter(device.fd, DEVICE_ENTRY(CLOSE, .slot_nr = NONE));
		close(device.fd);
		free(device.slots);
		device = (struct device){ .fd = -1, .epoch = device.epoch + 1 };
	}
	pthread_mutex_unlock(&opening);
	return rc;
}
