/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_calls.c - the calls between threads and between processes, timeouts, what is
 * refused, and a slot's life.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fixture.h"

#define ROUNDS 2000

static int serve(void *argument)
{
	message m;
	int client = NONE, left = ROUNDS, rc;

	(void)argument;
	if (dvk_bind(SERVER_NR, "server") != SERVER_NR)
		return 99;
	while (left-- > 0) {
		rc = dvk_reply_receive(client, &m, ANY, &m);
		if (rc != 0)
			return 98;
		client = m.m_source;
		m.m_type = -m.m_type;
		m.m2_l1 *= 3;
	}
	return dvk_reply(client, &m) != 0;
}

static void *serve_in_thread(void *argument)
{
	*(int *)argument = serve(NULL);
	return NULL;
}

static void call_all_rounds(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		message m = { .m_type = 5 + i };

		m.m2_l1 = i;
		assert_int_equal(dvk_sendrec_T(SERVER_NR, &m, PATIENCE_MS), 0);
		assert_int_equal(m.m_type, -5 - i);
		assert_int_equal(m.m2_l1, 3 * i);
		assert_int_equal(m.m_source, SERVER_NR);
	}
}

static void between_processes(void **state)
{
	pid_t pid = child(serve, NULL);

	(void)state;
	wait_for_rts(SERVER_NR, DVK_RTS_RECEIVING);
	assert_int_equal(dvk_getep(pid), SERVER_NR);
	call_all_rounds();
	assert_int_equal(child_wait(pid), 0);
	wait_for_free(SERVER_NR);
}

static void between_threads(void **state)
{
	pthread_t thread;
	int rc = -1;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, serve_in_thread, &rc), 0);
	wait_for_rts(SERVER_NR, DVK_RTS_RECEIVING);
	call_all_rounds();
	pthread_join(thread, NULL);
	assert_int_equal(rc, 0);
}

/* ---- time ---- */

/* Takes a request after ms and never answers. */
static int take_and_keep(void *argument)
{
	message m;

	if (dvk_bind(SERVER_NR, "slow") != SERVER_NR)
		return 99;
	sleep_ms((long)(intptr_t)argument);
	if (dvk_receive(ANY, &m) != 0)
		return 98;
	pause();
	return 0;
}

static int timed_send(long ms)
{
	message m = { .m_type = 1 };

	return dvk_send_T(SERVER_NR, &m, ms);
}

static int timed_receive(long ms)
{
	message m;

	return dvk_receive_T(SERVER_NR, &m, ms);
}

static int timed_receive_any(long ms)
{
	message m;

	return dvk_receive_T(ANY, &m, ms);
}

static int timed_sendrec(long ms)
{
	message m = { .m_type = 1 };

	return dvk_sendrec_T(SERVER_NR, &m, ms);
}

static int timed_loop(long ms)
{
	message m = { .m_type = 1 };

	return dvk_reply_receive_T(NONE, NULL, ANY, &m, ms);
}

static const struct {
	int (*call)(long ms);
	long server_sleeps, ms;
	int want;
} timed[] = {
	{ timed_send, 10000, 0, EDVSAGAIN },
	{ timed_send, 10000, 60, EDVSTIMEDOUT },
	{ timed_send, 20, 2000, 0 },
	{ timed_send, 0, -2, EDVSRANGE },
	{ timed_receive, 10000, 0, EDVSAGAIN },
	{ timed_receive, 10000, 60, EDVSTIMEDOUT },
	{ timed_receive_any, 10000, 60, EDVSTIMEDOUT },
	{ timed_sendrec, 10000, 0, EDVSAGAIN },
	{ timed_sendrec, 10000, 60, EDVSTIMEDOUT },
	{ timed_sendrec, 10, 150, EDVSNOTREADY },
	{ timed_loop, 10000, 0, EDVSAGAIN },
	{ timed_loop, 10000, 60, EDVSTIMEDOUT },
};

static void timeouts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(timed) / sizeof(timed[0]); i++) {
		pid_t pid = child(take_and_keep, (void *)(intptr_t)timed[i].server_sleeps);
		int64_t start;
		int rc;

		wait_for_rts(SERVER_NR, 0);
		start = now_ns();
		rc = timed[i].call(timed[i].ms);
		if (rc != timed[i].want)
			fail_msg("case %zu: %d", i, rc);
		if (rc == EDVSTIMEDOUT || rc == EDVSNOTREADY)
			assert_in_range(now_ns() - start, timed[i].ms * 1000000LL,
					(timed[i].ms + 500) * 1000000LL);
		child_kill(pid);
		wait_for_free(SERVER_NR);
	}
}

/* ---- refusals ---- */

static void *refusals_in_thread(void *argument)
{
	message m = { .m_type = 1 };

	(void)argument;
	assert_int_equal(dvk_current(), NONE);
	assert_int_equal(dvk_send(1, &m), EDVSNOTBIND);
	assert_int_equal(dvk_receive(ANY, &m), EDVSNOTBIND);
	assert_int_equal(dvk_sendrec(1, &m), EDVSNOTBIND);
	assert_int_equal(dvk_reply(1, &m), EDVSNOTBIND);
	assert_int_equal(dvk_notify(1), EDVSNOTBIND);
	assert_int_equal(dvk_getep(0), EDVSNOTBIND);
	assert_int_equal(dvk_unbind(SELF, 0), EDVSNOTBIND);
	assert_int_equal(dvk_request().client_ep, NONE);
	assert_int_equal(dvk_vcopy(SELF, 0, SELF, 0, 1), EDVSNOTBIND);
	assert_int_equal(dvk_bind(1, "taken"), EDVSSLOTUSED);
	assert_int_equal(dvk_bind(NONE, ""), EDVSNAMESIZE);
	assert_int_equal(dvk_bind(NONE, "sixteen-letters!"), EDVSNAMESIZE);
	assert_int_equal(dvk_bind(NONE, "a-muk-of-sixteen/name"), EDVSNAMESIZE);
	assert_int_equal(dvk_bind(NR_PROCS_DEFAULT, "beyond"), EDVSRANGE);
	return NULL;
}

