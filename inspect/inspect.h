/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inspect.h - from raw state to words: names, sentences, messages, columns, causes.
 *
 * Nothing else formats a descriptor or a message: the shell, its live screen and
 * IS show through this. It never writes to a terminal, never sends a message and
 * believes nothing that it reads: all text is bounded, quoted and may be garbage.
 * Texts go to a struct text or a FILE that the caller gives.
 */
#ifndef INSPECT_H
#define INSPECT_H

#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include <dvk/errors.h>
#include <dvk/state.h>

/* ---- text.c: a string that grows up to its buffer and is cut there -------- */

struct text {
	char *bytes; /* always ends in a NUL */
	size_t size;
	size_t used; /* without the NUL */
};

/* Makes *t an empty text in the caller's buffer. size is at least 1. */
void text_init(struct text *t, char *bytes, size_t size);
void text_add(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Adds bytes in double quotes, C's escapes for what is not printable ASCII or UTF-8. */
void text_add_quoted(struct text *t, const char *bytes, size_t count);
/* Adds a length of time with two digits or so: "450 ns", "12 us", "3.2 s", "2 m 5 s". */
void text_add_duration(struct text *t, int64_t ns);
/* Adds "1.5 MiB". */
void text_add_bytes(struct text *t, uint64_t bytes);
/* Adds "EDVSNOENT (no such file or directory)", or the number when it has no name. */
void text_add_error(struct text *t, int code);

/* "1s", "200ms", "50us", "2m", "1h" or a number of seconds. EDVSINVAL. */
int inspect_parse_duration(const char *word, int64_t *ret_ns);

/* ---- names.c: endpoints and the words for them ----------------------------- */

/* A snapshot with what is needed to find things in it; private. */
struct inspect;

/*
 * Indexes a snapshot, which must live as long; previous (or NULL) is an older
 * one, for rates; it is not needed after this returns. NULL when out of memory.
 */
struct inspect *inspect_create(const struct dvk_snapshot *snapshot,
			       const struct dvk_snapshot *previous);
void inspect_destroy(struct inspect *in);
const struct dvk_snapshot *inspect_snapshot(const struct inspect *in);

/* The process with this endpoint, or in this slot; NULL when there is none. */
const struct dvk_procinfo *inspect_find(const struct inspect *in, int endpoint);
const struct dvk_procinfo *inspect_find_nr(const struct inspect *in, int nr);

#define INSPECT_NAME_BYTES 48
/*
 * The word for an endpoint, which inspect_resolve() understands: "fs",
 * "server1/fs" when the bare name fits two, "client.65" when that does as well,
 * "any", "none", the number when unknown. Returns ret_name.
 */
const char *inspect_name(const struct inspect *in, int endpoint, char ret_name[INSPECT_NAME_BYTES]);

/*
 * The endpoint of a word that a person typed: a name as above, a number (an
 * endpoint; or the nr of a bound slot), "any". EDVSNOENT or, when it fits
 * several, EDVSRANGE; then ret_reason says so in words, with the candidates or
 * the nearest name.
 */
int inspect_resolve(const struct inspect *in, const char *word, int *ret_endpoint,
		    struct text *ret_reason);

/* How many letters differ (Levenshtein's distance), of the first 32 of each word. */
int inspect_distance(const char *a, const char *b);

/* ---- sentence.c: a state in words ------------------------------------------ */

/* What the process does and since when: "waits 3.2 s for rdisk to reply to gather". */
void inspect_sentence(const struct inspect *in, const struct dvk_procinfo *p, struct text *out);
/* ns it has waited, or run since its last transition; 0 when unknown. */
int64_t inspect_age(const struct inspect *in, const struct dvk_procinfo *p);
/* The task that runs on p's thread now, NULL if none or p itself. */
const struct dvk_procinfo *inspect_holder(const struct inspect *in, const struct dvk_procinfo *p);
/* "SENDING|HELD", or "-" for none. */
void inspect_rts_words(uint32_t rts, struct text *out);
void inspect_misc_words(uint32_t misc, struct text *out);

/* ---- decode.c: a message in words ------------------------------------------ */

struct protocol; /* protocol/protocol.h */
struct protocol_call;
struct protocol_field;

/* The protocol that the process with this endpoint serves; NULL when unknown. */
const struct protocol *inspect_protocol(const struct inspect *in, int endpoint);
/* The call with this number of that server; NULL when unknown. */
const struct protocol_call *inspect_call(const struct inspect *in, int server_ep, int m_type);
/* "fs.open", or "fs.77" when the number is unknown, "notify" for a notification. */
void inspect_call_name(const struct inspect *in, int server_ep, int m_type, struct text *out);

/* "fs.open path="/etc/motd" flags=RDONLY"; raw words when the call is unknown. */
void inspect_decode_request(const struct inspect *in, int server_ep, const message *m,
			    struct text *out);
/* The same without the name of the call. */
void inspect_decode_fields(const struct inspect *in, int server_ep, const message *m,
			   struct text *out);
/* "fd=3", "ok", or "EDVSNOENT (no such file or directory)". m_type: of the request. */
void inspect_decode_reply(const struct inspect *in, int server_ep, int m_type, const message *m,
			  struct text *out);
/* The values of a notification: "values=3|5 merged=2". */
void inspect_decode_values(const message *m, struct text *out);
/* "notification from clock, values=3|5, at 12:00:01.500". */
void inspect_decode_notification(const struct inspect *in, const message *m, struct text *out);
/* The bytes of a message nobody declared: "m1_i1=3 m1_p1=0x7f00", as layout m1. */
void inspect_decode_raw(const message *m, struct text *out);

/* ---- grid.c: rows and columns, as text or JSON ----------------------------- */

enum inspect_kind {
	INSPECT_NOTHING, /* text "-", JSON null */
	INSPECT_NUMBER,
	INSPECT_BOOLEAN,
	INSPECT_DURATION, /* number: ns; JSON: seconds */
	INSPECT_BYTES,
	INSPECT_HEX, /* text hexadecimal, JSON number */
	INSPECT_TEXT,
	INSPECT_WORDS, /* text "A|B", JSON array of strings */
};

#define INSPECT_TEXT_BYTES 256
struct inspect_value {
	enum inspect_kind kind;
	int64_t number;
	char text[INSPECT_TEXT_BYTES]; /* TEXT, WORDS; of a number: shown in its place, or "" */
};

struct inspect_heading {
	const char *key; /* of JSON, and what -o and --sort take */
	const char *heading;
	int right; /* 1: aligned to the right */
};

struct inspect_grid;

struct inspect_grid *inspect_grid_create(void);
void inspect_grid_destroy(struct inspect_grid *grid);
/* Columns first, then rows. The strings of the heading are copied. EDVSNOMEM. */
int inspect_grid_column(struct inspect_grid *grid, const struct inspect_heading *heading);
int inspect_grid_row(struct inspect_grid *grid);
/* Adds the next value of the row begun last. */
int inspect_grid_value(struct inspect_grid *grid, const struct inspect_value *value);
int inspect_grid_rows(const struct inspect_grid *grid);
/* The key of a column, from 0; NULL beyond the last. */
const char *inspect_grid_key(const struct inspect_grid *grid, int column);
/* Stable. EDVSNOENT when no column has that key. */
int inspect_grid_sort(struct inspect_grid *grid, const char *key, int descending);
/* Columns at least as wide as their contents; lines cut at width (0: never). */
void inspect_grid_print(const struct inspect_grid *grid, FILE *out, int width);
/* One column and one line a value: "name   fs", for one row. */
void inspect_grid_print_list(const struct inspect_grid *grid, FILE *out);
/* value.c: the words for a value. */
void inspect_value_text(const struct inspect_value *value, struct text *out);
void inspect_value_set_text(struct inspect_value *value, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void inspect_value_set_number(struct inspect_value *value, enum inspect_kind kind, int64_t number);

/*
 * field.c: a field of a message or a row as a value. in may be NULL: endpoints
 * stay numbers. data: the payload, or the row.
 */
void inspect_field_value(const struct inspect *in, const struct protocol_field *field,
			 const void *data, struct inspect_value *ret_value);

/* json.c (needs jansson; see json.h): an array of objects, or one object a line. */
void inspect_grid_print_json(const struct inspect_grid *grid, FILE *out);
void inspect_grid_print_json_lines(const struct inspect_grid *grid, FILE *out);

/* ---- columns.c: what can be said of a process, each declared once ---------- */

struct inspect_column {
	struct inspect_heading heading;
	const char *summary; /* for help and the man page */
	int is_default;      /* 1: shown by ps without -o */
	void (*get)(const struct inspect *in, const struct dvk_procinfo *p,
		    struct inspect_value *ret_value);
};
extern const struct inspect_column inspect_columns[];
extern const int inspect_column_count;

/* By its key or, so that what is on the screen can be typed, its heading; or NULL. */
const struct inspect_column *inspect_column_find(const char *key);

#define INSPECT_CHOSEN_MAX 48
struct inspect_choice {
	const struct inspect_column *columns[INSPECT_CHOSEN_MAX];
	int count;
};
/* "nr,name,age", or "+letter" to add to the default ones; "" or NULL: these. */
int inspect_choose(const char *words, struct inspect_choice *ret_choice, struct text *ret_reason);

struct inspect_order {
	const struct inspect_column *column;
	int descending;
};

/*
 * 1 when the process fits a filter: its name (or with the MUK before it; * and ?
 * as in a shell), nr, endpoint, pid, MUK, level, or a state: running, ready,
 * sending, receiving, waiting, sleeping, stopped, held, or a flag's name.
 */
int inspect_matches(const struct inspect *in, const struct dvk_procinfo *p, const char *filter);
/* Orders rows by a column; rows that are equal stay in their order. EDVSNOMEM. */
int inspect_sort(const struct inspect *in, const struct dvk_procinfo **rows, int count,
		 const struct inspect_order *order);
/* The words that filter by state, for completion; NULL-terminated. */
extern const char *const inspect_state_words[];

/* Adds the process as the grid's next row; the columns were added by the first. */
int inspect_grid_choose(struct inspect_grid *grid, const struct inspect_choice *choice);
int inspect_grid_process(struct inspect_grid *grid, const struct inspect *in,
			 const struct inspect_choice *choice, const struct dvk_procinfo *p);

/* ---- tables.c: what servers registered, read from outside ------------------- */

struct patient;

/* The registered table of this type ("fs.super"), of owner_ep (ANY: the first). */
const struct dvk_table *inspect_table(const struct inspect *in, const char *type, int owner_ep);
/*
 * Reads its rows through the patient (patient.h) into a new grid; rows that are not in use are
 * left out. EDVSNOENT (type not known here), EDVSBADVALUE (another version),
 * EDVSPERM, EDVSFAULT, EDVSSRCH, EDVSNOMEM.
 */
int inspect_table_read(struct patient *patient, const struct inspect *in,
		       const struct dvk_table *table, struct inspect_grid **ret_grid);
/* The same from rows that were read already. */
int inspect_table_rows(const struct inspect *in, const struct dvk_table *table, const void *rows,
		       struct inspect_grid **ret_grid);
/* "fs.super of fs, 1 row, read while fs runs (hangs for 3.2 s)": the stamp. */
void inspect_table_stamp(const struct inspect *in, const struct dvk_table *table, struct text *out);

/* ---- thread.c: what Linux knows of a thread --------------------------------- */

struct inspect_thread {
	int exists;      /* 0: there is no such thread (now) */
	char state;      /* of /proc/PID/stat: R S D T t Z */
	pid_t tracer;    /* 0: none */
	int syscall;     /* number; -1: in user mode or unknown */
	int fd;          /* of the call's first argument, -1: none */
	char call[24];   /* the call's name, "" when unknown */
	char file[128];  /* what fd is, "" when unknown */
	char wchan[48];  /* "" when unknown */
	uint64_t futex;  /* where it waits for a lock of this process, 0: nowhere */
	pid_t owner;     /* the thread that glibc's mutex there belongs to, 0: unknown */
	int64_t read_ns; /* CLOCK_MONOTONIC, when this was so; 0: unknown */
};
void inspect_thread_read(pid_t pid, pid_t tid, struct inspect_thread *ret_thread);
/* "stopped by SIGSTOP", "runs in user mode", "in system call read of fd 5 (/path)". */
void inspect_thread_words(const struct inspect_thread *thread, struct text *out);

/* ---- why.c: who is at fault --------------------------------------------------- */

/* X(name, word): how a chain of waits ends; the word is JSON's "cause". */
#define INSPECT_CAUSES(X)                                                      \
	X(IDLE, "idle")         /* waits for requests: nothing is wrong */     \
	X(RUNNING, "running")   /* works, not for long */                      \
	X(SPINNING, "spinning") /* keeps the processor of its thread */        \
	X(READY, "ready")       /* could run, its thread has not come to it */ \
	X(OUTSIDE, "outside")   /* sleeps for something outside the DC */      \
	X(SYSCALL, "syscall")   /* its thread is in a system call */           \
	X(STOPPED, "stopped")   /* SIGSTOP */                                  \
	X(TRACED, "traced")     /* stopped by a Linux debugger */              \
	X(DEBUGGER, "debugger") /* stopped or held by a debugger of the DC */  \
	X(DEAD, "dead")                                                        \
	X(CIRCLE, "circle")         /* they wait for each other */             \
	X(REMOTE, "remote")         /* on another node */                      \
	X(LOCK, "lock")             /* the DC's lock is not let go */          \
	X(UNANSWERED, "unanswered") /* taken, and the server serves others */

enum inspect_cause {
#define INSPECT_CAUSE(name, word) CAUSE_##name,
	INSPECT_CAUSES(INSPECT_CAUSE)
#undef INSPECT_CAUSE
};

#define INSPECT_HOPS_MAX 16
struct inspect_hop {
	int endpoint;   /* NONE: a thread without a slot */
	pid_t tid;      /* of the Linux thread */
	int64_t age_ns; /* how long it has been so, 0: unknown */
	char name[INSPECT_NAME_BYTES];
	char sentence[192];
};
struct inspect_why {
	int count;
	struct inspect_hop hops[INSPECT_HOPS_MAX]; /* the one who was asked for is the first */
	int at_fault_ep;                           /* NONE: nobody, or a thread without a slot */
	pid_t pid, tid;                            /* the Linux thread at fault, 0: none */
	enum inspect_cause cause;
	char verdict[320]; /* one sentence */
	char advice[192];  /* what ends it, or ""; commands in `...` */
	int64_t host_ns;   /* when Linux was asked (CLOCK_MONOTONIC), 0: it was not */
};
/* Follows the waits from p; reads /proc for the last. */
void inspect_why(const struct inspect *in, const struct dvk_procinfo *p,
		 struct inspect_why *ret_why);
/*
 * Its steps: the hops by the snapshot; while the last one's thread waits for a lock
 * of its process (follow returns 1), those from its owner on; and the judgement of
 * the last by what Linux knows of it.
 */
int inspect_why_follow(const struct inspect *in, const struct inspect_thread *thread,
		       struct inspect_why *why);
void inspect_why_hops(const struct inspect *in, const struct dvk_procinfo *p,
		      struct inspect_why *ret_why);
void inspect_why_judge(const struct inspect *in, const struct inspect_thread *thread,
		       struct inspect_why *why);
const char *inspect_cause_word(enum inspect_cause cause);
/*
 * Those who keep others waiting and will not go on by themselves, each once, with its
 * verdict; at most max are looked at. Returns how many. None when the lock is stuck:
 * then inspect_lock_words says it all.
 */
int inspect_blame(const struct inspect *in, struct inspect_why *ret_whys, int max);
/* "the lock of dc0 is held by fs (pid 7), stopped by SIGSTOP"; "" when it is not stuck. */
void inspect_lock_words(const struct inspect *in, struct text *out);

/* ---- trace.c: events joined into lines --------------------------------------- */

/* What a field of a request refers to, read from its client while the call was open. */
struct inspect_data {
	const struct protocol_field *field;
	const char *bytes;
	size_t count;
	int is_whole; /* 0: there is more of it */
};

/* A call is one line, or two where others came between (inspect_tracer_split()). */
enum inspect_part {
	INSPECT_WHOLE,
	INSPECT_BEGIN, /* others come before its end */
	INSPECT_WAITS, /* the same: it has been open for long */
	INSPECT_END,   /* of a call whose BEGIN or WAITS was a line */
};

struct inspect_line {
	uint64_t sequence; /* of the event that completed the line */
	int64_t time_ns;   /* CLOCK_MONOTONIC, when it began */
	int64_t took_ns;   /* of a call that is over; -1: none */
	int64_t age_ns;    /* the same, of an open one until what was seen last; -1: none */
	/* What took_ns was made of, -1 where it is not known (is_open: so far). */
	int64_t queue_ns;   /* until its server took it */
	int64_t service_ns; /* in its server, without others_ns */
	int64_t others_ns;  /* in calls that its server made meanwhile */
	int64_t bytes;      /* moved: of a copy, or as the reply says; -1: none */
	uint64_t call;      /* the call's number, 0: none */
	uint64_t parent;    /* the call that its client had in hand, 0: none */
	int src_ep, dst_ep;
	int m_type;
	int result;  /* 0 or a negative EDVS */
	int kind;    /* enum dvk_event_kind; CALL: a call with its reply */
	int is_open; /* 1: no reply was seen (yet) */
	int part;    /* enum inspect_part */
	/* NULL where they are not known. */
	const struct protocol *protocol; /* of the server */
	const struct protocol_call *declared;
	const message *request_m;
	const message *reply_m;
	const struct inspect_data *data; /* bytes of the client that the message refers to */
	int data_count;
	int data_is_late;      /* it was read, but only after the reply: it is not there */
	const char *src, *dst; /* their names; "" when there is none */
	const char *name;      /* "fs.open" or the kind's word */
	const char *request;   /* fields only; "" when only headers are known */
	const char *reply;     /* "" when there is none */
};

/* The word for an event's kind: "call", "notify"; "event" when unknown. */
const char *inspect_kind_word(int kind);

struct inspect_tracer;
typedef void inspect_line_fn(void *context, const struct inspect_line *line);

/*
 * show is called for each line, in the order in which they are complete. all:
 * each event is a line, unjoined, also those that only say where a message is.
 */
struct inspect_tracer *inspect_tracer_create(int all, inspect_line_fn *show, void *context);
void inspect_tracer_destroy(struct inspect_tracer *tracer);
/* The names to use from now on; in must live until the next ones are given. */
void inspect_tracer_names(struct inspect_tracer *tracer, const struct inspect *in);
/* The name of one who is gone, used while no process has the endpoint. */
void inspect_tracer_remember(struct inspect_tracer *tracer, int endpoint, const char *name);
/* Its name now, or the one it had; "" of NONE. Returns ret_name. */
const char *inspect_tracer_name(struct inspect_tracer *tracer, int endpoint,
				char ret_name[INSPECT_NAME_BYTES]);
/* Shows only what fits, from now on (filter.h); it must stay. NULL: everything. */
struct inspect_filter;
void inspect_tracer_filter(struct inspect_tracer *tracer, const struct inspect_filter *filter);
/* A call is two lines where another line comes between its request and its reply. */
void inspect_tracer_split(struct inspect_tracer *tracer);
/* Lines come without texts (src, dst, name, request, reply are ""): for who only counts. */
void inspect_tracer_bare(struct inspect_tracer *tracer);
/*
 * What requests refer to (long paths, bytes for the server) is read while the call is
 * open, up to max bytes each: by read(), which returns 0 or an error. What was read too
 * late is not shown.
 */
typedef int inspect_read_fn(void *context, int endpoint, uint64_t address, void *ret_data,
			    size_t bytes);
void inspect_tracer_reader(struct inspect_tracer *tracer, inspect_read_fn *read, size_t max);
/* 1 when a party is not in the names given: the caller should take new ones. */
int inspect_tracer_is_stale(const struct inspect_tracer *tracer, const struct dvk_event *event);
/* m NULL: only the header is known (the flight recorder). Torn events are ignored. */
void inspect_tracer_feed(struct inspect_tracer *tracer, const struct dvk_event *event,
			 const message *m);
/*
 * Shows, once each and oldest first, the calls that have been open since before
 * that moment; they are shown again when their reply comes. INT64_MAX: all.
 */
void inspect_tracer_overdue(struct inspect_tracer *tracer, int64_t before_ns);
/* The word for what it is about: "fs.open", "notify", "reply". */
void inspect_line_name(const struct inspect_line *line, struct text *out);
/*
 * "12:00:01.123456 client > fs fs.open path="/x" -> fd=3 (12 us)", without a newline;
 * in two parts: "... path="/x" ... #7" and "... #7 resumed -> fd=3 (12 us)".
 */
void inspect_line_text(const struct inspect_line *line, struct text *out);
/* json.c: one object and a newline. */
void inspect_line_json(const struct inspect_line *line, FILE *out);

#endif
