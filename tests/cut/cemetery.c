/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cemetery.c - the processes that keep, and one that is to be buried.
 *
 * The keepers are there before the others and stay. While they are stopped, a dead one
 * lies unburied until a victim does that under the knife; when they go on, they finish
 * what is left, as the next keeper does.
 */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../embedded/fixture.h"
#include "cut.h"

static pid_t keepers[KEEPERS], corpse;

/* A child that has stopped itself, when it has come so far. */
static pid_t begin(void (*body)(void))
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		body();
		_exit(9);
	}
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	assert_true(WIFSTOPPED(status));
	return pid;
}

static void make_and_keep(void)
{
	struct dvk_options options = { .dir = test_dir,
				       .nr_procs = CUT_PROCS,
				       .flags = DVK_CREATE };

	if (dvk_open(TEST_DCID, &options) != 0)
		_exit(2);
	raise(SIGSTOP);
	for (;;)
		pause();
}

void keepers_begin(void)
{
	for (int i = 0; i < KEEPERS; i++)
		keepers[i] = begin(make_and_keep);
	keepers_go_on();
}

void keepers_end(void)
{
	for (int i = 0; i < KEEPERS; i++)
		child_kill(keepers[i]);
}

void keepers_rest(void)
{
	int status;

	for (int i = 0; i < KEEPERS; i++) {
		kill(keepers[i], SIGSTOP);
		assert_int_equal(waitpid(keepers[i], &status, WUNTRACED), keepers[i]);
	}
}

void keepers_go_on(void)
{
	for (int i = 0; i < KEEPERS; i++)
		kill(keepers[i], SIGCONT);
}

static void (*corpse_life)(void);

static void live(void)
{
	dc_open(0);
	if (dvk_bind(CORPSE_NR, "corpse") != CORPSE_NR)
		_exit(3);
	raise(SIGSTOP);
	corpse_life();
}

void corpse_begin(void (*life)(void))
{
	corpse_life = life;
	corpse = begin(live);
}

void corpse_die(void)
{
	int status;

	kill(corpse, SIGCONT);
	assert_int_equal(waitpid(corpse, &status, 0), corpse);
	assert_true(WIFSIGNALED(status));
}

pid_t corpse_pid(void)
{
	return corpse;
}
