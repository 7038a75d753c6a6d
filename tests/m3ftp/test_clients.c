/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_clients.c - several clients of M3FTP at once, and clients that die.
 */
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* In a process of its own, where a failure is told by its exit status. */
static void put_and_get_often(const struct world *unused)
{
	char path[32];

	(void)unused;
	snprintf(path, sizeof(path), "/by%d", getpid());
	for (unsigned int round = 0; round < 10; round++) {
		size_t bytes = 1000 + (size_t)round * 77777;
		int fd = make_source(bytes, round), error;
		struct m3ftp_result result;

		error = put(path, fd, &result);
		if (!error)
			error = fetch(path, bytes, round);
		if (error) {
			fprintf(stderr, "%s, round %u: %s\n", path, round, dvk_strerror(error));
			_exit(1);
		}
		close(fd);
	}
}

static void several_clients_at_once(void **state)
{
	pid_t clients[6];

	(void)state;
	for (int i = 0; i < 6; i++)
		clients[i] = world_client(&world, put_and_get_often);
	for (int i = 0; i < 6; i++)
		world_join(clients[i]);
	assert_int_equal(count_names("/"), 6);
}

/* Begins to put, says so, and is killed. */
static void put_for_ever(const struct world *unused)
{
	struct m3ftp_put_open_reply putting = { 0 };
	static char data[100000];

	(void)unused;
	if (m3ftp_call_put_open(M3FTP_PROC_NR, "/never", 0600, &putting))
		_exit(1);
	for (int64_t at = 0;; at = (at + 100000) % 1000000) {
		struct m3ftp_put_reply stored = { 0 };

		if (m3ftp_call_put(M3FTP_PROC_NR, putting.handle, at, data, 100000, &stored))
			_exit(2);
	}
}

static void a_dead_client_leaves_nothing(void **state)
{
	int left = 0;

	(void)state;
	for (int round = 0; round < 5; round++) {
		pid_t client = world_client(&world, put_for_ever);
		int status;

		for (int i = 0; i < 500 && count_names("/") == 0; i++)
			usleep(10000);
		assert_int_equal(count_names("/"), 1);
		usleep((unsigned int)round * 3000);
		kill(client, SIGKILL);
		assert_int_equal(waitpid(client, &status, 0), client);
		assert_true(WIFSIGNALED(status));
		/* Within a second. */
		for (int i = 0; i < 100; i++) {
			left = count_names("/");
			if (!left)
				break;
			usleep(10000);
		}
		assert_int_equal(left, 0);
	}
}

static void the_table_has_an_end(void **state)
{
	struct m3ftp_put_open_reply putting[M3FTP_TRANSFERS_MAX + 1];
	char path[32];
	int error = 0, count = 0;

	(void)state;
	while (!error && count <= M3FTP_TRANSFERS_MAX) {
		snprintf(path, sizeof(path), "/file%d", count);
		error = m3ftp_call_put_open(M3FTP_PROC_NR, path, 0600, &putting[count]);
		count += !error;
	}
	assert_int_equal(error, EDVSRSCBUSY);
	assert_int_equal(count, M3FTP_TRANSFERS_MAX);
	for (int i = 0; i < count; i++)
		assert_int_equal(i % 2 ? m3ftp_call_abort(M3FTP_PROC_NR, putting[i].handle)
				       : m3ftp_call_close(M3FTP_PROC_NR, putting[i].handle),
				 0);
	assert_int_equal(count_names("/"), M3FTP_TRANSFERS_MAX / 2);
}

static void stopping_gives_transfers_up(void **state)
{
	struct m3ftp_put_open_reply putting = { 0 };
	struct m3ftp_put_reply stored = { 0 };
	char data[5000] = "";

	(void)state;
	assert_int_equal(m3ftp_call_put_open(M3FTP_PROC_NR, "/never", 0600, &putting), 0);
	assert_int_equal(m3ftp_call_put(M3FTP_PROC_NR, putting.handle, 0, data, 5000, &stored), 0);
	/* tear_down() stops the servers and looks at the image. */
}

int main(void)
{
	static struct shape threads = { RUNTIME_THREADS, FS_RDISK_IMG, "-3" };
	const struct CMUnitTest tests[] = {
		TEST(several_clients_at_once, NULL),
		TEST(several_clients_at_once, &threads),
		TEST(a_dead_client_leaves_nothing, NULL),
		TEST(a_dead_client_leaves_nothing, &threads),
		TEST(the_table_has_an_end, NULL),
		TEST(stopping_gives_transfers_up, NULL),
	};

	alarm(300);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
