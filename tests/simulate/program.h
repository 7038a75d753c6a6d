/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * program.h - how the choices of the simulated processes are drawn.
 */
#ifndef SIMULATE_PROGRAM_H
#define SIMULATE_PROGRAM_H

#include "simulation.h"

/* Who draws: the state it sees, and its numbers. */
struct draw {
	const struct simulation *sim;
	uint64_t *random;
};

/* 0 .. limit - 1 */
int draw_below(struct draw *d, int limit);
/* 1 in n */
int draw_one_in(struct draw *d, int n);
struct model_process *draw_at(struct draw *d, int nr);
/* Of those who take part. */
struct model_process *draw_anybody(struct draw *d);
/* By the host: its thread is not in the middle of a copy. */
int draw_may_act(struct draw *d, const struct model_process *p);
struct model_process *draw_somebody_waiting(struct draw *d);
/* Whose call p has taken, if chance finds one. */
struct model_process *draw_client_of(struct draw *d, const struct model_process *p);
struct model_process *draw_peer_of(struct draw *d, const struct model_process *p);
/* Mostly p's; else one that is wrong in some way. */
int draw_endpoint_of(struct draw *d, const struct model_process *p);

/* program_rare.c: the calls of those who serve, wait for lives, and debug. */
void choose_rcvrqst(struct draw *d, struct call *c);
void choose_relay(struct draw *d, struct call *c);
void choose_wakeup(struct draw *d, struct call *c);
void choose_wait_bind(struct draw *d, struct call *c);
void choose_wait_unbind(struct draw *d, struct call *c);
void choose_getpriv(struct draw *d, struct call *c);
void choose_setpriv(struct draw *d, struct call *c);
void choose_stop(struct draw *d, struct call *c);
void choose_cont(struct draw *d, struct call *c);
void choose_hold(struct draw *d, struct call *c);
void choose_unhold(struct draw *d, struct call *c);
void choose_held_act(struct draw *d, struct call *c);
void choose_register_table(struct draw *d, struct call *c);

#endif
