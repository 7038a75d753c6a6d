/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_bind.c - slots, generations, incarnations, rights, exits and tables.
 */
#include <string.h>

#include "world.h"

#define LONG "sixteen letters!"

static const struct {
	struct engine_bind request;
	int want, level;
} binds[] = {
	{ { .nr = 9, .name = "s", .is_owner = 1 }, 0, DVK_LEVEL_SERVER },
	{ { .nr = -3, .name = "t", .is_owner = 1 }, 0, DVK_LEVEL_SYSTEM },
	{ { .nr = 9, .name = "s", .is_system = 1 }, 0, DVK_LEVEL_SYSTEM },
	{ { .nr = 70, .name = "u" }, 0, DVK_LEVEL_USER },
	{ { .nr = NONE, .name = "u" }, 0, DVK_LEVEL_USER },
	{ { .nr = 9, .name = "s" }, EDVSPRIVILEGES, 0 },
	{ { .nr = -3, .name = "s" }, EDVSPRIVILEGES, 0 },
	{ { .nr = S0, .name = "s" }, EDVSPRIVILEGES, 0 },
	{ { .nr = S0, .name = "s", .is_owner = 1 }, EDVSSLOTUSED, 0 },
	{ { .nr = 64, .name = "u" }, EDVSSLOTUSED, 0 },
	{ { .nr = WORLD_PROCS, .name = "u" }, EDVSRANGE, 0 },
	{ { .nr = -36, .name = "u" }, EDVSRANGE, 0 },
	{ { .nr = WORLD_PROCS, .name = "" }, EDVSNAMESIZE, 0 },
	{ { .nr = NONE, .name = NULL }, EDVSNAMESIZE, 0 },
	{ { .nr = NONE, .name = LONG }, EDVSNAMESIZE, 0 },
	{ { .nr = NONE, .name = "u", .muk = LONG }, EDVSNAMESIZE, 0 },
	{ { .nr = NONE, .name = "fifteen letters", .muk = "fifteen letters" }, 0, DVK_LEVEL_USER },
};

static void binds_are_checked_in_order(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(binds) / sizeof(binds[0]); i++) {
		struct world world;
		int ep = -1000, rc;

		world_init(&world, 0);
		rc = engine_bind(&world.dc, &binds[i].request, &ep);
		if (rc != binds[i].want)
			fail_msg("row %zu gives %d", i + 1, rc);
		if (rc) {
			assert_int_equal(ep, -1000);
		} else {
			struct proc_rest *rest = dc_rest(&world.dc, dvk_endpoint_nr(ep));

			assert_int_equal(rest->level, binds[i].level);
			assert_string_equal(rest->name, binds[i].request.name);
		}
		check_invariants(&world);
		world_deinit(&world);
	}
}

/* Of all free slots the one that was freed longest ago, in its next generation. */
static void free_user_slots_are_taken_oldest_first(void **unused)
{
	struct world world;
	int nr;

	(void)unused;
	world_init(&world, 0);
	engine_exit(&world.dc, 65, 0);
	engine_exit(&world.dc, 64, 0);
	for (nr = 68; nr < WORLD_PROCS; nr++)
		assert_int_equal(world_bind(&world, NONE, 0, 0), dvk_endpoint(1, nr));
	assert_int_equal(world_bind(&world, NONE, 0, 0), dvk_endpoint(2, 65));
	assert_int_equal(world_bind(&world, NONE, 0, 0), dvk_endpoint(2, 64));
	assert_int_equal(engine_bind(&world.dc, &binds[4].request, &nr), EDVSRSCBUSY);
	check_invariants(&world);
	world_deinit(&world);
}

static void a_particular_slot_leaves_the_free_list(void **unused)
{
	static const int order[] = { 70, 68, WORLD_PROCS - 1, 69 };
	struct world world;
	size_t i;

	(void)unused;
	world_init(&world, 0);
	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		assert_int_equal(world_bind(&world, order[i], 0, 0), dvk_endpoint(1, order[i]));
		check_invariants(&world);
	}
	assert_int_equal(world_bind(&world, NONE, 0, 0), dvk_endpoint(1, 71));
	engine_exit(&world.dc, 70, 0);
	check_invariants(&world);
	assert_int_equal(dc_rest(&world.dc, WORLD_PROCS - 2)->free_next, 70);
	world_deinit(&world);
}

