/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_samples.c - the example programs over libdvk alone do what they say, also
 * for a user who is not root.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

#define NOBODY 65534

/* Where the programs are: beside this one, in bin/. */
static char bin[512];

static int open_program(const char *program)
{
	char path[600];

	snprintf(path, sizeof(path), "%s/%s", bin, program);
	return open(path, O_RDONLY);
}

/* By descriptor: who may not enter the folder where it was built can run it too. */
static void run(int fd, const char *dir)
{
	char *arguments[] = { "sample", "7", (char *)dir, NULL };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(60);
	fexecve(fd, arguments, environ);
	_exit(127);
}

static pid_t start(const char *program, const char *dir)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		run(open_program(program), dir);
	return pid;
}

static void ping_pong(void **state)
{
	(void)state;
	assert_int_equal(child_wait(start("ping_pong", test_dir)), 0);
	assert_int_equal(count_files(), 0);
}

static void echo_server(void **state)
{
	pid_t pid = start("echo_server", test_dir);
	message m = { .m_type = 9 };

	(void)state;
	wait_for_rts(SERVER_NR, DVK_RTS_RECEIVING);
	dc_open(0);
	assert_true(dvk_is_endpoint(dvk_bind(NONE, "caller")));
	memset(&m.m_m4, 0x5a, sizeof(m.m_m4));
	assert_int_equal(dvk_sendrec_T(SERVER_NR, &m, PATIENCE_MS), 0);
	assert_int_equal(m.m_type, 0);
	assert_int_equal(m.m4_l5, 0x5a5a5a5a5a5a5a5a);
	child_kill(pid);
	wait_for_free(SERVER_NR);
	assert_int_equal(dvk_close(), 0);
	assert_int_equal(count_files(), 0);
}

/* In the folder below /tmp that is the user's own. */
static void as_nobody(void **state)
{
	int fd = open_program("ping_pong");
	char own[64];
	pid_t pid;

	(void)state;
	if (geteuid() != 0)
		skip();
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		unsetenv("XDG_RUNTIME_DIR");
		if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)
			_exit(126);
		run(fd, NULL);
	}
	close(fd);
	assert_int_equal(child_wait(pid), 0);
	snprintf(own, sizeof(own), "/tmp/dvk-%d", NOBODY);
	assert_int_equal(rmdir(own), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(ping_pong, fixture_dir, fixture_remove),
		cmocka_unit_test_setup_teardown(echo_server, fixture_dir, fixture_remove),
		cmocka_unit_test_setup_teardown(as_nobody, fixture_dir, fixture_remove),
	};
	char *slash = strrchr(argv[0], '/');

	(void)argc;
	snprintf(bin, sizeof(bin), "%.*s/../bin", slash ? (int)(slash - argv[0]) : 1,
		 slash ? argv[0] : ".");
	alarm(120);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
