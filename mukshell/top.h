/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * top.h - the live screen: what is collected, apart from how it is drawn.
 *
 * Three layers: top_collect.c, top_tree.c, top_feed.c and top_body.c collect and
 * know nothing of a screen; top_frame.c makes the lines of a frame of any size, for
 * a terminal, a file and tests alike; top_screen.c alone knows ncurses, and nothing
 * of a DC. top_keys.c and top_act.c change the state between them.
 */
#ifndef MUKSHELL_TOP_H
#define MUKSHELL_TOP_H

#include <inspect.h>

#include "shell.h"

#define TOP_WORD        256 /* of a filter, a search, a file's name */
#define TOP_RATE_MIN_MS 100
#define TOP_RATE_MAX_MS 60000
#define TOP_COLUMNS_MAX 32
#define TOP_MARKS_MAX   64
#define TOP_KEYS_MAX    24 /* columns of a grid that can be sorted by */

enum top_mode {
	TOP_TABLE,
	TOP_TEXT, /* help, details, what a command said */
	TOP_ASK,  /* a line is typed at the bottom */
	TOP_SURE, /* y does what is asked for */
};

/* What the line that is typed is for. */
enum top_asked {
	TOP_ASK_FILTER,
	TOP_ASK_SEARCH,
	TOP_ASK_COLUMNS,
	TOP_ASK_FILE,
};

struct top_feed;
struct top_act;
struct top;

/* A column of the processes. */
struct top_column {
	const struct inspect_column *column;
	int width;      /* 0: the rest of the line */
	int min_screen; /* shown from this many columns on */
};

/* What a screen can show. */
struct top_view {
	const char *name; /* of --view */
	const char *summary;
	int is_processes;                        /* rows are processes, a tree or not */
	int has_heading;                         /* the body's first line names its columns */
	int uses_feed;                           /* events are followed meanwhile */
	int (*body)(struct top *top, FILE *out); /* its text, or JSON; NULL: processes */
};
extern const struct top_view top_views[];
extern const int top_view_count;
enum { TOP_PROCESSES, TOP_TREE, TOP_CALLS, TOP_MESSAGES, TOP_SERVERS, TOP_HOLDS };

struct top {
	struct shell *shell;
	/* collected */
	struct dvk_snapshot *snapshot;
	struct dvk_snapshot *previous; /* for rates; of the frame before */
	struct inspect *in;
	const struct dvk_procinfo **rows;
	int *depths; /* of the rows, in the tree; else 0 */
	int count;   /* of rows, or lines */
	struct top_feed *feed;
	char *body; /* of views that are text */
	const char **lines;
	const char *heading; /* of body; "" */
	char keys[TOP_KEYS_MAX][24];
	int key_count;
	/* asked for */
	const struct top_view *view;
	struct top_column columns[TOP_COLUMNS_MAX];
	int column_count;
	const struct inspect_column *sort;
	int grid_sort; /* place in keys, -1: as it comes */
	int descending;
	char filter[TOP_WORD];
	char search[TOP_WORD];
	long rate_ms;
	int paused;
	int marks[TOP_MARKS_MAX];
	int mark_count;
	/* shown */
	enum top_mode mode;
	enum top_asked asks;
	int chosen_ep;   /* the cursor is on this process */
	int chosen_line; /* or this line */
	int first;       /* the row at the top */
	int page;        /* how many rows fit; set by drawing */
	char *text;      /* of TEXT */
	int text_first;
	const struct top_act *act; /* of SURE */
	char asked[TOP_WORD];      /* being typed */
	char message[160];         /* for the last line, until the next key */
	int quit;
};

/* ---- top_collect.c ---- */
/* Processes, sorted by nr, nothing collected yet. */
void top_init(struct top *top, struct shell *shell);
void top_deinit(struct top *top);
/* A new state, its rows filtered and sorted. 0, or the printed error. */
int top_collect(struct top *top);
/* Filters and sorts the state at hand anew. */
void top_arrange(struct top *top);
/* Shows another view from now on. */
void top_look_at(struct top *top, const struct top_view *view);
/* "nr,name,age" as of ps. 0, or an error with its reason. */
int top_choose_columns(struct top *top, const char *words, struct text *ret_reason);
/* One line: how many processes, how busy, since when. */
void top_summary(const struct top *top, struct text *out);
/* The place of the cursor among the rows; the cursor goes there. */
int top_row(const struct top *top);
void top_go_to_row(struct top *top, int row);
/* The chosen process, NULL when there is none. */
const struct dvk_procinfo *top_chosen(const struct top *top);
int top_is_marked(const struct top *top, int endpoint);
/* The whole body, for --once. 0, or the printed error. */
int top_print(struct top *top);

/* ---- top_tree.c ---- */
/* The process that p waits for, to receive or to be received; NULL: nobody alone. */
const struct dvk_procinfo *top_awaited(const struct top *top, const struct dvk_procinfo *p);
/* Orders the rows so that who waits stands, deeper, below whom it waits for. */
void top_plant(struct top *top);

/* ---- top_feed.c: events that come, counted and kept ---- */
struct top_feed *top_feed_create(struct top *top);
void top_feed_destroy(struct top_feed *feed, struct shell *shell);
/* Counts calls anew. NULL is fine. */
void top_feed_restart(struct top_feed *feed);
/* Names of this state from now on. */
void top_feed_names(struct top_feed *feed, const struct inspect *in);
/* Takes what has come. 0, or an error. */
int top_feed_follow(struct top_feed *feed, struct top *top);
int top_feed_calls(struct top *top, FILE *out);
int top_feed_messages(struct top *top, FILE *out);

/* ---- top_body.c: views that are text ---- */
/* Makes the body anew. 0, or an error. */
int top_make_body(struct top *top);
/* Prints the grid as the view wants it sorted, and destroys it. error: of its making. */
int top_print_grid(struct top *top, struct inspect_grid *grid, FILE *out);
/* All about the chosen process, and why it waits; NULL: there is none. */
char *top_details(const struct top *top);

/* ---- top_act.c: commands of the shell upon the marked, or the chosen ---- */
/* Runs a command; what it says, errors too, is added to out. What it returned. */
int top_run_command(struct top *top, char **words, FILE *out);
/* Does what the key stands for, after a question where something changes. 0: no such key. */
int top_act(struct top *top, int key);
/* The question, and what happens after y. */
void top_ask_sure(const struct top *top, struct text *out);
void top_act_now(struct top *top);

/* ---- top_frame.c: lines ---- */
enum top_style {
	TOP_PLAIN,
	TOP_HEAD,
	TOP_HEADING,
	TOP_CHOSEN,
	TOP_MARKED,
	TOP_BAD, /* stopped, held */
	TOP_BUSY,
	TOP_FOOT,
};
struct top_size {
	int columns, rows;
};
/* Gets each line of a frame, from the top; text is cut to the width. */
typedef void top_put_fn(void *context, int y, const char *text, enum top_style style);
void top_frame(struct top *top, const struct top_size *size, top_put_fn *put, void *context);
/* The same as plain text. */
void top_frame_text(struct top *top, const struct top_size *size, FILE *out);

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
void top_show_text(struct top *top, char *text);

/* ---- top_screen.c ---- */
/* Draws and reads keys until q, Ctrl-C or the end of the terminal. 0, or the printed error. */
int top_screen(struct top *top);

#endif
