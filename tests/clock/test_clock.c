/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_clock.c - alarms: the heap by itself, against a plain list; and CLOCK's calls.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include <dvk/dvk.h>

#include "../boot/muk.h"
#include "clock/alarms.h"
#include "protocol/systask.h"

static struct muk_process muk;

/* ---- the heap ---------------------------------------------------------------- */

static void check_heap(struct alarms *alarms)
{
	for (int i = 0; i < alarms->count; i++) {
		assert_true(alarms->rows[i].id != 0);
		assert_true(i == 0 ||
			    alarms->rows[(i - 1) / 2].deadline_ns <= alarms->rows[i].deadline_ns);
		assert_ptr_equal(alarms_find(alarms, alarms->rows[i].ep), &alarms->rows[i]);
	}
	assert_int_equal(alarms->rows[alarms->count].id, 0);
}

static void the_heap_agrees_with_a_list(void **state)
{
	static struct alarms alarms;
	static int64_t list[64]; /* deadline by slot, 0: none */
	unsigned int seed = 20240607;

	(void)state;
	for (int step = 0; step < 20000; step++) {
		int slot = rand_r(&seed) % 64, ep = slot - NR_TASKS;
		struct clock_alarm_row *row = alarms_find(&alarms, ep);
		int64_t first = INT64_MAX;

		assert_int_equal(row ? row->deadline_ns : 0, list[slot]);
		if (rand_r(&seed) % 3) {
			list[slot] = 1 + rand_r(&seed) % 1000;
			assert_int_equal(alarms_set(&alarms, ep, list[slot], 0), 0);
		} else if (row) {
			alarms_remove(&alarms, row);
			list[slot] = 0;
		}
		for (int i = 0; i < 64; i++)
			if (list[i] && list[i] < first)
				first = list[i];
		row = alarms_first(&alarms);
		assert_int_equal(row ? row->deadline_ns : INT64_MAX, first);
		if (step % 100 == 0)
			check_heap(&alarms);
	}
}

static void every_slot_has_room_and_no_other(void **state)
{
	static struct alarms alarms;

	(void)state;
	for (int nr = -NR_TASKS; nr < NR_PROCS_MAX; nr++)
		assert_int_equal(alarms_set(&alarms, nr, 1 + nr + NR_TASKS, 0), 0);
	assert_int_equal(alarms.count, ALARMS_MAX);
	assert_int_equal(alarms_set(&alarms, NR_PROCS_MAX, 1, 0), EDVSRANGE);
	assert_int_equal(alarms_set(&alarms, -NR_TASKS - 1, 1, 0), EDVSRANGE);
	/* A slot's next generation takes the place of the one before. */
	assert_int_equal(alarms_set(&alarms, dvk_endpoint(1, 70), 5, 0), 0);
	assert_int_equal(alarms.count, ALARMS_MAX);
}

static void a_periodic_alarm_skips_what_it_missed(void **state)
{
	static const struct {
		int64_t now_ms;
		int64_t next_ms;
	} cases[] = {
		{ 100, 110 }, { 109, 110 }, { 110, 120 }, { 555, 560 }, { 560, 570 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		static struct alarms alarms;

		assert_int_equal(alarms_set(&alarms, 70, 100 * 1000000ll, 10), 0);
		alarms_fired(&alarms, cases[i].now_ms * 1000000);
		assert_int_equal(alarms_first(&alarms)->deadline_ns, cases[i].next_ms * 1000000);
		assert_int_equal(alarms_first(&alarms)->fired, 1);
	}
}

/* ---- CLOCK ------------------------------------------------------------------- */

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void alarms_come_on_time(void **state)
{
	static const long cases[] = { 1, 2, 5, 10, 50, 200 };
	struct clock_alarm_reply left;
	message m;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t began = now_ms();

		assert_int_equal(clock_call_alarm(CLOCK, cases[i], 0, &left), 0);
		assert_int_equal(dvk_receive_T(CLOCK, &m, 5000), 0);
		assert_int_equal(m.m_type, NOTIFY_MESSAGE);
		assert_int_equal(m.m_source, CLOCK);
		/* Never early; late as a machine with much to do may be. */
		assert_in_range(now_ms() - began, cases[i] - 1, cases[i] + 250);
		assert_int_equal(dvk_receive_T(CLOCK, &m, 0), EDVSAGAIN);
	}
}

