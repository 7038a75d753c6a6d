/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conformance.h - what M3-IPC promises, as tables of cases over libdvk alone.
 *
 * A case is a list of steps; each is a call that one of four actors makes, and what
 * must come of it. Actors are threads, processes or coroutines, which no case knows.
 */
#ifndef TESTS_CONFORMANCE_H
#define TESTS_CONFORMANCE_H

#include <stddef.h>

#include <dvk/call_errors.h>
#include <dvk/debug.h>
#include <dvk/dvk.h>
#include <dvk/manage.h>
#include <dvk/state.h>

enum actor_name { A, B, C, D, ACTORS };

enum conf_call {
#define CONF_CALL(name, ...) name,
	DVK_CALL_ERRORS(CONF_CALL)
#undef CONF_CALL
		CALLS,
	/* Steps that are no calls of the contract. */
	PEEK = CALLS, /* the byte at value of the actor's own memory */
	SET_SOURCES,  /* setpriv: who may send to ep; value: 0 nobody, 1 all */
	SET_TARGETS,  /* setpriv: to whom ep may send */
	DENY,         /* setpriv: ep may not make the call whose bit is value */
	KEEP_REQUEST, /* what dvk_request() says, for REPLY_TO */
	AS,           /* the actor's current slot is that of ep; SELF: its own again */
	SET_LEVEL,    /* setpriv: ep has level value */
	REBIND,       /* unbinds and binds slot ep until its generation is value, or 1 */
	FORK,         /* what a child of the actor finds; ep: somebody who does not wait */
	BUSY,         /* makes one transition after another, until somebody thaws */
	NOTHING,
};

/* The bits of calls in sets of rights. */
enum conf_right {
#define CONF_RIGHT(name, word) RIGHT_##name,
	DVK_CALLS(CONF_RIGHT)
#undef CONF_RIGHT
};
#define WITHOUT(right) (1 << RIGHT_##right)

enum verb {
	END,
	DOES,           /* makes the call, which returns want */
	BEGINS,         /* makes the call, which waits */
	ENDS,           /* the call that it began returns want */
	CANCELS,        /* the call is made in a signal handler of the actor's thread */
	STARTS,         /* makes the call, however long that takes */
	DIES,           /* is killed: a process, or a thread alone; its slot is free in time */
	EXITS,          /* its process exits */
	EXECS,          /* its process becomes another program */
	FREEZES,        /* its process is stopped by Linux */
	FREEZES_INSIDE, /* in the middle of a transition */
	THAWS,
	MARKS,    /* events from now on are RECORDED */
	RECORDED, /* the next event: kind, from the actor (or from) to ep, result want, type */
};

/* Endpoints in rows. */
#define PEER_BASE          (-1000000)
#define OF(actor)          (PEER_BASE - (actor))      /* of an actor; of a dead one: the last */
#define WAS(actor)         (PEER_BASE - 10 - (actor)) /* the one before */
#define NR_OF(a)           (PEER_BASE - 20 - (a))     /* its slot */
#define TID_OF(a)          (PEER_BASE - 30 - (a))     /* its thread */
#define PID_OF(a)          (PEER_BASE - 40 - (a))     /* its process */
#define AT(generation, nr) ((generation)*GENERATION_SIZE + (nr))
#define OUT_OF_IT          4000    /* no slot of a small DC */
#define CONF_DCID          7       /* of all cases */
#define POLL               (-5)    /* .ms: the form _T with 0 */
#define FOR_EVER           (-1)    /* .ms: the form _T with -1 */
#define TOO_LONG           (-7)    /* .ms: nonsense */
#define NO_SLOT            (-999)  /* .seats: not bound */
#define ANY_SLOT           NONE    /* .seats: a user */
#define FINE               (-1000) /* .want: 0 or more, or an endpoint */
#define NEWEST             (-1)    /* .value: what is held last */
#define NEWEST_QUEUED      (-2)    /* .value: the same, but no copy */

/* What a number of what is known must be, besides a number or an endpoint. */
#define SOME       (-2000001) /* above 0 */
#define REMEMBERED (-2000002) /* anything, to be compared with */
#define THE_SAME   (-2000003) /* as what was remembered */
#define MORE       (-2000004) /* than what was remembered, and is from now on */

/* A number, or a text, in what is known. */
struct field {
	short offset, bytes;
};
#define FIELD(type, name)                                       \
	{                                                       \
		offsetof(type, name), sizeof(((type *)0)->name) \
	}
#define PROC(name) .field = FIELD(struct dvk_procinfo, name)
#define DC(name)   .field = FIELD(struct dvk_dcinfo, name)
#define DVS(name)  .field = FIELD(struct dvk_dvsinfo, name)
#define NODE(name) .field = FIELD(struct dvk_nodeinfo, name)
#define EXIT(name) .field = FIELD(struct dvk_exit, name)
#define PRIV(name) .field = FIELD(struct dvk_priv, name)

struct step {
	enum verb verb;
	enum actor_name actor;
	enum conf_call call;
	int ep;    /* the call's endpoint, slot, pid or number */
	int from;  /* vcopy: the source; relay: the client; notify: the name */
	int type;  /* m_type that is sent; 0: a request of type 1 */
	int ms;    /* 0: the plain form */
	int value; /* bytes, bits, code */
	int bad;   /* vcopy: 1: the source's address, 2: the destination's; else a wrong argument */
	int times; /* 0: once */
	int want;
	int got;            /* m_type that comes; 0: any */
	int map;            /* of a notification that comes; 0: any */
	int by;             /* m_source of what comes; 0: any */
	struct field field; /* of what is known then ... */
	int64_t holds;      /* ... is this number */
	const char *text;   /* ... or this text */
	int kind;           /* RECORDED: enum dvk_event_kind */
};

#define STEPS_MAX 60

enum {
	NOT_COROUTINES = 1,
	ONLY_COROUTINES = 2,
	ONLY_PROCESSES = 4,
	ONLY_APART = 8, /* processes that Linux keeps from each other's memory */
	STRICT = 16,
	ENDS_DC = 32,       /* leaves nothing to go on with */
	ONLY_EMBEDDED = 64, /* what a kernel does not let happen */
	ONLY_THREADS = 128,
	IN_HANDLERS = 256, /* given by its steps */
	MANAGES = 512,     /* the machine's DVS; a kernel asks for CAP_SYS_ADMIN */
};

struct conf_case {
	const char *name;
	unsigned int flags;
	int seats[ACTORS]; /* all 0: a user, server 20, a user, task -20 */
	struct step steps[STEPS_MAX];
};

struct conf_section {
	const char *name;
	const struct conf_case *cases;
	int count;
};

#define SECTION(id, title) \
	const struct conf_section id = { title, cases, (int)(sizeof(cases) / sizeof(cases[0])) }

extern const struct conf_section section_send, section_receive, section_sendrec, section_reply,
	section_notify, section_slots, section_vcopy, section_state, section_requests,
	section_rights, section_debug, section_manage, section_deaths, section_order, section_waits,
	section_events, section_known;

#endif
