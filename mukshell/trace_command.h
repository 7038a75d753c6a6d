/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_command.h - what the commands about messages share: which are meant, and
 * where they come from: live, the flight recorder, or a file.
 */
#ifndef MUKSHELL_TRACE_COMMAND_H
#define MUKSHELL_TRACE_COMMAND_H

#include <filter.h>

#include "command.h"
#include "look.h"

#define TRACE_NAMES_NS   20000000 /* names are taken anew at most so often */
#define TRACE_LAST_MAX   DVK_RECORDER_EVENTS
#define TRACE_OVERDUE_NS 1000000000 /* a call that waits so long is shown open */

/* What a trace may take before it ends by itself. */
#define TRACE_EVENTS 1000000
#define TRACE_RATE   200000 /* lines a second */
#define TRACE_SIZE   (256LL << 20)

struct trace_collector;

struct trace {
	struct shell *shell;
	struct inspect_tracer *tracer;
	struct inspect_filter filter;
	struct look look; /* the names in use */
	int64_t named_ns; /* when they were taken */
	FILE *out;
	long long limit;  /* lines to show, 0: no limit */
	long long last;   /* the last lines only, 0: all */
	char **kept;      /* trace --last: these, [lines % last] */
	int is_live;      /* 0: what was: the flight recorder, or a file */
	int64_t until_ns; /* INT64_MAX: no end */
	long long lines;  /* so far */
	uint64_t lost;
	struct inspect_line *ring; /* trace_collect() with --last: these, [lines % last] */
	const struct trace_collector *collector;
	/* The budget; 0: none. ended: the option that says which was used up, or NULL. */
	long long events_max, rate_max, size_max;
	long long events;
	int64_t second_ns; /* when the second began that is counted */
	long long second_lines;
	const char *ended;
};

int64_t trace_now(void);
/*
 * Reads --last, --for and the words, says the effective filter, makes the tracer. show
 * gets the lines. 0, or the printed error; trace_end() in any case.
 */
int trace_begin(struct trace *trace, struct shell *shell, const struct arguments *arguments,
		inspect_line_fn *show);
void trace_end(struct trace *trace);
/* Gives what was, or what comes, to the tracer. 0, or the printed error. */
int trace_run(struct trace *trace);
/* The session looks at a file. */
int trace_is_file(const struct trace *trace);

/* Takes a new state for the names. 0, or the printed error. */
int trace_names(struct trace *trace);
/* Gives one event to the tracer, with new names first when they are needed. */
int trace_feed(struct trace *trace, const struct dvk_event *event, const message *m);
void trace_say_lost(struct trace *trace, uint64_t lost);

/* trace_names.c: names of those who have ended, as SYSTASK keeps them. */
void trace_remember_dead(struct trace *trace);

/* trace_budget.c: counts a line of so many bytes; 1 when the budget is used up. */
int trace_spend(struct trace *trace, size_t bytes);
int trace_read_budget(struct trace *trace, const struct arguments *arguments);
/* Says that it is, where the lines went and to the person. */
void trace_say_ended(struct trace *trace);

/* trace_data.c: what requests refer to is read, up to max bytes each. */
void trace_read_data(struct trace *trace, size_t max);

/*
 * trace_collect.c: for commands that count: begins and runs with lines without texts
 * (inspect_tracer_bare) that go to line(). 0, or the printed error; trace_end() anyway.
 */
struct trace_collector {
	inspect_line_fn *line;
	void *context;
};
int trace_collect(struct trace *trace, struct shell *shell, const struct arguments *arguments,
		  const struct trace_collector *collector);

/* complete_filter.c: the words of the filter language. */
void complete_filter(struct shell *shell, struct completion *completion);

/* What the commands that take a filter say of it, and the options that they share. */
#define TRACE_FILTER_DETAILS                                                                      \
	"FILTER is one or several terms, all of which must fit; a comma is \"or\", `not` before " \
	"a term turns it round:\n"                                                                \
	"  fs.open,fs.creat  pm.*       a call, any call of a server\n"                           \
	"  fs  client.65                a process, on either side\n"                              \
	"  from=nweb  to=rdisk          who sends, who is to get it\n"                            \
	"  kind=notify                  call, send, notify, copy, exit, timeout, ...\n"           \
	"  failed  error=EDVSNOENT      how it ended\n"                                           \
	"  slower=1ms                   took as long, or has been open as long\n"                 \
	"  path~\"/etc/*\"  path=/x       a text field, by a pattern or as it is\n"               \
	"  bytes:4096..  fd=3  fd!=3    a number field: a range, or = != < <= > >= &\n"           \
	"Calls that stand apart are joined by \"or\": no message is two calls. Fields are "       \
	"unknown to the flight recorder, which keeps only headers."
#define TRACE_SOURCE_OPTIONS                                                     \
	{ "for", 't', "TIME", "what comes in this time: 10s, 500ms, 2m", NULL }, \
	{                                                                        \
		"last", 'l', "N", "of what was, the last N lines only", NULL     \
	}
#define TRACE_SOURCE_DETAILS                                                            \
	"What was comes from the flight recorder (the last 4096 events, without their " \
	"fields), or from the file that was loaded; with --for, what comes is followed."

#endif