static void a_periodic_alarm_comes_again_and_again(void **state)
{
	struct clock_alarm_reply left;
	struct clock_cancel_reply cancelled;
	int64_t began = now_ms();
	message m;

	(void)state;
	assert_int_equal(clock_call_alarm(CLOCK, 20, 1, &left), 0);
	for (int i = 0; i < 10; i++)
		assert_int_equal(dvk_receive_T(CLOCK, &m, 5000), 0);
	assert_in_range(now_ms() - began, 199, 600);
	/* Those that nobody took are one. */
	sleep_ms(90);
	assert_int_equal(clock_call_cancel(CLOCK, &cancelled), 0);
	assert_in_range(cancelled.left, 1, 20);
	assert_int_equal(dvk_receive_T(CLOCK, &m, 0), 0);
	assert_int_equal(dvk_receive_T(CLOCK, &m, 60), EDVSTIMEDOUT);
}

static void an_alarm_is_replaced_and_taken_back(void **state)
{
	static const struct {
		int64_t ms;
		int result;
		int64_t least, most; /* left of the one before */
	} cases[] = {
		{ -1, EDVSINVAL, -1, -1 }, { 366ll * 24 * 3600 * 1000, EDVSINVAL, -1, -1 },
		{ 60000, 0, 0, 0 },        { 90000, 0, 59000, 60000 },
		{ 0, 0, 89000, 90000 },    { 0, 0, 0, 0 },
	};
	struct systask_setalarm_reply by_systask = { -1 };
	message m;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct clock_alarm_reply left = { -1 };

		assert_int_equal(clock_call_alarm(CLOCK, cases[i].ms, 0, &left), cases[i].result);
		assert_true(left.left >= cases[i].least && left.left <= cases[i].most);
	}
	assert_int_equal(dvk_receive_T(CLOCK, &m, 0), EDVSAGAIN);

	/* SYSTASK sets the same one; others may not for somebody else. */
	assert_int_equal(systask_call_setalarm(SYSTASK(0), 30, 0, &by_systask), 0);
	assert_int_equal(dvk_receive_T(CLOCK, &m, 5000), 0);
	struct clock_alarm_for_reply other;
	assert_int_equal(clock_call_alarm_for(CLOCK, 0, 0, 10, &other), EDVSPERM);
}

static void times_go_on(void **state)
{
	struct clock_uptime_reply first = { 0 }, second = { 0 };
	struct clock_times_reply times = { 0 };

	(void)state;
	assert_int_equal(clock_call_uptime(CLOCK, &first), 0);
	sleep_ms(50);
	assert_int_equal(clock_call_uptime(CLOCK, &second), 0);
	assert_in_range(second.ms - first.ms, 49, 1000);
	assert_int_equal(first.boot, second.boot);
	assert_in_range(time(NULL) - first.boot, 0, 120);
	assert_int_equal(clock_call_times(CLOCK, &times), 0);
	assert_true(times.uptime_ms >= second.ms);
	assert_true(times.user_ms + times.system_ms >= 0);
}

static int boot(void **state)
{
	return muk_boot(&muk, "muk TEST { dcid 0; };", *state);
}

static int shut(void **state)
{
	(void)state;
	return muk_shut(&muk);
}

static int boot_coroutines(void **state)
{
	*state = "coroutines";
	return boot(state);
}

static int boot_threads(void **state)
{
	*state = "threads";
	return boot(state);
}

int main(void)
{
	const struct CMUnitTest heap[] = {
		cmocka_unit_test(the_heap_agrees_with_a_list),
		cmocka_unit_test(every_slot_has_room_and_no_other),
		cmocka_unit_test(a_periodic_alarm_skips_what_it_missed),
	};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alarms_come_on_time),
		cmocka_unit_test(a_periodic_alarm_comes_again_and_again),
		cmocka_unit_test(an_alarm_is_replaced_and_taken_back),
		cmocka_unit_test(times_go_on),
	};
	int failed;

	alarm(120);
	failed = cmocka_run_group_tests_name("the heap", heap, NULL, NULL);
	failed += cmocka_run_group_tests_name("clock on coroutines", tests, boot_coroutines, shut);
	return failed + cmocka_run_group_tests_name("clock on threads", tests, boot_threads, shut);
}
