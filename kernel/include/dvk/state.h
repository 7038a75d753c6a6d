/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state.h - what a DC looks like from outside: flags, events, snapshots.
 *
 * Looking takes no slot, sends no message and waits for nobody (section 11).
 */
#ifndef DVK_STATE_H
#define DVK_STATE_H

#include <stdint.h>
#include <sys/types.h>

#include <dvk/endpoint.h>
#include <dvk/message.h>

/* rts flags: X(name, bit, meaning). 0 means running. */
#define DVK_RTS_FLAGS(X)                         \
	X(SLOT_FREE, 0, "free")                  \
	X(SENDING, 2, "sending")                 \
	X(RECEIVING, 3, "receiving")             \
	X(SIGNALED, 4, "signaled")               \
	X(SIG_PENDING, 5, "signal pending")      \
	X(STOPPED, 6, "stopped by a debugger")   \
	X(NO_PRIV, 7, "without privileges")      \
	X(ONCOPY, 10, "in a copy")               \
	X(MIGRATING, 11, "migrating")            \
	X(REMOTE, 12, "remote")                  \
	X(RMTOPER, 13, "remote operation")       \
	X(HELD, 14, "held by a debugger")        \
	X(WAITMIGR, 15, "waits for a migration") \
	X(WAITUNBIND, 17, "waits for an unbind") \
	X(WAITBIND, 18, "waits for a bind")

#define DVK_MISC_FLAGS(X)                             \
	X(PROXY, 0, "proxy")                          \
	X(CONNECTED, 1, "connected")                  \
	X(NOTIFY, 2, "notify")                        \
	X(NEEDMIG, 3, "needs migration")              \
	X(RMTBACKUP, 4, "backup of a remote process") \
	X(GRPLEADER, 5, "leader of its group")        \
	X(KTHREAD, 6, "kernel thread")                \
	X(REPLICATED, 7, "replicated")                \
	X(KILLED, 8, "killed")                        \
	X(WOKENUP, 9, "woken up")                     \
	X(UNIKERNEL, 10, "task of a unikernel")       \
	X(RMTINFO, 11, "remote information")          \
	X(NOMIGRATE, 12, "does not migrate")          \
	X(ATOMIC, 13, "owes a reply")                 \
	X(ENQUEUED, 14, "enqueued")

enum dvk_rts {
#define DVK_FLAG(name, bit, meaning) DVK_RTS_##name = 1u << (bit),
	DVK_RTS_FLAGS(DVK_FLAG)
#undef DVK_FLAG
};

enum dvk_misc {
#define DVK_FLAG(name, bit, meaning) DVK_MISC_##name = 1u << (bit),
	DVK_MISC_FLAGS(DVK_FLAG)
#undef DVK_FLAG
};

/* X(name): the levels of section 7, lowest first. */
#define DVK_LEVELS(X) X(USER) X(SERVER) X(TASK) X(SYSTEM) X(KERNEL) X(PROXY)
enum dvk_level {
#define DVK_LEVEL(name) DVK_LEVEL_##name,
	DVK_LEVELS(DVK_LEVEL)
#undef DVK_LEVEL
};

/* X(name, word): the calls that rights are kept for; a bit each in a mask of calls. */
/* clang-format off */
#define DVK_CALLS(X)							\
	X(SEND,		"send")						\
	X(RECEIVE,	"receive")					\
	X(SENDREC,	"sendrec")					\
	X(REPLY,	"reply")					\
	X(NOTIFY,	"notify")					\
	X(RCVRQST,	"rcvrqst")					\
	X(RELAY,	"relay")					\
	X(VCOPY,	"vcopy")					\
	X(WAKEUP,	"wakeup")					\
	X(CANCEL,	"cancel")					\
	X(BIND,		"bind")						\
	X(UNBIND,	"unbind")					\
	X(GETPRIV,	"getpriv")					\
	X(SETPRIV,	"setpriv")					\
	X(MANAGE,	"manage")					\
	X(HOLD,		"hold")						\
	X(LOOK,		"look")
/* clang-format on */

