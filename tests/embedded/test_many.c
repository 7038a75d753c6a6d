/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_many.c - many open, close, make and end a DC at once; a table that is full.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <dvk/manage.h>

#include "fixture.h"

static int open_flags(unsigned int flags, int nr_procs)
{
	struct dvk_options options = { .dir = test_dir, .flags = flags, .nr_procs = nr_procs };

	return dvk_open(TEST_DCID, &options);
}

static int open_and_close(void *argument)
{
	int rc = dvk_close();

	(void)argument;
	for (int i = 0; i < 50 && rc == 0; i++) {
		rc = open_flags(DVK_CREATE, 0);
		if (rc == 0 && !dvk_is_endpoint(dvk_bind(NONE, "flash")))
			rc = 1;
		if (rc == 0)
			rc = dvk_close();
	}
	return rc != 0;
}

static void coming_and_going_at_once(void **state)
{
	pid_t pids[4];

	(void)state;
	for (int i = 0; i < 4; i++)
		pids[i] = child(open_and_close, NULL);
	for (int i = 0; i < 4; i++)
		assert_int_equal(child_wait(pids[i]), 0);
	assert_int_equal(count_files(), 0);
}

static pthread_barrier_t all_bound;

static void *bind_once(void *argument)
{
	*(int *)argument = dvk_bind(NONE, "thread");
	pthread_barrier_wait(&all_bound);
	pthread_barrier_wait(&all_bound);
	return NULL;
}

/* More threads than one watcher watches, and than there are slots. */
static void a_full_table(void **state)
{
	enum { SLOTS = 200, THREADS = SLOTS - NR_SERVERS + 5 };
	pthread_t threads[THREADS];
	int endpoints[THREADS], full = 0;
	struct dvk_dcinfo list[1];

	(void)state;
	assert_int_equal(open_flags(DVK_CREATE, SLOTS), 0);
	pthread_barrier_init(&all_bound, NULL, THREADS + 1);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, bind_once, &endpoints[i]), 0);
	pthread_barrier_wait(&all_bound);
	for (int i = 0; i < THREADS; i++)
		full += endpoints[i] == EDVSRSCBUSY;
	assert_int_equal(full, 5);
	assert_int_equal(dvk_list_dcs(test_dir, list, 1), 1);
	assert_int_equal(list[0].bound, THREADS - 5);
	pthread_barrier_wait(&all_bound);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(dvk_list_dcs(test_dir, list, 1), 1);
	assert_int_equal(list[0].bound, 0);
	assert_int_equal(dvk_close(), 0);
	pthread_barrier_destroy(&all_bound);
}

/* ---- made by many at once --------------------------------------------------------- */
enum { MAKERS = 16, ROUNDS = 10 };

/* Makes the DC when the others do too; 0, or 1 when it is another's. */
static int make_once(int go)
{
	struct dvk_options options = { .dir = test_dir };
	char byte;
	int rc;

	alarm(60);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* The end of the pipe is for all. */
	if (read(go, &byte, 1) != 0)
		return 99;
	rc = dvk_dc_init(TEST_DCID, &options);
	return rc == 0 ? 0 : rc == EDVSDCRUN ? 1 : 98;
}

static int made_by(int makers)
{
	pid_t pids[MAKERS];
	int go[2], made = 0;

	assert_int_equal(pipe(go), 0);
	for (int i = 0; i < makers; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0) {
			close(go[1]);
			_exit(make_once(go[0]));
		}
	}
	close(go[0]);
	close(go[1]);
	for (int i = 0; i < makers; i++) {
		int status = child_wait(pids[i]);

		assert_in_range(status, 0, 1);
		made += status == 0;
	}
	return made;
}

static int die_at_once(void *argument)
{
	(void)argument;
	return 0;
}

static void one_of_many_makes_it(void **state)
{
	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		/* Now and then in the place of one that was left behind. */
		if (i % 3 == 0)
			child_kill(child(die_at_once, NULL));
		assert_int_equal(made_by(MAKERS), 1);
		assert_int_equal(dvk_dc_end(TEST_DCID, test_dir), 0);
		assert_int_equal(count_files(), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(coming_and_going_at_once, fixture_dir,
						fixture_remove),
		cmocka_unit_test_setup_teardown(a_full_table, fixture_dir, fixture_remove),
		cmocka_unit_test_setup_teardown(one_of_many_makes_it, fixture_dir, fixture_remove),
	};

	alarm(120);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
