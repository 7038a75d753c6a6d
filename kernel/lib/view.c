/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view.c - opening a DC for looking, and asking for full records.
 *
 * A view is a member only while it must take the lock, and while it traces: then
 * the keeper takes the request back when its thread dies.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

#include "device.h"
#include "futex.h"
#include "view.h"

#define TRACE_LOCK_NS 1000000000
#define WAIT_BATCH_NS 1000000  /* events that follow the first come along */
#define WAIT_POLL_NS  10000000 /* a read-only view cannot say that it waits */

struct ticks_line view_line(const struct segment *segment)
{
	if (!segment)
		return (struct ticks_line){ .second = ticks_pair_now(TICKS_CLOCK) };
	return (struct ticks_line){ .first = segment->made,
				    .second = ticks_pair_now(segment->ticks_kind) };
}

static int open_segment(int dcid, const char *dir, int read_only, struct dvk_view *view)
{
	int rc = search(dcid, dir, read_only, &view->mapping);

	if (rc || search_is_current(&view->mapping))
		return rc;
	rc = refuse(EDVSDCNOTRUN, "dc%d in %s was left behind, its processes are all dead", dcid,
		    view->mapping.folder.path);
	segment_unmap(&view->mapping);
	return rc;
}

int dvk_view_open(int dcid, const char *dir, int read_only, struct dvk_view **ret_view)
{
	struct dvk_view *view;
	int rc;

	if (dcid < 0 || dcid >= NR_DCS)
		return refuse(EDVSBADDCID, "a DC's number is 0 to %d", NR_DCS - 1);
	view = calloc(1, sizeof(*view));
	if (!view)
		return EDVSNOMEM;
	view->tracer.member = DC_NO_MEMBER;
	if (device_has(dcid, &(struct dvk_options){ .dir = dir }))
		rc = device_view_open(dcid, read_only, view);
	else
		rc = open_segment(dcid, dir, read_only, view);
	if (rc) {
		free(view);
		return rc;
	}
	*ret_view = view;
	return 0;
}

void dvk_view_close(struct dvk_view *view)
{
	if (!view)
		return;
	if (view->on_device) {
		device_view_close(view);
	} else {
		/* The keeper would take it back as well. */
		(void)dvk_view_trace(view, 0);
		segment_unmap(&view->mapping);
	}
	free(view);
}

int dvk_view_alive(const struct dvk_view *view)
{
	if (view->on_device)
		return device_view_alive(view);
	return segment_alive(view->mapping.segment, 0);
}

static int recount_locked(struct dvk_view *view, const struct seat *seat)
{
	if (lock_take_until(seat, ticks_monotonic_ns() + TRACE_LOCK_NS))
		return EDVSTIMEDOUT;
	trace_recount(&view->mapping);
	lock_release(seat);
	return 0;
}

static int trace_on(struct dvk_view *view)
{
	uint64_t ring = SEGMENT_STATE_OFFSET + offsetof(struct dc_state, ring);
	struct dc_state *state = view->mapping.dc.state;
	int rc;

	if (posix_fallocate(view->mapping.fd, (off_t)ring, sizeof(state->ring)) != 0)
		return EDVSNOSPC;
	rc = member_attach(view->mapping.segment, MEMBER_LOOKING, 0, &view->tracer);
	if (rc)
		return rc;
	__atomic_store_n(&host_member(&view->tracer)->traces, 1, __ATOMIC_RELAXED);
	rc = recount_locked(view, &view->tracer);
	if (rc) {
		member_detach(&view->tracer);
		return rc;
	}
	view->traced_from = __atomic_load_n(&state->event_next, __ATOMIC_ACQUIRE);
	return 0;
}

static int trace_off(struct dvk_view *view)
{
	int rc;

	__atomic_store_n(&host_member(&view->tracer)->traces, 0, __ATOMIC_RELAXED);
	/* If the lock is stuck, the next recount leaves this one out. */
	rc = recount_locked(view, &view->tracer);
	member_detach(&view->tracer);
	return rc;
}

int dvk_view_trace(struct dvk_view *view, int on)
{
	int is_on = view->tracer.member != DC_NO_MEMBER;

	if (view->mapping.read_only)
		return on ? EDVSPERM : 0;
	if (view->on_device)
		return device_view_trace(view, on);
	if (is_on == (on != 0))
		return 0;
	return on ? trace_on(view) : trace_off(view);
}

static int64_t deadline_of(long ms)
{
	return ms < 0 ? INT64_MAX : ticks_monotonic_ns() + ms * 1000000LL;
}

static int events_came(struct dvk_view *view)
{
	uint64_t next = __atomic_load_n(&view->mapping.dc.state->event_next, __ATOMIC_SEQ_CST);
	int came = next != view->seen;

	view->seen = next;
	return came;
}

static void pause_until(int64_t deadline_ns, int64_t at_most_ns)
{
	int64_t left = deadline_ns - ticks_monotonic_ns();
	struct timespec pause = futex_time(left < at_most_ns ? left : at_most_ns);

	if (left > 0)
		nanosleep(&pause, NULL);
}

void dvk_view_wait(struct dvk_view *view, long ms)
{
	struct segment *segment = view->mapping.segment;
	int64_t deadline = deadline_of(ms);

	if (view->on_device) {
		device_view_wait(view, deadline);
		return;
	}
	if (events_came(view))
		return;
	if (view->mapping.read_only) {
		pause_until(deadline, WAIT_POLL_NS);
		return;
	}
	__atomic_exchange_n(&segment->armed, 1, __ATOMIC_SEQ_CST);
	if (events_came(view))
		return;
	if (futex_wait(&segment->armed, 1, deadline) != ETIMEDOUT)
		pause_until(deadline, WAIT_BATCH_NS);
}

static int is_member(struct segment *segment, pid_t pid)
{
	for (int i = 0; segment_has_member(segment, i); i++)
		if (segment->members[i].pid == pid &&
		    member_is_alive(segment, &segment->members[i]))
			return 1;
	return 0;
}

int dvk_view_read(struct dvk_view *view, pid_t pid, uint64_t address, void *ret_data, size_t bytes)
{
	struct iovec here = { .iov_base = ret_data, .iov_len = bytes };
	struct iovec there = { .iov_base = (void *)(uintptr_t)address, .iov_len = bytes };
	ssize_t got;

	if (view->on_device)
		return device_enter(view->device_fd,
				    DEVICE_ENTRY(READ, .slot_nr = NONE, .value = pid,
						 .data = dvk_address(ret_data), .data2 = address,
						 .size = bytes));
	if (!is_member(view->mapping.segment, pid))
		return EDVSSRCH;
	got = process_vm_readv(pid, &here, 1, &there, 1, 0);
	if (got < 0)
		return errno == EPERM ? EDVSPERM : errno == ESRCH ? EDVSSRCH : EDVSFAULT;
	return (size_t)got == bytes ? 0 : EDVSFAULT;
}
