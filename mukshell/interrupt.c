/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * interrupt.c - the one signal handler of the shell.
 *
 * SIGPIPE is caught and not ignored: what is ignored would stay so in the pager
 * and in the programs behind a pipe.
 */
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

#include "interrupt.h"
#include "shell.h"

static volatile sig_atomic_t pending;

static void on_interrupt(int signo)
{
	(void)signo;
	pending = 1;
}

static void on_closed_pipe(int signo)
{
	(void)signo;
}

void interrupt_install(void)
{
	struct sigaction action = { .sa_handler = on_interrupt };

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	action.sa_handler = on_closed_pipe;
	action.sa_flags = SA_RESTART;
	sigaction(SIGPIPE, &action, NULL);
}

void interrupt_clear(void)
{
	pending = 0;
}

int interrupt_pending(void)
{
	return pending;
}

int shell_interrupted(const struct shell *shell)
{
	return pending || ferror(shell->out);
}

int64_t shell_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int shell_sleep(struct shell *shell, long ms)
{
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += ms / 1000;
	end.tv_nsec += ms % 1000 * 1000000;
	if (end.tv_nsec >= 1000000000) {
		end.tv_nsec -= 1000000000;
		end.tv_sec++;
	}
	while (!shell_interrupted(shell) &&
	       clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) == EINTR)
		continue;
	return shell_interrupted(shell);
}
