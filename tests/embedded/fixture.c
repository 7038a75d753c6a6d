/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fixture.c - a DC of its own for a test, and processes that live and die in it.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fixture.h"

char test_dir[64];

int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

void sleep_ms(long ms)
{
	struct timespec pause = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&pause, NULL);
}

int fixture_dir(void **state)
{
	(void)state;
	strcpy(test_dir, "/tmp/dvk-test-XXXXXX");
	return mkdtemp(test_dir) ? 0 : -1;
}

static void for_each_file(void (*visit)(const char *path, void *argument), void *argument)
{
	DIR *listing = opendir(test_dir);
	struct dirent *entry;
	char path[512];

	while (listing && (entry = readdir(listing))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", test_dir, entry->d_name);
		visit(path, argument);
	}
	if (listing)
		closedir(listing);
}

static void remove_one(const char *path, void *argument)
{
	(void)argument;
	unlink(path);
}

static void count_one(const char *path, void *argument)
{
	(void)path;
	++*(int *)argument;
}

int count_files(void)
{
	int count = 0;

	for_each_file(count_one, &count);
	return count;
}

int fixture_remove(void **state)
{
	(void)state;
	for_each_file(remove_one, NULL);
	return rmdir(test_dir);
}

void dc_open(unsigned int flags)
{
	struct dvk_options options = { .dir = test_dir, .flags = flags };
	int rc = dvk_open(TEST_DCID, &options);

	if (rc == 0)
		return;
	fprintf(stderr, "dvk_open: %s %s\n", dvk_strerror(rc), dvk_open_error());
	abort();
}

int fixture_open(void **state)
{
	if (fixture_dir(state) != 0)
		return -1;
	dc_open(DVK_CREATE);
	return dvk_bind(1, "tester") == 1 ? 0 : -1;
}

int fixture_close(void **state)
{
	int rc = dvk_close();

	return fixture_remove(state) != 0 || rc != 0;
}

pid_t child(int (*body)(void *), void *argument)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	assert_true(pid >= 0);
	if (pid != 0)
		return pid;
	alarm(60);
	/* A failed assertion leaves nobody behind. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dc_open(DVK_CREATE);
	_exit(body(argument));
}

int child_wait(pid_t pid)
{
	int64_t deadline = now_ns() + PATIENCE_MS * 1000000LL * 4;
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (now_ns() > deadline) {
			child_kill(pid);
			return -1;
		}
		sleep_ms(1);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void child_kill(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}

int look(int nr, struct dvk_procinfo *ret_info)
{
	struct dvk_snapshot *snapshot;
	struct dvk_view *view;
	int found = 0, rc = dvk_view_open(TEST_DCID, test_dir, 0, &view);

	/* Nobody has come yet, or all have gone. */
	if (rc == EDVSDCNOTRUN)
		return 0;
	assert_int_equal(rc, 0);
	assert_int_equal(dvk_view_snapshot(view, &snapshot), 0);
	for (int i = 0; i < snapshot->count; i++) {
		if (snapshot->procs[i].nr != nr)
			continue;
		*ret_info = snapshot->procs[i];
		found = 1;
	}
	dvk_snapshot_free(snapshot);
	dvk_view_close(view);
	return found;
}

struct dvk_procinfo wait_for_rts(int nr, uint32_t rts)
{
	int64_t deadline = now_ns() + PATIENCE_MS * 1000000LL;
	struct dvk_procinfo info = { 0 };

	while (!look(nr, &info) || (info.rts & rts) != rts) {
		if (now_ns() > deadline)
			fail_msg("slot %d is not 0x%x but 0x%x", nr, rts, info.rts);
		sleep_ms(1);
	}
	return info;
}

long wait_for_free(int nr)
{
	int64_t start = now_ns();
	struct dvk_procinfo info;

	while (look(nr, &info)) {
		if (now_ns() > start + PATIENCE_MS * 1000000LL)
			fail_msg("slot %d is not free after %d ms", nr, PATIENCE_MS);
		sleep_ms(1);
	}
	return (long)((now_ns() - start) / 1000000);
}
