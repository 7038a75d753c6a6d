/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * post_mortem.c - the last state of a MUK that dies of a fatal signal.
 *
 * Nothing of a process that has just failed is trusted to write it: the handler
 * starts this program once more (only calls that a handler may make: _Fork, execve,
 * prctl, waitpid), which looks from outside as a shell does, and waits for it at
 * most two seconds. All words for it are made beforehand. Each DC has one file, of
 * its newest death.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <dvk/dvk.h>

#include "dump.h"
#include "post_mortem.h"

#define WAIT_MS 2000

static const struct fatal {
	int signo;
	const char *words;
} fatals[] = {
	{ SIGSEGV, "SIGSEGV (a wrong address)" },   { SIGBUS, "SIGBUS (no such memory)" },
	{ SIGILL, "SIGILL (no such instruction)" }, { SIGFPE, "SIGFPE (a division by 0)" },
	{ SIGABRT, "SIGABRT (it gave itself up)" },
};
#define FATALS ((int)(sizeof(fatals) / sizeof(fatals[0])))

/* Made by post_mortem_begin(), read by the handler. */
static char file[1024], dc_word[16], dir_word[1024], because[128];
static char *arguments[] = { "muk",       "--dump", file, "--dc", dc_word,
			     "--because", because,  NULL, NULL,   NULL };
static struct sigaction before[FATALS];
static pid_t owner;
static int is_dying;

static void pause_ms(long ms)
{
	struct timespec t = { .tv_nsec = ms * 1000000 };

	nanosleep(&t, NULL);
}

static void dump_from_outside(void)
{
	pid_t pid = _Fork();

	if (pid == 0) {
		execve("/proc/self/exe", arguments, environ);
		_exit(127);
	}
	if (pid < 0)
		return;
	/* Where ptrace is for parents only: it is to read our memory. */
	prctl(PR_SET_PTRACER, pid, 0, 0, 0);
	for (int ms = 0; ms < WAIT_MS && waitpid(pid, NULL, WNOHANG) == 0; ms += 5)
		pause_ms(5);
}

static int place_of(int signo)
{
	int i = 0;

	while (i < FATALS - 1 && fatals[i].signo != signo)
		i++;
	return i;
}

static void die(int signo, siginfo_t *info, void *context)
{
	const struct sigaction *old = &before[place_of(signo)];
	const char *words = fatals[place_of(signo)].words;

	/* A child of ours has its own reasons; a second death must not wait for the first. */
	if (getpid() == owner && !__atomic_exchange_n(&is_dying, 1, __ATOMIC_ACQ_REL)) {
		memcpy(because, words, strlen(words) + 1);
		dump_from_outside();
	}
	if (old->sa_flags & SA_SIGINFO) {
		old->sa_sigaction(signo, info, context);
		return;
	}
	sigaction(signo, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
	/* What failed fails again when we return; what was sent is sent once more. */
	if (info->si_code <= 0)
		raise(signo);
}

void post_mortem_begin(int dcid, const char *dir, const char *name)
{
	struct sigaction action = { .sa_sigaction = die,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (state && *state)
		snprintf(file, sizeof(file), "%s/muk/%s-dc%d.mukdump", state, name, dcid);
	else
		snprintf(file, sizeof(file), "%s/.local/state/muk/%s-dc%d.mukdump",
			 home && *home ? home : "/tmp", name, dcid);
	snprintf(dc_word, sizeof(dc_word), "%d", dcid);
	if (dir) {
		snprintf(dir_word, sizeof(dir_word), "%s", dir);
		arguments[7] = "--dir";
		arguments[8] = dir_word;
	}
	owner = getpid();
	sigemptyset(&action.sa_mask);
	for (int i = 0; i < FATALS; i++)
		sigaction(fatals[i].signo, &action, &before[i]);
}

/* Makes the folders in front of the file's name, as far as they are not there. */
static void make_folders(const char *path)
{
	char folder[1024];

	snprintf(folder, sizeof(folder), "%s", path);
	for (char *at = strchr(folder + 1, '/'); at; at = strchr(at + 1, '/')) {
		*at = '\0';
		mkdir(folder, 0700);
		*at = '/';
	}
}

int post_mortem_write(int dcid, const char *dir, const char *path, const char *why)
{
	struct inspect_dump done;
	struct patient *patient;
	struct dvk_view *view;
	int error = dvk_view_open(dcid, dir, 1, &view);

	if (error < 0) {
		fprintf(stderr, "muk: no dump: dc%d: %s\n", dcid, dvk_open_error());
		return EXIT_FAILURE;
	}
	patient = patient_of_view(view);
	if (!patient) {
		dvk_view_close(view);
		fputs("muk: no dump: not enough memory\n", stderr);
		return EXIT_FAILURE;
	}
	make_folders(path);
	error = inspect_dump_write(patient, path, why, NULL, &done);
	if (error == EDVSIO)
		fprintf(stderr, "muk: no dump: %s: %s\n", path, strerror(errno));
	else if (error)
		fprintf(stderr, "muk: no dump: %s\n", dvk_strerror(error));
	else
		fprintf(stderr, "muk: %s%s`mukshell load %s` shows how it was\n", why ? why : "",
			why ? "; " : "", path);
	patient_close(patient);
	return error ? EXIT_FAILURE : EXIT_SUCCESS;
}
