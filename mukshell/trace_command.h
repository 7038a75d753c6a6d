/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_command.h - a run of the command trace: where its events come from.
 */
#ifndef MUKSHELL_TRACE_COMMAND_H
#define MUKSHELL_TRACE_COMMAND_H

#include "look.h"

#define TRACE_NAMES_NS   20000000 /* names are taken anew at most so often */
#define TRACE_LAST_MAX   DVK_RECORDER_EVENTS
#define TRACE_OVERDUE_NS 1000000000 /* a call that waits so long is shown open */

struct trace {
	struct shell *shell;
	struct inspect_tracer *tracer;
	struct look look; /* the names in use */
	int64_t named_ns; /* when they were taken */
	FILE *out;
	long long limit; /* lines to show, 0: no limit */
	long long last;  /* lines of the recorder, 0: live */
	int64_t until_ns;
	long long lines; /* shown or kept so far */
	char **kept;     /* the last lines, [lines % last] */
	uint64_t lost;
};

int64_t trace_now(void);
/* Takes a new state for the names. 0, or the printed error. */
int trace_names(struct trace *trace);
/* Gives one event to the tracer, with new names first when they are needed. */
int trace_feed(struct trace *trace, const struct dvk_event *event, const message *m);
void trace_say_lost(struct trace *trace, uint64_t lost);

/* trace_names.c: names of those who have ended, as SYSTASK keeps them. */
void trace_remember_dead(struct trace *trace);

/* trace_source.c: from the rings to the tracer. 0, or the printed error. */
int trace_live(struct trace *trace);
int trace_recorder(struct trace *trace);

#endif
