/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vcopy.c - copying between the parties of a call (M3-IPC section 9).
 *
 * The engine checks who may, and pins the parties; the bytes move without the
 * lock; then the engine hears how it went.
 */
#include "call.h"
#include "slot.h"

/* Who runs a party; under the lock. */
static struct copy_side side_of(int nr, uint64_t address, int died)
{
	struct segment *segment = host.mapping.segment;
	int index = dc_proc(&host.dc, nr)->member;
	struct copy_side side = { .address = address, .died = died };

	if (!segment_has_member(segment, index))
		return side;
	side.member = &segment->members[index];
	side.pid = side.member->pid;
	side.pinned = (dc_proc(&host.dc, nr)->rts & DVK_RTS_ONCOPY) != 0;
	return side;
}

int dvk_vcopy(int src_ep, uint64_t src_addr, int dst_ep, uint64_t dst_addr, size_t bytes)
{
	struct copy_side src = { 0 }, dst = { 0 };
	struct engine_copy copy;
	struct call call;
	int rc = call_begin(&call);

	if (rc == CALL_DEVICE)
		return device_call(DEVICE_ENTRY(VCOPY, .src_ep = src_ep, .data = src_addr,
						.ep = dst_ep, .data2 = dst_addr, .size = bytes),
				   NULL, NULL);
	if (rc)
		return rc;
	call_enter(&call);
	rc = engine_copy_begin(&host.dc, call.nr, src_ep, dst_ep, bytes, &copy);
	if (rc == DVK_DONE) {
		src = side_of(copy.src_nr, src_addr, EDVSSRCDIED);
		dst = side_of(copy.dst_nr, dst_addr, EDVSDSTDIED);
	}
	host_leave(&host.dc, &call.self->seat);
	if (rc)
		return rc;
	rc = !src.member   ? EDVSSRCDIED
	     : !dst.member ? EDVSDSTDIED
			   : copy_between(&src, &dst, bytes);
	call_enter(&call);
	rc = engine_copy_end(&host.dc, call.nr, &copy, bytes, rc);
	host_leave(&host.dc, &call.self->seat);
	return rc;
}

int dvk_shares_memory(int ep)
{
	int nr = dvk_endpoint_nr(ep), shares = 0;
	const struct member *member;
	struct call call;

	if (device.open)
		return device_enter(device.fd, DEVICE_ENTRY(SHARES, .slot_nr = device_current(),
							    .ep = ep)) == 1;
	if (call_begin(&call) || !dc_has_nr(&host.dc, nr))
		return 0;
	member = host_member(&call.self->seat);
	call_enter(&call);
	if (dc_proc(&host.dc, nr)->endpoint == ep &&
	    slot_in_call_to(dc_proc(&host.dc, nr), dc_proc(&host.dc, call.nr)->endpoint))
		shares = side_of(nr, 0, 0).pid == member->pid;
	host_leave(&host.dc, &call.self->seat);
	return shares;
}
