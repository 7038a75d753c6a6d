/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model.h - what M3-IPC promises, as a second, slow and plain state machine.
 *
 * It shares the public headers with the engine and nothing else. A call is one
 * transition of a DC on one node; the model says what it returns, who wakes with
 * what, and which events it leaves. Slots are given by their nr. All rules are in
 * model.c; here is what they speak of.
 */
#ifndef SIMULATE_MODEL_H
#define SIMULATE_MODEL_H

#include <stdint.h>

#include <dvk/debug.h>
#include <dvk/endpoint.h>
#include <dvk/errors.h>
#include <dvk/message.h>
#include <dvk/state.h>

/*
 * X(word): the calls. For each there are call_word() in model.c, do_word() in
 * drive.c and choose_word() in program.c.
 */
/* clang-format off */
#define SIMULATED_CALLS(X)							\
	X(bind) X(unbind) X(exit) X(send) X(receive) X(rcvrqst) X(sendrec)	\
	X(reply) X(reply_to) X(reply_receive) X(relay) X(notify) X(wakeup)	\
	X(wait_bind) X(wait_unbind) X(getpriv) X(setpriv) X(stop) X(cont)	\
	X(hold) X(unhold) X(held_act) X(register_table) X(copy) X(copy_end)	\
	X(timeout) X(cancel) X(end)
/* clang-format on */
enum simulated_call {
#define SIMULATED_CALL(word) DO_##word,
	SIMULATED_CALLS(SIMULATED_CALL)
#undef SIMULATED_CALL
		SIMULATED_CALL_COUNT
};

enum { DONE = 0, BLOCKED = 1 };
enum act { RELEASE, EDIT, DROP, DUPLICATE, ANSWER, ACTS }; /* of held_act */
#define FOR_EVER  INT64_MAX
#define SLOTS_MAX (NR_TASKS + NR_PROCS_MAX)
#define COPIES    8 /* under way at once */
#define COPY_CALL \
	UINT64_MAX /* a handle: a debugger's duplicate, which nobody awaits an answer to */

/* A request in hand: whose, and which call of the model's count; 0: no call. */
struct handle {
	int client_ep;
	uint64_t call;
};

/* What a process may do. Bit i of a set stands for all slots nr with (nr + NR_TASKS) % 64 = i. */
struct rights {
	int level;
	uint32_t calls;
	uint64_t targets, sources;
	int serves; /* 1: besides targets, to all tasks and servers, as at each bind */
};

/* A call and its arguments; what a call does not use is 0. */
struct call {
	enum simulated_call what;
	int caller; /* its slot; of exit, timeout and cancel: whose */
	int ep;     /* the peer; of copy: the source; of bind: the slot, or NONE */
	int src_ep; /* of reply_receive: from whom */
	int dst_ep; /* of copy: the destination */
	int source; /* of notify: the slot in whose name */
	int value; /* notify: -1, 0..31; unbind, exit: the code; copy_end: the result; drop: error */
	int member;     /* of bind: the thread */
	int is_owner;   /* of bind */
	int is_system;  /* of bind */
	int is_named;   /* of bind */
	int copy;       /* of copy, copy_end: which of COPIES */
	enum act act;   /* of held_act */
	uint64_t id;    /* of unhold, held_act: the model's number */
	int is_stopped; /* the DC is not running */
	int cut_at;     /* the word at which it is cut, 0: none */
	uint32_t bytes; /* of copy, copy_end */
	int64_t deadline;
	struct handle handle;   /* of reply_to */
	struct rights rights;   /* of setpriv */
	struct dvk_table table; /* of register_table */
	struct dvk_hold rule;   /* of hold */
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
	int wake_count, event_count;
	struct wake wakes[SLOTS_MAX];
	struct event events[SLOTS_MAX + 2 * DVK_HELD + 8];
};

/* Of what a process waits. CALLS: its request is queued; IN_CALL: it was taken. */
enum waiting { RUNS, SENDS, CALLS, IN_CALL, RECEIVES, REQUESTS, BINDS, UNBINDS };

struct model_wait {
	enum waiting as; /* what it began as */
	int peer;        /* an endpoint or ANY; NONE: its reply is held */
	int over;        /* TIMEOUT or CANCEL: it ends with the copy that touches the process */
	int taken;       /* 1: somebody has its request, or had it */
	int type;        /* of its request */
	uint64_t call;   /* of the model's count, 0: none */
	int64_t deadline, since;
	uint64_t place; /* SENDS, CALLS: who has the lowest is first in the queue */
};

struct model_process {
	int nr, bound, endpoint, generation, member;
	enum waiting waits;
	int result;            /* of the wait that ended last */
	int copier;            /* NONE, or the slot that copies with it */
	int stopper;           /* NONE, or the debugger's slot that has stopped it */
	int woken;             /* its next receive from anybody ends at once */
	struct dvk_held *held; /* its message, or the reply to it, is held as this */
	struct model_wait wait;
	uint64_t freed;   /* free user slots: who has the lowest is the oldest */
	uint64_t birth;   /* which bind this is */
	uint32_t *counts; /* by source: how many notifications the pending one stands for */
	uint32_t *maps;   /* its values */
	struct handle request;
	struct rights rights;
	message letter; /* what it sends, or was given last */
};

struct model_copy {
	struct model_process *caller, *party[2]; /* source, destination */
	uint64_t birth[2];
	int ep[2];
};

struct model {
	int nr_procs, strict, running;
	int64_t now, wall_ns;
	/* the call that is being made */
	const struct call *call;
	struct outcome *out;
	struct model_process *caller;

	uint64_t calls, places, births, ids, exits;
	struct {
		int endpoint, code;
	} last_exit;
	struct dvk_hold rules[DVK_HOLDS]; /* id 0: unused */
	struct dvk_held held[DVK_HELD];   /* id 0: unused; m: also of what rests in a slot */
	struct dvk_table tables[DVK_TABLES];
	int rules_used, held_used, tables_used, processes_used; /* places */
	struct model_copy copies[COPIES];
	struct model_process processes[SLOTS_MAX];
	uint32_t counts[SLOTS_MAX][NR_SOURCES], maps[SLOTS_MAX][NR_SOURCES];
};

/* first_generation: that every user slot has had, so that its next is one more. */
void model_init(struct model *model, int nr_procs, int strict, int first_generation);
struct model_process *model_at(struct model *model, int nr);
/* The slot that an endpoint names; NULL: there is none. */
struct model_process *model_find(struct model *model, int ep);
/* 1: slot nr is in a set of slots. */
int model_has(uint64_t set, int nr);
/* Makes the call; *ret is what it did. */
void model_do(struct model *model, const struct call *call, struct outcome *ret);

#endif
