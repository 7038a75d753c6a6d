/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * muk.c - boots the muk that was built with this test: ../bin/muk beside it.
 */
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <dvk/dvk.h>

#include "muk.h"

#define OPTIONS_MAX 16

void sleep_ms(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

int muk_prepare(struct muk_process *muk)
{
	muk->pid = 0;
	strcpy(muk->folder, "/tmp/muk-test.XXXXXX");
	return mkdtemp(muk->folder) ? 0 : -1;
}

void muk_write(const struct muk_process *muk, const char *name, const char *text)
{
	char path[PATH_MAX];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", muk->folder, name);
	out = fopen(path, "w");
	if (!out || fputs(text, out) < 0 || fclose(out) != 0)
		abort();
}

static void program_path(char *ret_path, size_t bytes)
{
	const char *given = getenv("MUK_PROGRAM");
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length < 0)
		abort();
	self[length] = '\0';
	*strrchr(self, '/') = '\0';
	if (given)
		snprintf(ret_path, bytes, "%s", given);
	else
		snprintf(ret_path, bytes, "%s/../bin/muk", self);
}

static void run_muk(const struct muk_process *muk, const char *const *options)
{
	char program[PATH_MAX + 16], config[128], log[128];
	const char *argv[OPTIONS_MAX] = { "muk", config, "--dir", muk->folder };
	int count = 4, fd;

	snprintf(config, sizeof(config), "%s/muk.cfg", muk->folder);
	snprintf(log, sizeof(log), "%s/log", muk->folder);
	program_path(program, sizeof(program));
	while (*options && count < OPTIONS_MAX - 1)
		argv[count++] = *options++;
	fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	/* A test that is killed leaves no MUK behind. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	execv(program, (char *const *)argv);
	fprintf(stderr, "%s: cannot be run\n", program);
	_exit(126);
}

void muk_start(struct muk_process *muk, const char *const *options)
{
	fflush(NULL);
	muk->pid = fork();
	if (muk->pid == 0)
		run_muk(muk, options);
	if (muk->pid < 0)
		abort();
}

void muk_log(const struct muk_process *muk, char *ret_text, size_t bytes)
{
	char path[128];
	size_t got = 0;
	FILE *in;

	snprintf(path, sizeof(path), "%s/log", muk->folder);
	in = fopen(path, "r");
	if (in) {
		got = fread(ret_text, 1, bytes - 1, in);
		fclose(in);
	}
	ret_text[got] = '\0';
}

int muk_wait_up(struct muk_process *muk)
{
	siginfo_t info = { .si_pid = 0 };
	char text[8192];

	for (int ms = 0; ms < MUK_PATIENCE_MS; ms += 5) {
		muk_log(muk, text, sizeof(text));
		if (strstr(text, " servers up in "))
			return 0;
		if (waitid(P_PID, (id_t)muk->pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
		    info.si_pid)
			break;
		sleep_ms(5);
	}
	fprintf(stderr, "the MUK does not come up; it says:\n%s\n", text);
	return -1;
}

int muk_end(struct muk_process *muk, int signo)
{
	int status = -1;

	if (!muk->pid)
		return -1;
	if (signo)
		kill(muk->pid, signo);
	for (int ms = 0; ms < MUK_PATIENCE_MS; ms += 2) {
		if (waitpid(muk->pid, &status, WNOHANG) == muk->pid) {
			muk->pid = 0;
			return status;
		}
		sleep_ms(2);
	}
	fprintf(stderr, "the MUK does not end\n");
	kill(muk->pid, SIGKILL);
	waitpid(muk->pid, &status, 0);
	muk->pid = 0;
	return status;
}

void muk_remove(struct muk_process *muk)
{
	char command[128];

	if (strncmp(muk->folder, "/tmp/muk-test.", 14) != 0)
		return;
	snprintf(command, sizeof(command), "rm -rf '%s'", muk->folder);
	if (system(command) != 0)
		fprintf(stderr, "%s stays\n", muk->folder);
}

int muk_boot(struct muk_process *muk, const char *config, const char *runtime)
{
	const char *options[] = { "--runtime", runtime, NULL };
	struct dvk_options open = { .dir = muk->folder };

	if (muk_prepare(muk) < 0)
		return -1;
	muk_write(muk, "muk.cfg", config);
	muk_start(muk, options);
	if (muk_wait_up(muk) < 0)
		return -1;
	if (dvk_open(0, &open) < 0 || !dvk_is_endpoint(dvk_bind(NONE, "test"))) {
		fprintf(stderr, "cannot enter dc0: %s\n", dvk_open_error());
		return -1;
	}
	return 0;
}

int muk_shut(struct muk_process *muk)
{
	char text[8192];
	int status, result;

	dvk_close();
	status = muk_end(muk, SIGTERM);
	result = WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
	if (result < 0) {
		muk_log(muk, text, sizeof(text));
		fprintf(stderr, "the MUK ended with status %x; it said:\n%s\n", status, text);
	}
	muk_remove(muk);
	return result;
}
