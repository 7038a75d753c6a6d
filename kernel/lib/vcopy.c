/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vcopy.c - copying between the parties of a call (M3-IPC section 9).
 *
 * The engine checks who may, and pins the parties; the bytes move without the
 * lock; then the engine hears how it went. A few bytes within a process, which are
 * in memory, move in one transition: that takes less time than to leave the lock
 * and to take it again.
 */
#include "call.h"
#include "caught.h"
#include "slot.h"

#define AT_ONCE_BYTES 256

/* Who runs the party nr, unless it is gone; under the lock. */
static void find_member(int nr, struct copy_side *side)
{
	struct segment *segment = host.mapping.segment;
	int index = dc_proc(&host.dc, nr)->member;

	if (!segment_has_member(segment, index))
		return;
	side->member = &segment->members[index];
	side->pid = side->member->pid;
	side->pinned = (dc_proc(&host.dc, nr)->rts & DVK_RTS_ONCOPY) != 0;
}

/* Does the calling thread run it? Without the lock a guess. */
static int is_here(const struct call *call, int ep)
{
	int nr = dvk_endpoint_nr(ep);

	return ep == SELF || (dc_has_nr(&host.dc, nr) &&
			      __atomic_load_n(&dc_proc(&host.dc, nr)->member, __ATOMIC_RELAXED) ==
				      call->self->seat.member);
}

/* A few bytes of one page that is in memory now: under the lock nobody waits for a disk. */
static int is_at_hand(uint64_t address, size_t bytes)
{
	char byte;

	return bytes <= AT_ONCE_BYTES && address % SEGMENT_PAGE <= SEGMENT_PAGE - bytes &&
	       !caught_copy(&byte, (const char *)(uintptr_t)address, 1);
}

static int move(const struct copy_side *src, const struct copy_side *dst, size_t bytes)
{
	if (!src->member)
		return EDVSSRCDIED;
	return dst->member ? copy_between(src, dst, bytes) : EDVSDSTDIED;
}

int dvk_vcopy(int src_ep, uint64_t src_addr, int dst_ep, uint64_t dst_addr, size_t bytes)
{
	struct copy_side src = { .address = src_addr, .died = EDVSSRCDIED };
	struct copy_side dst = { .address = dst_addr, .died = EDVSDSTDIED };
	struct engine_copy copy;
	struct call call;
	int rc = call_begin(&call), at_once;

	if (rc == CALL_DEVICE)
		return device_call(DEVICE_ENTRY(VCOPY, .src_ep = src_ep, .data = src_addr,
						.ep = dst_ep, .data2 = dst_addr, .size = bytes),
				   NULL, NULL);
	if (rc)
		return rc;
	at_once = is_here(&call, src_ep) && is_here(&call, dst_ep) && bytes &&
		  is_at_hand(src_addr, bytes) && is_at_hand(dst_addr, bytes);
	call_enter(&call);
	rc = engine_copy_begin(&host.dc, call.nr, src_ep, dst_ep, bytes, &copy);
	if (rc == DVK_DONE) {
		find_member(copy.src_nr, &src);
		find_member(copy.dst_nr, &dst);
	}
	at_once = at_once && is_here(&call, src_ep) && is_here(&call, dst_ep);
	if (rc || !at_once)
		host_leave(&host.dc, &call.self->seat);
	if (rc)
		return rc;
	rc = move(&src, &dst, bytes);
	if (!at_once)
		call_enter(&call);
	rc = engine_copy_end(&host.dc, call.nr, &copy, bytes, rc);
	host_leave(&host.dc, &call.self->seat);
	return rc;
}

int dvk_shares_memory(int ep)
{
	int nr = dvk_endpoint_nr(ep), shares = 0;
	struct copy_side side = { 0 };
	struct call call;

	if (device.open)
		return device_enter(device.fd, DEVICE_ENTRY(SHARES, .slot_nr = device_current(),
							    .ep = ep)) == 1;
	if (call_begin(&call) || !dc_has_nr(&host.dc, nr))
		return 0;
	call_enter(&call);
	if (dc_proc(&host.dc, nr)->endpoint == ep &&
	    slot_in_call_to(dc_proc(&host.dc, nr), dc_proc(&host.dc, call.nr)->endpoint)) {
		find_member(nr, &side);
		shares = side.pid == host_member(&call.self->seat)->pid;
	}
	host_leave(&host.dc, &call.self->seat);
	return shares;
}
