/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_events.c - the flight recorder, full records and their lease, waiting for
 * events (M3-IPC section 11).
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "embedded.h"
#include "fixture.h"

static void notify_self_from_second(int times)
{
	message m;

	for (int i = 0; i < times; i++) {
		dvk_set_current(2);
		assert_int_equal(dvk_notify(1), 0);
		dvk_set_current(1);
		assert_int_equal(dvk_receive_T(ANY, &m, 0), 0);
	}
}

static void the_recorder(void **state)
{
	static struct dvk_event events[DVK_RECORDER_EVENTS];
	uint64_t sequence = 0, lost;
	struct dvk_view *view;
	int count;

	(void)state;
	assert_int_equal(dvk_tbind(2, "second"), 2);
	assert_int_equal(dvk_view_open(TEST_DCID, test_dir, 1, &view), 0);
	count = dvk_view_recorder(view, &sequence, events, DVK_RECORDER_EVENTS, &lost);
	assert_true(count >= 2);
	assert_int_equal(lost, 0);
	assert_int_equal(events[0].kind, DVK_EVENT_BIND);
	assert_in_range(now_ns() - events[0].time_ns, 0, PATIENCE_MS * 1000000LL);
	assert_int_equal(dvk_view_recorder(view, &sequence, events, 10, &lost), 0);
	notify_self_from_second(1);
	count = dvk_view_recorder(view, &sequence, events, 10, &lost);
	assert_true(count >= 1);
	assert_int_equal(events[0].kind, DVK_EVENT_NOTIFY);
	assert_int_equal(events[0].src_ep, 2);
	assert_int_equal(events[0].dst_ep, 1);
	/* More than it keeps: what is lost is counted, what is there is in order. */
	notify_self_from_second(3 * DVK_RECORDER_EVENTS);
	count = dvk_view_recorder(view, &sequence, events, DVK_RECORDER_EVENTS, &lost);
	assert_int_equal(count, DVK_RECORDER_EVENTS);
	assert_true(lost >= 2 * DVK_RECORDER_EVENTS);
	for (int i = 1; i < count; i++)
		assert_int_equal(events[i].sequence, events[i - 1].sequence + 1);
	assert_int_equal(sequence, events[count - 1].sequence + 1);
	dvk_view_close(view);
}

static void full_records(void **state)
{
	static struct dvk_record records[64];
	uint64_t sequence = 0, lost;
	struct dvk_view *view;
	int count;

	(void)state;
	assert_int_equal(dvk_tbind(2, "second"), 2);
	assert_int_equal(dvk_view_open(TEST_DCID, test_dir, 1, &view), 0);
	assert_int_equal(dvk_view_trace(view, 1), EDVSPERM);
	dvk_view_close(view);
	assert_int_equal(dvk_view_open(TEST_DCID, test_dir, 0, &view), 0);
	notify_self_from_second(1);
	assert_int_equal(dvk_view_records(view, &sequence, records, 64, &lost), 0);
	assert_int_equal(dvk_view_trace(view, 1), 0);
	assert_int_equal(dvk_view_trace(view, 1), 0);
	assert_int_equal(__atomic_load_n(&host.dc.state->traced, __ATOMIC_RELAXED), 1);
	sequence = 0;
	notify_self_from_second(1);
	count = dvk_view_records(view, &sequence, records, 64, &lost);
	assert_true(count >= 1);
	assert_int_equal(lost, 0);
	assert_int_equal(records[0].event.kind, DVK_EVENT_NOTIFY);
	assert_int_equal(dvk_set_quiet(2, 1), 0);
	notify_self_from_second(1);
	for (int i = 0, more = dvk_view_records(view, &sequence, records, 64, &lost); i < more; i++)
		assert_true(records[i].event.src_ep != 2);
	assert_int_equal(dvk_view_trace(view, 0), 0);
	assert_int_equal(__atomic_load_n(&host.dc.state->traced, __ATOMIC_RELAXED), 0);
	dvk_view_close(view);
}

/* A tracer that dies: its lease ends. */
static int trace_and_stay(void *argument)
{
	struct dvk_view *view;

	(void)argument;
	if (dvk_view_open(TEST_DCID, test_dir, 0, &view) != 0 || dvk_view_trace(view, 1) != 0)
		return 99;
	pause();
	return 0;
}

static void a_tracer_dies(void **state)
{
	pid_t pid = child(trace_and_stay, NULL);
	int64_t start = now_ns();

	(void)state;
	while (__atomic_load_n(&host.dc.state->traced, __ATOMIC_RELAXED) == 0 &&
	       now_ns() - start < PATIENCE_MS * 1000000LL)
		sleep_ms(1);
	assert_int_equal(__atomic_load_n(&host.dc.state->traced, __ATOMIC_RELAXED), 1);
	child_kill(pid);
	start = now_ns();
	while (__atomic_load_n(&host.dc.state->traced, __ATOMIC_RELAXED) != 0 &&
	       now_ns() - start < PATIENCE_MS * 1000000LL)
		sleep_ms(1);
	assert_in_range(now_ns() - start, 0, WITHIN_MS * 1000000LL);
}

static void *notify_soon(void *argument)
{
	(void)argument;
	if (dvk_bind(3, "notifier") != 3)
		return NULL;
	sleep_ms(30);
	(void)dvk_notify(1);
	return NULL;
}

static void waiting_for_events(void **state)
{
	static struct dvk_event events[64];
	uint64_t sequence = 0, lost;
	struct dvk_view *view;
	pthread_t thread;
	int64_t start;

	(void)state;
	for (int read_only = 0; read_only < 2; read_only++) {
		assert_int_equal(dvk_view_open(TEST_DCID, test_dir, read_only, &view), 0);
		dvk_view_recorder(view, &sequence, events, 64, &lost);
		start = now_ns();
		dvk_view_wait(view, read_only ? 5 : 40);
		assert_in_range(now_ns() - start, (read_only ? 4 : 39) * 1000000LL,
				PATIENCE_MS * 1000000LL);
		assert_int_equal(pthread_create(&thread, NULL, notify_soon, NULL), 0);
		start = now_ns();
		while (dvk_view_recorder(view, &sequence, events, 64, &lost) == 0)
			dvk_view_wait(view, PATIENCE_MS);
		assert_in_range(now_ns() - start, 0, 1000 * 1000000LL);
		pthread_join(thread, NULL);
		while (dvk_view_recorder(view, &sequence, events, 64, &lost) > 0)
			;
		dvk_view_close(view);
	}
}

#define WITH_DC(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_DC(the_recorder),
		WITH_DC(full_records),
		WITH_DC(a_tracer_dies),
		WITH_DC(waiting_for_events),
	};

	alarm(120);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
