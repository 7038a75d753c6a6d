/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model.h - what M3-IPC promises, as a second, slow and plain state machine.
 *
 * It shares the public headers with the engine and nothing else. A call is one
 * transition of a DC on one node; the model says what it returns, who wakes with
 * what, and which events it leaves. Slots are given by their nr.
 */
#ifndef SIMULATE_MODEL_H
#define SIMULATE_MODEL_H

#include <stdint.h>

#include <dvk/endpoint.h>
#include <dvk/errors.h>
#include <dvk/limits.h>
#include <dvk/message.h>
#include <dvk/state.h>

/*
 * X(word, error): the calls, and what an error of one is. HOST: it is made by no
 * process; the others must be bound and running. QUIET: no event; BARE: an event;
 * WITH_MESSAGE: one with the message. For each there are call_word() in model.c,
 * engine_word() in drive.c and choose_word() in program.c.
 */
/* clang-format off */
#define SIMULATED_CALLS(X)						\
	X(bind,		HOST)						\
	X(unbind,	QUIET)						\
	X(exit,		HOST)						\
	X(send,		WITH_MESSAGE)					\
	X(receive,	BARE)						\
	X(sendrec,	WITH_MESSAGE)					\
	X(reply,	WITH_MESSAGE)					\
	X(reply_to,	WITH_MESSAGE)					\
	X(reply_receive, BARE)						\
	X(notify,	BARE)						\
	X(copy,		BARE)						\
	X(copy_end,	HOST)						\
	X(timeout,	HOST)
/* clang-format on */
enum simulated_call {
#define SIMULATED_CALL(word, error) DO_##word,
	SIMULATED_CALLS(SIMULATED_CALL)
#undef SIMULATED_CALL
		SIMULATED_CALL_COUNT
};

enum { DONE = 0, BLOCKED = 1 };
#define FOR_EVER  INT64_MAX
#define SLOTS_MAX (NR_TASKS + NR_PROCS_MAX)
#define COPIES    8 /* under way at once */

/* A request in hand: whose, and which call of the model's count; 0: no call. */
struct handle {
	int client_ep;
	uint64_t call;
};

/* A call and its arguments; what a call does not use is 0. */
struct call {
	enum simulated_call what;
	int caller;   /* its slot; of exit and timeout: whose */
	int ep;       /* the peer; of copy: the source; of bind: the slot, or NONE */
	int src_ep;   /* of receive and reply_receive: from whom */
	int dst_ep;   /* of copy: the destination */
	int source;   /* of notify: the slot in whose name */
	int value;    /* of notify: -1, 0..31; of unbind, exit: the code; of copy_end: the result */
	int member;   /* of bind: the thread */
	int is_owner; /* of bind */
	int is_system;  /* of bind */
	int is_named;   /* of bind */
	int copy;       /* of copy, copy_end: which of COPIES */
	int is_stopped; /* the DC is not running */
	int cut_at;     /* the word at which it is cut, 0: none */
	uint32_t bytes; /* of copy, copy_end */
	int64_t deadline;
	struct handle handle; /* of reply_to */
	message m;
};

struct wake {
	int nr;
	int handover;
};

struct event {
	int kind, src_ep, dst_ep, result, type;
	uint64_t call; /* of the model's count */
};

/* What a call did. */
struct outcome {
	int rc;
	message m; /* what a call that is DONE received */
	int wake_count, event_count;
	struct wake wakes[SLOTS_MAX];
	struct event events[SLOTS_MAX + 8];
};

/* Of what a process waits. CALLS: its request is queued; IN_CALL: it was taken. */
enum waiting { RUNS, SENDS, CALLS, IN_CALL, RECEIVES };

struct model_wait {
	int peer;       /* an endpoint or ANY */
	int time_is_up; /* it ends with the copy that touches the process */
	int type;       /* of its request */
	uint64_t call;  /* of the model's count, 0: none */
	int64_t deadline, since;
	uint64_t place; /* SENDS, CALLS: who has the lowest is first in the queue */
};

struct model_process {
	int nr, bound, endpoint, generation, member, is_system;
	enum waiting waits;
	struct model_wait wait;
	int result;       /* of the wait that ended last */
	int copier;       /* NONE, or the slot that copies with it */
	uint64_t freed;   /* free user slots: who has the lowest is the oldest */
	uint64_t birth;   /* which bind this is */
	uint32_t *counts; /* by source: how many notifications the pending one stands for */
	uint32_t *maps;   /* its values */
	struct handle request;
	message letter; /* what it sends, or what its wait ended with */
};

struct model_copy {
	struct model_process *caller, *party[2]; /* source, destination */
	uint64_t caller_birth, birth[2];
	int ep[2];
};

struct model {
	int nr_procs, strict, running;
	int64_t now, wall_ns;
	/* the call that is being made */
	const struct call *call;
	struct outcome *out;
	struct model_process *caller;

	uint64_t calls, places, births;
	struct model_process processes[SLOTS_MAX];
	uint32_t counts[SLOTS_MAX][NR_SOURCES], maps[SLOTS_MAX][NR_SOURCES];
	struct model_copy copies[COPIES];
};

/* first_generation: that every user slot has had, so that its next is one more. */
void model_init(struct model *model, int nr_procs, int strict, int first_generation);
struct model_process *model_at(struct model *model, int nr);
/* The slot that an endpoint names; NULL: there is none. */
struct model_process *model_find(struct model *model, int ep);
/* Makes the call; *ret is what it did. */
void model_do(struct model *model, const struct call *call, struct outcome *ret);

#endif
