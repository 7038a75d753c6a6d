/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_faults.c - a runtime's handler of faults among others of the program.
 *
 * A handler that was installed meanwhile, and passes on what is not its own, must
 * not make a circle with the runtime that comes next: the fault still kills.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <dvk/dvk.h>
#include "runtime/task.h"

static struct sigaction below;

static void pass_on(int signo, siginfo_t *info, void *context)
{
	below.sa_sigaction(signo, info, context);
}

/* As a sanitizer or a crash reporter would, that is loaded late. */
static void somebody_comes(void *unused)
{
	struct sigaction action = { .sa_sigaction = pass_on,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };

	(void)unused;
	sigaction(SIGSEGV, &action, &below);
}

static void fault(void *unused)
{
	volatile uintptr_t nowhere = 8;

	(void)unused;
	*(volatile int *)nowhere = 1;
}

static void run_twice(const char *dir)
{
	struct dvk_options options = { .dir = dir, .flags = DVK_CREATE };
	struct task_options first = { .name = "first", .nr = INIT_PROC_NR };

	alarm(10);
	signal(SIGSEGV, SIG_DFL); /* cmocka has its own */
	if (dvk_open(0, &options) < 0 ||
	    runtime_run(RUNTIME_COROUTINES, &first, somebody_comes, NULL) < 0)
		_exit(99);
	_exit(runtime_run(RUNTIME_COROUTINES, &first, fault, NULL) < 0 ? 98 : 0);
}

static void the_second_run_makes_no_circle(void **state)
{
	char dir[] = "/tmp/muk-test-XXXXXX", command[64];
	int status;
	pid_t pid;

	(void)state;
	assert_non_null(mkdtemp(dir));
	pid = fork();
	assert_true(pid >= 0);
	if (!pid)
		run_twice(dir);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSEGV);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(the_second_run_makes_no_circle) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
