/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_keeper.c - kill -9 of the keeper, together with a client that it should have
 * buried: another is keeper at once and does it.
 *
 * Wardens join before the MUK does, so that it is mostly they who keep.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "protocol/fs.h"
#include "protocol/server.h"
#include "stage.h"

#define WARDENS 12
#define CYCLES  6
#define KILLS   40 /* at least, on each runtime */

struct guard {
	struct stage stage;
	pid_t wardens[WARDENS];
	int kills;
};

/* Is in the DC until it is killed; slot: it is bound, too, and waits in a receive. */
static pid_t start_member(const struct guard *guard, const char *slot)
{
	const struct dvk_options options = { .dir = guard->stage.live.muk.folder,
					     .flags = DVK_CREATE };
	int ready[2];
	char byte = 0;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = live_fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		message m;

		alarm(60);
		if (dvk_open(LIVE_DCID, &options) || (slot && dvk_bind(NONE, slot) <= 0) ||
		    write(ready[1], &byte, 1) != 1)
			_exit(1);
		if (slot)
			dvk_receive(ANY, &m);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static void reap(pid_t pid)
{
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static pid_t keeper_of(struct guard *guard)
{
	struct dvk_snapshot *snapshot;
	pid_t keeper;

	assert_int_equal(dvk_view_snapshot(guard->stage.view, &snapshot), 0);
	keeper = snapshot->dc.keeper_pid;
	dvk_snapshot_free(snapshot);
	return keeper;
}

static pid_t wait_for_keeper(struct guard *guard, pid_t other_than)
{
	int64_t deadline = live_now_ns() + STAGE_PATIENCE_MS * 1000000LL;
	pid_t keeper;

	while ((keeper = keeper_of(guard)) == 0 || keeper == other_than) {
		if (live_now_ns() > deadline)
			fail_msg("nobody keeps the DC after %d was killed", other_than);
		stage_sleep_us(200);
	}
	return keeper;
}

static void call_works(void)
{
	struct server_ping_reply reply;

	assert_int_equal(server_call_ping(FS_PROC_NR, &reply), 0);
}

/* The place of the keeper among the wardens, or -1. */
static int find_warden(const struct guard *guard, pid_t keeper)
{
	for (int i = 0; i < WARDENS; i++)
		if (guard->wardens[i] == keeper)
			return i;
	return -1;
}

/* Kills keepers until the MUK or this process is the keeper, or all wardens are dead. */
static void kill_keepers(struct guard *guard)
{
	pid_t keeper = wait_for_keeper(guard, 0);
	int place;

	while ((place = find_warden(guard, keeper)) >= 0) {
		pid_t client = start_member(guard, "client");

		/* In either order, and as good as at once. */
		kill(guard->kills % 2 ? keeper : client, SIGKILL);
		kill(guard->kills % 2 ? client : keeper, SIGKILL);
		reap(client);
		reap(keeper);
		guard->wardens[place] = 0;
		guard->kills++;
		stage_slots_are_back(&guard->stage);
		keeper = wait_for_keeper(guard, keeper);
		call_works();
	}
}

static void begin(struct guard *guard)
{
	struct stage *stage = &guard->stage;
	struct dvk_snapshot *snapshot;

	for (int i = 0; i < WARDENS; i++)
		guard->wardens[i] = start_member(guard, NULL);
	assert_int_equal(live_start(&stage->live), 0);
	assert_int_equal(dvk_view_open(LIVE_DCID, stage->live.muk.folder, 0, &stage->view), 0);
	assert_true(live_join(&stage->live, "tester") > 0);
	assert_int_equal(dvk_view_snapshot(stage->view, &snapshot), 0);
	stage->bound = snapshot->count;
	dvk_snapshot_free(snapshot);
}

static void end(struct guard *guard)
{
	dvk_view_close(guard->stage.view);
	dvk_close();
	assert_int_equal(live_stop(&guard->stage.live), 0);
	for (int i = 0; i < WARDENS; i++) {
		if (!guard->wardens[i])
			continue;
		kill(guard->wardens[i], SIGKILL);
		reap(guard->wardens[i]);
	}
}

static void keepers_are_killed(void **state)
{
	struct guard guard = { .kills = 0 };
	struct stage *stage = &guard.stage;

	assert_int_equal(live_make(&stage->live, *state, 16), 0);
	/* Who becomes keeper is chance; the alarm ends it when no warden ever does. */
	for (int cycle = 0; cycle < CYCLES || guard.kills < KILLS; cycle++) {
		begin(&guard);
		kill_keepers(&guard);
		end(&guard);
	}
	printf("# %s: %d keepers killed; %ld of the burials after more than %d ms, the last "
	       "after %ld ms\n",
	       stage->live.runtime, guard.kills, stage->late, STAGE_WITHIN_MS, stage->worst_ms);
	assert_true(stage->late * 10 <= stage->count);
	assert_int_equal(live_check_image(&stage->live), 0);
	live_remove(&stage->live);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(keepers_are_killed, (void *)live_runtimes[0]),
		cmocka_unit_test_prestate(keepers_are_killed, (void *)live_runtimes[1]),
	};

	alarm(120);
	return cmocka_run_group_tests_name("keepers are killed", tests, NULL, NULL);
}
