/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_random.c - a seeded walk: any process makes any call that it may, and
 * the invariants hold, and everybody's wait makes sense. Now and then a step is cut
 * first, as by a kill, and rolled back.
 */
#include "random.h"
#include "world.h"

#define STEPS     200000
#define CUT_EVERY 100 /* steps */

/* Those who act; slots are bound again when they are free. */
static const int actors[] = { TASK, SYS, S0, S1, S2, 64, 65, 66, 67, 68, 69, 70 };
#define ACTORS ((int)(sizeof(actors) / sizeof(actors[0])))

/* Mostly one who can act; who waits is only now and then looked at, or timed out. */
static int next_actor(const struct world *world, uint64_t *seed)
{
	int nr = NONE, tries;

	for (tries = 0; tries < 6; tries++) {
		nr = actors[random_below(seed, ACTORS)];
		if (!(dc_proc(&world->dc, nr)->rts & (DVK_RTS_SENDING | DVK_RTS_RECEIVING)))
			break;
	}
	return nr;
}

static int any_actor(const struct world *world, uint64_t *seed)
{
	return dc_proc(&world->dc, actors[random_below(seed, ACTORS)])->endpoint;
}

static int64_t any_deadline(uint64_t *seed)
{
	static const int64_t deadlines[] = { 0, 0, LATER, POLL };

	return deadlines[random_below(seed, 4)];
}

/* What a process that runs does next. */
static struct step any_call(const struct world *world, int ep, uint64_t *seed)
{
	static const enum op ops[] = {
		OP_SEND,   OP_SENDREC, OP_SENDREC,   OP_RECEIVE,       OP_RECEIVE,
		OP_REPLY,  OP_REPLY,   OP_REPLY_TO,  OP_REPLY_RECEIVE, OP_REPLY_RECEIVE,
		OP_NOTIFY, OP_COPY,    OP_RCVRQST,   OP_RCVRQST,       OP_RELAY,
		OP_RELAY,  OP_WAKEUP,  OP_WAIT_BIND, OP_WAIT_UNBIND
	};
	struct step step = { .op = ops[random_below(seed, sizeof(ops) / sizeof(ops[0]))] };

	step.who = ep;
	step.to = any_actor(world, seed);
	step.value = step.op == OP_COPY ? (random_below(seed, 2) ? SELF : any_actor(world, seed))
		     : step.op == OP_NOTIFY  ? random_below(seed, 33)
		     : random_below(seed, 3) ? ANY
					     : any_actor(world, seed);
	if (step.op == OP_RECEIVE && random_below(seed, 2))
		step.to = ANY;
	if (step.op != OP_COPY)
		step.deadline = any_deadline(seed);
	return step;
}

/* A debugger holds, lets go, changes, answers, stops and continues. */
static struct step any_debugging(const struct world *world, uint64_t *seed)
{
	static const enum op ops[] = { OP_HOLD, OP_UNHOLD, OP_HELD, OP_HELD,
				       OP_HELD, OP_STOP,   OP_CONT, OP_CONT };
	static const int values[] = { 0, EDVSIO, 12, -3, 6, 30 };
	struct step step = { .op = ops[random_below(seed, sizeof(ops) / sizeof(ops[0]))] };

	step.who = TASK;
	step.to = random_below(seed, 2) ? ANY : any_actor(world, seed);
	step.type = step.op == OP_HELD ? random_below(seed, 5) : 0;
	step.value = values[random_below(seed, 6)];
	if (step.op == OP_UNHOLD)
		step.value = 0;
	if (step.op == OP_STOP || step.op == OP_CONT)
		step.to = any_actor(world, seed);
	return step;
}

static struct step next_step(const struct world *world, int nr, uint64_t *seed)
{
	const struct proc *p = dc_proc(&world->dc, nr);
	struct step step = { .who = p->endpoint, .to = p->endpoint };

	if (p->rts & DVK_RTS_SLOT_FREE) {
		step.op = OP_BIND;
		step.to = random_below(seed, 2) && nr >= NR_SERVERS ? NONE : nr;
	} else if (random_below(seed, 60) == 0) {
		step.op = OP_EXIT;
	} else if (random_below(seed, 40) == 0) {
		step = any_debugging(world, seed);
	} else if (p->rts & DVK_RTS_ONCOPY && !(p->rts & DVK_RTS_RECEIVING)) {
		step.op = OP_COPY_END;
	} else if (p->rts) {
		static const enum op ops[] = { OP_TIMEOUT, OP_TIMEOUT, OP_CANCEL, OP_RESULT };

		step.op = ops[random_below(seed, 4)];
	} else {
		step = any_call(world, p->endpoint, seed);
	}
	return step;
}

/* What a call returned fits the state of its caller afterwards. */
static void check_outcome(const struct world *world, const struct step *step, int rc)
{
	const struct proc *p = world_proc(world, step->who);

	if (step->op >= OP_COPY || step->op == OP_END)
		return;
	if (rc == DVK_BLOCKED)
		assert_true(p->rts & (DVK_RTS_SENDING | DVK_RTS_RECEIVING));
	else
		assert_int_equal(p->rts, 0);
}

static void a_random_walk_keeps_the_invariants(void **unused)
{
	uint64_t seed = 20120616;
	struct world world;
	int i, blocked = 0, done = 0, refused = 0;

	(void)unused;
	world_init(&world, 0);
	for (i = 0; i < STEPS; i++) {
		int nr = next_actor(&world, &seed);
		struct step step = next_step(&world, nr, &seed);
		int rc;

		if (i % CUT_EVERY == 0)
			cut_and_compare(&world, &step, 1 + random_below(&seed, 8));
		rc = world_step(&world, &step);
		world.host.wake_count = 0;
		blocked += rc == DVK_BLOCKED;
		done += rc == DVK_DONE;
		refused += rc < 0;
		check_outcome(&world, &step, rc);
		if (i % 8 == 0)
			check_invariants(&world);
	}
	check_invariants(&world);
	/* The walk went everywhere, not in a corner. */
	assert_true(blocked > STEPS / 20 && done > STEPS / 20 && refused > STEPS / 20);
	assert_true(world.dc.state->event_next > STEPS / 4);
	world_deinit(&world);
}

int test_random(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_random_walk_keeps_the_invariants),
	};

	return cmocka_run_group_tests_name("engine: random walk", tests, NULL, NULL);
}
