/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter.h - the one language in which a person says which messages he means.
 *
 * trace, summary, chart, hold, inject and export take it. Terms are ANDed, `,` within
 * a term is "or", `not` before a term turns it round:
 *   fs.open,fs.creat  pm.*     a call, any call of a server
 *   fs  client.65              a process, on either side
 *   from=nweb  to=rdisk        who sends (of a call: its client), who is to get it
 *   kind=notify                kinds of events: call, send, notify, copy, exit, ...
 *   failed  error=EDVSNOENT    how it ended
 *   slower=1ms                 a call that took as long, or has been open as long
 *   path=/etc/motd path~"*.conf"   a text, whole or as a pattern with * and ?
 *   fd=3 fd!=3 bytes:4096.. bytes>=4K flags&CREAT type=5 m1_i1=7   a number
 * Behind KEY= what follows a comma is for that key too: error=EDVSNOENT,EDVSACCES.
 * Calls that stand in terms of their own are one term: no message is two calls.
 */
#ifndef INSPECT_FILTER_H
#define INSPECT_FILTER_H

#include <dvk/debug.h>

#include "inspect.h"

#define INSPECT_TERMS_MAX    16  /* ANDed */
#define INSPECT_CHOICES_MAX  64  /* alternatives, of all terms together */
#define INSPECT_PATTERN_MAX  256 /* bytes of a text or pattern, with its NUL */
#define INSPECT_FILTER_BYTES 1024

enum inspect_choice_kind {
	INSPECT_BY_PROCESS,
	INSPECT_BY_CALL,
	INSPECT_BY_FROM,
	INSPECT_BY_TO,
	INSPECT_BY_KIND,
	INSPECT_BY_FAILED,
	INSPECT_BY_ERROR,
	INSPECT_BY_SLOWER,
	INSPECT_BY_TYPE,
	INSPECT_BY_NUMBER, /* a field that is a number */
	INSPECT_BY_TEXT,   /* a field that is a path, name or text */
};

/* One alternative of a term. */
struct inspect_filter_choice {
	enum inspect_choice_kind kind;
	int endpoint;                    /* PROCESS, FROM, TO; CALL: NONE for every server */
	const struct protocol *protocol; /* CALL */
	int number;                      /* CALL: m_type, 0 for all; KIND; ERROR */
	char field[32];                  /* NUMBER, TEXT: its name */
	enum dvk_test_op op;             /* NUMBER, TEXT (EQ, NE) */
	int is_range;                    /* NUMBER: from first to last, instead of op first */
	int64_t first, last;             /* NUMBER; SLOWER: ns; TYPE: first */
	int is_pattern;                  /* TEXT: ~ */
	char text[INSPECT_PATTERN_MAX];  /* TEXT */
};

struct inspect_filter_term {
	int is_not;
	int first; /* of its choices */
	int count;
};

/* About 24 KiB: of the caller. All zero: everything fits. */
struct inspect_filter {
	int term_count;
	int choice_count;
	struct inspect_filter_term terms[INSPECT_TERMS_MAX];
	struct inspect_filter_choice choices[INSPECT_CHOICES_MAX];
};

/*
 * The words as a person typed them ("not" may stand alone before its term). EDVSNOENT
 * (a call, field, process, error that is not there), EDVSRANGE (ambiguous, too many),
 * EDVSINVAL (no filter, or one that nothing can fit); ret_reason then says what was
 * expected, with the nearest name. ret_filter is complete only after 0.
 */
int inspect_filter_parse(const struct inspect *in, char *const *words, int count,
			 struct inspect_filter *ret_filter, struct text *ret_reason);

/* 1 when the line is one of those asked for. What is not known (yet) fits no term. */
int inspect_filter_fits(const struct inspect_filter *filter, const struct inspect_line *line);

/* 1 when a term looks into the fields of messages: headers alone do not fit it. */
int inspect_filter_needs_fields(const struct inspect_filter *filter);

/*
 * The same as rules of the DC, of which a message fits one: at most max, returns how
 * many. kinds: DVK_HOLD_KIND bits to catch, 0: requests, unless kind= says it.
 * EDVSBADVALUE with a reason where a rule cannot say it (how long a call took, a
 * pattern with more than a beginning); EDVSRANGE: it takes too many rules.
 */
int inspect_filter_hold(const struct inspect_filter *filter, uint32_t kinds,
			struct dvk_hold *ret_rules, int max, struct text *ret_reason);

/*
 * What could stand at the cursor: calls add() with each whole word that begins with
 * word. open: 1 when it is not finished with it ("from=").
 */
typedef void inspect_filter_word_fn(void *context, const char *word, int open);
void inspect_filter_complete(const struct inspect *in, const char *word,
			     inspect_filter_word_fn *add, void *context);

/* The effective filter as words that mean the same: "fs.open,fs.creat from=nweb". */
void inspect_filter_text(const struct inspect *in, const struct inspect_filter *filter,
			 struct text *out);

#endif
