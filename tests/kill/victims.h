/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * victims.h - processes that work in the DC until they are killed.
 */
#ifndef TESTS_KILL_VICTIMS_H
#define TESTS_KILL_VICTIMS_H

#include "stage.h"

/* X(name): what a victim does, again and again. */
#define VICTIM_KINDS(X) \
	X(FILES)        \
	X(READS) X(GETS) X(PUTS) X(PINGS) X(TALKS) X(LISTENS) X(BINDS) X(TRACES) X(PROCESSES)

enum victim_kind {
#define VICTIM_KIND(name) VICTIM_##name,
	VICTIM_KINDS(VICTIM_KIND)
#undef VICTIM_KIND
		VICTIM_KIND_COUNT,
};

/* Shared with all victims. */
struct victims_board {
	uint64_t done[VICTIM_KIND_COUNT]; /* what was done, all together */
	int listener_ep;                  /* the last one that listens */
	char complaint[256];              /* the first answer that nobody expected */
};

extern const char *const victim_names[VICTIM_KIND_COUNT];

struct victims_board *victims_board_create(void);
/* Starts one; n makes its names its own. */
pid_t victim_start(const struct stage *stage, enum victim_kind kind, int n,
		   struct victims_board *board);

#endif
