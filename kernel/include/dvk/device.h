/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device.h - /dev/dvk: the calls of M3-IPC as entries into the kernel module.
 *
 * One ioctl, DVK_IOC_ENTRY, carries one struct dvk_entry in and out: an operation of
 * DVK_OPS for a slot of the calling process. It returns 0 when the entry was carried
 * out: then .result is what the call returns (0 or more, or a negative EDVS). Else it
 * fails with errno: EINVAL (bytes, version or op unknown), EFAULT (a bad address of
 * the entry's own), ENOTTY (another ioctl). Programs use libdvk; this is its contract
 * with the module, versioned, of fixed-width fields only.
 *
 * A file is one process at one DC: DVK_OP_OPEN says which. A file used by another
 * process (inherited by fork, or sent) gives EDVSDVSINIT. Its last close ends all that
 * the process was in the DC, as do exit, exec and kill; a thread's end ends its slots.
 *
 * Waiting. An entry that blocks sleeps in the kernel, and is one system call; a signal
 * gives it back with .result DVK_ENTRY_WAITS, and DVK_OP_WAIT sleeps on. With
 * DVK_ENTRY_ASYNC it returns DVK_ENTRY_WAITS at once, and the end of the wait comes as
 * a struct dvk_ready: with the same or a later entry of the thread whose slot it is
 * (.ready, .ready_max, .ready_count), by DVK_OP_READY, which sleeps until there is one,
 * or announced by poll on the file (POLLIN: the polling thread has ready slots).
 * DVK_ENTRY_STOPPED: a debugger has stopped the slot and nothing was done; enter again
 * when it is ready (a blocking entry waits for that itself).
 */
#ifndef DVK_DEVICE_H
#define DVK_DEVICE_H

#include <dvk/debug.h>
#include <dvk/manage.h>
#include <dvk/state.h>

#ifdef __KERNEL__
#include <linux/ioctl.h>
#else
#include <sys/ioctl.h>
#endif

#define DVK_DEVICE_PATH    "/dev/dvk"
#define DVK_DEVICE_VERSION 1

/* .result beside 0, more and negative errors: not over yet. No call returns these. */
#define DVK_ENTRY_WAITS   0x40000001
#define DVK_ENTRY_STOPPED 0x40000002

/* .flags */
#define DVK_ENTRY_ASYNC 1u /* does not sleep */

/* With the flags of OPEN: the file only looks, and does not keep the DC alive. */
#define DVK_DEVICE_LOOK 0x10000

/*
 * X(name): operations. Which fields each reads and writes, beside slot_nr, flags, m:
 *
 * OPEN          ep dcid, value enum dvk_open_flags, size nr_procs (0: default), data a
 *               struct dvk_device_open, which comes back filled
 * SEND          ep, m, deadline_ns
 * RECEIVE       src_ep, deadline_ns; m comes back
 * SENDREC       ep, m, deadline_ns; m comes back
 * REPLY         ep, m
 * REPLY_TO      ep and call (a struct dvk_request), m
 * REPLY_RECEIVE ep (NONE: no reply), src_ep, m, deadline_ns; m comes back
 * RCVRQST       deadline_ns; m comes back
 * RELAY         ep, m
 * NOTIFY        ep, src_ep source slot's nr (SELF: the caller), value 0..31 or -1
 * WAKEUP        ep
 * VCOPY         src_ep, data; ep, data2; size
 * SHARES        ep; result 1 or 0
 * WAIT          deadline_ns: the wait of slot_nr goes on; m as in the call that began it
 * END_WAIT      the wait of slot_nr ends as if its time had come; m likewise
 * READY         deadline_ns; ready
 * CANCEL        ep (SELF: slot_nr)
 * CANCEL_THREAD value tid
 * WAIT_BIND     ep, deadline_ns; result 0, and the endpoint in m.m_source
 * WAIT_UNBIND   ep, deadline_ns
 * WAIT_OWN      deadline_ns: until this thread is bound by another; endpoint in ep
 * BIND          ep nr or NONE, value tid of another's thread or 0, data a struct
 *               dvk_device_names; the endpoint comes back in ep
 * UNBIND        ep, value code
 * GETEP         value pid, 0: slot_nr; the endpoint comes back in ep
 * GETPRIV, SETPRIV     ep, data struct dvk_priv
 * STOP, CONT    ep
 * HOLD          data struct dvk_hold; result its id
 * UNHOLD        call id
 * HOLDS, HELD   data array, size how many fit; result how many
 * HELD_ACT      call id, value enum dvk_device_act, src_ep the error, m
 * TABLE         data struct dvk_table
 * SLEEP_NOTE    data text, size bytes with its NUL
 * QUIET         ep nr, value 1 or 0
 * EXITS         call next (comes back), data array of struct dvk_exit, size how many
 *               fit, data2 address of a uint64_t for the lost or 0; result how many
 * SNAPSHOT      data struct dvk_device_snapshot, which comes back filled
 * PROCINFO      ep nr, data struct dvk_procinfo
 * TRACE         value 1 or 0: full records for this file
 * EVENTS_WAIT   call event_next as seen, deadline_ns: until it has moved; call comes back
 * READ          value pid, data2 its address, data, size: memory of a process of the DC
 * LIST          data array of struct dvk_dcinfo, size how many fit; result how many
 * DC_INIT       as OPEN, but the DC stays and the file is not at it
 * DC_END        ep dcid
 * DVS_INIT      ep node, data name of DVK_NAME_BYTES
 * DVS_END, DVS_INFO (data struct dvk_dvsinfo), NODE_INFO (ep node, data struct
 * dvk_nodeinfo)
 * CLOSE         leaves the DC; the file may OPEN again
 */
/* clang-format off */
#define DVK_OPS(X)							\
	X(OPEN) X(CLOSE)						\
	X(SEND) X(RECEIVE) X(SENDREC) X(REPLY) X(REPLY_TO)		\
	X(REPLY_RECEIVE) X(RCVRQST) X(RELAY) X(NOTIFY) X(WAKEUP)	\
	X(VCOPY) X(SHARES)						\
	X(WAIT) X(END_WAIT) X(READY) X(CANCEL) X(CANCEL_THREAD)		\
	X(WAIT_BIND) X(WAIT_UNBIND) X(WAIT_OWN)				\
	X(BIND) X(UNBIND) X(GETEP) X(GETPRIV) X(SETPRIV)		\
	X(STOP) X(CONT) X(HOLD) X(UNHOLD) X(HOLDS) X(HELD) X(HELD_ACT)	\
	X(TABLE) X(SLEEP_NOTE) X(QUIET) X(EXITS)			\
	X(SNAPSHOT) X(PROCINFO) X(TRACE) X(EVENTS_WAIT) X(READ)		\
	X(LIST) X(DC_INIT) X(DC_END)					\
	X(DVS_INIT) X(DVS_END) X(DVS_INFO) X(NODE_INFO)
/* clang-format on */

enum dvk_op {
	DVK_OP_NONE,
#define DVK_OP(name) DVK_OP_##name,
	DVK_OPS(DVK_OP)
#undef DVK_OP
		DVK_OP_COUNT,
};

/* .value of HELD_ACT; the engine's order. */
enum dvk_device_act {
	DVK_ACT_RELEASE,
	DVK_ACT_EDIT,
	DVK_ACT_DROP,
	DVK_ACT_DUPLICATE,
	DVK_ACT_ANSWER,
};

struct dvk_entry {
	uint32_t bytes; /* sizeof(struct dvk_entry) */
	uint16_t version;
	uint16_t op;     /* enum dvk_op */
	int32_t slot_nr; /* the caller: a slot of this thread's process, or NONE */
	uint32_t flags;
	int32_t ep;
	int32_t src_ep;
	int32_t value;
	int32_t result;      /* out */
	int64_t deadline_ns; /* CLOCK_MONOTONIC; INT64_MAX: never; 0: must not wait */
	uint64_t call;
	uint64_t request_call; /* out: the request that slot_nr received last, ... */
	int32_t request_ep;    /* ... its client, or NONE */
	uint32_t ready_max;    /* room for so many struct dvk_ready at .ready */
	uint64_t ready;
	uint64_t data;
	uint64_t data2;
	uint64_t size;
	uint32_t ready_count; /* out */
	uint32_t ready_more;  /* out: 1: there are more than fitted */
	uint64_t spare[3];    /* 0 */
	message m;
};

/* A slot of the calling thread whose wait is over. */
struct dvk_ready {
	int32_t nr;
	int32_t result;     /* what its call returns, or DVK_ENTRY_STOPPED: enter again */
	uint32_t handover;  /* 1: by a request or a reply of this entry's own slot */
	int32_t request_ep; /* as in struct dvk_entry */
	uint64_t request_call;
	message m; /* with result 0: what the call gives back */
};

/* OPEN, DC_INIT. */
struct dvk_device_open {
	char name[DVK_NAME_BYTES]; /* in: of a new DC; "": "dcN" */
	uint32_t mode;             /* in: of a new DC, 0660 and such; 0: 0600 */
	uint32_t gid;              /* in: of a new DC; UINT32_MAX: the caller's own */
	int32_t nr_procs;          /* out */
	int32_t is_owner;          /* out: 1: the owner, or has CAP_SYS_ADMIN */
	uint64_t table_bytes;      /* out: of DVK_MAP_TABLE */
	uint64_t state_bytes;      /* out: of DVK_MAP_STATE */
	uint64_t recorder_offset;  /* out: in DVK_MAP_STATE; what DVK_MAP_RECORDER maps */
	uint64_t recorder_bytes;   /* out */
};

struct dvk_device_names {
	char name[DVK_NAME_BYTES];
	char muk[DVK_NAME_BYTES]; /* "": none */
};

struct dvk_device_snapshot {
	uint64_t procs;      /* in: address of rows of struct dvk_procinfo */
	uint64_t tables;     /* in: address of rows of struct dvk_table */
	uint32_t rows;       /* in: room at procs; out: filled. EDVSMSGSIZE: too few, .bound says */
	uint32_t table_rows; /* in: room at tables; out: filled */
	uint32_t bound;      /* out */
	uint32_t pad;
	int64_t taken_ns;     /* out: CLOCK_MONOTONIC */
	struct dvk_dcinfo dc; /* out */
};

/*
 * What can be mapped read-only from the file, by offset. TABLE: for every process of
 * the DC; a struct dvk_device_table, its rows behind it. RECORDER: the ring of struct
 * dvk_event, for every process of the DC. STATE: all of the DC, with the letters and the
 * ring of full records; for its owner and for CAP_SYS_ADMIN.
 */
#define DVK_MAP_TABLE    0x00000000
#define DVK_MAP_STATE    0x10000000
#define DVK_MAP_RECORDER 0x20000000

/* A slot without what is its own business: the letter. */
struct dvk_device_row {
	uint32_t sequence; /* odd while it changes; the same before and after: one state */
	uint32_t rts;
	uint32_t misc;
	int32_t endpoint;
	int32_t sendto_ep;  /* SENDING */
	int32_t getfrom_ep; /* RECEIVING */
	int32_t level;
	int32_t call_type;
	int64_t wait_since_ns;
	uint64_t messages_sent;
	uint64_t messages_received;
	char name[DVK_NAME_BYTES];
	char muk[DVK_NAME_BYTES];
	uint64_t incarnation;
};

struct dvk_device_table {
	uint32_t version;   /* DVK_DEVICE_VERSION */
	uint32_t row_bytes; /* sizeof(struct dvk_device_row) */
	int32_t dcid;
	int32_t node;
	int32_t nr_slots;     /* rows; the first is slot -NR_TASKS */
	int32_t bound;        /* slots in use */
	uint64_t transitions; /* committed so far */
	uint64_t event_next;  /* sequence of the next event */
	char name[DVK_NAME_BYTES];
	uint64_t spare;
};

#define DVK_IOC_ENTRY _IOWR('d', 0x4d, struct dvk_entry)

static_assert(sizeof(struct dvk_entry) == 192 && offsetof(struct dvk_entry, m) == 128,
	      "an entry is three cache lines");
static_assert(sizeof(struct dvk_ready) == 88, "fixed width");
static_assert(sizeof(struct dvk_device_row) == 96, "fixed width");
static_assert(sizeof(struct dvk_device_table) == 64, "fixed width");

#endif
