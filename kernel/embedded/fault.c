/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fault.c - SIGSEGV and SIGBUS: the copies' are caught, the others are not ours.
 */
#include <signal.h>

#include "caught.h"

static struct sigaction segv_before, bus_before;

static void pass_on(int signal, siginfo_t *info, void *context)
{
	const struct sigaction *before = signal == SIGSEGV ? &segv_before : &bus_before;

	if (before->sa_flags & SA_SIGINFO) {
		before->sa_sigaction(signal, info, context);
	} else if (before->sa_handler != SIG_DFL && before->sa_handler != SIG_IGN) {
		before->sa_handler(signal);
	} else {
		/* The instruction runs again, and the default takes its course. */
		sigaction(signal, before, NULL);
		if (info->si_code <= 0)
			raise(signal);
	}
}

static void on_fault(int signal, siginfo_t *info, void *context)
{
	if (info->si_code <= 0 || !caught_redirect(context))
		pass_on(signal, info, context);
}

void fault_init(void)
{
	struct sigaction action = { .sa_sigaction = on_fault,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };

	sigemptyset(&action.sa_mask);
	sigaction(SIGSEGV, &action, &segv_before);
	sigaction(SIGBUS, &action, &bus_before);
}
