/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * signals.c - the signals that end a MUK, by a handler that needs no task to run.
 *
 * A task that does not give up the processor must not keep a second Ctrl-C from
 * ending the process, so this does not go through the runtime. The counter and the
 * descriptor are the process's, as signals are.
 */
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <dvk/errors.h>

#include "signals.h"

static volatile sig_atomic_t ending;
static int ending_fd = -1;

static void end(int signo)
{
	static const char forced[] = "muk: ended at once; what was not written is lost\n";
	uint64_t one = 1;

	if (ending++) {
		(void)!write(STDERR_FILENO, forced, sizeof(forced) - 1);
		_exit(128 + signo);
	}
	(void)!write(ending_fd, &one, sizeof(one));
}

int signals_begin(void)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP };
	struct sigaction action = { .sa_handler = end, .sa_flags = SA_RESTART }, old;

	ending_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (ending_fd < 0)
		return EDVSNFILE;
	for (unsigned int i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		/* nohup and background jobs without job control ignore theirs: so do we. */
		if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler == SIG_IGN &&
		    signals[i] != SIGTERM)
			continue;
		sigaction(signals[i], &action, NULL);
	}
	signal(SIGPIPE, SIG_IGN);
	return ending_fd;
}
