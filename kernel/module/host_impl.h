/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host_impl.h - the kernel as the engine sees it (engine/host.h).
 *
 * No transition is ever cut here, so nothing is kept for undoing it. That a word is
 * about to change says which slot's public row is to be written at the commit.
 */
#ifndef MODULE_HOST_IMPL_H
#define MODULE_HOST_IMPL_H

#include <linux/bitmap.h>
#include <linux/ktime.h>
#include <linux/timekeeping.h>
#include <string.h>

#include "dc.h"

/* Slots that one transition wakes or changes, as far as they fit; an exit may touch all. */
#define HOST_WAKES   32
#define HOST_CHANGED 32
#define HOST_SLOTS   (NR_TASKS + NR_PROCS_MAX)

struct host_wakened {
	int32_t nr;
	int32_t handover;
};

/* What the transition under way has done; under the DC's lock, empty between transitions. */
struct host_frame {
	int wake_count;
	int wake_overflow; /* 1: more than fit; all slots are looked through */
	int rest_changed;  /* 1: rows are written whole */
	int changed_count; /* more than HOST_CHANGED: the bits alone say which */
	int16_t changed[HOST_CHANGED];
	struct host_wakened wakes[HOST_WAKES];
	DECLARE_BITMAP(is_changed, HOST_SLOTS);
};

/* The slot at index of the table has changed. */
static inline void host_mark(struct dc *dc, size_t index)
{
	struct host_frame *frame = dc->host;

	if (index >= (size_t)dc->nr_slots || __test_and_set_bit(index, frame->is_changed))
		return;
	if (frame->changed_count < HOST_CHANGED)
		frame->changed[frame->changed_count] = (int16_t)index;
	frame->changed_count++;
}

static inline void host_save(struct dc *dc, const void *word)
{
	const char *at = word;

	if (at < (const char *)dc->procs)
		return;
	if (at < (const char *)dc->rest) {
		host_mark(dc, (at - (const char *)dc->procs) / sizeof(struct proc));
		return;
	}
	((struct host_frame *)dc->host)->rest_changed = 1;
	host_mark(dc, (at - (const char *)dc->rest) / sizeof(struct proc_rest));
}

static inline void host_wake(struct dc *dc, int nr, int handover)
{
	struct host_frame *frame = dc->host;

	if (frame->wake_count == HOST_WAKES) {
		frame->wake_overflow = 1;
		return;
	}
	frame->wakes[frame->wake_count].nr = nr;
	frame->wakes[frame->wake_count].handover = handover;
	frame->wake_count++;
}

/* Who sleeps for a slot that is no longer its own is woken too, and finds that out. */
static inline void host_stop_wait(struct dc *dc, int nr)
{
	host_wake(dc, nr, 0);
}

static inline int64_t host_wall_ns(struct dc *dc)
{
	return ktime_get_real_ns();
}

#endif
