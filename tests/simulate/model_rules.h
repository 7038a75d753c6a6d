/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model_rules.h - how the model's files write their rules, and what they share.
 *
 * model.c: what calls ask, and waits; model_message.c: messages; model_debug.c: what
 * debuggers stop and hold; model_life.c: rights, lives, time and copies.
 */
#ifndef SIMULATE_MODEL_RULES_H
#define SIMULATE_MODEL_RULES_H

#include <string.h>

#include "model.h"

#define GENERATIONS     (NR_TASKS + 0x8ace + 1) /* section 3: GENERATION_SIZE */
#define GENERATION_LAST (INT32_MAX / GENERATIONS - 1)
#define NOBODY          ((struct handle){ NONE, 0 })
/* Of the places of a table that ever were in use, lowest first. */
#define foreach(dc, table, at) for (at = (dc)->table; at < (dc)->table + (dc)->table##_used; at++)
#define EMIT(dc, ...) \
	((dc)->out->events[(dc)->out->event_count++] = (struct event){ .kind = __VA_ARGS__ })
/* clang-format off */
#define REQUIRE(condition, error) do { if (!(condition)) return error; } while (0)
#define TRY(check) do { int rc_ = check; if (rc_) return rc_; } while (0)
/* clang-format on */

enum who { HOST, ANYBODY, OWNER, SYSTEM, DEBUGGER };
enum peer { NO_PEER, OTHER, TARGET, SOURCE, SELF_TOO, OWN_TOO };
enum says { QUIET, BARE, WITH_MESSAGE };
enum right {
#define RIGHT(name, word) RIGHT_##name,
	DVK_CALLS(RIGHT)
#undef RIGHT
		NO_RIGHT
};

int model_is_system(const struct model_process *p);
/* p runs, unless something else keeps it. */
void model_wake(struct model *dc, struct model_process *p, int handover);
void model_stop_waiting(struct model_process *p, int result);
void model_end_wait(struct model *dc, struct model_process *p, int result, int handover);
/* Of the caller: BLOCKED, or EDVSAGAIN. */
int model_begin_wait(struct model *dc, enum waiting as, int peer);
/* p waits for the answer of server, which has its request. */
int model_in_call_to(const struct model_process *p, const struct model_process *server);
/* p waits for a message that the sender may give it. */
int model_awaits(const struct model_process *p, int sender_ep);
int model_would_lock(struct model *dc, const struct model_process *p, int ep, int64_t deadline);
struct dvk_hold *model_caught(struct model *dc, const struct dvk_held *as);
/* An entry for what is held from now on; NULL: there is no room. */
struct dvk_held *model_keep(struct model *dc, const struct dvk_held *as);
int model_hold(struct model *dc, struct dvk_hold *rule, struct model_process *p,
	       struct dvk_held as);
void model_take_copy(struct model *dc, struct model_process *p, struct dvk_held *copy);
void model_take_message(struct model *dc, struct model_process *p, struct model_process *sender);
/* source notifies dst: of the values, and how often. */
void model_post(struct model *dc, int source, struct model_process *dst, struct dvk_held what);
/* What it holds goes on. */
void model_end_rule(struct model *dc, struct dvk_hold *rule);
struct model_process *model_rests_with(struct model *dc, const struct dvk_held *held);
int model_check_peer(struct model *dc, int ep, enum peer kind, int error_if_dead);
int model_check_right(struct model *dc, enum right right);
/* Of a call for which SELF is the caller. */
struct model_process *model_named(struct model *dc, int ep);
void model_refuse(struct model *dc, int ep, int error, int type);

/* The calls, each after what its row in the table asks. */
int model_call_bind(struct model *dc);
int model_call_cont(struct model *dc);
int model_call_copy(struct model *dc);
int model_call_copy_end(struct model *dc);
int model_call_end(struct model *dc);
int model_call_getpriv(struct model *dc);
int model_call_held_act(struct model *dc);
int model_call_hold(struct model *dc);
int model_call_notify(struct model *dc);
int model_call_receive(struct model *dc);
int model_call_register_table(struct model *dc);
int model_call_relay(struct model *dc);
int model_call_reply(struct model *dc);
int model_call_send(struct model *dc);
int model_call_setpriv(struct model *dc);
int model_call_stop(struct model *dc);
int model_call_timeout(struct model *dc);
int model_call_unbind(struct model *dc);
int model_call_unhold(struct model *dc);
int model_call_wait_bind(struct model *dc);
int model_call_wait_unbind(struct model *dc);
int model_call_wakeup(struct model *dc);

#endif
