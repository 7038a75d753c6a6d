/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crew.h - two servers and eight clients that call them at full rate.
 *
 * Each has a slot of its own and a place on a board that all processes share, where
 * it writes which call it makes, so that a killer knows what it has hit.
 */
#ifndef TESTS_CHAOS_CREW_H
#define TESTS_CHAOS_CREW_H

#include <stdint.h>
#include <sys/types.h>

#define CHAOS_DCID 9
#define CREW_FIRST 20 /* the slot of place 0 */

enum { SERVERS = 2, SINGLES = 4, PAIRS = 2, PROCESSES = SERVERS + SINGLES + PAIRS };
enum { PLACES = SERVERS + SINGLES + 2 * PAIRS };

/* X(name): what a place does. */
#define CREW_CALLS(X) X(none) X(send) X(receive) X(sendrec) X(timeout) X(reply) X(notify) X(vcopy)
enum crew_call {
#define CREW_CALL(name) IN_##name,
	CREW_CALLS(CREW_CALL)
#undef CREW_CALL
		CREW_CALL_COUNT
};
extern const char *const crew_call_names[];

struct place {
	int32_t call; /* enum crew_call */
	int32_t tid;
	uint64_t done;
	uint64_t failed; /* with errors of section 8 */
};

struct board {
	struct place places[PLACES];
	char complaint[160]; /* the first result that is none of the contract's */
	char dir[64];
};

/* Of process i of the crew: its first place, and how many threads it has. */
int crew_first(int process);
int crew_threads(int process);
/* Starts it; SIGUSR1 makes it exec another program, SIGUSR2 ends the thread it hits. */
pid_t crew_start(struct board *board, int process);
/* What an exec'd process does: nothing, for long. */
#define CREW_EXECED "--sleep"

#endif
