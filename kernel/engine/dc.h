/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dc.h - the state of one DC: fixed-width fields and indices, no pointers.
 *
 * Everything below struct dc lies in memory that both hosts lay out once, when
 * the DC is made, and that every process may map at another address. It changes
 * only under the DC's lock, each word through SET() (undo.h), so that a
 * transition can be rolled back. Letters, statistics and what means nothing in
 * the state before are the exceptions.
 * struct dc itself is private to each process (or to the kernel): pointers and
 * limits that were checked when it attached, so that garbage in the shared part
 * gives errors and never an access outside of it.
 */
#ifndef ENGINE_DC_H
#define ENGINE_DC_H

#include <dvk/debug.h>
#include <dvk/endpoint.h>
#include <dvk/errors.h>
#include <dvk/limits.h>
#include <dvk/message.h>
#include <dvk/state.h>

#define DC_NEVER     INT64_MAX /* a deadline: waits for ever */
#define DC_CANCELLED (-1)      /* a deadline: it was cancelled while ONCOPY */
#define DC_NO_MEMBER (-1)

/* getfrom_ep of who takes calls alone (rcvrqst): no endpoint, so nothing else is given to it. */
#define ANY_REQUEST (ANY + 1)
/* request_call of a copy that a debugger made: its answer goes to nobody. */
#define DC_COPY_CALL UINT64_MAX

/* proc.call_state */
enum call_state {
	CALL_NONE,
	CALL_QUEUED,  /* sent, not taken */
	CALL_TAKEN,   /* its server has it and owes the reply */
	CALL_RELAYED, /* queued again, after another had taken it */
	CALL_REPLIED, /* a debugger holds the reply, which is in the letter */
};

/*
 * A slot: what transitions touch, three cache lines. A process is on exactly one
 * sender queue while SENDING (its letter is the message), on none otherwise.
 * nr fields are slot numbers, NONE for nobody.
 *
 * Some fields mean something in some states only, and are left as they are when
 * that state ends: W while it waits for another, R while it does not, S while
 * SENDING, C while ONCOPY; nothing but rts and endpoint of a free slot. A
 * transition that enters such a state writes them without an undo word.
 */
struct proc {
	uint32_t rts;  /* enum dvk_rts; 0 is running */
	uint32_t misc; /* enum dvk_misc */
	int32_t endpoint;
	int32_t member;     /* the host's thread that runs it, DC_NO_MEMBER */
	int32_t sendto_ep;  /* S */
	int32_t getfrom_ep; /* W: an endpoint, ANY, ANY_REQUEST; that of a call from its start */
	int16_t queue_head; /* the senders that wait for this slot */
	int16_t queue_tail;
	int16_t queue_next;     /* S: in the queue of sendto_ep */
	int16_t queue_prev;     /* S */
	uint64_t call;          /* W: the open sendrec, 0: none */
	int32_t call_state;     /* W: enum call_state */
	int32_t call_type;      /* W: m_type of its request, 0: none */
	int32_t result;         /* R: of the wait that ended last */
	int32_t ready_next;     /* host: in the ready list of its member */
	uint64_t messages_sent; /* a statistic, without undo */

	uint64_t notify_pending[2]; /* bit i: source slot i - NR_TASKS */
	uint64_t request_call;      /* the sendrec received last, 0: it was none */
	int32_t request_ep;         /* its client, or NONE; it may be over by now */
	uint32_t rights;            /* enum proc_rights: the fast answer */
	int64_t wait_since;         /* host ticks of its own last transition, so of its wait */
	int64_t deadline_ns;        /* W: DC_NEVER; 0: came while ONCOPY; DC_CANCELLED */
	int32_t copy_nr;            /* C: the process that copies */
	int16_t quiet;              /* 1: its transitions are no events */
	uint16_t cancelled;         /* host: without the lock; ends the next wait, or this one */
	uint64_t messages_received; /* a statistic, without undo */

	message letter; /* what it sends, or was given last */
} __attribute__((aligned(64)));

static_assert(sizeof(struct proc) == 192, "a slot is three cache lines");
static_assert(offsetof(struct proc, notify_pending) == 64, "lines");
static_assert(NR_PROCS_MAX < NONE && NONE <= INT16_MAX, "queues hold 16-bit numbers");

enum proc_rights {
	RIGHT_SEND_ALL = 1,    /* no bitmap need be asked for targets */
	RIGHT_RECEIVE_ALL = 2, /* ... for sources */
	RIGHT_CALL_ALL = 4,    /* ... for calls */
	RIGHT_SYSTEM = 8,      /* its level is SYSTEM or above */
};

