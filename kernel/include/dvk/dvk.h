/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dvk.h - the calls of M3-IPC, as libdvk offers them over either host.
 *
 * All return a negative EDVS number on failure and 0 or more on success, unless
 * said otherwise; results through ret_ pointers are untouched on failure. The
 * caller of a call is the thread's current slot (dvk_bind, dvk_tbind,
 * dvk_set_current). A _T form takes ms: 0 never blocks (EDVSAGAIN, nothing was
 * sent), -1 waits for ever. Messages belong to the caller, who may reuse them at
 * once. The contract is M3-IPC; the section is given where it helps.
 */
#ifndef DVK_DVK_H
#define DVK_DVK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <dvk/endpoint.h>
#include <dvk/errors.h>
#include <dvk/limits.h>
#include <dvk/message.h>

/* ---- opening ------------------------------------------------------------ */

enum dvk_open_flags {
	DVK_CREATE = 1,      /* make the DC if there is none */
	DVK_KEEP = 2,        /* with CREATE: it stays when the last one leaves */
	DVK_STRICT = 4,      /* with CREATE: a strict DC (section 7) */
	DVK_NO_RECORDER = 8, /* with CREATE: no flight recorder */
	DVK_SYSTEM = 16,     /* slots of this process get level SYSTEM; for the owner's shell */
	DVK_GROUP = 32,      /* with CREATE: a group's members may enter it as well */
};

struct dvk_options {
	const char *dir;    /* where segments live; NULL: the folders of DESIGN */
	const char *name;   /* with CREATE: the DC's name; NULL: "dcN" */
	int nr_procs;       /* with CREATE: 0 is NR_PROCS_DEFAULT */
	unsigned int flags; /* enum dvk_open_flags */
	gid_t group;        /* with DVK_GROUP: whose members */
};

/*
 * Connects this process to DC dcid; once a process and DC, again after fork.
 * options may be NULL. A DC of a group is made in dir or /run/dvk, which must let the
 * group in. EDVSBADDCID (out of range), EDVSDCNOTRUN (no such DC and
 * no CREATE), EDVSACCES, EDVSBADPID (another PID namespace), EDVSBADVALUE (no
 * segment of ours, or of another version), EDVSRSCBUSY (all members taken).
 * What went wrong in words: dvk_open_error().
 */
int dvk_open(int dcid, const struct dvk_options *options);

/* Leaves the DC: unbinds all slots of this process. The last one removes it. */
int dvk_close(void);

/* The reason of the last failed dvk_open of this thread, one sentence. */
const char *dvk_open_error(void);

/* The number of the DC that is open, or EDVSDCNOTRUN. */
int dvk_dcid(void);

/* ---- a slot's life (sections 3 and 5) ----------------------------------- */

/*
 * Binds the calling thread, on behalf of its process, to slot nr, or to any free
 * user slot with nr NONE. name is shown by ps (NULL: the thread's own); that of a
 * server of a MUK is "muk/name". Returns
 * the endpoint, EDVSRANGE, EDVSSLOTUSED, EDVSRSCBUSY, EDVSPRIVILEGES,
 * EDVSNAMESIZE. The slot becomes the thread's current one.
 */
int dvk_bind(int nr, const char *name);

/*
 * Binds one more slot to the calling thread, for a task that a runtime
 * multiplexes on it; returns its endpoint, the current slot stays as it is.
 */
int dvk_tbind(int nr, const char *name);

/* Unbinds a slot of one's own (SELF: the current one), or with SYSTEM any. */
int dvk_unbind(int endpoint, int code);

/* The endpoint of the slot bound by Linux process or thread pid; 0: the caller's. */
int dvk_getep(pid_t pid);

/*
 * Binds thread pid (of a process: its first thread) of any process that has the DC
 * open, and waits in dvk_wait4bind(SELF) or has talked before; the slot becomes that
 * thread's current one. As dvk_bind(), and EDVSBADPID (no such member), EDVSPROCRUN
 * (it has a slot), EDVSPRIVILEGES (another's process, and not the DC's owner).
 */
