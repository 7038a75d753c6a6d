/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * actor.h - actors, and the memory through which they are told what to do.
 */
#ifndef TESTS_CONFORMANCE_ACTOR_H
#define TESTS_CONFORMANCE_ACTOR_H

#include <stdint.h>
#include <sys/types.h>

#include "conformance.h"

#define CONF_NR_PROCS    68 /* four users */
#define CONF_BUFFER      (64 << 10)
#define CONF_STACK_BYTES (512 << 10)

enum form { THREADS, PROCESSES, COROUTINES };
enum apart { TOGETHER, NOT_DUMPABLE, USER_NAMESPACES };

struct mailbox {
	uint32_t given; /* steps so far; a futex */
	uint32_t done;  /* a futex */
	struct step step;
	int rc;
	message m;
	int endpoint; /* its own, a dead one's last; NONE: none yet */
	int was;      /* the one before */
	int bound;
	int is_as; /* its current slot is another's for now */
	pid_t pid, tid;
	uint32_t signals; /* signals that were handled; a futex */
	struct step signal_step;
	int signal_rc;
};

/* Shared by the tester and all actors. */
struct stage {
	struct mailbox boxes[ACTORS];
	char dir[64];
	unsigned int flags; /* of dvk_open */
	enum form form;
	enum apart apart;
	int doorbell; /* an eventfd, for coroutines */
};

extern struct stage *stage;

/* A step as asked for in its box; the outcome is there after. */
void actor_step(struct mailbox *box);
/* What an actor's thread does at SIGUSR1. */
void actor_signals(void);

/* Threads and processes: does steps for ever. */
void actor_loop(enum actor_name name);
/* Coroutines: all of them on this thread. */
void coroutines_loop(void);

#endif