/* X(name, word): kinds of events. */
#define DVK_EVENT_KINDS(X)                                              \
	X(SEND, "send")       /* a message sets out: send */            \
	X(CALL, "call")       /* the same, of a sendrec */              \
	X(BLOCK, "block")     /* its sender queues, a receiver waits */ \
	X(DELIVER, "deliver") /* a queued or direct message is taken */ \
	X(RECEIVE, "receive") /* a receive begins to wait */            \
	X(NOTIFY, "notify")                                             \
	X(REPLY, "reply")                                               \
	X(RELAY, "relay")                                               \
	X(COPY, "copy")                                                 \
	X(BIND, "bind")                                                 \
	X(UNBIND, "unbind")                                             \
	X(EXIT, "exit")                                                 \
	X(TIMEOUT, "timeout")                                           \
	X(CANCEL, "cancel")                                             \
	X(HOLD, "hold")                                                 \
	X(RELEASE, "release")                                           \
	X(REFUSED, "refused") /* a call returned an error */

enum dvk_event_kind {
	DVK_EVENT_NONE,
#define DVK_KIND(name, word) DVK_EVENT_##name,
	DVK_EVENT_KINDS(DVK_KIND)
#undef DVK_KIND
};

/*
 * The header of an event: all that the flight recorder keeps. 40 bytes. Of SEND, CALL
 * and NOTIFY, result 0: the receiver had it at once; 1: it waits there. Of COPY, m_type
 * is the number of bytes; of UNBIND and EXIT, the code. REFUSED is also the end of a
 * wait by the awaited one's death.
 */
struct dvk_event {
	uint64_t sequence; /* from 1 on; gaps are losses */
	int64_t time_ns;   /* CLOCK_MONOTONIC; in the rings themselves: host ticks */
	uint64_t call;     /* the call it is part of, 0: none */
	int32_t src_ep;
	int32_t dst_ep;
	int16_t kind;   /* enum dvk_event_kind */
	int16_t result; /* 0, 1 or a negative EDVS */
	int32_t m_type; /* of the message, 0 if there is none */
};

/* A full record: with the message. */
struct dvk_record {
	struct dvk_event event;
	message m;
};

/* A slot as seen from outside. Times are CLOCK_MONOTONIC ns. */
struct dvk_procinfo {
	int32_t nr;
	int32_t endpoint;
	uint32_t rts;
	uint32_t misc;
	uint64_t incarnation;
	int32_t level; /* enum dvk_level */
	int32_t node;
	int32_t pid;                /* of the Linux process */
	int32_t tid;                /* of the Linux thread whose slot it is */
	int32_t sendto_ep;          /* SENDING: to whom; else NONE */
	int32_t getfrom_ep;         /* RECEIVING: from whom, or ANY; else NONE */
	uint64_t call;              /* its open sendrec, 0: none */
	int32_t call_taken;         /* 1: the server has it */
	int32_t call_type;          /* m_type of the request it waits with, or 0 */
	int32_t queue_length;       /* how many are SENDING to it */
	int32_t queue_place;        /* SENDING: 1 is next; 0: not queued */
	int32_t request_ep;         /* the client of the request in hand, or NONE */
	int32_t on_cpu;             /* 1: the task that its thread runs now */
	int64_t wait_since_ns;      /* when its wait began; 0: it does not wait */
	int64_t deadline_ns;        /* when the wait times out; INT64_MAX: never */
	int64_t entered_ns;         /* the last transition it made itself */
	uint64_t notify_pending[2]; /* bit i: source slot i - NR_TASKS */
	uint64_t messages_sent;     /* requests, sends, replies, notifications */
	uint64_t messages_received;
	uint64_t bytes_copied; /* by vcopy, as a party */
	message letter;        /* what it sends or was given last */
	char name[DVK_NAME_BYTES];
	char muk[DVK_NAME_BYTES]; /* the MUK it belongs to, "" if none */
	char sleep_note[64];      /* what it waits for outside, "" if nothing */
	uint32_t calls_allowed;   /* a bit for each call that it may make */
	int32_t targets;          /* to how many slots it may send */
	uint8_t inconsistent;     /* 1: this row changed while it was read */
	uint8_t pad[7];
};