int dvk_lclbind(pid_t pid, int nr, const char *name);

/*
 * Waits until endpoint is bound and returns it. One of generation 0 (a slot's nr)
 * stands for whoever is bound there, SELF for the calling thread, which another
 * binds. EDVSENDPOINT: that process is dead, and does not come back.
 */
int dvk_wait4bind(int endpoint);
int dvk_wait4bind_T(int endpoint, long ms);
/* Waits until endpoint is not bound any more. EDVSENDPOINT: stale, or one's own. */
int dvk_wait4unbind(int endpoint);
int dvk_wait4unbind_T(int endpoint, long ms);

/* ---- messages (section 5) ----------------------------------------------- */

int dvk_send(int dst_ep, const message *m);
int dvk_send_T(int dst_ep, const message *m, long ms);
/* src_ep: an endpoint or ANY. The message, with its source, goes to *ret_m. */
int dvk_receive(int src_ep, message *ret_m);
int dvk_receive_T(int src_ep, message *ret_m, long ms);
/* Sends *m to ep and waits for its reply, which replaces *m. */
int dvk_sendrec(int ep, message *m);
int dvk_sendrec_T(int ep, message *m, long ms);
/* Never blocks. */
int dvk_reply(int ep, const message *m);

/* A handle on a call that is in hand: good for exactly this call. */
struct dvk_request {
	int32_t client_ep; /* NONE: no request */
	int32_t pad;
	uint64_t call;
};

/* The request received last by this slot; client_ep NONE if it was no sendrec. */
struct dvk_request dvk_request(void);
int dvk_reply_to(struct dvk_request request, const message *m);
/*
 * A server's loop in one entry: replies to ep (NONE: to nobody), then receives
 * from src. A reply that cannot be delivered is an event, and no error here.
 */
int dvk_reply_receive(int ep, const message *reply, int src_ep, message *ret_m);
int dvk_reply_receive_T(int ep, const message *reply, int src_ep, message *ret_m, long ms);

/* Takes requests of sendrec only, from anyone; EDVSWOKENUP. */
int dvk_rcvrqst(message *ret_m);
int dvk_rcvrqst_T(message *ret_m, long ms);

/*
 * Passes a call in hand on: m->m_source names its client, which from now on waits
 * for ep. After an error the reply is still owed. Never blocks. EDVSPROCSTS: there is
 * no such call in hand; EDVSLOCKED: the client would wait in a circle.
 */
int dvk_relay(int ep, const message *m);

/*
 * ep's receive from ANY, or its dvk_rcvrqst(), returns EDVSWOKENUP, now or at its next
 * try. For slots of one's own process, others with SYSTEM (EDVSPRIVILEGES).
 */
int dvk_wakeup(int ep);

/*
 * Async-signal-safe: ends the wait of a slot of one's own process (SELF: the calling
 * thread's current one) with EDVSINTR if its message was not taken, EDVSNOTREADY if
 * it was. If it does not wait, its next call that would wait ends so, once.
 * EDVSNOTBIND, EDVSRANGE, EDVSENDPOINT, EDVSPRIVILEGES (another's process).
 */
int dvk_cancel(int endpoint);
/* The same for the current slot of a thread of one's own process. EDVSBADPID. */
int dvk_cancel_thread(pid_t tid);

int dvk_notify(int dst_ep);
/* Notifies in the name of slot nr (a task or server). */
int dvk_src_notify(int nr, int dst_ep);
/* Notifies in the name of slot nr (a task or server); value 0..31 is ORed in. */
int dvk_ntfy_value(int nr, int dst_ep, int value);

