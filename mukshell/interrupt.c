/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * interrupt.c - the one signal handler of the shell.
 *
 * SIGPIPE is caught and not ignored: what is ignored would stay so in the pager
 * and in the programs behind a pipe.
 */
#include <signal.h>
#include <stddef.h>

#include "interrupt.h"

static volatile sig_atomic_t pending;
static void (*volatile also)(void);

static void on_interrupt(int signo)
{
	void (*function)(void) = also;

	(void)signo;
	pending = 1;
	if (function)
		function();
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

void interrupt_also(void (*function)(void))
{
	also = function;
}
