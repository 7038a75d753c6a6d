/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_tables.c - every case of every table, with the invariants after each step.
 */
#include "world.h"

const struct test_case *const all_cases[] = { cases_check,   cases_message,  cases_reply,
					      cases_notify,  cases_circle,   cases_death,
					      cases_copy,    cases_timeout,  cases_slot,
					      cases_request, cases_presence, cases_priv,
					      cases_stop,    cases_hold,     NULL };

#define TABLE_TEST(table)                                  \
	static void table##_do_as_they_want(void **unused) \
	{                                                  \
		(void)unused;                              \
		run_cases(table);                          \
	}
TABLE_TEST(cases_check)
TABLE_TEST(cases_message)
TABLE_TEST(cases_reply)
TABLE_TEST(cases_notify)
TABLE_TEST(cases_circle)
TABLE_TEST(cases_death)
TABLE_TEST(cases_copy)
TABLE_TEST(cases_timeout)
TABLE_TEST(cases_slot)
TABLE_TEST(cases_request)
TABLE_TEST(cases_presence)
TABLE_TEST(cases_priv)
TABLE_TEST(cases_stop)
TABLE_TEST(cases_hold)

static void a_dc_that_does_not_run_refuses_all(void **unused)
{
	static const struct step steps[] = {
		DO(SEND, S0, 5000, EDVSDCNOTRUN),
		DO(SENDREC, U0, S0, EDVSDCNOTRUN),
		DO(RECEIVE, S0, ANY, EDVSDCNOTRUN),
		DO(REPLY, S0, U0, EDVSDCNOTRUN),
		DO(NOTIFY, S0, U0, EDVSDCNOTRUN),
		DO(RCVRQST, S0, 0, EDVSDCNOTRUN),
		DO(RELAY, S0, S1, EDVSDCNOTRUN, .value = U0),
		DO(WAKEUP, ADMIN, S1, EDVSDCNOTRUN),
		DO(WAIT_BIND, S0, S1, EDVSDCNOTRUN),
		DO(WAIT_UNBIND, S0, S1, EDVSDCNOTRUN),
		DO(GETPRIV, S0, S1, EDVSDCNOTRUN),
		DO(SETPRIV, ADMIN, S1, EDVSDCNOTRUN),
		DO(STOP, ADMIN, S1, EDVSDCNOTRUN),
		DO(HOLD, ADMIN, ANY, EDVSDCNOTRUN),
		DO(HELD, ADMIN, 0, EDVSDCNOTRUN),
		DO(BIND, 0, NONE, EDVSDCNOTRUN),
		DO(COPY, S0, U0, EDVSDCNOTRUN, .value = SELF),
		DO(SEND, FREE_SERVER, S0, EDVSNOTBIND),
		DO(UNBIND, NONE, S0, 0),
	};
	struct world world;
	size_t i;

	(void)unused;
	world_init(&world, 0);
	world.dc.state->running = 0;
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		assert_int_equal(world_step(&world, &steps[i]), steps[i].want);
	world_deinit(&world);
}

static void values_are_ored_and_counted(void **unused)
{
	static const int values[] = { 4, 0, 31, 4 };
	struct world world;
	size_t i;

	(void)unused;
	world_init(&world, 0);
	world.host.wall_ns = 7000000003;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		assert_int_equal(engine_notify(&world.dc, S1, S1, U0, values[i]), 0);
	assert_int_equal(engine_receive(&world.dc, 64, ANY, &world.got, 0), 0);
	assert_int_equal((uint32_t)world.got.m9_i1, 1u << 4 | 1u << 0 | 1u << 31);
	assert_int_equal(world.got.m9_l1, 4);
	assert_int_equal(world.got.m9_t1.tv_sec, 7);
	assert_int_equal(world.got.m9_t1.tv_nsec, 3);
	assert_int_equal(engine_notify(&world.dc, S1, S1, U0, -1), 0);
	assert_int_equal(engine_receive(&world.dc, 64, ANY, &world.got, 0), 0);
	assert_int_equal(world.got.m9_i1, 0);
	assert_int_equal(world.got.m9_l1, 1);
	world_deinit(&world);
}

