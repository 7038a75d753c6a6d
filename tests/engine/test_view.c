/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_view.c - what a snapshot says of slots in each state.
 */
#include <stdlib.h>
#include <string.h>

#include "world.h"

/* The row of ep in a snapshot of all slots. */
static struct dvk_procinfo view(const struct world *world, int ep)
{
	static struct dvk_procinfo rows[NR_TASKS + WORLD_PROCS];
	int i;

	for (i = 0; i < world->dc.nr_slots; i++)
		view_procinfo(&world->dc, i - NR_TASKS, &rows[i]);
	view_queues(&world->dc, rows, world->dc.nr_slots);
	return rows[dvk_endpoint_nr(ep) + NR_TASKS];
}

static void run(struct world *world, const struct step *steps, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		assert_int_equal(world_step(world, &steps[i]), steps[i].want);
}

static void a_call_is_seen_from_both_ends(void **unused)
{
	static const struct step steps[] = {
		DO(SENDREC, U0, S0, DVK_BLOCKED, .type = 31, .deadline = LATER),
		DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(SENDREC, U1, S0, DVK_BLOCKED, .type = 32),
		DO(SEND, U2, S0, DVK_BLOCKED),
	};
	struct dvk_procinfo info;
	struct world world;

	(void)unused;
	world_init(&world, 0);
	run(&world, steps, 4);
	info = view(&world, U0);
	assert_int_equal(info.getfrom_ep, S0);
	assert_int_equal(info.sendto_ep, NONE);
	assert_true(info.call && info.call_taken && info.call_type == 31);
	assert_int_equal(info.deadline_ns, LATER);
	assert_int_equal(info.wait_since_ns, world.dc.state->now - 4);
	assert_int_equal(info.letter.m_type, 31);
	info = view(&world, S0);
	assert_int_equal(info.request_ep, U0);
	assert_int_equal(info.queue_length, 2);
	assert_int_equal(info.wait_since_ns, 0);
	assert_int_equal(info.deadline_ns, INT64_MAX);
	assert_int_equal(info.messages_received, 1);
	info = view(&world, U2);
	assert_int_equal(info.sendto_ep, S0);
	assert_int_equal(info.queue_place, 2);
	assert_int_equal(info.call, 0);
	assert_int_equal(view(&world, U1).queue_place, 1);
	assert_int_equal(view(&world, U1).call_taken, 0);
	world_deinit(&world);
}

static void what_is_over_is_not_shown(void **unused)
{
	static const struct step steps[] = {
		DO(SENDREC, U0, S0, DVK_BLOCKED),
		DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(REPLY, S0, U0, DVK_DONE),
	};
	struct dvk_procinfo info;
	struct world world;

	(void)unused;
	world_init(&world, 0);
	run(&world, steps, 3);
	info = view(&world, U0);
	assert_int_equal(info.call, 0);
	assert_int_equal(info.getfrom_ep, NONE);
	assert_int_equal(info.wait_since_ns, 0);
	assert_int_equal(info.entered_ns, world.dc.state->now - 1); /* when S0 replied */
	assert_int_equal(view(&world, S0).request_ep, NONE);
	assert_string_equal(info.name, "one");
	assert_string_equal(info.muk, "m");
	assert_int_equal(info.level, DVK_LEVEL_USER);
	world_deinit(&world);
}

/* A transition is under way in what was copied: the view shows the state before it. */
static void a_copy_is_brought_back_to_one_state(void **unused)
{
	struct step step = DO(SENDREC, U0, S0, DVK_BLOCKED);
	uint64_t bytes = dc_bytes(WORLD_PROCS);
	struct world world, copy;
	struct dvk_procinfo info;

	(void)unused;
	world_init(&world, 0);
	world_try(&world, &step);
	assert_int_equal(view(&world, S0).queue_length, 1);
	copy = world;
	copy.memory = aligned_alloc(64, (bytes + 63) & ~(uint64_t)63);
	memcpy(copy.memory, world.memory, bytes);
	assert_int_equal(dc_attach(&copy.dc, copy.memory, bytes), 0);
	view_undo(&copy.dc);
	assert_int_equal(view(&copy, S0).queue_length, 0);
	info = view(&copy, U0);
	assert_int_equal(info.rts, 0);
	assert_int_equal(info.call, 0);
	assert_int_equal(info.queue_place, 0);
	world_deinit(&copy);
	world_deinit(&world);
}

int test_view(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_is_seen_from_both_ends),
		cmocka_unit_test(what_is_over_is_not_shown),
		cmocka_unit_test(a_copy_is_brought_back_to_one_state),
	};

	return cmocka_run_group_tests_name("engine: views", tests, NULL, NULL);
}
