/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_view.c - looking from outside: snapshots whoever holds the lock, tables and
 * memory, the names of DCs (M3-IPC section 11).
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "embedded.h"
#include "undo.h"
#include "fixture.h"

#define LOOK_MS 100

static const struct dvk_procinfo *row(const struct dvk_snapshot *snapshot, int nr)
{
	for (int i = 0; i < snapshot->count; i++)
		if (snapshot->procs[i].nr == nr)
			return &snapshot->procs[i];
	fail_msg("slot %d is not shown", nr);
	return NULL;
}

static int call_us(void *argument)
{
	message m = { .m_type = 55 };

	(void)argument;
	if (dvk_bind(SERVER_NR, "client") != SERVER_NR)
		return 99;
	return dvk_sendrec(1, &m);
}

/* ---- snapshots ---- */

static void what_a_snapshot_shows(void **state)
{
	pid_t pid = child(call_us, NULL);
	const struct dvk_procinfo *us, *client;
	struct dvk_snapshot *snapshot;
	struct dvk_view *view;
	message m;

	(void)state;
	wait_for_rts(SERVER_NR, DVK_RTS_SENDING);
	for (int read_only = 0; read_only < 2; read_only++) {
		assert_int_equal(dvk_view_open(TEST_DCID, test_dir, read_only, &view), 0);
		assert_int_equal(dvk_view_alive(view), 1);
		assert_int_equal(dvk_view_snapshot(view, &snapshot), 0);
		assert_int_equal(snapshot->one_state, 1);
		assert_int_equal(snapshot->lock_stuck, 0);
		assert_int_equal(snapshot->count, 2);
		assert_int_equal(snapshot->dc.bound, 2);
		assert_int_equal(snapshot->dc.dcid, TEST_DCID);
		assert_int_equal(snapshot->dc.keeper_pid, getpid());
		us = row(snapshot, 1);
		client = row(snapshot, SERVER_NR);
		assert_int_equal(us->pid, getpid());
		assert_int_equal(us->on_cpu, 1);
		assert_int_equal(us->queue_length, 1);
		assert_int_equal(client->pid, pid);
		assert_int_equal(client->call_type, 55);
		assert_int_equal(client->queue_place, 1);
		assert_in_range(snapshot->taken_ns - client->wait_since_ns, 0,
				PATIENCE_MS * 1000000LL);
		assert_in_range(now_ns() - snapshot->taken_ns, 0, LOOK_MS * 1000000LL);
		dvk_snapshot_free(snapshot);
		dvk_view_close(view);
	}
	assert_int_equal(dvk_receive_T(ANY, &m, 0), 0);
	assert_int_equal(dvk_reply(SERVER_NR, &m), 0);
	assert_int_equal(child_wait(pid), 0);
}

/* Stops itself in the middle of a transition, which has changed slot 1 already. */
static int stop_in_transition(void *argument)
{
	struct proc *p = dc_proc(&host.dc, 1);

	(void)argument;
	if (dvk_bind(SERVER_NR, "stopped") != SERVER_NR)
		return 99;
	host_enter(&host.dc, &host_self.seat);
	SET(&host.dc, p->notify_pending[0], 0xdeadull);
	raise(SIGSTOP);
	SET(&host.dc, p->notify_pending[0], 0ull);
	host_leave(&host.dc, &host_self.seat);
	return 0;
}

static void the_holder_is_stopped(void **state)
{
	pid_t pid = child(stop_in_transition, NULL);
	struct dvk_snapshot *snapshot;
	struct dvk_view *view;
	int status;
	int64_t start;

	(void)state;
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	assert_true(WIFSTOPPED(status));
	sleep_ms(60);
	for (int read_only = 0; read_only < 2; read_only++) {
		assert_int_equal(dvk_view_open(TEST_DCID, test_dir, read_only, &view), 0);
		for (int i = 0; i < 3; i++) {
			start = now_ns();
			assert_int_equal(dvk_view_snapshot(view, &snapshot), 0);
			assert_in_range(now_ns() - start, 0, LOOK_MS * 1000000LL);
			assert_int_equal(snapshot->lock_stuck, 1);
			assert_int_equal(snapshot->one_state, 1);
			assert_int_equal(snapshot->dc.lock_pid, pid);
			assert_int_equal(snapshot->dc.lock_tid, pid);
			assert_in_range(now_ns() - snapshot->dc.lock_since_ns, 50000000LL,
					PATIENCE_MS * 1000000LL);
			/* What it has half done is not seen. */
			assert_int_equal(row(snapshot, 1)->notify_pending[0], 0);
			dvk_snapshot_free(snapshot);
		}
		dvk_view_close(view);
	}
	kill(pid, SIGCONT);
	assert_int_equal(child_wait(pid), 0);
}

/* Two slots that go from one state to the other in each transition. */
static void *toggle(void *argument)
{
	struct proc *a = dc_proc(&host.dc, 1), *b = dc_proc(&host.dc, 2);
	int *stop = argument;

	if (host_attach(&host_self) != 0)
		return NULL;
	for (uint64_t i = 1; !__atomic_load_n(stop, __ATOMIC_ACQUIRE); i++) {
		host_enter(&host.dc, &host_self.seat);
		SET(&host.dc, a->notify_pending[0], i);
		SET(&host.dc, b->notify_pending[0], i);
		host_leave(&host.dc, &host_self.seat);
	}
	host_enter(&host.dc, &host_self.seat);
	a->notify_pending[0] = b->notify_pending[0] = 0;
	host_leave(&host.dc, &host_self.seat);
	return NULL;
}

