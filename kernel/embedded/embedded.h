/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * embedded.h - this process at its DC, and the frame around each transition.
 *
 * A transition: host_enter(), one call of the engine, host_leave(). Only then are
 * the woken told, so that nobody waits for the lock of one who sleeps.
 */
#ifndef EMBEDDED_EMBEDDED_H
#define EMBEDDED_EMBEDDED_H

#include <dvk/dvk.h>

#include "caught.h"
#include "engine.h"
#include "host_impl.h"
#include "member.h"

/* The DC that this process has open. */
struct host {
	int open;
	unsigned int epoch; /* changes at each open, close and fork */
	int is_owner;
	int is_system;
	struct mapping mapping;
	struct dc dc; /* = mapping.dc, at hand for each call */
};
extern struct host host;

/* This thread at that DC. */
struct host_self {
	struct seat seat;
	unsigned int epoch; /* of the host when it attached */
	int current;        /* its slot, NONE */
	uint32_t ticks_kind;
	int32_t peer;          /* the member it waited for last, DC_NO_MEMBER */
	int64_t look_ns;       /* how long a wait looks before it sleeps */
	int64_t poll_start_ns; /* of the sleep in poll */
	int64_t wake_ns;       /* what a wake-up costs here, from waker to sleeper */
	const struct dvk_parker *parker;
	int ends_wait; /* 1: the parker gives the wait up before its time */
};
extern __thread struct host_self host_self __attribute__((tls_model("initial-exec")));

/* &host_self in a register: the compiler would find it anew at each use. */
static inline struct host_self *host_here(void)
{
	struct host_self *self = &host_self;

	__asm__("" : "+r"(self));
	return self;
}

static inline struct member *host_member(const struct seat *seat)
{
	return &seat->segment->members[seat->member];
}

/* 1 when this thread is attached to the DC that is open now. */
static inline int host_attached(const struct host_self *self)
{
	return self->seat.member != DC_NO_MEMBER && self->epoch == host.epoch;
}

/* ---- attach.c ---- */
/* Attaches this thread to the open DC unless it is. EDVSDVSINIT, EDVSRSCBUSY. */
int host_attach(struct host_self *self);
/* Ends its slots and detaches; nothing if it is not attached. */
void host_detach(struct host_self *self);
/* Opening and closing of the process's part; refusal() tells what went wrong. */
int host_open(int dcid, const struct dvk_options *options);
int host_close(void);
/* Ends the DC that is open, and all in it. EDVSBUSY: its lock is not let go. */
int host_end(void);

/* ---- transition.c ---- */
/* After the engine: what has changed stays, from one store on. */
static inline void host_commit(struct dc_state *state)
{
	state->transitions++;
	host_barrier();
	__atomic_store_n(&state->undo_count, 0, __ATOMIC_RELEASE);
}

/* Waits for the lock; one that nobody holds who is attached is taken over. */
void bury_wait_lock(const struct mapping *mapping, const struct seat *seat);

/* The members to wake once the lock is free. */
struct wake_list {
	int count;
	int all; /* 1: too many to tell */
	int32_t members[HOST_WAKES];
};

/* Tells the slots of host_wakes that they are ready; under the lock. */
void wake_distribute(struct dc *dc, const struct seat *seat, struct wake_list *ret_list);
/* Finds all that are ready, whatever was told before; under the lock. */
void wake_sweep(struct dc *dc, struct segment *segment);
/* Wakes them, and reports those of this thread to its parker; without the lock. */
void wake_deliver(struct dc *dc, const struct seat *seat, const struct wake_list *list);
void wake_all(struct dc *dc, struct segment *segment);
void wake_views(struct segment *segment);
/* Takes nr out of the list of its member; under the lock. */
void wake_unlist(struct dc *dc, struct segment *segment, int nr);
/* The slow half of host_unlock. */
void host_unlock_waking(struct dc *dc, const struct seat *seat);

/* Takes the lock. 1: somebody else had it. */
static inline int host_lock(const struct seat *seat)
{
	if (__builtin_expect(lock_try(seat), 1))
		return 0;
	bury_wait_lock(&host.mapping, seat);
	return 1;
}

/*
 * The clock is read before the lock is taken, where it costs less than under it,
 * and once more if somebody was faster or had the lock: times follow the order of
 * transitions.
 */
static inline void host_enter(struct dc *dc, const struct seat *seat)
{
	uint32_t kind = seat->segment->ticks_kind;
	int64_t now = ticks_read(kind);
	int waited = host_lock(seat);

	if (__builtin_expect(waited || now < dc->state->now, 0))
		now = ticks_read(kind);
	dc->state->now = now;
}

/* 1 when all that was woken is one slot of this thread's own, which sleeps. */
static inline int host_woke_one_of_ours(const struct dc *dc, const struct seat *seat)
{
	const struct proc *p = dc_proc(dc, host_wakes.slots[0].nr);

	return host_wakes.count == 1 && p->member == seat->member &&
	       p->ready_next == READY_WAITING && host_self.parker;
}

