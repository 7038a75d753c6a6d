/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_clients.c - kill -9 of random clients under load, up to 16 at a time: nobody
 * hangs, no slot is lost, no half file appears, the next call is answered.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "protocol/fs.h"
#include "victims.h"

#define VICTIMS     16
#define KILLS       500 /* on each runtime */
#define BATCH       50
#define LIFE_MAX_US 3000 /* between two kills */
#define LARGE_BYTES 1000000

struct crowd {
	struct stage stage;
	struct victims_board *board;
	pid_t pids[VICTIMS];
	int kills;
};

static void make_large_file(void)
{
	static char bytes[LARGE_BYTES];
	struct fs_open_reply opened = { .fd = -1 };
	struct fs_write_reply written = { 0 };

	memset(bytes, 'x', sizeof(bytes));
	assert_int_equal(fs_call_open(FS_PROC_NR, "/dir/large", FS_OPEN_CREAT | FS_OPEN_WRONLY,
				      0644, &opened),
			 0);
	assert_int_equal(fs_call_write(FS_PROC_NR, opened.fd, bytes, sizeof(bytes), &written), 0);
	assert_int_equal(written.bytes, sizeof(bytes));
	assert_int_equal(fs_call_close(FS_PROC_NR, opened.fd), 0);
}

static void start(struct crowd *crowd, int place)
{
	enum victim_kind kind = (enum victim_kind)stage_random(VICTIM_KIND_COUNT);

	crowd->pids[place] = victim_start(&crowd->stage, kind, place, crowd->board);
}

/* Kills those from place on, all at once, and only then sees them off. */
static void kill_some(struct crowd *crowd, int place, int count)
{
	int status;

	for (int i = 0; i < count; i++)
		kill(crowd->pids[(place + i) % VICTIMS], SIGKILL);
	for (int i = 0; i < count; i++) {
		pid_t pid = crowd->pids[(place + i) % VICTIMS];

		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		crowd->kills++;
	}
}

static void kill_a_batch(struct crowd *crowd)
{
	int until = crowd->kills + BATCH;

	for (int i = 0; i < VICTIMS; i++)
		start(crowd, i);
	while (crowd->kills < until - VICTIMS) {
		int place = (int)stage_random(VICTIMS);
		int count = stage_random(8) ? 1 : 1 + (int)stage_random(VICTIMS / 2);

		stage_sleep_us(stage_random(LIFE_MAX_US));
		kill_some(crowd, place, count);
		for (int i = 0; i < count; i++)
			start(crowd, (place + i) % VICTIMS);
	}
	stage_sleep_us(stage_random(LIFE_MAX_US));
	kill_some(crowd, 0, VICTIMS);
	if (crowd->board->complaint[0])
		fail_msg("%s", crowd->board->complaint);
}

static int all_have_worked(const struct crowd *crowd)
{
	for (int kind = 0; kind < VICTIM_KIND_COUNT; kind++)
		if (!crowd->board->done[kind])
			return 0;
	return 1;
}

/* The test's own time limit ends it when a kind never does. */
static void clients_are_killed(void **state)
{
	struct crowd crowd = { .board = victims_board_create() };

	stage_begin(&crowd.stage, *state);
	make_large_file();
	/* On a busy machine it takes longer until each kind has done something. */
	while (crowd.kills < KILLS || !all_have_worked(&crowd)) {
		kill_a_batch(&crowd);
		stage_is_calm(&crowd.stage);
	}
	printf("# %s: %d kills; done meanwhile:", crowd.stage.live.runtime, crowd.kills);
	for (int kind = 0; kind < VICTIM_KIND_COUNT; kind++)
		printf(" %s %llu", victim_names[kind], (unsigned long long)crowd.board->done[kind]);
	printf("\n");
	stage_end(&crowd.stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(clients_are_killed, (void *)live_runtimes[0]),
		cmocka_unit_test_prestate(clients_are_killed, (void *)live_runtimes[1]),
	};

	alarm(280);
	return cmocka_run_group_tests_name("clients are killed", tests, NULL, NULL);
}
