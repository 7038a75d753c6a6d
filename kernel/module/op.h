/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * op.h - an operation of DVK_OPS: what it needs, and its one function.
 *
 * Either a transition, under the DC's lock, or run, which takes what it needs itself.
 * Both return what the call returns: 0 or more, or a negative EDVS.
 */
#ifndef MODULE_OP_H
#define MODULE_OP_H

#include "container.h"

enum op_needs {
	OP_DC = 1,     /* the file is at a DC */
	OP_MEMBER = 2, /* ... and the thread is a member of it */
	OP_SLOT = 4,   /* ... and names a slot of its process, which is not stopped */
	OP_WAITS = 8,  /* DVK_BLOCKED begins a wait */
	OP_IN = 16,    /* data comes in */
	OP_OUT = 32,   /* data goes out, unless it failed */
	OP_ARRAY = 64, /* ... as many as the result says; size says how many fit */
	OP_HAS_SLOT = OP_DC | OP_MEMBER | OP_SLOT,
};

/* Ready slots that are fetched under one hold of the lock. */
#define READY_BATCH 8

/* An entry under way. */
struct call {
	struct dvk_file *file;
	struct container *container; /* held; NULL: the file is at none */
	struct file_rights rights;   /* of the file there */
	struct member *member;       /* this thread there */
	struct dvk_entry *entry;
	int nr;                /* its slot, NONE */
	uint64_t incarnation;  /* of the process in it */
	struct member *sleeps; /* whose queue it sleeps in: the slot's thread */
	void *data;            /* the operation's, in our memory */
	int error;             /* errno: the entry itself failed */
	uint32_t batch_count;
	struct dvk_ready batch[READY_BATCH];
};

struct op {
	unsigned int needs; /* enum op_needs */
	uint32_t bytes;     /* of data, or of one of an array */
	uint32_t max;       /* of an array: how many at most */
	int (*transition)(struct call *call);
	int (*run)(struct call *call);
};

#define OP_EXTERN(name) extern const struct op op_##name;
DVK_OPS(OP_EXTERN)
#undef OP_EXTERN

/* ---- entry.c ---- */
long entry_run(struct dvk_file *file, void __user *user);
/* How many of an array fit. */
static inline int call_room(const struct call *call, uint32_t max)
{
	return call->entry->size < max ? (int)call->entry->size : (int)max;
}

/* ---- call.c ---- */
/* Takes the lock of the DC. */
void call_enter(struct call *call) __acquires(RCU) __acquires(&call->container->lock);
/* Commits, fetches ready slots, lets go and wakes. */
void call_leave(struct call *call) __releases(&call->container->lock) __releases(RCU);
/* The request that the slot received last, into the entry; under the lock. */
void call_tell_request(struct call *call);
/* The slot that the entry names is the process's; under the lock. EDVSNOTBIND. */
int call_own_slot(struct call *call);
/* The whole of an operation that is one transition. */
int call_transition(struct call *call, const struct op *op);

/* ---- sleep.c ---- */
/* The slot is blocked: its wait begins, or ends at once as it was cancelled. Under the lock. */
int sleep_begin(struct call *call);
/* The slot is stopped: nothing was done. Under the lock. */
void sleep_begin_stopped(struct call *call);
/* Sleeps until the wait is over, and how it ended. DVK_ENTRY_WAITS, DVK_ENTRY_STOPPED. */
int sleep_end(struct call *call, int64_t deadline_ns);
/* Ends a wait for a reason: -ETIME, -EINTR, 0. 1 in *ret_again: it goes on. Under the lock. */
int sleep_outcome(struct call *call, int why, int *ret_again);
/* Is told that nr is ready; NULL, or whom to wake. Under the lock. */
struct member *sleep_tell(struct container *container, const struct host_wakened *woken);
/* Nobody waits in nr any more. Under the lock. */
void sleep_forget(struct container *container, int nr);
/* Sleeps once on a queue until is_over says so; 0, -EINTR, -ETIME. */
int sleep_on(wait_queue_head_t *queue, int (*is_over)(void *data), void *data, int64_t deadline_ns);

/* ---- ready.c ---- */
/* Fills the batch from the thread's ready slots; under the lock. */
void ready_collect(struct call *call);
/* Gives the program what is ready, as far as it has room. */
void ready_give(struct call *call);

/* ---- view.c ---- */
struct container_rows {
	struct dvk_procinfo *procs; /* kvmalloc */
	struct dvk_table *tables;
	uint32_t rows, table_rows, bound;
	int64_t taken_ns;
	struct dvk_dcinfo dc;
};
/* All bound slots of one state; letters for the owner only. */
int view_take(struct container *container, int with_letters, struct container_rows *ret_rows);
void view_free(struct container_rows *rows);
void view_dcinfo(struct container *container, struct dvk_dcinfo *ret_info);

#endif
