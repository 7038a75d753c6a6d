/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * delays.c - the shell's timers: held messages that go on when their time has come.
 *
 * There is no thread: whoever waits in the shell (the prompt, a blocked call, a sleep, a
 * script that is typed elsewhere) waits until delays_next() at most, and then calls
 * delays_run(). The list is the program's own, as its parker and its prompt have no
 * shell at hand. A shell that is killed leaves nothing to be done: its rules are a lease.
 */
#include <poll.h>

#include <dvk/debug.h>

#include "delays.h"
#include "interrupt.h"

#define NS_PER_MS 1000000

struct delay {
	uint64_t id;
	int64_t at_ns;
};

static struct delay delays[DELAYS_MAX];
static int count;
static struct shell *owner;

int delays_add(struct shell *shell, uint64_t id, long ms)
{
	int i = 0;

	while (i < count && delays[i].id != id)
		i++;
	if (i == DELAYS_MAX)
		return EDVSRSCBUSY;
	delays[i] = (struct delay){ id, shell_now_ns() + (int64_t)ms * NS_PER_MS };
	count += i == count;
	owner = shell;
	return 0;
}

/* A slot that waits can do nothing else: another one, for that moment, does it. */
static int release(uint64_t id, int waiting)
{
	int current = dvk_current(), ep, result;

	if (!waiting)
		return dvk_held_release(id);
	ep = dvk_tbind(NONE, "mukshell");
	if (!dvk_is_endpoint(ep))
		return ep;
	dvk_set_current(dvk_endpoint_nr(ep));
	result = dvk_held_release(id);
	dvk_set_current(current);
	dvk_unbind(ep, 0);
	return result;
}

int delays_run(int waiting)
{
	int64_t now = count ? shell_now_ns() : 0;
	int released = 0;

	for (int i = count - 1; i >= 0; i--) {
		struct delay due = delays[i];
		int result;

		if (due.at_ns > now)
			continue;
		delays[i] = delays[--count];
		result = release(due.id, waiting);
		released++;
		/* It may have been let go or have ended meanwhile. */
		if (result && result != EDVSNOMSG)
			shell_error(owner, result, "%llu does not go on",
				    (unsigned long long)due.id);
		else if (!result)
			shell_note(owner, "%llu goes on", (unsigned long long)due.id);
	}
	return released;
}

int64_t delays_next(int64_t deadline_ns)
{
	for (int i = 0; i < count; i++)
		if (delays[i].at_ns < deadline_ns)
			deadline_ns = delays[i].at_ns;
	return deadline_ns;
}

void delays_await_input(FILE *in)
{
	struct pollfd poll_fd = { .fd = fileno(in), .events = POLLIN };

	while (count && !interrupt_pending()) {
		int64_t ns = delays_next(INT64_MAX) - shell_now_ns();

		if (ns > 0 && poll(&poll_fd, 1, (int)(ns / NS_PER_MS) + 1) > 0)
			return;
		delays_run(0);
	}
}

void delays_finish(struct shell *shell)
{
	while (count && !interrupt_pending()) {
		int64_t ns = delays_next(INT64_MAX) - shell_now_ns();

		if (ns > 0)
			shell_sleep(shell, ns / NS_PER_MS + 1);
		delays_run(0);
	}
}

void delays_forget(void)
{
	count = 0;
}
