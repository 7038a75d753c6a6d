/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell.h - a session: what is attached, where output goes, what was interrupted.
 *
 * Rule: looking needs only the view; a slot is bound when the first command has
 * to talk, and never with --read-only. A command prints to shell->out and
 * complains through shell_error(), so that pipes, files, the pager and --json
 * work for all of them alike.
 */
#ifndef MUKSHELL_SHELL_H
#define MUKSHELL_SHELL_H

#include <signal.h>
#include <stdint.h>
#include <stdio.h>

#include <dvk/dvk.h>
#include <dvk/state.h>

#define SHELL_PATH_BYTES 1024  /* of a path in MUK, its NUL included */
#define SHELL_LINE_BYTES 65536 /* of a command line */
#define SHELL_DEPTH      16    /* source, watch and -f within each other */

/* The exit statuses of the program. */
enum shell_status {
	SHELL_OK = 0,
	SHELL_FAILED = 1, /* a command failed */
	SHELL_LOST = 2,   /* could not attach, or lost the DC */
	SHELL_USAGE = 3,  /* usage or script error */
};

struct shell {
	/* what is attached */
	struct patient *patient;   /* the DC or the file; NULL: nothing */
	struct dvk_view *view;     /* of the living patient, for what only these can; or NULL */
	int dcid;                  /* of the patient */
	char file[64];             /* the last part of the file's name, or "" */
	const char *dir;           /* --dir, or NULL */
	int own_ep;                /* our slot, NONE until a command talks */
	int lost;                  /* the MUK has gone, and this was said */
	struct dvk_snapshot *last; /* the last state seen while it lived, or NULL */

	/* how to print */
	FILE *out;       /* terminal, pager, pipe or file */
	FILE *beneath;   /* what has a descriptor, while out is kept on its way; or NULL */
	int out_error;   /* errno of a write on that way that failed, 0: none did */
	int json;        /* one value per command, one a line for streams */
	int quiet;       /* -q: no greeting, no hints */
	int silent;      /* errors and remarks are not printed: a script gets them */
	int interactive; /* a person types: prompt, prefixes, history */
	int at_prompt;   /* the cursor stands behind the prompt: remarks begin a line */
	int terminal;    /* out is a terminal: colours, progress bars */
	int columns;     /* of that terminal; 0: as wide as needed */

	/* how to work */
	int read_only;
	int trace_self;             /* our own messages are recorded and traced too */
	long timeout_ms;            /* of the file commands' calls; -1: for ever */
	char fs_name[32];           /* whose files: "fs", "server1/fs" */
	int fs_ep;                  /* its endpoint, when the last file command began */
	char cwd[SHELL_PATH_BYTES]; /* in MUK; the host's is the process's own */

	/* how the program will end */
	enum shell_status status; /* the worst so far */
	int quit;
	int depth;                     /* of source and watch */
	const struct command *running; /* names errors; NULL between commands */
	struct json_t *result;         /* of the last command, for `expect` and Lua; or NULL */
	const char *script;            /* the file being run, or NULL */
	int script_line;
};

/* ---- looking ------------------------------------------------------------ */

/*
 * A snapshot of the attached DC, the caller's until dvk_snapshot_free(). When
 * the MUK has died: the last state, and a note on standard error. 0, or the
 * error after it was printed.
 */
int shell_snapshot(struct shell *shell, struct dvk_snapshot **ret_snapshot);

/*
 * The patient's memory, flight recorder and full records: patient_read(),
 * patient_events(), patient_records() of inspect/patient.h. They print nothing.
 */
int shell_read(struct shell *shell, pid_t pid, uint64_t address, void *ret_data, size_t bytes);
int shell_events(struct shell *shell, uint64_t *sequence, struct dvk_event *ret_events, int max,
		 uint64_t *ret_lost);
int shell_records(struct shell *shell, uint64_t *sequence, struct dvk_record *ret_records, int max,
		  uint64_t *ret_lost);
/* 0 when the patient lives; else the error, printed: it is a file, or nothing. */
int shell_alive(struct shell *shell);

/* ---- talking ------------------------------------------------------------ */

/* Binds our slot if there is none. 0, or the error after it was printed. */
int shell_slot(struct shell *shell);

/*
 * sendrec from our slot that Ctrl-C ends at once (EDVSINTR). ms: -1 waits for
 * ever. Prints nothing; shell_slot() comes first.
 */
int shell_sendrec(struct shell *shell, int ep, message *m, long ms);
int shell_receive(struct shell *shell, int src_ep, message *ret_m, long ms);
/* Requests of sendrec only. */
int shell_rcvrqst(struct shell *shell, message *ret_m, long ms);
/* Until it is bound (its endpoint), or with gone 1 until it is not. */
int shell_wait(struct shell *shell, int endpoint, int gone, long ms);
int shell_send(struct shell *shell, int ep, const message *m, long ms);

/* ---- words to values; the error is printed ------------------------------- */

/* "fs", "server1/fs", "1", "-34", "any": an endpoint of the snapshot's DC. */
int shell_endpoint(struct shell *shell, const char *word, int *ret_endpoint);
/* "5s", "200ms", "1m", "1.5" (seconds): in ms. */
int shell_duration(struct shell *shell, const char *word, long *ret_ms);
/* A whole number from min to max. */
int shell_number(struct shell *shell, const char *word, const long long range[2],
		 long long *ret_number);

/* ---- errors, interrupts, nesting ---------------------------------------- */

/*
 * Prints an error: text and, with code, its meaning and name; as {"error",
 * "code", "command"} with --json. code 0: no EDVS belongs to it. Returns what
 * run() should return.
 */
int shell_error(struct shell *shell, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A remark on standard error for people; nothing with --json or -q. */
void shell_note(struct shell *shell, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* 1 after Ctrl-C, or when what shell->out goes to has closed. */
int shell_interrupted(const struct shell *shell);

/* Sleeps ms or until interrupted; returns shell_interrupted(). */
int shell_sleep(struct shell *shell, long ms);

/* CLOCK_MONOTONIC in ns. */
int64_t shell_now_ns(void);

/* Runs one line as typed; runs the words of one command. 0 or what run() returned. */
int shell_run_line(struct shell *shell, const char *line);
int shell_run_words(struct shell *shell, char **words, int count);

#endif