/* The call's right after the target's; replies need no target. */
static void rights_are_asked_in_their_order(void **unused)
{
	message m = { .m_type = 1 };
	struct world world;
	struct proc *user;

	(void)unused;
	world_init(&world, 1);
	user = world_proc(&world, U0);
	user->rights &= ~(uint32_t)RIGHT_CALL_ALL;
	dc_rest(&world.dc, 64)->calls_allowed = 1u << CALL_SENDREC_NR;
	assert_int_equal(engine_send(&world.dc, 64, U1, &m, DC_NEVER), EDVSTRAPDENIED);
	assert_int_equal(engine_send(&world.dc, 64, S0, &m, DC_NEVER), EDVSCALLDENIED);
	assert_int_equal(engine_receive(&world.dc, 64, ANY, &m, DC_NEVER), EDVSCALLDENIED);
	assert_int_equal(engine_reply(&world.dc, 64, S0, &m), EDVSCALLDENIED);
	assert_int_equal(engine_copy_begin(&world.dc, 64, SELF, SELF, 1, &world.copy),
			 EDVSCALLDENIED);
	assert_int_equal(engine_sendrec(&world.dc, 64, S0, &m, DC_NEVER), DVK_BLOCKED);
	world_deinit(&world);
}

/* The sender's idea of who it is does not count, nor what it does with its memory. */
static void the_source_is_the_engines(void **unused)
{
	message m = { .m_source = S2, .m_type = 4, .m1_i1 = 55 };
	struct world world;

	(void)unused;
	world_init(&world, 0);
	assert_int_equal(engine_send(&world.dc, 64, S0, &m, DC_NEVER), DVK_BLOCKED);
	m.m1_i1 = 0;
	assert_int_equal(engine_receive(&world.dc, S0, ANY, &world.got, 0), 0);
	assert_int_equal(world.got.m_source, U0);
	assert_int_equal(world.got.m1_i1, 55);
	assert_int_equal(engine_receive(&world.dc, 65, ANY, &world.got, DC_NEVER), DVK_BLOCKED);
	assert_int_equal(engine_result(&world.dc, 65, &world.got), DVK_BLOCKED);
	assert_int_equal(world.got.m_source, U0);
	assert_int_equal(engine_send(&world.dc, S1, U1, &m, DC_NEVER), DVK_DONE);
	assert_int_equal(engine_result(&world.dc, 65, &world.got), 0);
	assert_int_equal(world.got.m_source, S1);
	world_deinit(&world);
}

static void copied_bytes_are_counted_for_both_parties(void **unused)
{
	static const struct step steps[] = {
		DO(COPY, ADMIN, U0, 0, .value = U1),
		DO(COPY_END, ADMIN, 0, 0),
		DO(COPY, U0, SELF, 0, .value = SELF),
		DO(COPY_END, U0, 0, 0),
		DO(COPY, ADMIN, U0, 0, .value = U1),
		DO(COPY_END, ADMIN, 0, EDVSFAULT, .type = EDVSFAULT),
	};
	struct world world;
	size_t i;

	(void)unused;
	world_init(&world, 0);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		assert_int_equal(world_step(&world, &steps[i]), steps[i].want);
	assert_int_equal(dc_rest(&world.dc, 64)->bytes_copied, 200);
	assert_int_equal(dc_rest(&world.dc, 65)->bytes_copied, 100);
	assert_int_equal(dc_rest(&world.dc, 67)->bytes_copied, 0);
	world_deinit(&world);
}

int test_tables(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(cases_check_do_as_they_want),
		cmocka_unit_test(cases_message_do_as_they_want),
		cmocka_unit_test(cases_reply_do_as_they_want),
		cmocka_unit_test(cases_notify_do_as_they_want),
		cmocka_unit_test(cases_circle_do_as_they_want),
		cmocka_unit_test(cases_death_do_as_they_want),
		cmocka_unit_test(cases_copy_do_as_they_want),
		cmocka_unit_test(cases_timeout_do_as_they_want),
		cmocka_unit_test(cases_slot_do_as_they_want),
		cmocka_unit_test(cases_request_do_as_they_want),
		cmocka_unit_test(cases_presence_do_as_they_want),
		cmocka_unit_test(cases_priv_do_as_they_want),
		cmocka_unit_test(cases_stop_do_as_they_want),
		cmocka_unit_test(cases_hold_do_as_they_want),
		cmocka_unit_test(a_dc_that_does_not_run_refuses_all),
		cmocka_unit_test(values_are_ored_and_counted),
		cmocka_unit_test(rights_are_asked_in_their_order),
		cmocka_unit_test(the_source_is_the_engines),
		cmocka_unit_test(copied_bytes_are_counted_for_both_parties),
	};

	return cmocka_run_group_tests_name("engine: calls", tests, NULL, NULL);
}
