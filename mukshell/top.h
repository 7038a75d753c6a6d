/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * top.h - the live table: what is collected, apart from how it is drawn.
 *
 * top_collect.c knows nothing of a screen and top_screen.c, which alone knows
 * ncurses, nothing of a DC. top_keys.c changes the state between the two.
 */
#ifndef MUKSHELL_TOP_H
#define MUKSHELL_TOP_H

#include <inspect.h>

#include "shell.h"

#define TOP_WORD        64 /* of a filter or a search */
#define TOP_RATE_MIN_MS 100
#define TOP_RATE_MAX_MS 60000

enum top_mode {
	TOP_TABLE,
	TOP_DETAILS, /* of the chosen process */
	TOP_HELP,
	TOP_ASK_FILTER, /* a line is typed at the bottom */
	TOP_ASK_SEARCH,
};

struct top {
	struct shell *shell;
	/* collected */
	struct dvk_snapshot *snapshot;
	struct dvk_snapshot *previous; /* for rates; of the frame before */
	struct inspect *in;
	const struct dvk_procinfo **rows;
	int count;
	/* asked for */
	const struct inspect_column *sort;
	int descending;
	char filter[TOP_WORD];
	char search[TOP_WORD];
	long rate_ms;
	int paused;
	/* shown */
	enum top_mode mode;
	int chosen_ep; /* the cursor is on this process */
	int first;     /* the row at the top */
	int page;      /* how many rows fit; set by drawing */
	char *text;    /* of DETAILS and HELP */
	int text_first;
	char asked[TOP_WORD]; /* being typed */
	char message[96];     /* for the last line, until the next key */
	int quit;
};

/* The columns of the table, by importance: a narrow screen leaves the last out. */
struct top_column {
	const char *key; /* of inspect_columns */
	int width;       /* 0: the rest of the line */
	int min_screen;  /* shown from this many columns on */
};
extern const struct top_column top_columns[];
extern const int top_column_count;

/* ---- top_collect.c ---- */
/* Sorted by nr, nothing collected yet. */
void top_init(struct top *top, struct shell *shell);
void top_deinit(struct top *top);
/* A new state, its rows filtered and sorted. 0, or the printed error. */
int top_collect(struct top *top);
/* Filters and sorts the state at hand anew. */
void top_arrange(struct top *top);
/* One line: how many processes, how busy, since when. */
void top_summary(const struct top *top, struct text *out);
/* A column of a row as text. */
void top_cell(const struct top *top, const struct inspect_column *column,
	      const struct dvk_procinfo *p, struct text *out);
/* The chosen process, NULL when it is not in the table. */
const struct dvk_procinfo *top_chosen(const struct top *top);
/* Everything about the chosen process, and why it waits. */
char *top_details(const struct top *top);
/* The table as plain text, for --once. */
int top_print(const struct top *top);

/* ---- top_keys.c ---- */
/* What a key of enum top_key or a character does. */
enum top_key {
	TOP_KEY_UP = 256,
	TOP_KEY_DOWN,
	TOP_KEY_PAGE_UP,
	TOP_KEY_PAGE_DOWN,
	TOP_KEY_HOME,
	TOP_KEY_END,
	TOP_KEY_ENTER,
	TOP_KEY_TAB,
	TOP_KEY_ESCAPE,
	TOP_KEY_BACKSPACE,
};
void top_key(struct top *top, int key);
extern const char top_help[];

/* ---- top_screen.c ---- */
/* Draws and reads keys until q or Ctrl-C. 0, or the printed error. */
int top_screen(struct top *top);

#endif
