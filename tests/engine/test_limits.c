/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_limits.c - as many rules and held messages as there can be, and what the
 * debugger's death then costs in words of the undo log.
 */
#include "hold.h"
#include "world.h"

/* What exit.c counts for each held message, and for each slot. */
#define WORDS_A_HELD 12
#define WORDS_A_SLOT 3
#define WORDS_ELSE   (DVK_TABLES + DVK_HOLDS + 64)

static int count_held(const struct world *world)
{
	int i, count = 0;

	for (i = 0; i < DVK_HELD; i++)
		count += held_is_live(&world->dc, &world->dc.state->held[i]);
	return count;
}

/* All servers are there, and have notified the four users. */
static void fill(struct world *world)
{
	static const int users[] = { U0, U1, U2, ADMIN };
	const struct step hold = DO(HOLD, TASK, ANY, 0, .value = DVK_HOLD_KIND(DVK_HELD_NOTIFY));
	int nr, i;

	assert_int_equal(world_step(world, &hold), 0);
	for (nr = 0; nr < NR_SERVERS; nr++) {
		if (dc_proc(&world->dc, nr)->rts & DVK_RTS_SLOT_FREE)
			world_bind(world, nr, 30 + nr, 0);
		for (i = 0; i < 4; i++) {
			const struct step notify = DO(NOTIFY, nr, users[i], 0);

			assert_int_equal(world_step(world, &notify), 0);
		}
	}
}

static void what_no_longer_fits_passes(void **unused)
{
	const struct step one_more = DO(NOTIFY, S0, S1, 0), there = DO(PENDING, S1, S0, 1);
	const struct step merged = DO(NOTIFY, S0, U0, 0, .value = 5);
	const struct step rule = DO(HOLD, TASK, S2, 0, .value = DVK_HOLD_KIND(DVK_HELD_SEND));
	const struct step waits = DO(RECEIVE, S2, ANY, DVK_BLOCKED);
	const struct step meets = DO(SEND, U0, S2, DVK_DONE);
	struct world world;

	(void)unused;
	world_init(&world, 0);
	fill(&world);
	assert_int_equal(count_held(&world), DVK_HELD);
	assert_int_equal(world_step(&world, &one_more), 0);
	assert_int_equal(world_step(&world, &there), 1);
	assert_int_equal(world_step(&world, &merged), 0);
	assert_int_equal(world_step(&world, &rule), 0);
	assert_int_equal(world_step(&world, &waits), DVK_BLOCKED);
	assert_int_equal(world_step(&world, &meets), DVK_DONE);
	assert_int_equal(count_held(&world), DVK_HELD);
	check_invariants(&world);
	world_deinit(&world);
}

static void a_death_that_lets_all_go_fits_the_undo_log(void **unused)
{
	struct world world;

	(void)unused;
	world_init(&world, 0);
	fill(&world);
	world.host.most_saves = 0;
	assert_int_equal(engine_exit(&world.dc, TASK, 0), 0);
	world_commit(&world);
	assert_int_equal(count_held(&world), 0);
	assert_true(world.host.most_saves > DVK_HELD);
	assert_true((int)world.host.most_saves <=
		    WORDS_A_HELD * DVK_HELD + WORDS_A_SLOT * world.dc.nr_slots + WORDS_ELSE);
	check_invariants(&world);
	world_deinit(&world);
}

static void there_are_so_many_rules(void **unused)
{
	const struct step hold = DO(HOLD, ADMIN, ANY, 0, .value = DVK_HOLD_KIND(DVK_HELD_SEND));
	const struct step all = DO(EXIT, ADMIN, 0, 0);
	struct world world;
	int i;

	(void)unused;
	world_init(&world, 0);
	for (i = 0; i < DVK_HOLDS; i++)
		assert_int_equal(world_step(&world, &hold), 0);
	assert_int_equal(world_step(&world, &hold), EDVSRSCBUSY);
	assert_int_equal(world_step(&world, &all), 0);
	assert_int_equal(world.dc.state->holding, 0);
	world_deinit(&world);
}

int test_limits(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_no_longer_fits_passes),
		cmocka_unit_test(a_death_that_lets_all_go_fits_the_undo_log),
		cmocka_unit_test(there_are_so_many_rules),
	};

	return cmocka_run_group_tests_name("engine: limits of holds", tests, NULL, NULL);
}
