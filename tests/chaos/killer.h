/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * killer.h - stops members of a crew, sees where they are, and ends them there.
 */
#ifndef TESTS_CHAOS_KILLER_H
#define TESTS_CHAOS_KILLER_H

#include <stdint.h>
#include <sys/types.h>

#include <dvk/dvk.h>
#include <dvk/manage.h>

#include "crew.h"

/* X(name): where a victim is; LOCKED: it holds the DC's lock. */
#define KILLER_STATES(X) X(running) X(sending) X(receiving) X(copying) X(locked)
enum killer_state {
#define KILLER_STATE(name) IS_##name,
	KILLER_STATES(KILLER_STATE)
#undef KILLER_STATE
		KILLER_STATE_COUNT
};

enum manner { KILL, EXEC, END_THREAD, MANNER_COUNT };

struct aim {
	enum manner manner;
	int process, place;
	int state, call; /* where it should be; state -1: anywhere */
	pid_t tid;       /* of the place, when it was stopped */
	int is_traced;   /* that thread was led there */
};

struct killer {
	struct board *board;
	struct dvk_view *view;
	pid_t pids[PROCESSES];
	uint64_t random;
	int kills, late, keepers, starting;
	int is_aiming; /* at what was not hit yet, and nothing else */
	int manners[MANNER_COUNT];
	long worst_ms;
	int hits[KILLER_STATE_COUNT][CREW_CALL_COUNT];
};

void killer_seed(struct killer *killer);
uint32_t killer_random(struct killer *killer, uint32_t below);
int64_t killer_now_ns(void);
void killer_pause_us(long us);
/* The process that has this one of the KEEPERS, or -1. */
int killer_keeper(const struct killer *killer, int which);
/* Makes the aim the pair of those that can be that was hit least. */
void killer_aim_at_rarest(struct killer *killer, struct aim *aim);
/* Stops the victim, at most tries times until it is where it should be. */
void killer_stop(struct killer *killer, struct aim *aim, int tries);
/* 1 when the place is in that state of that call. */
int killer_is_at(const struct killer *killer, const struct aim *aim);
/* step.c: leads the thread of the place there; 0: it did not come there. It stays traced. */
int killer_lead(struct killer *killer, struct aim *aim);
/* After the kill of one who was led. */
void killer_reap(const struct killer *killer, const struct aim *aim);
/* Counts what is hit. */
void killer_note(struct killer *killer, struct aim *aim);
/* The victim dies, execs or loses its thread, from where it was stopped. */
void killer_strike(struct killer *killer, const struct aim *aim);
/* 1 when nothing is left of it in the DC. */
int killer_is_buried(const struct killer *killer, const struct aim *aim);
/* Of a burial that does not come: what was done, and what is left. */
const char *killer_describe(const struct killer *killer, const struct aim *aim);
/* A process that has the DC open and no slot. */
pid_t killer_witness(struct killer *killer);
/* 1 while a pair that can be was never hit. */
int killer_has_missed(const struct killer *killer);
void killer_report(const struct killer *killer);

#endif
