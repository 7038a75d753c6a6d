/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fault.c - SIGSEGV and SIGBUS: the copies' are caught, the others are not ours.
 */
#include <signal.h>

#include "caught.h"

static struct sigaction segv_before, bus_before;

/*
 * The fault that was passed on last, and from how deep in the stack: a handler
 * that chains back to us comes with the same one from deeper. One that jumped out
 * leaves this behind, but then the next fault does not come from deeper.
 */
static __thread struct {
	void *context;
	uintptr_t frame;
} passed;

static void pass_on(int signal, siginfo_t *info, void *context)
{
	const struct sigaction *before = signal == SIGSEGV ? &segv_before : &bus_before;

	uintptr_t frame = (uintptr_t)__builtin_frame_address(0);

	if (passed.context == context && frame < passed.frame) {
		sigaction(signal, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
		return;
	}
	passed.context = context;
	passed.frame = frame;
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

static void install(int signal, struct sigaction *ret_before)
{
	struct sigaction action = { .sa_sigaction = on_fault,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
	struct sigaction before;

	sigemptyset(&action.sa_mask);
	if (sigaction(signal, NULL, &before) != 0 || before.sa_sigaction == on_fault)
		return;
	*ret_before = before;
	sigaction(signal, &action, NULL);
}

void fault_init(void)
{
	install(SIGSEGV, &segv_before);
	install(SIGBUS, &bus_before);
}