/* The rest of a slot: names, rights, statistics. */
struct proc_rest {
	uint64_t incarnation;
	int32_t generation;
	int32_t level; /* enum dvk_level */
	int32_t node;
	int32_t free_next; /* free user slots, oldest first; NONE at the end */
	int32_t warn_ep;   /* notified when this process dies, or NONE */
	int32_t exit_code;
	uint32_t calls_allowed; /* bit: enum engine_call */
	int32_t held;           /* while HELD: which of dc_state.held it is */
	int32_t stopper_nr;     /* while STOPPED: the debugger that stopped it */
	uint32_t pad;
	uint64_t bytes_copied;
	uint32_t notify_values[NR_SOURCES]; /* while the source's bit is pending */
	uint32_t notify_merged[NR_SOURCES]; /* how many the pending one stands for */
	uint64_t targets[DVK_SLOT_WORDS];   /* may send to slot i - NR_TASKS */
	uint64_t sources[DVK_SLOT_WORDS];   /* slot i - NR_TASKS may send to it */
	char name[DVK_NAME_BYTES];
	char muk[DVK_NAME_BYTES];
	char sleep_note[64];
} __attribute__((aligned(64)));

/* What SYSTASK keeps of a death until it has asked for it. */
#define DC_EXITS 256
struct dc_exit {
	int32_t endpoint;
	int32_t code;
	uint64_t incarnation;
};

/* One word that a transition changed, and what it was. */
struct undo_word {
	uint64_t offset; /* of the aligned 8 bytes, from the state's start */
	uint64_t old;
};

/* The shared part's head. */
struct dc_state {
	uint64_t magic;      /* host's: "DVK" and the kind of host */
	uint32_t version;    /* DC_STATE_VERSION */
	uint32_t bytes_head; /* sizeof(struct dc_state) of who made it */
	uint64_t bytes_total;
	int32_t dcid;
	int32_t node;
	int32_t nr_procs;
	int32_t nr_members;
	uint32_t strict;
	uint32_t running; /* 0: DC is ending or was never there */
	uint32_t recorder_on;
	uint32_t traced;  /* how many views ask for full records */
	uint32_t holding; /* enum dc_holding; 0: no debugger has a say in any message */
	uint32_t limited; /* 1: some process has fewer sources than all */
	uint32_t owner_uid;
	uint32_t owner_gid;
	char name[DVK_NAME_BYTES];
	int64_t created_ns;

	/* under the lock; first what each transition touches */
	/* host ticks of this transition; set by the host */
	int64_t now __attribute__((aligned(64)));
	uint64_t transitions;      /* committed so far */
	uint64_t next_call;        /* from 1; a number may be skipped, never used twice */
	uint64_t event_next;       /* sequence of the next event, from 1 */
	uint32_t undo_count;       /* 0: no transition is under way, nothing to undo */
	int32_t bound;             /* slots in use */
	uint64_t next_incarnation; /* from 1 */
	int32_t free_head;         /* free user slots */
	int32_t free_tail;
	int32_t systask_nr; /* the node's SYSTASK's slot, notified of deaths; or NONE */
	uint32_t exit_next; /* how many exits there were; ring of DC_EXITS */
	struct dc_exit exits[DC_EXITS];
	uint32_t bind_awaited; /* 1: somebody has waited for a bind once */
	uint32_t next_hold;    /* from 1 */
	uint64_t next_held;    /* from 1 */
	struct dvk_hold holds[DVK_HOLDS];
	struct dvk_held held[DVK_HELD];
	struct dvk_table tables[DVK_TABLES]; /* type "" : free */
	struct undo_word undo[DVK_UNDO_WORDS];
	struct dvk_event recorder[DVK_RECORDER_EVENTS];
	struct dvk_record ring[DVK_RING_EVENTS];
} __attribute__((aligned(64)));

/* dc_state.holding */
enum dc_holding {
	HOLDING_RULES = 1,  /* there are rules */
	HOLDING_COPIES = 2, /* a message was duplicated once: somebody may answer a copy */
};

#define DC_STATE_VERSION 2

/* A DC as its user holds it: private, checked when it was attached. */
struct dc {
	struct dc_state *state;
	struct proc *procs; /* nr_slots of them, the first is nr -NR_TASKS */
	struct proc_rest *rest;
	int nr_procs;
	int nr_slots; /* NR_TASKS + nr_procs */
	void *host;   /* the host's own */
};

/* 1 when nr names a slot of the table. */
static inline int dc_has_nr(const struct dc *dc, int nr)
{
	return (unsigned int)nr + NR_TASKS < (unsigned int)dc->nr_slots;
}

/* The slot nr, which the caller has checked or got from dc_has_nr(). */
static inline struct proc *dc_proc(const struct dc *dc, int nr)
{
	return &dc->procs[nr + NR_TASKS];
}

static inline struct proc_rest *dc_rest(const struct dc *dc, int nr)
{
	return &dc->rest[nr + NR_TASKS];
}

static inline int dc_nr(const struct dc *dc, const struct proc *p)
{
	return (int)(p - dc->procs) - NR_TASKS;
}

#endif
