/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_rollback.c - every step of every case, cut at each word that it saves, and
 * once more before it commits: after the rollback the state means what it meant.
 */
#include <stdlib.h>
#include <string.h>

#include "world.h"

/* Makes the step up to its n-th save; 1 when it was cut there. */
static int cut_step(struct world *world, const struct step *step, unsigned int n)
{
	world->host.cut_at = n;
	world->host.saves = 0;
	if (setjmp(world->host.cut)) {
		world->host.cut_at = 0;
		return 1;
	}
	world_try(world, step);
	world->host.cut_at = 0;
	return 0;
}

static void assert_same(const struct meaning *a, const struct meaning *b)
{
	if (memcmp(a->head, b->head, sizeof(a->head)))
		fail_msg("the head is not as before");
	if (memcmp(a->procs, b->procs, sizeof(a->procs)))
		fail_msg("a slot is not as before");
	if (memcmp(a->rest, b->rest, sizeof(a->rest)))
		fail_msg("the rest of a slot is not as before");
}

int cut_and_compare(struct world *world, const struct step *step, unsigned int n)
{
	struct meaning *before = meaning_take(world, step->who), *after;
	struct test_host host = world->host;
	int was_cut = cut_step(world, step, n);

	undo_rollback(world->dc.state, dc_bytes(WORLD_PROCS));
	assert_int_equal(world->dc.state->undo_count, 0);
	world->host = host;
	after = meaning_take(world, step->who);
	assert_same(before, after);
	free(before);
	free(after);
	check_invariants(world);
	return was_cut;
}

static void cut_everywhere(struct world *world, const struct step *step)
{
	unsigned int n = 1;

	while (cut_and_compare(world, step, n))
		n++;
}

static void rollback_restores_what_the_state_meant(void **unused)
{
	const struct test_case *const *table, *c;
	struct world world;
	int i;

	(void)unused;
	for (table = all_cases; *table; table++) {
		for (c = *table; c->name; c++) {
			world_init(&world, c->strict);
			for (i = 0; i < CASE_STEPS && c->steps[i].op != OP_END; i++) {
				if (c->steps[i].op < OP_FLAG)
					cut_everywhere(&world, &c->steps[i]);
				world_step(&world, &c->steps[i]);
			}
			world_deinit(&world);
		}
	}
}

static void a_rollback_believes_only_words_of_the_state(void **unused)
{
	static const uint64_t offsets[] = { 1, UINT64_MAX, UINT64_MAX - 7, 1ull << 40,
					    offsetof(struct dc_state, undo) };
	struct world world;
	struct dc_state *state;
	size_t i;

	(void)unused;
	world_init(&world, 0);
	state = world.dc.state;
	state->undo[0] = (struct undo_word){ offsetof(struct dc_state, next_call), 77 };
	for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++)
		state->undo[i + 1] = (struct undo_word){ offsets[i], 99 };
	state->undo_count = i + 1;
	undo_rollback(state, dc_bytes(WORLD_PROCS));
	assert_int_equal(state->next_call, 77);
	assert_int_equal(state->undo[0].old, 77);
	assert_int_equal(state->undo_count, 0);
	state->undo_count = 0xffffffff;
	undo_rollback(state, dc_bytes(WORLD_PROCS));
	assert_int_equal(state->undo_count, 0);
	world_deinit(&world);
}

static void the_first_old_value_wins(void **unused)
{
	struct world world;

	(void)unused;
	world_init(&world, 0);
	world.dc.state->undo[0] = (struct undo_word){ offsetof(struct dc_state, next_call), 1 };
	world.dc.state->undo[1] = (struct undo_word){ offsetof(struct dc_state, next_call), 2 };
	world.dc.state->undo_count = 2;
	undo_rollback(world.dc.state, dc_bytes(WORLD_PROCS));
	assert_int_equal(world.dc.state->next_call, 1);
	world_deinit(&world);
}

int test_rollback(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(rollback_restores_what_the_state_meant),
		cmocka_unit_test(a_rollback_believes_only_words_of_the_state),
		cmocka_unit_test(the_first_old_value_wins),
	};

	return cmocka_run_group_tests_name("engine: rollback", tests, NULL, NULL);
}
