/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_garbage.c - nonsense in the shared state gives errors: no access outside
 * of it (the sanitizers watch), no endless loop.
 */
#include <string.h>

#include "random.h"
#include "world.h"

#define WALKS      200
#define WALK_STEPS 300

static const int bad_nrs[] = { -36, -1000, WORLD_PROCS, 30000, NONE, S0, 64 };

/* A queue whose links lie: the receive refuses, or takes one who is there. */
static void links_that_lie_are_refused(void **unused)
{
	static const struct step fill[] = {
		DO(SEND, U0, S0, DVK_BLOCKED),
		DO(SEND, U1, S0, DVK_BLOCKED),
		DO(SEND, U2, S0, DVK_BLOCKED),
	};
	struct step middle = DO(RECEIVE, S0, U1, EDVSBADPROC);
	size_t i, j;

	(void)unused;
	for (i = 0; i < sizeof(bad_nrs) / sizeof(bad_nrs[0]); i++) {
		struct world world;

		world_init(&world, 0);
		for (j = 0; j < 3; j++)
			world_step(&world, &fill[j]);
		world_proc(&world, U0)->queue_next = (int16_t)(bad_nrs[i] == 64 ? 66 : bad_nrs[i]);
		assert_int_equal(world_step(&world, &middle), EDVSBADPROC);
		assert_int_equal(world_proc(&world, U1)->rts, DVK_RTS_SENDING);
		world_proc(&world, S0)->queue_head =
			(int16_t)(bad_nrs[i] == NONE ? 69 : bad_nrs[i]);
		middle.to = ANY;
		assert_int_equal(world_step(&world, &middle), EDVSBADPROC);
		middle.to = U1;
		world_deinit(&world);
	}
}

static void a_tail_that_lies_is_refused(void **unused)
{
	struct step first = DO(SEND, U0, S0, DVK_BLOCKED), second = DO(SEND, U1, S0, EDVSBADPROC);
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(bad_nrs) / sizeof(bad_nrs[0]) - 1; i++) {
		struct world world;

		world_init(&world, 0);
		world_step(&world, &first);
		world_proc(&world, S0)->queue_tail = (int16_t)bad_nrs[i];
		assert_int_equal(world_step(&world, &second), EDVSBADPROC);
		assert_int_equal(world_proc(&world, U1)->rts, 0);
		world_deinit(&world);
	}
}

static void a_free_list_that_lies_is_refused(void **unused)
{
	static const int heads[] = { -36, -5, 3, WORLD_PROCS, 64 };
	struct engine_bind any = { .nr = NONE, .name = "x" }, one = { .nr = 75, .name = "x" };
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct world world;
		int ep;

		world_init(&world, 0);
		world.dc.state->free_head = heads[i];
		assert_int_equal(engine_bind(&world.dc, &any, &ep), EDVSBADPROC);
		assert_int_equal(engine_bind(&world.dc, &one, &ep), EDVSBADPROC);
		world.dc.state->free_head = 70;
		dc_rest(&world.dc, 70)->free_next = heads[i] == 64 ? -1 : heads[i];
		assert_int_equal(engine_bind(&world.dc, &any, &ep), EDVSBADPROC);
		dc_rest(&world.dc, 70)->free_next = 70;
		assert_int_equal(engine_bind(&world.dc, &one, &ep), EDVSBADPROC);
		world_deinit(&world);
	}
}

/* Everybody's letter is awaited in a circle that has no end of its own. */
static void a_walk_for_circles_is_bounded(void **unused)
{
	struct step steps[] = { DO(SEND, S0, S1, DVK_BLOCKED), DO(SEND, S1, S2, DVK_BLOCKED),
				DO(SEND, U0, S0, DVK_BLOCKED) };
	struct world world;

	(void)unused;
	world_init(&world, 0);
	world_step(&world, &steps[0]);
	world_step(&world, &steps[1]);
	world_proc(&world, S1)->sendto_ep = S0;
	assert_int_equal(world_step(&world, &steps[2]), DVK_BLOCKED);
	world_deinit(&world);
}

static void spoil(struct world *world, uint64_t *seed)
{
	struct proc *p = &world->dc.procs[random_below(seed, world->dc.nr_slots)];
	int word = random_below(seed, sizeof(*p) / sizeof(uint32_t));
	uint32_t values[] = { random_next(seed),
			      (uint32_t)random_below(seed, 100),
			      0xffffffff,
			      (uint32_t)NONE,
			      4,
			      8,
			      12 };

	((uint32_t *)p)[word] = values[random_below(seed, 7)];
	if (random_below(seed, 4) == 0) {
		struct proc_rest *rest = &world->dc.rest[random_below(seed, world->dc.nr_slots)];

		rest->free_next = (int32_t)values[0];
		rest->warn_ep = (int32_t)values[0];
		world->dc.state->systask_nr = (int32_t)values[1];
		world->dc.state->free_tail = (int32_t)values[0];
		world->dc.state->exit_next = values[0];
		world->dc.state->event_next = values[0];
	}
}

/* Calls over a state that rots: nothing to want but to come back. */
static void rot(struct world *world, uint64_t *seed)
{
	struct dvk_procinfo info;
	int i;

	for (i = 0; i < WALK_STEPS; i++) {
		struct step step = { .op = 1 + (enum op)random_below(seed, OP_BIND) };
		int nr = random_below(seed, world->dc.nr_slots) - NR_TASKS;

		spoil(world, seed);
		step.who = dc_proc(&world->dc, nr)->endpoint;
		step.to = random_below(seed, 4) ? random_below(seed, 100) - NR_TASKS
						: (int)random_next(seed);
		step.value = random_below(seed, 30);
		world_step(world, &step);
		world->host.wake_count = 0;
		view_procinfo(&world->dc, nr, &info);
		view_queues(&world->dc, &info, 1);
		assert_int_equal(info.name[DVK_NAME_BYTES - 1], 0);
	}
}

static void a_state_that_rots_gives_errors(void **unused)
{
	uint64_t seed = 77;
	int walk;

	(void)unused;
	for (walk = 0; walk < WALKS; walk++) {
		struct world world;

		world_init(&world, walk % 2);
		world.dc.state->traced = (uint32_t)walk % 3;
		rot(&world, &seed);
		world_deinit(&world);
	}
}

int test_garbage(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_that_lie_are_refused),
		cmocka_unit_test(a_tail_that_lies_is_refused),
		cmocka_unit_test(a_free_list_that_lies_is_refused),
		cmocka_unit_test(a_walk_for_circles_is_bounded),
		cmocka_unit_test(a_state_that_rots_gives_errors),
	};

	return cmocka_run_group_tests_name("engine: garbage", tests, NULL, NULL);
}
