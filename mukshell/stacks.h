/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stacks.h - the stacks of the tasks of a snapshot.
 */
#ifndef MUKSHELL_STACKS_H
#define MUKSHELL_STACKS_H

#include <recording.h>
#include <stack.h>

/* The first three are the user's; all others begin as 0. */
struct stacks {
	struct patient *patient; /* a living one */
	const struct dvk_snapshot *snapshot;
	int stop;  /* a thread that runs in user mode is stopped for a moment */
	pid_t pid; /* whose symbols and rows these are */
	struct symbols *symbols;
	struct server_task_row *rows;
	const struct dvk_table *table;
	int error; /* of the symbols */
};

/* The frames of p, innermost first: how many, or the error that stacks_reason() explains. */
int stacks_of(struct stacks *stacks, const struct dvk_procinfo *p,
	      struct stack_frame ret_frames[STACK_FRAMES_MAX]);
/* Frees what was read. */
void stacks_end(struct stacks *stacks);
const char *stacks_reason(int error);

/* A line for each frame. */
void stacks_words(const struct stack_frame *frames, int count, struct text *out);

/* Adds all stacks that can be had to a recording: an inspect_stacks_fn. */
int stacks_record(struct patient *patient, const struct dvk_snapshot *snapshot,
		  struct recorder *recorder);

#endif
