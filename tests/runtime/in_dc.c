/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * in_dc.c - a scenario in a runtime, in a DC of its own.
 */
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <dvk/dvk.h>
#include "in_dc.h"

#define CHILD_SECONDS 10

static char journal[8192];
static pthread_mutex_t journal_lock = PTHREAD_MUTEX_INITIALIZER;

void note(const char *format, ...)
{
	size_t used;
	va_list list;

	pthread_mutex_lock(&journal_lock);
	used = strlen(journal);
	if (used && used + 1 < sizeof(journal))
		journal[used++] = ' ';
	va_start(list, format);
	vsnprintf(journal + used, sizeof(journal) - used, format, list);
	va_end(list);
	pthread_mutex_unlock(&journal_lock);
}

/* cmocka takes faults for itself in each test; libdvk, which asked first, gets them back. */
static void keep_fault_handler(void)
{
	static struct sigaction kept;

	if (kept.sa_flags)
		sigaction(SIGSEGV, &kept, NULL);
	else
		sigaction(SIGSEGV, NULL, &kept);
}

const char *in_dc(enum runtime_kind kind, task_function *scenario, void *argument)
{
	char dir[] = "/tmp/muk-test-XXXXXX";
	struct dvk_options options = { .dir = dir, .flags = DVK_CREATE, .nr_procs = 2000 };
	struct task_options first = { .name = "first", .nr = INIT_PROC_NR };
	int result;

	journal[0] = '\0';
	if (!mkdtemp(dir) || setenv("TEST_DIR", dir, 1) < 0)
		return "no directory";
	result = dvk_open(0, &options);
	if (result < 0) {
		note("open: %s", dvk_open_error());
	} else {
		keep_fault_handler();
		result = runtime_run(kind, &first, scenario, argument);
		if (result < 0)
			note("run: %d", result);
		dvk_close();
	}
	if (rmdir(dir) < 0)
		note("the DC is not gone");
	return journal;
}

/* The standard error of the child until it closes it. */
static void read_all(int fd, char *ret_text, int bytes)
{
	int used = 0;
	ssize_t got;

	while (used < bytes - 1 &&
	       (got = read(fd, ret_text + used, (size_t)(bytes - 1 - used))) > 0)
		used += (int)got;
	ret_text[used] = '\0';
}

static void clear(const char *dir)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	if (system(command) != 0)
		fprintf(stderr, "%s is left\n", dir);
}

int in_child(enum runtime_kind kind, task_function *scenario, char *ret_errors, int bytes)
{
	char dir[] = "/tmp/muk-test-XXXXXX";
	struct dvk_options options = { .dir = dir, .flags = DVK_CREATE };
	struct task_options first = { .name = "first", .nr = INIT_PROC_NR };
	int fds[2], status = -1;
	pid_t pid;

	ret_errors[0] = '\0';
	if (!mkdtemp(dir) || pipe(fds) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		close(fds[1]);
		alarm(CHILD_SECONDS);
		signal(SIGSEGV, SIG_DFL); /* cmocka has its own */
		if (dvk_open(0, &options) < 0)
			_exit(99);
		_exit(runtime_run(kind, &first, scenario, NULL) < 0 ? 98 : 0);
	}
	close(fds[1]);
	if (pid > 0) {
		read_all(fds[0], ret_errors, bytes);
		waitpid(pid, &status, 0);
	}
	close(fds[0]);
	clear(dir);
	return status;
}

int same_words(const char *got, const char *want)
{
	size_t bytes;

	if (strlen(got) != strlen(want))
		return 0;
	for (const char *at = want; *at; at += bytes + (at[bytes] == ' ')) {
		char word[64];

		bytes = strcspn(at, " ");
		snprintf(word, sizeof(word), "%.*s", (int)bytes, at);
		if (!strstr(got, word))
			return 0;
	}
	return 1;
}
