/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wake.c - from a slot that is ready to the thread that sleeps for it.
 *
 * ready_next of a slot says who knows: READY_WAITING until its thread is told. A
 * runtime is told through its list, linked by ready_next; a plain thread by the
 * word alone; a slot of one's own by the parker. All of it changes under the lock
 * and after the commit, without undo: wake_sweep() makes it anew from rts.
 */
#include "embedded.h"
#include "futex.h"

/* Appends a slot to the list of a runtime's member. */
static void list_append(struct dc *dc, struct member *member, int nr)
{
	int tail = member->ready_tail;

	__atomic_store_n(&dc_proc(dc, nr)->ready_next, READY_END, __ATOMIC_RELEASE);
	member->ready_tail = nr;
	if (member->ready_head != READY_END && dc_has_nr(dc, tail))
		__atomic_store_n(&dc_proc(dc, tail)->ready_next, nr, __ATOMIC_RELEASE);
	else
		__atomic_store_n(&member->ready_head, nr, __ATOMIC_RELEASE);
}

void wake_unlist(struct dc *dc, struct segment *segment, int nr)
{
	struct proc *p = dc_proc(dc, nr);
	struct member *member;
	int before = NONE, at;

	if (segment_has_member(segment, p->member)) {
		member = &segment->members[p->member];
		at = member->ready_head;
		for (int i = 0; i < dc->nr_slots && dc_has_nr(dc, at) && at != nr; i++) {
			before = at;
			at = dc_proc(dc, at)->ready_next;
		}
		if (at == nr && before == NONE)
			__atomic_store_n(&member->ready_head, p->ready_next, __ATOMIC_RELEASE);
		else if (at == nr)
			__atomic_store_n(&dc_proc(dc, before)->ready_next, p->ready_next,
					 __ATOMIC_RELEASE);
		if (at == nr && member->ready_tail == nr)
			member->ready_tail = before == NONE ? READY_END : before;
	}
	__atomic_store_n(&p->ready_next, READY_NOT, __ATOMIC_RELEASE);
}

/* Tells whoever sleeps for nr; returns its member, or DC_NO_MEMBER. */
static int tell(struct dc *dc, struct segment *segment, int nr)
{
	struct proc *p = dc_proc(dc, nr);
	struct member *member;

	if (p->ready_next != READY_WAITING || !segment_has_member(segment, p->member))
		return DC_NO_MEMBER;
	member = &segment->members[p->member];
	if (member->listed)
		list_append(dc, member, nr);
	else
		__atomic_store_n(&p->ready_next, READY_NOT, __ATOMIC_RELEASE);
	return p->member;
}

void wake_distribute(struct dc *dc, const struct seat *seat, struct wake_list *ret_list)
{
	struct host_wakes *wakes = &host_wakes;
	int own = 0;

	ret_list->count = 0;
	ret_list->all = wakes->overflow;
	for (int i = 0; i < wakes->count; i++) {
		struct host_wakened slot = wakes->slots[i];
		struct proc *p = dc_proc(dc, slot.nr);
		int member;

		if (p->ready_next == READY_WAITING && p->member == seat->member) {
			__atomic_store_n(&p->ready_next, READY_NOT, __ATOMIC_RELAXED);
			wakes->slots[own++] = slot;
			continue;
		}
		member = tell(dc, seat->segment, slot.nr);
		if (member != DC_NO_MEMBER)
			ret_list->members[ret_list->count++] = member;
	}
	/* What is left are those for the parker. */
	wakes->count = own;
	wakes->overflow = 0;
	if (ret_list->all)
		wake_sweep(dc, seat->segment);
}

void wake_sweep(struct dc *dc, struct segment *segment)
{
	for (int i = 0; segment_has_member(segment, i); i++) {
		__atomic_store_n(&segment->members[i].ready_head, READY_END, __ATOMIC_RELEASE);
		segment->members[i].ready_tail = READY_END;
	}
	for (int nr = -NR_TASKS; nr < dc->nr_procs; nr++) {
		struct proc *p = dc_proc(dc, nr);

		if (p->ready_next == READY_NOT)
			continue;
		/* Also those that were in a list. */
		__atomic_store_n(&p->ready_next, READY_WAITING, __ATOMIC_RELEASE);
		if (p->rts == 0 || (p->rts & DVK_RTS_SLOT_FREE))
			tell(dc, segment, nr);
	}
}

/* force: it may have been told by one who died before the wake-up. */
static void wake_member(struct segment *segment, int index, int force)
{
	struct member *member = &segment->members[index];
	uint32_t park = __atomic_load_n(&member->park, __ATOMIC_SEQ_CST);

	if (park == PARK_AWAKE && !force)
		return;
	/* What a wake-up costs tells its sleeper how long to look the next time. */
	__atomic_store_n(&member->woken_ns, ticks_monotonic_ns(), __ATOMIC_RELAXED);
	park = __atomic_exchange_n(&member->park, PARK_AWAKE, __ATOMIC_SEQ_CST);
	if (park == PARK_FUTEX || force)
		futex_wake(&member->park, 1);
	if (park == PARK_FD || (force && __atomic_load_n(&member->has_fifo, __ATOMIC_ACQUIRE)))
		fifo_wake(segment, index);
}

/* 1 when its thread sleeps rightly: for a slot that is not ready. Without the lock. */
static int sleeps_rightly(const struct dc *dc, const struct member *member)
{
	int nr = __atomic_load_n(&member->current, __ATOMIC_RELAXED);

	if (__atomic_load_n(&member->listed, __ATOMIC_RELAXED))
		return __atomic_load_n(&member->ready_head, __ATOMIC_ACQUIRE) == READY_END;
	return dc_has_nr(dc, nr) && park_waits(dc_proc(dc, nr));
}

void wake_all(struct dc *dc, struct segment *segment)
{
	for (int i = 0; segment_has_member(segment, i); i++) {
		struct member *member = &segment->members[i];

		if (member_is_alive(segment, member) && !sleeps_rightly(dc, member))
			wake_member(segment, i, 1);
	}
}

void wake_deliver(struct dc *dc, const struct seat *seat, const struct wake_list *list)
{
	const struct dvk_parker *parker = host_self.parker;
	int own = host_wakes.count;

	host_wakes.count = 0;
	if (list->all)
		wake_all(dc, seat->segment);
	for (int i = 0; i < list->count; i++)
		wake_member(seat->segment, list->members[i], 0);
	for (int i = 0; i < own && parker; i++)
		parker->ready(host_wakes.slots[i].nr, host_wakes.slots[i].handover);
}

void wake_views(struct segment *segment)
{
	if (__atomic_exchange_n(&segment->armed, 0, __ATOMIC_SEQ_CST))
		futex_wake(&segment->armed, INT32_MAX);
}
