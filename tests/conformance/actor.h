/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * actor.h - actors, and the memory through which they are told what to do.
 */
#ifndef TESTS_CONFORMANCE_ACTOR_H
#define TESTS_CONFORMANCE_ACTOR_H

#include <limits.h>
#include <stdint.h>
#include <sys/types.h>

#include "conformance.h"

#define CONF_NR_PROCS    68 /* four users */
#define CONF_BUFFER      (64 << 10)
#define CONF_STACK_BYTES (512 << 10)

#define CONF_EXITS 8 /* taken at a time */

enum form { THREADS, PROCESSES, COROUTINES };
enum apart { TOGETHER, NOT_DUMPABLE, USER_NAMESPACES };
enum host_kind { EMBEDDED, MODULE };

/* What is known of something, as it was asked for last. */
union known {
	struct dvk_dvsinfo dvs;
	struct dvk_dcinfo dc;
	struct dvk_nodeinfo node;
	struct dvk_proxyinfo proxy;
	struct dvk_procinfo proc;
	struct dvk_priv priv;
	struct dvk_exit exits[CONF_EXITS];
};

struct mailbox {
	uint32_t given; /* steps so far; a futex */
	uint32_t done;  /* a futex */
	struct step step;
	int rc;
	int64_t took_ns; /* from the call to its return */
	message m;
	union known known;
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
	enum host_kind host;
	int resting;  /* nobody is BUSY any more */
	int doorbell; /* an eventfd, for coroutines */
};

extern struct stage *stage;

/* The folder of the DCs; NULL: this host has none. */
const char *conf_dir(void);
/* What dvk_open and its like are told. */
struct dvk_options conf_options(const struct step *s);

/* Of each actor's own process, at the same address in all of them. */
extern unsigned char actor_buffers[ACTORS][CONF_BUFFER];
extern struct dvk_request actor_kept[ACTORS];

/* So long, or as many times longer as PATIENCE says: on a kernel that checks itself. */
int64_t patience(int64_t time);

#define NOT_MINE INT_MIN /* another function makes this call */
/* known.c: what is known; acts.c: what is no call of the contract. */
int actor_knows(struct mailbox *box);
int actor_acts(struct mailbox *box);

/* A step as asked for in its box; the outcome is there after. */
void actor_step(struct mailbox *box);
/* What an actor's thread does at SIGUSR1. */
void actor_signals(void);

/* Threads and processes: does steps for ever. */
void actor_loop(enum actor_name name);
/* Coroutines: all of them on this thread. */
void coroutines_loop(void);

#endif