struct dvk_dcinfo {
	int32_t dcid;
	int32_t nr_procs;
	int32_t nr_tasks;
	int32_t node;
	uint32_t owner_uid;
	uint32_t owner_gid;
	int32_t strict;
	int32_t kept;       /* 1: it stays when the last member leaves */
	int32_t bound;      /* slots in use */
	int32_t members;    /* threads that are attached */
	int32_t keeper_pid; /* 0: nobody */
	int32_t lock_pid;   /* who holds the lock, 0: nobody */
	int32_t lock_tid;
	uint32_t version;      /* of the segment's layout */
	int64_t lock_since_ns; /* 0: not held, or unknown */
	int64_t created_ns;
	uint64_t transitions;
	uint64_t events; /* recorded by the flight recorder so far */
	uint64_t bytes_mapped;
	char name[DVK_NAME_BYTES];
	char path[256]; /* of the segment */
};

struct dvk_table {
	int32_t owner_ep;
	uint32_t version;
	uint64_t address;
	uint32_t rows;
	uint32_t row_bytes;
	int32_t pid;
	char type[28];
};

/* One state of a DC, on the heap of the one who asked. */
struct dvk_snapshot {
	struct dvk_dcinfo dc;
	int64_t taken_ns; /* CLOCK_MONOTONIC */
	int one_state;    /* 0: rows were read one by one */
	int lock_stuck;   /* 1: the lock's holder did not let go in 50 ms */
	int count;        /* of procs: the slots in use, by nr */
	struct dvk_procinfo *procs;
	int table_count;
	struct dvk_table *tables;
};

/* An attachment that only looks: maps the segment, read-only if asked so. */
struct dvk_view;

/*
 * Opens DC dcid (dir as in struct dvk_options) for looking; *ret_view is the
 * caller's until dvk_view_close. Errors as dvk_open.
 */
int dvk_view_open(int dcid, const char *dir, int read_only, struct dvk_view **ret_view);
void dvk_view_close(struct dvk_view *view);

/* A new snapshot; the caller's until dvk_snapshot_free. At most 50 ms and a copy. */
int dvk_view_snapshot(struct dvk_view *view, struct dvk_snapshot **ret_snapshot);
void dvk_snapshot_free(struct dvk_snapshot *snapshot);
/* One more of the same, to be freed like it; NULL: EDVSNOMEM. */
struct dvk_snapshot *dvk_snapshot_copy(const struct dvk_snapshot *snapshot);

/* 1 while the DC has members, else 0. The last state stays readable. */
int dvk_view_alive(const struct dvk_view *view);

/*
 * The flight recorder: copies up to max events with sequence >= *sequence, oldest
 * first; *sequence becomes the next one to ask for. *ret_lost counts those that
 * were overwritten before they could be read. Returns how many were copied.
 */
int dvk_view_recorder(struct dvk_view *view, uint64_t *sequence, struct dvk_event *ret_events,
		      int max, uint64_t *ret_lost);

/* Full records are written while somebody traces. EDVSPERM on a read-only view. */
int dvk_view_trace(struct dvk_view *view, int on);
int dvk_view_records(struct dvk_view *view, uint64_t *sequence, struct dvk_record *ret_records,
		     int max, uint64_t *ret_lost);

/* Waits until an event may have come or ms are over. */
void dvk_view_wait(struct dvk_view *view, long ms);

/*
 * Slots whose transitions are neither recorded nor traced: the debugger's own.
 * nr of this process; quiet 1 or 0.
 */
int dvk_set_quiet(int nr, int quiet);

/*
 * Copies a registered table (or any memory) of a process of the DC from outside:
 * bytes from address of pid. EDVSPERM, EDVSFAULT, EDVSSRCH.
 */
int dvk_view_read(struct dvk_view *view, pid_t pid, uint64_t address, void *ret_data, size_t bytes);

/* Every DC that can be seen in dir (NULL: all folders). Returns how many. */
int dvk_list_dcs(const char *dir, struct dvk_dcinfo *ret_list, int max);

/* The folders that a NULL dir stands for, in order; returns how many. */
#define DVK_DIR_MAX 3
int dvk_dirs(char ret_dirs[DVK_DIR_MAX][256]);

/* "dc0", "0" or the name of a running DC: its number, or EDVSBADDCID. */
int dvk_parse_dc(const char *word, const char *dir);
/* The name or the number of a group of this node. EDVSBADVALUE: there is none. */
int dvk_parse_group(const char *word, gid_t *ret_group);

#endif
