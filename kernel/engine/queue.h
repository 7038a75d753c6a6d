/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * queue.h - the senders that wait for a slot, oldest first.
 *
 * A process is on exactly one queue while it is SENDING, on that of sendto_ep;
 * the links are fields of the slots. Links are believed only when the neighbour
 * agrees: else EDVSBADPROC, and nothing has changed.
 */
#ifndef ENGINE_QUEUE_H
#define ENGINE_QUEUE_H

#include "slot.h"

/* Appends sender, which becomes SENDING by its caller's hand after this. */
int queue_append(struct dc *dc, struct proc *dst, struct proc *sender);
/* Takes sender, which is SENDING to dst, out. */
int queue_remove(struct dc *dc, struct proc *dst, struct proc *sender);
/*
 * The oldest sender to dst that src (an endpoint, ANY or ANY_REQUEST) allows and nobody holds:
 * 1 and *ret_sender, 0 when there is none, EDVSBADPROC.
 */
int queue_pick(const struct dc *dc, const struct proc *dst, int src_ep, struct proc **ret_sender);

#endif
