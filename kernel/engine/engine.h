/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engine.h - M3-IPC as a state machine.
 *
 * Every function is one transition: it runs under the DC's lock, which the host
 * takes and releases, and never sleeps. It returns DVK_DONE (0), DVK_BLOCKED, or
 * a negative error after which nothing has changed. After DVK_BLOCKED the host
 * puts the caller's thread to sleep until host_wake(caller); then the outcome is
 * engine_result(). Messages are memory of the host's, never of a user's. The
 * state diagram is in ARCHITECTURE.md.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include <dvk/dvk.h>
#include <dvk/manage.h>
#include "dc.h"

enum { DVK_DONE = 0, DVK_BLOCKED = 1 };

/* Calls that rights are kept for: a bit each in proc_rest.calls_allowed. */
enum engine_call {
#define ENGINE_CALL(name, word) CALL_##name##_NR,
	DVK_CALLS(ENGINE_CALL)
#undef ENGINE_CALL
};

/* deadline_ns: DC_NEVER, 0 (never block: EDVSAGAIN) or CLOCK_MONOTONIC ns. */

/* ---- layout (layout.c) ---- */
/* Bytes of the shared state for nr_procs; 0 if out of range. */
uint64_t dc_bytes(int nr_procs);
/* Fills zeroed memory. EDVSRANGE. The host fills magic and running, in this order last. */
int dc_init(struct dc *dc, void *memory, int dcid, int nr_procs);
/* Checks memory of bytes that somebody else has filled and points dc at it. EDVSBADVALUE. */
int dc_attach(struct dc *dc, void *memory, uint64_t bytes);

/* ---- a slot's life (bind.c, exit.c) ---- */
struct engine_bind {
	int nr;           /* a slot, or NONE: any free user slot */
	int member;       /* the host's thread */
	const char *name; /* 1..15 bytes */
	const char *muk;  /* or "" */
	int is_owner;     /* 1: the DC's owner asks */
	int is_system;    /* 1: gets level SYSTEM, as the owner's shell does */
	uint32_t misc;    /* flags to begin with: UNIKERNEL */
};
int engine_bind(struct dc *dc, const struct engine_bind *request, int *ret_endpoint);
/*
 * caller_nr NONE: the host itself, for a thread of the same process. Else a slot of
 * the caller's own thread, or any with SYSTEM (EDVSPRIVILEGES). The host then finds
 * EDVSNOTBIND as engine_result() of who waited in it.
 */
int engine_unbind(struct dc *dc, int caller_nr, int endpoint, int code);
/* The DC does not run any more: all waits end with EDVSDCNOTRUN. */
void engine_end(struct dc *dc);
/* nr is gone, in whatever state: section 8. Never fails for a bound slot. */
int engine_exit(struct dc *dc, int nr, int code);

/* ---- messages (send.c, receive.c, reply.c, notify.c) ---- */
int engine_send(struct dc *dc, int caller_nr, int dst_ep, const message *m, int64_t deadline_ns);
int engine_sendrec(struct dc *dc, int caller_nr, int ep, const message *m, int64_t deadline_ns);
/* DVK_DONE: *ret_m is filled. */
int engine_receive(struct dc *dc, int caller_nr, int src_ep, message *ret_m, int64_t deadline_ns);
int engine_reply(struct dc *dc, int caller_nr, int ep, const message *m);
int engine_reply_to(struct dc *dc, int caller_nr, struct dvk_request request, const message *m);
struct engine_answer {
	int ep; /* NONE: no reply */
	const message *m;
};
int engine_reply_receive(struct dc *dc, int caller_nr, const struct engine_answer *answer,
			 int src_ep, message *ret_m, int64_t deadline_ns);
/* Takes requests of sendrec only, from anybody; others stay queued. */
int engine_rcvrqst(struct dc *dc, int caller_nr, message *ret_m, int64_t deadline_ns);
/* m->m_source names the client of the call in hand, which from now on waits for ep. */
int engine_relay(struct dc *dc, int caller_nr, int ep, const message *m);
/* value -1: no value. caller_nr may notify as itself, or with SYSTEM as source_nr. */
int engine_notify(struct dc *dc, int caller_nr, int source_nr, int dst_ep, int value);

/* ---- the end of a wait (wait.c) ---- */
/*
 * The caller's wait has ended (rts 0): its result; *ret_m is filled when it is 0 (after
 * a plain send with the message itself; NULL is fine). DVK_BLOCKED: it has not ended.
 * Reads this slot only, so it needs no lock once rts was seen to be 0.
 */
