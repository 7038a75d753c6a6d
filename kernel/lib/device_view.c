/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device_view.c - looking at a DC on the module.
 *
 * The module makes a snapshot under its lock, which nobody can stop inside of, so it
 * is one state. Who may have the whole state (its owner) reads events from a mapping,
 * as on the embedded host.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "view.h"

#define ROWS_SPARE 16 /* that may be bound meanwhile */
#define ROWS_TRIES 8

static int map_state(struct dvk_view *view, const struct dvk_device_open *how)
{
	void *memory;

	if (!how->is_owner)
		return 0;
	memory =
		mmap(NULL, how->state_bytes, PROT_READ, MAP_SHARED, view->device_fd, DVK_MAP_STATE);
	if (memory == MAP_FAILED)
		return EDVSNOMEM;
	view->mapping.bytes = how->state_bytes;
	if (dc_attach(&view->mapping.dc, memory, how->state_bytes) == 0)
		return 0;
	munmap(memory, how->state_bytes);
	return EDVSBADVALUE;
}

int device_view_open(int dcid, int read_only, struct dvk_view *view)
{
	struct dvk_options look = { .flags = DVK_DEVICE_LOOK };
	struct dvk_device_open how;
	int rc = EDVSACCES;

	view->on_device = 1;
	view->mapping.dcid = dcid;
	view->mapping.read_only = read_only;
	view->device_fd = device_file();
	if (view->device_fd < 0)
		return refuse(rc, DVK_DEVICE_PATH " cannot be opened: %m");
	rc = device_enter_open(view->device_fd, DVK_OP_OPEN, dcid, &look, &how);
	if (rc == 0)
		rc = map_state(view, &how);
	if (rc == 0)
		return 0;
	close(view->device_fd);
	return refuse(rc, "dc%d on " DVK_DEVICE_PATH ": %s", dcid, dvk_strerror(rc));
}

void device_view_close(struct dvk_view *view)
{
	if (view->mapping.dc.state)
		munmap(view->mapping.dc.state, view->mapping.bytes);
	/* Its full records are no longer asked for. */
	close(view->device_fd);
}

/* Room for so many slots; what was there is freed. */
static int make_rows(struct dvk_snapshot *snapshot, uint32_t rows)
{
	free(snapshot->procs);
	snapshot->procs = calloc(rows, sizeof(*snapshot->procs));
	return snapshot->procs ? 0 : EDVSNOMEM;
}

int device_view_snapshot(const struct dvk_view *view, struct dvk_snapshot *snapshot)
{
	struct dvk_device_snapshot wanted = { .bound = 64 };
	struct dvk_entry entry;
	int rc = EDVSMSGSIZE;

	for (int i = 0; i < ROWS_TRIES && rc == EDVSMSGSIZE; i++) {
		wanted.rows = wanted.bound + ROWS_SPARE;
		rc = make_rows(snapshot, wanted.rows);
		if (rc)
			return rc;
		wanted.procs = dvk_address(snapshot->procs);
		wanted.tables = dvk_address(snapshot->tables);
		wanted.table_rows = DVK_TABLES;
		entry = *DEVICE_ENTRY(SNAPSHOT, .slot_nr = NONE, .data = dvk_address(&wanted));
		rc = device_enter(view->device_fd, &entry);
	}
	if (rc)
		return rc;
	snapshot->count = (int)wanted.rows;
	snapshot->table_count = (int)wanted.table_rows;
	snapshot->taken_ns = wanted.taken_ns;
	snapshot->dc = wanted.dc;
	snapshot->one_state = 1;
	return 0;
}

int device_list(struct dvk_dcinfo *ret_list, int max)
{
	int fd = device_file(), count;

	if (fd < 0)
		return 0;
	count = device_enter(fd, DEVICE_ENTRY(LIST, .slot_nr = NONE, .data = dvk_address(ret_list),
					      .size = (uint64_t)max));
	close(fd);
	return count < 0 ? 0 : count;
}

int device_view_alive(const struct dvk_view *view)
{
	struct dvk_dcinfo list[NR_DCS];
	int count = device_list(list, NR_DCS);

	for (int i = 0; i < count; i++)
		if (list[i].dcid == view->mapping.dcid)
			return list[i].members > 0;
	return 0;
}

void device_view_wait(struct dvk_view *view, int64_t deadline_ns)
{
	struct dvk_entry entry = { .op = DVK_OP_EVENTS_WAIT,
				   .slot_nr = NONE,
				   .deadline_ns = deadline_ns,
				   .call = view->seen };

	/* An early end by a signal is as good. */
	if (device_enter(view->device_fd, &entry) == 0)
		view->seen = entry.call;
}

int device_view_trace(struct dvk_view *view, int on)
{
	struct dvk_entry entry = { .op = DVK_OP_TRACE, .slot_nr = NONE, .value = on != 0 };
	int rc;

	if (!view->mapping.dc.state)
		return on ? EDVSPERM : 0;
	rc = device_enter(view->device_fd, &entry);
	if (rc == 0 && on)
		view->traced_from =
			__atomic_load_n(&view->mapping.dc.state->event_next, __ATOMIC_ACQUIRE);
	return rc;
}
