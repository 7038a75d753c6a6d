/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * post_mortem.c - the last state of a MUK that dies of a fatal signal.
 *
 * Nothing of a process that has just failed is trusted to write it: the handler
 * starts the mukshell that lies beside this program (only calls that a handler may
 * make: _Fork, execve, prctl, waitpid), which looks from outside, and waits for it at
 * most two seconds; without one there is no dump. All words for it are made beforehand. Each DC has one file, of
 * its newest death.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

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
static char shell[1024], file[1024], dir_word[1024], dc_word[16];
static struct last_words {
	char command[1200]; /* of mukshell */
	char told[1200];
} last_words[FATALS];
static char *arguments[] = { "mukshell", "attach", dc_word, "--read-only", "-q",
			     "-c",       NULL,     NULL,    NULL,          NULL };
#define ARGUMENT_COMMAND 6
#define ARGUMENT_DIR     7
static struct sigaction before[FATALS];
static pid_t owner;
static int is_dying;

static void pause_ms(long ms)
{
	struct timespec t = { .tv_nsec = ms * 1000000 };

	nanosleep(&t, NULL);
}

static void become_shell(const struct last_words *words)
{
	int nowhere = open("/dev/null", O_RDWR);

	if (nowhere >= 0)
		dup2(nowhere, STDOUT_FILENO);
	arguments[ARGUMENT_COMMAND] = (char *)words->command;
	execve(shell, arguments, environ);
	_exit(127);
}

static void dump_from_outside(const struct last_words *words)
{
	int status = -1;
	pid_t pid = _Fork();

	if (pid == 0)
		become_shell(words);
	if (pid < 0)
		return;
	/* Where ptrace is for parents only: it is to read our memory. */
	prctl(PR_SET_PTRACER, pid, 0, 0, 0);
	for (int ms = 0; ms < WAIT_MS && waitpid(pid, &status, WNOHANG) == 0; ms += 5)
		pause_ms(5);
	if (status == 0 && write(STDERR_FILENO, words->told, strlen(words->told)) < 0)
		return; /* nobody listens */
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

	/* A child of ours has its own reasons; a second death must not wait for the first. */
	if (getpid() == owner && !__atomic_exchange_n(&is_dying, 1, __ATOMIC_ACQ_REL))
		dump_from_outside(&last_words[place_of(signo)]);
	if (old->sa_flags & SA_SIGINFO) {
		old->sa_sigaction(signo, info, context);
		return;
	}
	sigaction(signo, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
	/* What failed fails again when we return; what was sent is sent once more. */
	if (info->si_code <= 0)
		raise(signo);
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

/* mukshell lies beside this program; 0: it does not. */
static int find_shell(void)
{
	char self[1000];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (length <= 0)
		return 0;
	self[length] = '\0';
	slash = strrchr(self, '/');
	snprintf(shell, sizeof(shell), "%.*s/mukshell", (int)(slash - self), self);
	return access(shell, X_OK) == 0;
}

static void make_words(int dcid, const char *dir, const char *name)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (state && *state)
		snprintf(file, sizeof(file), "%s/muk/%s-dc%d.mukdump", state, name, dcid);
	else
		snprintf(file, sizeof(file), "%s/.local/state/muk/%s-dc%d.mukdump",
			 home && *home ? home : "/tmp", name, dcid);
	make_folders(file);
	snprintf(dc_word, sizeof(dc_word), "%d", dcid);
	if (dir) {
		snprintf(dir_word, sizeof(dir_word), "%s", dir);
		arguments[ARGUMENT_DIR] = "--dir";
		arguments[ARGUMENT_DIR + 1] = dir_word;
	}
	for (int i = 0; i < FATALS; i++) {
		snprintf(last_words[i].command, sizeof(last_words[i].command),
			 "dump --note \"%s\" \"%s\"", fatals[i].words, file);
		snprintf(last_words[i].told, sizeof(last_words[i].told),
			 "muk: %s; `mukshell load %s` shows how it was\n", fatals[i].words, file);
	}
}

void post_mortem_begin(int dcid, const char *dir, const char *name)
{
	struct sigaction action = { .sa_sigaction = die,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };

	if (!find_shell())
		return;
	make_words(dcid, dir, name);
	owner = getpid();
	sigemptyset(&action.sa_mask);
	for (int i = 0; i < FATALS; i++)
		sigaction(fatals[i].signo, &action, &before[i]);
}
