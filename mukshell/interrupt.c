/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * interrupt.c - Ctrl-C, and the alarm that ends a script whose time is over.
 *
 * SIGPIPE is caught and not ignored: what is ignored would stay so in the pager
 * and in the programs behind a pipe.
 */
#include <signal.h>
#include <stddef.h>
#include <sys/time.h>
#include <time.h>

#include "delays.h"
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
	sigaction(SIGALRM, &action, NULL);
	action.sa_handler = on_closed_pipe;
	action.sa_flags = SA_RESTART;
	sigaction(SIGPIPE, &action, NULL);
}

void interrupt_clear(void)
{
	pending = 0;
}

void interrupt_after(long ms)
{
	struct itimerval timer = { .it_value = { 0, 0 } };

	if (ms > 0)
		timer.it_value = (struct timeval){ ms / 1000, ms % 1000 * 1000 };
	setitimer(ITIMER_REAL, &timer, NULL);
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
	int64_t now = shell_now_ns(), end = now + ms * 1000000LL;

	while (!shell_interrupted(shell) && now < end) {
		int64_t until = delays_next(end);
		struct timespec at = { until / 1000000000, until % 1000000000 };

		if (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == 0)
			delays_run(0);
		now = shell_now_ns();
	}
	return shell_interrupted(shell);
}