static void one_state_under_load(void **state)
{
	int stop = 0, one_state[2] = { 0, 0 };
	struct dvk_snapshot *snapshot;
	struct dvk_view *view;
	pthread_t thread;

	(void)state;
	assert_int_equal(dvk_tbind(2, "second"), 2);
	assert_int_equal(pthread_create(&thread, NULL, toggle, &stop), 0);
	for (int i = 0; i < 400; i++) {
		assert_int_equal(dvk_view_open(TEST_DCID, test_dir, i % 2, &view), 0);
		assert_int_equal(dvk_view_snapshot(view, &snapshot), 0);
		one_state[i % 2] += snapshot->one_state;
		if (snapshot->one_state)
			assert_int_equal(row(snapshot, 1)->notify_pending[0],
					 row(snapshot, 2)->notify_pending[0]);
		dvk_snapshot_free(snapshot);
		dvk_view_close(view);
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	/* With the lock it always is one; without it, as luck has it. */
	assert_int_equal(one_state[0], 200);
}

/* ---- memory, tables, names ---- */

static int rows[4] = { 11, 22, 33, 44 };

static int register_rows(void *argument)
{
	(void)argument;
	rows[2] = 77;
	if (dvk_bind(SERVER_NR, "tables") != SERVER_NR ||
	    dvk_register_table("test.row", 3, rows, 4, sizeof(rows[0])) != 0)
		return 99;
	dvk_set_sleep_note("fd 7, and a timer");
	pause();
	return 0;
}

static void tables_are_read_from_outside(void **state)
{
	pid_t pid = child(register_rows, NULL);
	struct dvk_snapshot *snapshot = NULL;
	struct dvk_view *view;
	int copy[4];

	(void)state;
	assert_int_equal(dvk_view_open(TEST_DCID, test_dir, 1, &view), 0);
	for (int i = 0; i < 1000 && (!snapshot || !snapshot->table_count); i++) {
		sleep_ms(2);
		dvk_snapshot_free(snapshot);
		assert_int_equal(dvk_view_snapshot(view, &snapshot), 0);
	}
	assert_int_equal(snapshot->table_count, 1);
	assert_string_equal(snapshot->tables[0].type, "test.row");
	assert_int_equal(snapshot->tables[0].owner_ep, SERVER_NR);
	assert_int_equal(snapshot->tables[0].pid, pid);
	kill(pid, SIGSTOP);
	assert_int_equal(dvk_view_read(view, pid, snapshot->tables[0].address, copy, sizeof(copy)),
			 0);
	assert_int_equal(copy[2], 77);
	assert_int_equal(copy[3], 44);
	assert_int_equal(dvk_view_read(view, pid, 8, copy, sizeof(copy)), EDVSFAULT);
	assert_int_equal(dvk_view_read(view, 1, 8, copy, sizeof(copy)), EDVSSRCH);
	dvk_snapshot_free(snapshot);
	assert_int_equal(dvk_view_snapshot(view, &snapshot), 0);
	assert_string_equal(row(snapshot, SERVER_NR)->sleep_note, "fd 7, and a timer");
	dvk_snapshot_free(snapshot);
	child_kill(pid);
	dvk_view_close(view);
}

static void words_for_dcs(void **state)
{
	static const struct {
		const char *word;
		int want;
	} cases[] = {
		{ "dc7", 7 },
		{ "7", 7 },
		{ "0", 0 },
		{ "dc63", 63 },
		{ "dc64", EDVSBADDCID },
		{ "", EDVSBADDCID },
		{ "dc", EDVSBADDCID },
		{ "dc7x", EDVSBADDCID },
		{ "-1", EDVSBADDCID },
		{ "99999999999999999999", EDVSBADDCID },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(dvk_parse_dc(cases[i].word, test_dir), cases[i].want);
}

static void a_dead_dc(void **state)
{
	struct dvk_view *view;
	struct dvk_snapshot *snapshot;

	(void)state;
	dc_open(DVK_CREATE);
	assert_int_equal(dvk_bind(1, "tester"), 1);
	assert_int_equal(dvk_view_open(TEST_DCID, test_dir, 1, &view), 0);
	assert_int_equal(dvk_close(), 0);
	assert_int_equal(dvk_view_alive(view), 0);
	assert_int_equal(dvk_view_snapshot(view, &snapshot), 0);
	assert_int_equal(snapshot->count, 0);
	dvk_snapshot_free(snapshot);
	dvk_view_close(view);
	assert_int_equal(dvk_view_open(TEST_DCID, test_dir, 1, &view), EDVSDCNOTRUN);
	assert_int_equal(dvk_view_open(-1, test_dir, 1, &view), EDVSBADDCID);
}

#define WITH_DC(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_DC(what_a_snapshot_shows),
		WITH_DC(the_holder_is_stopped),
		WITH_DC(one_state_under_load),
		WITH_DC(tables_are_read_from_outside),
		WITH_DC(words_for_dcs),
		cmocka_unit_test_setup_teardown(a_dead_dc, fixture_dir, fixture_remove),
	};

	alarm(120);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
