/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * signals.c - the signals that end a MUK, by a handler that needs no task to run.
 *
 * A task that does not give up the processor must not keep a second Ctrl-C from
 * ending the process, so this does not go through the runtime. The time and the
 * descriptor are the process's, as signals are.
 */
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <dvk/errors.h>

#include "signals.h"

#define AGAIN_MS 300 /* timeout(1) and terminals send one more at once: that is the same */

static int64_t ending_ms; /* when the first one came, 0: not yet */
static int ending_fd = -1;

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ll + t.tv_nsec / 1000000;
}

static void end(int signo)
{
	static const char forced[] = "muk: ended at once; what was not written is lost\n";
	int64_t first_ms = 0, ms = now_ms();
	uint64_t one = 1;

	if (!__atomic_compare_exchange_n(&ending_ms, &first_ms, ms, 0, __ATOMIC_RELAXED,
					 __ATOMIC_RELAXED)) {
		if (ms - first_ms < AGAIN_MS)
			return;
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
