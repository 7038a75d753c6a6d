/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * simulation.h - a DC of the engine and one of the model, side by side.
 *
 * An episode is a fresh DC and a program: step n of seed s draws its numbers from
 * s and n alone, and makes of them a call that fits the state. What was drawn is
 * kept, endpoints as slots, so that a program that fails can be made again, and
 * made shorter by leaving steps out.
 */
#ifndef SIMULATE_SIMULATION_H
#define SIMULATE_SIMULATION_H

#include <stdio.h>

#include "engine.h"
#include "host.h"
#include "model.h"

enum shape {
	MESH, /* anybody to anybody */
	STAR, /* most to two servers: long queues */
	RING, /* each to its neighbour */
};

/* Who is there and what they like to do. */
struct configuration {
	const char *name;
	int nr_procs;
	int tasks, servers, users; /* slots that take part */
	int steps;                 /* of an episode */
	int rare;                  /* large and slow: one of so many seeds; 0: in turn */
	int strict;
	int cut_every;  /* steps; 0: never */
	int generation; /* that user slots have had */
	enum shape shape;
	int for_ever; /* percent of waits without a timeout */
	int weights[SIMULATED_CALL_COUNT];
};

extern const struct configuration configurations[];
extern const int configuration_count;

/* An endpoint argument: that of a slot, and how far from it. nr NONE: just a number. */
struct reference {
	int nr, offset;
};

struct drawn {
	struct call call;
	struct reference ep, src_ep, dst_ep, client, rule_src, rule_dst;
	int64_t call_offset; /* of the handle's call, from the one its client is in */
	int place;           /* of the rule, or of what is held; -1: the number is of none */
};

#define HANDLES      64
#define REQUEST_LOST INT32_MIN /* a client_ep: the transition that would give it was cut */

struct simulation {
	const struct configuration *config;
	uint64_t seed;
	struct dc dc;
	struct test_host host;
	void *memory; /* of the largest DC */
	struct model *model;
	struct outcome expected;
	message got;
	struct dvk_priv got_priv;
	int bound_ep;
	uint64_t *engine_call; /* its number of each call of the model's count */
	uint64_t *engine_id;   /* the same of rules and of what is held */
	uint64_t last_call, last_incarnation, last_hold, last_held;
	uint64_t incarnations[SLOTS_MAX];
	struct engine_copy copies[COPIES];
	uint64_t copier_birth[COPIES]; /* 0: not under way */
	int copier_nr[COPIES];
	struct {
		int owner_nr;
		struct handle handle;
	} handles[HANDLES]; /* requests that somebody had in hand, also long ago */
	int handle_count;
	struct proc *pristine; /* the engine's slots as they were at the beginning */
	struct drawn *drawn;   /* the steps of this episode, STEPS_MAX */
	int was_cut;           /* by the step under way */
	uint64_t steps_made;
	char failure[512]; /* of the step that failed; "" */
};

#define STEPS_MAX 10000 /* of an episode */

/* 0, or EDVSNOMEM. */
int simulation_init(struct simulation *sim);
void simulation_deinit(struct simulation *sim);
/* A fresh DC with the configuration of this seed. */
void simulation_begin(struct simulation *sim, uint64_t seed);
/* Draws step n and makes it; 0, or -1 and sim->failure. */
int simulation_step(struct simulation *sim, uint32_t n);
/* Makes what was drawn as step n; out, unless NULL, is told. */
int simulation_replay(struct simulation *sim, uint32_t n, FILE *out);

/* program.c: draws step n in the present state. */
void program_draw(const struct simulation *sim, uint64_t *random, struct call *ret);
/* One line of words for a step. */
void program_describe(const struct call *call, FILE *out);
int program_slot(const struct configuration *config, int i);

/* drive.c: makes the call at the engine. */
int drive(struct simulation *sim, const struct call *call);
uint64_t drive_engine_call(const struct simulation *sim, uint64_t model_call);
uint64_t drive_engine_id(const struct simulation *sim, uint64_t model_id);

/* compare.c: 0, or -1 and sim->failure. */
int compare_outcome(struct simulation *sim, const struct call *call, int rc, uint64_t first_event);
/* mourned: a slot whose own letter and request do not matter any more, or NONE. */
int compare_state(struct simulation *sim, int mourned);

/* shrink.c: the fewest steps of the episode that was drawn that still fail. */
int shrink(struct simulation *sim, uint32_t *steps, int count);
/* Makes these steps of it in a fresh DC; the place of the one that fails, or -1. */
int replay(struct simulation *sim, const uint32_t *steps, int count, FILE *out);

#endif