static void after_the_last_generation_comes_the_first(void **unused)
{
	struct world world;

	(void)unused;
	world_init(&world, 0);
	dc_rest(&world.dc, 70)->generation = GENERATION_MAX - 1;
	assert_int_equal(world_bind(&world, 70, 0, 0), dvk_endpoint(GENERATION_MAX, 70));
	engine_exit(&world.dc, 70, 0);
	assert_int_equal(world_bind(&world, 70, 0, 0), dvk_endpoint(1, 70));
	world_deinit(&world);
}

static void each_bind_has_its_incarnation(void **unused)
{
	struct world world;
	uint64_t first;

	(void)unused;
	world_init(&world, 0);
	first = dc_rest(&world.dc, S0)->incarnation;
	engine_exit(&world.dc, S0, 9);
	assert_int_equal(world_bind(&world, S0, 0, 0), S0);
	assert_true(dc_rest(&world.dc, S0)->incarnation > first);
	assert_int_equal(world.dc.state->exit_next, 1);
	assert_int_equal(world.dc.state->exits[0].incarnation, first);
	assert_int_equal(world.dc.state->exits[0].endpoint, S0);
	assert_int_equal(world.dc.state->exits[0].code, 9);
	world_deinit(&world);
}

static void who_is_to_be_warned_is_notified(void **unused)
{
	struct world world;

	(void)unused;
	world_init(&world, 0);
	dc_rest(&world.dc, 64)->warn_ep = U1;
	engine_exit(&world.dc, 64, 0);
	assert_int_equal(engine_receive(&world.dc, 65, ANY, &world.got, 0), DVK_DONE);
	assert_int_equal(world.got.m_source, HARDWARE);
	assert_int_equal(world.host.stop_count, 1);
	assert_int_equal(world.host.stopped_nr, 64);
	world_deinit(&world);
}

static const struct {
	struct dvk_table table;
	int want;
} tables[] = {
	{ { .address = 4096, .rows = 2, .row_bytes = 8, .type = "pm.process" }, 0 },
	{ { .address = 8192, .rows = 3, .row_bytes = 8, .type = "pm.process" }, 0 },
	{ { .address = 4096, .rows = 2, .row_bytes = 8, .type = "" }, EDVSNAMESIZE },
	{ { .address = 4096, .rows = 2, .row_bytes = 8, .type = "twenty-eight letters and no" },
	  0 },
	{ { .address = 4096, .rows = 0, .row_bytes = 8, .type = "x" }, EDVSBADVALUE },
	{ { .address = 4096, .rows = 2, .row_bytes = 0, .type = "x" }, EDVSBADVALUE },
	{ { .address = 0, .rows = 2, .row_bytes = 8, .type = "x" }, EDVSBADVALUE },
};

static void tables_are_registered_replaced_and_dropped(void **unused)
{
	struct dvk_table table = tables[0].table;
	struct world world;
	size_t i;

	(void)unused;
	world_init(&world, 0);
	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		assert_int_equal(engine_register_table(&world.dc, S0, &tables[i].table),
				 tables[i].want);
	assert_int_equal(world.dc.state->tables[0].address, 8192);
	assert_int_equal(world.dc.state->tables[0].owner_ep, S0);
	memset(table.type, 'x', sizeof(table.type));
	assert_int_equal(engine_register_table(&world.dc, S0, &table), EDVSNAMESIZE);
	for (i = 2; i < DVK_TABLES; i++) {
		table.type[0] = (char)i;
		table.type[1] = 0;
		assert_int_equal(engine_register_table(&world.dc, S1, &table), 0);
	}
	assert_int_equal(engine_register_table(&world.dc, S2, &table), EDVSRSCBUSY);
	engine_exit(&world.dc, S0, 0);
	assert_int_equal(world.dc.state->tables[2].owner_ep, S1);
	assert_int_equal(world.dc.state->tables[2].type[0], 2);
	assert_int_equal(engine_register_table(&world.dc, S2, &table), 0);
	assert_int_equal(world.dc.state->tables[0].owner_ep, S2);
	assert_int_equal(engine_register_table(&world.dc, FREE_SERVER, &table), EDVSNOTBIND);
	world_deinit(&world);
}

int test_bind(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(binds_are_checked_in_order),
		cmocka_unit_test(free_user_slots_are_taken_oldest_first),
		cmocka_unit_test(a_particular_slot_leaves_the_free_list),
		cmocka_unit_test(after_the_last_generation_comes_the_first),
		cmocka_unit_test(each_bind_has_its_incarnation),
		cmocka_unit_test(who_is_to_be_warned_is_notified),
		cmocka_unit_test(tables_are_registered_replaced_and_dropped),
	};

	return cmocka_run_group_tests_name("engine: slots", tests, NULL, NULL);
}
