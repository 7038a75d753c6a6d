/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_layout.c - the tables of a DC, and what is not believed when attaching;
 * the exit that touches every slot of the largest one.
 */
#include <stdlib.h>
#include <string.h>

#include "world.h"

static const struct {
	int dcid, nr_procs, want;
} makes[] = {
	{ 0, NR_PROCS_MIN, 0 },
	{ NR_DCS - 1, NR_PROCS_MAX, 0 },
	{ 0, NR_PROCS_MIN - 1, EDVSRANGE },
	{ 0, NR_PROCS_MAX + 1, EDVSRANGE },
	{ 0, -1, EDVSRANGE },
	{ -1, NR_PROCS_MIN, EDVSRANGE },
	{ NR_DCS, NR_PROCS_MIN, EDVSRANGE },
};

static void limits_are_checked(void **unused)
{
	size_t i, bytes = (dc_bytes(NR_PROCS_MAX) + 63) & ~(size_t)63;

	(void)unused;
	for (i = 0; i < sizeof(makes) / sizeof(makes[0]); i++) {
		void *memory = aligned_alloc(64, bytes);
		struct dc dc;

		memset(memory, 0, bytes);
		assert_int_equal(dc_init(&dc, memory, makes[i].dcid, makes[i].nr_procs),
				 makes[i].want);
		if (!makes[i].want)
			assert_int_equal(dc_attach(&dc, memory, bytes), 0);
		free(memory);
	}
}

struct lie {
	const char *what;
	size_t offset;
	size_t bytes;
	uint64_t value;
};
#define LIE(field, value)                                                                        \
	{                                                                                        \
#field, offsetof(struct dc_state, field), sizeof(((struct dc_state *)0)->field), \
			value                                                                    \
	}

static const struct lie lies[] = {
	LIE(version, DC_STATE_VERSION + 1), LIE(bytes_head, 1), LIE(nr_procs, NR_PROCS_MAX),
	LIE(nr_procs, 0xffffffff),          LIE(nr_procs, 0),   LIE(bytes_total, 0),
	LIE(bytes_total, UINT64_MAX),
};

static void nonsense_is_not_attached(void **unused)
{
	struct world world;
	uint64_t bytes = dc_bytes(WORLD_PROCS);
	size_t i;

	(void)unused;
	world_init(&world, 0);
	assert_int_equal(dc_attach(&world.dc, world.memory, bytes), 0);
	assert_int_equal(dc_attach(&world.dc, world.memory, bytes - 1), EDVSBADVALUE);
	assert_int_equal(dc_attach(&world.dc, world.memory, 100), EDVSBADVALUE);
	for (i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		char *field = (char *)world.memory + lies[i].offset;
		uint64_t truth;

		memcpy(&truth, field, lies[i].bytes);
		memcpy(field, &lies[i].value, lies[i].bytes);
		if (dc_attach(&world.dc, world.memory, bytes) != EDVSBADVALUE)
			fail_msg("%s was believed", lies[i].what);
		memcpy(field, &truth, lies[i].bytes);
	}
	world_deinit(&world);
}

/* All others queue at the dead one, and have its notification pending. */
static void populate(struct world *world)
{
	struct dc *dc = &world->dc;
	message m = { .m_type = 1 };
	int nr;

	world->dc.host = &world->host;
	dc->state->running = dc->state->recorder_on = 1;
	for (nr = -NR_TASKS; nr < dc->nr_procs; nr++)
		world_bind(world, nr, 0, 0);
	for (nr = -NR_TASKS; nr < dc->nr_procs; nr++) {
		if (nr == S0)
			continue;
		assert_int_equal(engine_notify(dc, S0, S0, dc_proc(dc, nr)->endpoint, 1), 0);
		assert_int_equal(engine_sendrec(dc, nr, S0, &m, DC_NEVER), DVK_BLOCKED);
		world_commit(world);
	}
}

static void the_largest_exit_fits_the_undo_log(void **unused)
{
	size_t bytes = (dc_bytes(NR_PROCS_MAX) + 63) & ~(size_t)63;
	struct world world;
	int nr;

	(void)unused;
	memset(&world, 0, sizeof(world));
	world.memory = aligned_alloc(64, bytes);
	memset(world.memory, 0, bytes);
	assert_int_equal(dc_init(&world.dc, world.memory, 0, NR_PROCS_MAX), 0);
	populate(&world);
	world.host.most_saves = 0;
	assert_int_equal(engine_exit(&world.dc, S0, 0), 0);
	world_commit(&world);
	assert_true(world.host.most_saves <= DVK_UNDO_WORDS);
	assert_true(world.host.most_saves > 3 * (NR_PROCS_MAX + NR_TASKS - 1));
	for (nr = -NR_TASKS; nr < NR_PROCS_MAX; nr++)
		if (nr != S0)
			assert_int_equal(engine_result(&world.dc, nr, NULL), EDVSDEADSRCDST);
	world_deinit(&world);
}

int test_layout(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_are_checked),
		cmocka_unit_test(nonsense_is_not_attached),
		cmocka_unit_test(the_largest_exit_fits_the_undo_log),
	};

	return cmocka_run_group_tests_name("engine: layout", tests, NULL, NULL);
}
