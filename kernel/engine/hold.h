/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hold.h - messages that a debugger holds (M3-IPC section 11).
 *
 * All of it is asked only while dc_state.holding is not 0.
 */
#ifndef ENGINE_HOLD_H
#define ENGINE_HOLD_H

#include "receive.h"

/* A message on its way, to be compared with the rules. */
struct hold_look {
	int kind; /* enum dvk_held_kind */
	const struct proc *src, *dst;
	const message *m;
};

/* The rule that holds a request or a send; 0: it goes on, also when no more can be held. */
uint32_t hold_request(const struct dc *dc, const struct hold_look *look);
/* sender is SENDING, and held by that rule from now on. */
void hold_mark(struct dc *dc, struct proc *sender, uint32_t rule);
/* 1: the reply rests with its client, 0: it goes on. */
int hold_reply(struct dc *dc, const struct proc *server, struct proc *client, const message *m);
/* 1: the notification is set aside, 0: it goes on. */
int hold_notify(struct dc *dc, int source_nr, struct proc *dst, int value);
/* 1: what server answers is a copy, so that the answer goes to nobody. */
int hold_is_copy(struct proc *server, int client_ep, uint64_t call);
/* The oldest copy that in->src_ep allows: DVK_DONE or DVK_BLOCKED. */
int hold_take_copy(const struct intake *in);
/* Its rules are gone, and what it has set aside or has pending there. */
void hold_forget(struct dc *dc, const struct proc *dead);

/* ---- held.c ---- */
/* 1 when this entry of the table is in use; what it is about may have ended otherwise. */
int held_is_live(const struct dc *dc, const struct dvk_held *held);
/* 1 when one more can be held. */
int held_has_room(const struct dc *dc);
/* An unused entry of this kind, with its number, filled in but for the message; NULL: none. */
struct dvk_held *held_make(struct dc *dc, const struct dvk_held *as);
/* Lets it go on, unchanged. */
void held_release(struct dc *dc, struct dvk_held *held);
/* There is no copy for dst any more: it need not look. */
void held_end_copies(struct dc *dc, struct proc *dst);

#endif
