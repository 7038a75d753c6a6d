/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * index.h - what inspect_create() finds out about a snapshot, once.
 *
 * Private to inspect/. Rows of the snapshot are known here by their place in it.
 */
#ifndef INSPECT_INDEX_H
#define INSPECT_INDEX_H

#include "inspect.h"

#define INSPECT_SLOTS (NR_TASKS + NR_PROCS_MAX)

/* Of one row. */
struct inspect_row {
	unsigned char bare_is_unique;      /* nobody else has the name */
	unsigned char qualified_is_unique; /* nobody else has MUK/name */
	unsigned char shares_thread;       /* other slots run on its thread */
	const struct dvk_procinfo *on_cpu; /* who runs on its thread, or NULL */
	int64_t messages_per_s;            /* -1: unknown */
	int64_t bytes_per_s;
};

struct inspect {
	const struct dvk_snapshot *snapshot;
	const struct dvk_procinfo *by_nr[INSPECT_SLOTS];
	struct inspect_row *rows; /* as many as the snapshot's procs */
};

/* What is known of a row of the snapshot. */
static inline const struct inspect_row *inspect_row(const struct inspect *in,
						    const struct dvk_procinfo *p)
{
	return &in->rows[p - in->snapshot->procs];
}

/* 1 when it runs: a current task may as well wait, in the DC or outside. */
static inline int inspect_runs(const struct dvk_procinfo *p)
{
	return p->on_cpu && !p->rts && !p->sleep_note[0];
}

/* A name of the snapshot, which may be garbage: printable, ended. Returns ret_word. */
const char *inspect_word(const char name[DVK_NAME_BYTES], char ret_word[DVK_NAME_BYTES]);

/* What a task waits for besides messages, timers as "in 4.1 s" (sentence.c). */
void inspect_add_note(const struct inspect *in, const struct dvk_procinfo *p, struct text *out);

/* What ends it: fills in the advice, for the cause that was found (advice.c). */
void inspect_why_advise(const struct inspect *in, struct inspect_why *why);

#endif
