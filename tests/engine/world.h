/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * world.h - a small DC in plain memory, with a known population, and steps that
 * drive its engine: a case is a name and a few steps, each with what it wants.
 */
#ifndef TEST_WORLD_H
#define TEST_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine.h"
#include "host.h"

#define WORLD_PROCS 80

/* Who is there at the start, by endpoint. ADMIN is a user slot with SYSTEM. */
#define TASK  CLOCK
#define SYS   SYSTASK(0)
#define S0    0
#define S1    1
#define S2    2
#define U0    (GENERATION_SIZE + 64)
#define U1    (GENERATION_SIZE + 65)
#define U2    (GENERATION_SIZE + 66)
#define ADMIN (GENERATION_SIZE + 67)
/* A free server slot, and a free user slot in its next generation. */
#define FREE_SERVER 9
#define NEVER_BOUND 70

/* clang-format off */
enum op {
	OP_END,
	OP_SEND, OP_RECEIVE, OP_SENDREC, OP_REPLY, OP_REPLY_TO, OP_REPLY_RECEIVE,
	OP_NOTIFY, OP_COPY, OP_COPY_END, OP_TIMEOUT, OP_RESULT, OP_EXIT, OP_UNBIND, OP_BIND,
	OP_TABLE,	/* registers a table at value + 1 */
	OP_RCVRQST, OP_RELAY, OP_WAKEUP, OP_CANCEL, OP_WAIT_BIND, OP_WAIT_UNBIND,
	OP_SETPRIV, OP_GETPRIV, OP_STOP, OP_CONT, OP_HOLD, OP_UNHOLD, OP_HELD,
	OP_DC_END,	/* the DC ends */
	OP_FLAG,	/* sets value in to's rts, as later parts of the engine will */
	OP_LET,		/* clears it */
	OP_RTS,		/* want: the rts of who */
	OP_LETTER,	/* want: m_type of who's letter; to: its source */
	OP_PENDING,	/* want: 1 when to's notification is pending at who */
	OP_WOKEN,	/* want: 1 when who was woken since the last look */
	OP_HANDED,	/* the same, by a handover */
	OP_HAND,	/* want: 1 when to is the client of the request that who received last */
	OP_QUEUE,	/* want: how many are queued at who */
	OP_HELDS,	/* want: how many messages are held */
};
/* clang-format on */

struct step {
	enum op op;
	int who; /* an endpoint */
	int to;  /* an endpoint */
	int want;
	int type; /* m_type, 0: 7 */
	/*
	 * NOTIFY: value + 1; COPY: the other party; REPLY_RECEIVE: src; RELAY: the client;
	 * SETPRIV: enum priv_case; HOLD: kinds; HELD: what the act needs (its act is type)
	 */
	int value;
	int64_t deadline; /* 0: for ever; POLL: never block */
};

/* What SETPRIV gives to the slot: all, but ... */
enum priv_case {
	PRIV_ALL,
	PRIV_ONLY_SENDREC,
	PRIV_NO_TARGETS,
	PRIV_NO_SOURCES,
	PRIV_SYSTEM,
	PRIV_NO_SUCH_LEVEL,
};

#define POLL       (-1)
#define LATER      1000000
#define CASE_STEPS 14

struct test_case {
	const char *name;
	int strict;
	struct step steps[CASE_STEPS];
};

#define DO(what, by, with, wanted, ...)                                               \
	{                                                                             \
		.op = OP_##what, .who = by, .to = with, .want = wanted, ##__VA_ARGS__ \
	}

struct world {
	struct dc dc;
	struct test_host host;
	void *memory;
	struct engine_copy copy;
	struct dvk_request request; /* the last one that a step received */
	message got;
	uint32_t hold_id; /* of the last rule */
};

/* The steps of the calls that are made less often (acts.c). */
int world_act(struct world *world, const struct step *step, const message *m, int64_t deadline);

void world_init(struct world *world, int strict);
void world_deinit(struct world *world);
/* Binds a slot and fails the test if that is refused. */
int world_bind(struct world *world, int nr, int member, int is_system);
struct proc *world_proc(const struct world *world, int ep);
/* Makes one step, commits, and returns what the step compares with want. */
int world_step(struct world *world, const struct step *step);
/* The same without the commit. */
int world_try(struct world *world, const struct step *step);
void world_commit(struct world *world);
/* Runs all steps and fails at the first that is not as it wants. */
void world_run_case(const struct test_case *c);

/* The tables; each ends with a case without a name. */
extern const struct test_case cases_check[], cases_message[], cases_reply[], cases_notify[];
extern const struct test_case cases_circle[], cases_death[], cases_copy[], cases_timeout[];
extern const struct test_case cases_slot[];
extern const struct test_case cases_request[], cases_presence[], cases_priv[];
extern const struct test_case cases_stop[], cases_hold[];
extern const struct test_case *const all_cases[];

void run_cases(const struct test_case *cases);

/* What a state means: all that is dead, or a statistic, is zero. */
struct meaning {
	unsigned char head[offsetof(struct dc_state, undo)] __attribute__((aligned(64)));
	struct proc procs[NR_TASKS + WORLD_PROCS];
	struct proc_rest rest[NR_TASKS + WORLD_PROCS];
};
/* caller_ep: whose own letter and request do not matter, as it would be dead. */
struct meaning *meaning_take(const struct world *world, int caller_ep);
/*
 * Makes the step up to its n-th saved word, or whole if it saves fewer, without the
 * commit; rolls it back and fails the test if the state means something else than
 * before. 1 when the step was cut.
 */
int cut_and_compare(struct world *world, const struct step *step, unsigned int n);
/* Fails the test if a queue, a count or a list is not as it must be. */
void check_invariants(const struct world *world);

#define TEST_GROUPS(X)   \
	X(test_tables)   \
	X(test_rollback) \
	X(test_events)   \
	X(test_garbage)  \
	X(test_bind) X(test_layout) X(test_view) X(test_random) X(test_errors) X(test_limits)
#define TEST_GROUP(name) int name(void);
TEST_GROUPS(TEST_GROUP)
#undef TEST_GROUP

#endif