static void what_is_refused(void **state)
{
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, refusals_in_thread, NULL), 0);
	pthread_join(thread, NULL);
	assert_int_equal(dvk_ntfy_value(1, 1, 32), EDVSRANGE);
	assert_int_equal(dvk_set_quiet(SERVER_NR, 1), EDVSNOTBIND);
	assert_int_equal(dvk_set_quiet(9999, 1), EDVSRANGE);
}

static void before_opening(void **state)
{
	message m = { .m_type = 1 };
	int nrs[1];

	(void)state;
	assert_int_equal(dvk_dcid(), EDVSDCNOTRUN);
	assert_int_equal(dvk_bind(NONE, "x"), EDVSDVSINIT);
	assert_int_equal(dvk_send(1, &m), EDVSDVSINIT);
	assert_int_equal(dvk_close(), EDVSDVSINIT);
	assert_int_equal(dvk_take_ready(nrs, 1), 0);
	assert_int_equal(dvk_park_fd(), EDVSDVSINIT);
}

/* ---- a slot's life ---- */

static void a_slots_life(void **state)
{
	struct dvk_procinfo info;
	struct dvk_exit ends[4];
	uint64_t next = 0, lost;
	message m;
	int endpoint = dvk_tbind(100, "web/second");

	(void)state;
	assert_int_equal(endpoint, dvk_endpoint(1, 100));
	assert_int_equal(dvk_current(), 1);
	assert_true(look(100, &info));
	assert_string_equal(info.name, "second");
	assert_string_equal(info.muk, "web");
	assert_int_equal(info.pid, getpid());
	assert_int_equal(info.level, DVK_LEVEL_USER);
	assert_int_equal(dvk_notify(endpoint), 0);
	dvk_set_current(100);
	assert_int_equal(dvk_receive_T(ANY, &m, 0), 0);
	assert_int_equal(m.m_type, NOTIFY_MESSAGE);
	assert_int_equal(m.m_source, 1);
	assert_int_equal(dvk_unbind(SELF, 42), 0);
	assert_int_equal(dvk_current(), NONE);
	assert_int_equal(dvk_take_exits(&next, ends, 4, &lost), 1);
	assert_int_equal(ends[0].endpoint, endpoint);
	assert_int_equal(ends[0].code, 42);
	assert_string_equal(ends[0].name, "second");
	assert_int_equal(dvk_take_exits(&next, ends, 4, &lost), 0);
	dvk_set_current(1);
	assert_int_equal(dvk_tbind(100, "again"), dvk_endpoint(2, 100));
	m.m_type = 1;
	assert_int_equal(dvk_send_T(endpoint, &m, 0), EDVSENDPOINT);
}

/* Another process with SYSTEM unbinds slot 100 of ours and takes it. */
static int take_over(void *argument)
{
	const struct timespec for_ever = { 60, 0 };
	int endpoint = *(int *)argument;

	if (dvk_bind(-20, "debugger") != -20 || dvk_unbind(endpoint, 0) < 0)
		return 99;
	if (dvk_tbind(dvk_endpoint_nr(endpoint), "heir") < 0)
		return 98;
	return nanosleep(&for_ever, NULL);
}

static void a_slot_that_was_taken_away(void **state)
{
	int endpoint = dvk_tbind(100, "ours");
	struct dvk_procinfo info;
	pid_t pid;

	(void)state;
	dvk_set_current(100);
	pid = child(take_over, &endpoint);
	for (int ms = 0; ms < PATIENCE_MS; ms++) {
		if (look(100, &info) && strcmp(info.name, "heir") == 0)
			break;
		sleep_ms(1);
	}
	assert_string_equal(info.name, "heir");
	assert_int_equal(dvk_getep(0), EDVSNOTBIND);
	assert_int_equal(dvk_unbind(SELF, 0), EDVSNOTBIND);
	assert_true(look(100, &info));
	dvk_set_current(1);
	assert_int_equal(dvk_getep(0), 1);
	child_kill(pid);
}

static void errors_have_names(void **state)
{
	(void)state;
	assert_string_equal(dvk_errname(EDVSNOENT), "EDVSNOENT");
	assert_string_equal(dvk_strerror(EDVSSLOTUSED), "the slot is in use");
	assert_null(dvk_errname(-9999));
	assert_non_null(dvk_strerror(-9999));
	assert_null(dvk_errname(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(before_opening, fixture_dir, fixture_remove),
		cmocka_unit_test_setup_teardown(between_processes, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(between_threads, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(timeouts, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(what_is_refused, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(a_slots_life, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(a_slot_that_was_taken_away, fixture_open,
						fixture_close),
		cmocka_unit_test(errors_have_names),
	};

	alarm(120);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
