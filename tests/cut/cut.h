/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cut.h - a transition, who is there when it is cut, and what is due to them.
 *
 * The victim is a process that makes one call and is killed at some instruction
 * while it holds the DC's lock, or at any one of the call. Two partners, threads of
 * the test's process, wait meanwhile. Whether the transition counts is read from the segment at the kill: it
 * does from the store that commits it. So each partner has one outcome that is right
 * on either side of that store, and no other is.
 */
#ifndef TESTS_CUT_CUT_H
#define TESTS_CUT_CUT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/types.h>

#include <dvk/debug.h>
#include <dvk/dvk.h>
#include <dvk/manage.h>
#include <dvk/state.h>

#include "embedded.h"

/* Server slots, whose endpoints are their numbers. */
enum { MAIN_NR = 1, FIRST_NR = 10, SECOND_NR = 11, VICTIM_NR = 20, SPARE_NR = 21, CORPSE_NR = 22 };
enum { PARTNERS = 2, REQUEST = 7, ANSWER = 0, EDITED = 9 };
#define CUT_BYTES 64
#define CUT_PROCS 80 /* slots, as the checks of invariants have it */

/* What a partner does, from its own slot; the message of its call stays in *m. */
typedef int partner_call(message *m);

/* What is due to a partner: its result, and the type of what it received. */
struct due {
	int result; /* EDVSINTR, EDVSNOTREADY: it waits on, until the test cancels it */
	int type;   /* of a message, when the result is 0 */
};

struct scene {
	const char *name;
	int is_system;                    /* the victim has SYSTEM */
	int is_unbound;                   /* ... and no slot at first */
	int is_outside;                   /* ... and has not opened the DC */
	int hold;                         /* which of its call's holds of the lock is cut, from 1 */
	int whole;                        /* 1: the call is cut anywhere */
	void (*corpse)(void);             /* who has died, and how; only the victim buries then */
	partner_call *partners[PARTNERS]; /* NULL: it does nothing */
	void (*prepare)(void);            /* the victim, when the partners wait */
	void (*call)(void);               /* the victim, under the knife */
	struct due before[PARTNERS];      /* the commit */
	struct due after[PARTNERS];
	int then[2]; /* what the first partner then finds at a look: before, after; 0: nothing */
};

extern const struct scene scenes[];

/* partner.c */
void partners_start(void);
void partners_stop(void);
void partner_begin(int which, partner_call *call);
/* 1 when it has returned, with its result and the message. */
int partner_is_done(int which, int *ret_result, message *ret_m);
/* The result of a call that does not wait for others. */
int partner_make(int which, partner_call *call, message *ret_m);

/* cemetery.c: who buries, and who is to be buried. */
/* The processes that make the DC and keep it. */
void keepers_begin(void);
void keepers_end(void);
/* Nobody is buried until they go on. */
void keepers_rest(void);
void keepers_go_on(void);
/* A process with slot CORPSE_NR; it dies when it is told, as life does. */
void corpse_begin(void (*life)(void));
void corpse_die(void);
pid_t corpse_pid(void);

/* knife.c: a victim, single-stepped. */
struct knife {
	pid_t pid;
	int member;    /* the victim's */
	int held;      /* instructions stepped while it held the lock, or in all */
	int committed; /* when it was killed */
	int released;  /* it let go of the lock, or was through, before the instruction came */
	int64_t killed_ns;
};
/* Starts the victim; it is stopped before prepare, and then before its call. */
void knife_start(struct knife *knife, const struct scene *scene);
void knife_prepare(struct knife *knife);
/* Steps to instruction n of the hold and kills; n INT32_MAX: once it has let go. */
void knife_cut(struct knife *knife, const struct scene *scene, int n);

/* invariants.c: asserts that a state that nobody changes is sound. */
void invariants_check(const struct dc *dc);

#endif