int engine_result(struct dc *dc, int nr, message *ret_m);
/*
 * Its time has come: EDVSTIMEDOUT or EDVSNOTREADY; DVK_DONE if the wait had ended
 * already, see engine_result(); DVK_BLOCKED while a copy touches the caller: it is
 * woken at the copy's end, and needs no deadline any more.
 */
int engine_timeout(struct dc *dc, int nr);
/* The same when it is given up: EDVSINTR or EDVSNOTREADY. */
int engine_cancel(struct dc *dc, int nr);
/*
 * ep's receive from anybody, or its rcvrqst, ends with EDVSWOKENUP, now or at its next
 * try. caller_nr NONE: the host itself, for a thread of the same process.
 */
int engine_wakeup(struct dc *dc, int caller_nr, int ep);

/* ---- waiting for others' lives (presence.c) ---- */
/* DVK_DONE: *ret_endpoint is bound; else it will be m_source of the result's letter. */
int engine_wait_bind(struct dc *dc, int caller_nr, int ep, int64_t deadline_ns, int *ret_endpoint);
int engine_wait_unbind(struct dc *dc, int caller_nr, int ep, int64_t deadline_ns);

/* ---- rights (priv.c) ---- */
int engine_getpriv(struct dc *dc, int caller_nr, int ep, struct dvk_priv *ret_priv);
int engine_setpriv(struct dc *dc, int caller_nr, int ep, const struct dvk_priv *priv);

/* ---- debuggers (stop.c, hold.c, held.c) ---- */
int engine_stop(struct dc *dc, int caller_nr, int ep);
int engine_cont(struct dc *dc, int caller_nr, int ep);
int engine_hold(struct dc *dc, int caller_nr, const struct dvk_hold *rule, uint32_t *ret_id);
int engine_unhold(struct dc *dc, int caller_nr, uint32_t id);
int engine_holds(struct dc *dc, int caller_nr, struct dvk_hold *ret_holds, int max);
int engine_held(struct dc *dc, int caller_nr, struct dvk_held *ret_held, int max);
enum held_act { HELD_RELEASE, HELD_EDIT, HELD_DROP, HELD_DUPLICATE, HELD_ANSWER };
struct engine_held_act {
	uint64_t id;
	enum held_act act;
	int error;        /* DROP */
	const message *m; /* EDIT, ANSWER */
};
int engine_held_act(struct dc *dc, int caller_nr, const struct engine_held_act *act);

/* ---- copies (copy.c) ---- */
struct engine_copy {
	int src_nr, dst_nr; /* filled in by begin */
	int src_ep, dst_ep;
	uint64_t src_incarnation, dst_incarnation;
};
/*
 * Checks and marks the parties ONCOPY; the host copies without the lock, then calls end
 * with the copy's result, which returns it, or EDVSSRCDIED, EDVSDSTDIED.
 */
int engine_copy_begin(struct dc *dc, int caller_nr, int src_ep, int dst_ep, uint64_t bytes,
		      struct engine_copy *ret_copy);
int engine_copy_end(struct dc *dc, int caller_nr, const struct engine_copy *copy, uint64_t bytes,
		    int result);

/* ---- tables, events, undo (table.c, event.c, undo.c) ---- */
int engine_register_table(struct dc *dc, int caller_nr, const struct dvk_table *table);
struct event_what {
	int kind; /* enum dvk_event_kind */
	int src_ep, dst_ep;
	int result;
	uint64_t call;
};
/* m may be NULL. Nothing when a quiet slot made it or is the other party. */
void event_emit(struct dc *dc, const struct event_what *what, const message *m);
/* Rolls an unfinished transition back: the next owner of the lock, before anything else. */
void undo_rollback(struct dc_state *state, uint64_t bytes_total);

/* ---- looking (view.c): reads memory that may change under it ---- */
/*
 * Applies an undo log to a private copy of the state, so that it is what it was
 * before the transition that was under way when it was copied.
 */
void view_undo(struct dc *copy);
/*
 * A row of the snapshot from a slot; times stay in host ticks. pid, tid, on_cpu and
 * inconsistent are the host's; queue_length and queue_place come by view_queues().
 */
void view_procinfo(const struct dc *dc, int nr, struct dvk_procinfo *ret_info);
/*
 * Then once for all rows that view_procinfo() has filled, by nr: each queue is walked once,
 * where a walk for each sender would take 35 ms with 4,000 of them in one queue.
 */
void view_queues(const struct dc *dc, struct dvk_procinfo *rows, int count);

#endif