/*
 * Copies bytes from src's memory to dst's (section 9). SELF names the caller.
 * Returns 0, EDVSFAULT, EDVSRANGE, EDVSPROCSTS, EDVSONCOPY, EDVSENDPOINT,
 * EDVSSRCDIED, EDVSDSTDIED, EDVSPRIVILEGES (the caller is no party).
 */
int dvk_vcopy(int src_ep, uint64_t src_addr, int dst_ep, uint64_t dst_addr, size_t bytes);

/*
 * 1 when ep waits for the caller in a call that the caller has taken, and runs in
 * the caller's process: until the reply its addresses are good here too, also for
 * system calls. 0 otherwise.
 */
int dvk_shares_memory(int ep);

/* Addresses in messages are integers. */
static inline uint64_t dvk_address(const void *p)
{
	return (uint64_t)(uintptr_t)p;
}

/* ---- many slots on one thread (DESIGN decision 2) ------------------------ */

/*
 * A runtime that multiplexes tasks tells libdvk how to wait. All three are
 * called on the runtime's own thread. Slots are given by their nr.
 */
struct dvk_parker {
	/*
	 * The current slot's call is blocked. Returns when the slot was made
	 * ready, or when the time (CLOCK_MONOTONIC ns; INT64_MAX: never) has
	 * come. The parker restores the current slot before it returns.
	 */
	void (*block)(int nr, int64_t deadline_ns);
	/*
	 * A transition made by this thread has made local slot nr ready.
	 * handover: it was given a request or a reply by the current slot.
	 */
	void (*ready)(int nr, int handover);
};

/*
 * From within block(): when it returns, the wait ends as if its time had come
 * (EDVSTIMEDOUT if the message was not taken, EDVSNOTREADY if it was).
 */
void dvk_end_wait(void);

/* Installs (or with NULL removes) the parker of the calling thread. */
void dvk_set_parker(const struct dvk_parker *parker);

/* Reads and swaps the thread's current slot (its nr; NONE: none). */
int dvk_current(void);
void dvk_set_current(int nr);

/*
 * Takes up to max slots of this thread that others made ready since the last
 * time. Returns how many. Cheap when there are none.
 */
int dvk_take_ready(int *ret_nrs, int max);

/* Parks the thread on its futex until a slot is ready or the time has come. */
void dvk_park(int64_t deadline_ns);

/*
 * The same for a thread that sleeps in poll or epoll: a descriptor that becomes
 * readable when a slot is made ready between prepare and done.
 */
int dvk_park_fd(void);
/* Returns 1 if a slot is ready already, and the thread must not sleep. */
int dvk_park_prepare(void);
void dvk_park_done(void);

/* ---- deaths (section 8) --------------------------------------------------- */

/* How a process of the DC ended. */
struct dvk_exit {
	int32_t endpoint;
	int32_t code; /* of dvk_unbind; EDVSSRCDIED: it was killed or just ended */
	uint64_t incarnation;
	char name[DVK_NAME_BYTES]; /* "" when its slot has been taken anew */
};

/*
 * Copies the ends of processes from number *next on (0: all that are kept, which
 * are the last few hundred), at most max, oldest first; *next becomes the number
 * to ask for next. *ret_lost, unless NULL, is how many are no longer kept.
 * Returns how many it copied. SYSTASK is notified by HARDWARE when there are new
 * ones.
 */
int dvk_take_exits(uint64_t *next, struct dvk_exit *ret_exits, int max, uint64_t *ret_lost);

/* ---- what others can read from outside (section 11) ---------------------- */

/*
 * Registers a table of the current slot: rows rows of row_bytes at address, of
 * the type that the protocol tables call type ("pm.process"). The memory must
 * stay until the slot is unbound. EDVSRSCBUSY when DVK_TABLES are taken.
 */
int dvk_register_table(const char *type, unsigned int version, const void *address,
		       unsigned int rows, unsigned int row_bytes);

/* What the current slot waits for besides messages, one short phrase ("" clears). */
int dvk_set_sleep_note(const char *text);

#endif
