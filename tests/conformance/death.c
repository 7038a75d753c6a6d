/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * death.c - an actor ends, and its slot is free within 100 ms (M3-IPC section 8).
 *
 * The time is the tester's own: of a moment in which it did not get the processor,
 * only so much counts as it would have waited.
 */
#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "death.h"
#include "forms.h"
#include "look.h"

#define DEATH_NS    100000000
#define MOMENT_NS   5000000 /* a look and a pause are not longer */
#define PATIENCE_NS 5000000000LL

/* Waits until its thread is gone: 1. */
static int await_end(const struct mailbox *box)
{
	int64_t deadline = monotonic_ns() + patience(PATIENCE_NS);

	while (syscall(SYS_tgkill, box->pid, box->tid, 0) == 0) {
		if (monotonic_ns() > deadline)
			return 0;
		pause_briefly();
	}
	return errno == ESRCH;
}

static int end(const struct step *s)
{
	struct mailbox *box = &stage->boxes[s->actor];

	if (stage->form == PROCESSES && s->verb == DIES) {
		forms_kill(s->actor);
		return 1;
	}
	box->signal_step = *s;
	if (syscall(SYS_tgkill, box->pid, box->tid, SIGUSR1) != 0)
		return 0;
	if (s->verb == EXITS)
		return forms_reap(s->actor);
	return s->verb == EXECS || await_end(box);
}

const char *death_run(const struct step *s)
{
	struct mailbox *box = &stage->boxes[s->actor];
	int nr = dvk_endpoint_nr(box->endpoint);
	int64_t elapsed = 0, before;

	if (!end(s))
		return tell("does not end");
	before = monotonic_ns();
	while (!(look_rts(nr) & DVK_RTS_SLOT_FREE)) {
		int64_t now = monotonic_ns();

		elapsed += now - before < MOMENT_NS ? now - before : MOMENT_NS;
		before = now;
		if (elapsed > patience(DEATH_NS))
			return tell("is dead for 100 ms and still bound");
		pause_briefly();
	}
	box->signal_step.verb = END;
	return NULL;
}
