/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * queue.c - see queue.h.
 */
#include "queue.h"

int queue_append(struct dc *dc, struct proc *dst, struct proc *sender)
{
	int16_t nr = (int16_t)dc_nr(dc, sender);
	struct proc *last;

	if (dst->queue_head == NONE) {
		SET(dc, dst->queue_head, nr);
	} else {
		last = slot_at(dc, dst->queue_tail);
		if (!last || last == sender || !slot_sends_to(last, dst->endpoint))
			return EDVSBADPROC;
		SET(dc, last->queue_next, nr);
	}
	sender->queue_next = NONE;
	sender->queue_prev = dst->queue_head == nr ? NONE : dst->queue_tail;
	SET(dc, dst->queue_tail, nr);
	return 0;
}

int queue_remove(struct dc *dc, struct proc *dst, struct proc *sender)
{
	int nr = dc_nr(dc, sender);
	struct proc *prev = slot_at(dc, sender->queue_prev);
	struct proc *next = slot_at(dc, sender->queue_next);

	if (prev ? prev->queue_next != nr : dst->queue_head != nr)
		return EDVSBADPROC;
	if (next ? next->queue_prev != nr : dst->queue_tail != nr)
		return EDVSBADPROC;
	if (prev)
		SET(dc, prev->queue_next, next ? sender->queue_next : NONE);
	else
		SET(dc, dst->queue_head, next ? sender->queue_next : NONE);
	if (next)
		SET(dc, next->queue_prev, prev ? sender->queue_prev : NONE);
	else
		SET(dc, dst->queue_tail, prev ? sender->queue_prev : NONE);
	return 0;
}

static int pick_from(const struct dc *dc, const struct proc *dst, int src_ep,
		     struct proc **ret_sender)
{
	struct proc *sender = slot_alive(dc, src_ep);

	if (!sender || !slot_sends_to(sender, dst->endpoint) || sender->rts & DVK_RTS_HELD)
		return 0;
	*ret_sender = sender;
	return 1;
}

/* Nobody holds it; and of who takes requests alone, it is one. */
static inline int queue_allows(const struct proc *sender, int src_ep)
{
	if (unlikely(sender->rts & DVK_RTS_HELD))
		return 0;
	return likely(src_ep == ANY) || sender->call_state != CALL_NONE;
}

int queue_pick(const struct dc *dc, const struct proc *dst, int src_ep, struct proc **ret_sender)
{
	int nr, steps;

	if (src_ep != ANY && src_ep != ANY_REQUEST)
		return pick_from(dc, dst, src_ep, ret_sender);
	nr = dst->queue_head;
	for (steps = 0; nr != NONE; steps++) {
		struct proc *sender = slot_at(dc, nr);

		if (!sender || !slot_sends_to(sender, dst->endpoint) || steps == dc->nr_slots)
			return EDVSBADPROC;
		if (likely(queue_allows(sender, src_ep))) {
			*ret_sender = sender;
			return 1;
		}
		nr = sender->queue_next;
	}
	return 0;
}
