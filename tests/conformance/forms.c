/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * forms.c - actors begin as threads, processes or coroutines, and Linux sets them apart.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "forms.h"

#define NOBODY 65534

static pid_t pids[ACTORS];

static void *thread_body(void *argument)
{
	actor_loop((enum actor_name)(intptr_t)argument);
	return NULL;
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY), ok;

	if (fd < 0)
		return -1;
	ok = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return ok ? 0 : -1;
}

/* The same user in a user namespace of one's own. */
static int enter_namespace(void)
{
	char map[32];

	snprintf(map, sizeof(map), "%d %d 1", (int)geteuid(), (int)geteuid());
	if (unshare(CLONE_NEWUSER) != 0)
		return errno;
	return write_file("/proc/self/uid_map", map) == 0 ? 0 : errno;
}

static int set_apart(enum apart apart)
{
	switch (apart) {
	case TOGETHER:
		return 0;
	case NOT_DUMPABLE:
		if (geteuid() == 0 &&
		    (setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
			return errno;
		return prctl(PR_SET_DUMPABLE, 0) == 0 ? 0 : errno;
	case USER_NAMESPACES:
		return enter_namespace();
	}
	return EINVAL;
}

int forms_can(enum apart apart)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(set_apart(apart));
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EINVAL;
}

/* One process: of all actors, or of one. */
static _Noreturn void process_body(int name)
{
	pthread_t thread;

	if (set_apart(stage->apart) != 0)
		_exit(1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm((unsigned int)patience(120));
	actor_signals();
	if (stage->form == COROUTINES)
		coroutines_loop();
	if (stage->form == PROCESSES)
		actor_loop((enum actor_name)name);
	for (intptr_t i = 0; i < ACTORS; i++)
		if (pthread_create(&thread, NULL, thread_body, (void *)i) != 0)
			_exit(1);
	for (;;)
		pause();
}

int forms_start(void)
{
	int count = stage->form == PROCESSES ? ACTORS : 1;

	fflush(stdout);
	memset(stage->boxes, 0, sizeof(stage->boxes));
	for (int i = 0; i < ACTORS; i++)
		stage->boxes[i].endpoint = stage->boxes[i].was = NONE;
	for (int i = 0; i < count; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			process_body(i);
		if (pids[i] < 0)
			return -1;
	}
	return 0;
}

void forms_kill(enum actor_name name)
{
	int status;

	if (pids[name] <= 0)
		return;
	kill(pids[name], SIGKILL);
	waitpid(pids[name], &status, 0);
	pids[name] = 0;
}

int forms_reap(enum actor_name name)
{
	int status;

	if (waitpid(pids[name], &status, 0) != pids[name])
		return 0;
	pids[name] = 0;
	return 1;
}

void forms_stop(void)
{
	for (int i = 0; i < ACTORS; i++)
		forms_kill((enum actor_name)i);
}