/* After the commit. */
static inline void host_unlock(struct dc *dc, const struct seat *seat)
{
	struct segment *segment = seat->segment;

	if (host_wakes.count == 0) {
		lock_release(seat);
	} else if (host_woke_one_of_ours(dc, seat)) {
		/* From task to task of one runtime: the case that must be short. */
		struct host_wakened slot = host_wakes.slots[0];

		__atomic_store_n(&dc_proc(dc, slot.nr)->ready_next, READY_NOT, __ATOMIC_RELAXED);
		host_wakes.count = 0;
		lock_release(seat);
		host_self.parker->ready(slot.nr, slot.handover);
	} else {
		host_unlock_waking(dc, seat);
	}
	/* Read behind the barrier of the release, as a view arms it before it looks. */
	if (__builtin_expect(__atomic_load_n(&segment->armed, __ATOMIC_RELAXED), 0))
		wake_views(segment);
}

static inline void host_leave(struct dc *dc, const struct seat *seat)
{
	host_commit(dc->state);
	host_unlock(dc, seat);
}

/* ---- park.c ---- */
/* Sleeps until slot p is ready or the time has come. */
void park_slot(struct host_self *self, const struct proc *p, int64_t deadline_ns);
/* The same until the list of this thread's ready slots has one. */
void park_list(struct host_self *self, int64_t deadline_ns);
/* Before and after a sleep in poll: the look (1: a slot is ready), and what it taught. */
int park_look(struct host_self *self);
void park_polled(struct host_self *self, int by_message);

/* 1 while the thread of slot p has not been told that it is ready. */
static inline int park_waits(const struct proc *p)
{
	return __atomic_load_n(&p->ready_next, __ATOMIC_ACQUIRE) == READY_WAITING;
}

/* ---- fifo.c ---- */
/* The descriptor by which this thread is woken; made at its first use. */
int fifo_own(struct host_self *self);
void fifo_drain(void);
void fifo_close_own(struct host_self *self);
/* Wakes a member that sleeps by its descriptor. */
void fifo_wake(struct segment *segment, int member);
/* The same, async-signal-safe. */
void fifo_wake_from_handler(int member);
void fifo_forget_all(void);

/* ---- attention.c ---- */
/* A thread is asked for something, when it waits or as it begins to. Async-signal-safe. */
void attention_ask(struct segment *segment, int index, uint32_t what);
/* Does what this thread was asked for; returns enum attention: what it was. */
uint32_t attention_give(struct host_self *self);
static inline int attention_is_asked(const struct host_self *self)
{
	return __atomic_load_n(&host_member(&self->seat)->attention, __ATOMIC_SEQ_CST) != 0;
}

static inline void attention_look(struct host_self *self)
{
	if (attention_is_asked(self))
		attention_give(self);
}

/* ---- bounce.c ---- */
struct copy_side;
/* Moves bytes between here and a side whose memory Linux refuses, by its own thread's hand. */
int bounce_move(const struct copy_side *side, uint64_t here, uint64_t bytes, int to);
/* What others ask of this thread's memory. */
void bounce_serve(const struct host_self *self);
/* A member has died: what it asked for is free, what it was asked for has failed. */
void bounce_bury(struct segment *segment, int index);

/* ---- keeper.c ---- */
/* Starts this process's keeper thread; returns when it is attached. */
int keeper_start(struct mapping *mapping);
/* Its lock word, by which this process's threads are guarded. */
uint32_t keeper_guard(void);
/* Stops and joins it. */
void keeper_stop(void);
/* In the child of a fork: there is none. */
void keeper_forget(void);

/* ---- bury.c ---- */
#define HOST_EXIT_DIED EDVSSRCDIED /* exit code of who did not say goodbye */
/* Ends all that a dead member was. 1: it was dead and is buried. */
int bury(const struct mapping *mapping, const struct seat *seat, int index);
/* Takes the lock; what a dead owner had begun is rolled back. */
void bury_take_lock(const struct mapping *mapping, const struct seat *seat);
/* Full records are written while somebody who lives asks for them; under the lock. */
void trace_recount(const struct mapping *mapping);

/* ---- copy_between.c ---- */
/* One side of a copy: an address in a process. */
struct copy_side {
	int32_t pid;
	int32_t died; /* the error when it is gone: EDVSSRCDIED, EDVSDSTDIED */
	uint64_t address;
	struct member *member; /* NULL: not of a DC */
	int32_t pinned;        /* it waits until the copy has ended */
	int32_t refused;       /* Linux has refused it once */
};
/* Moves bytes between processes. 0, EDVSFAULT, EDVSPERM, or a side's died. */
int copy_between(const struct copy_side *src, const struct copy_side *dst, uint64_t bytes);

#endif
