/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * signals.c - a signal becomes a task.
 *
 * The handler, on whatever thread it runs, sets a bit and writes an eventfd. A
 * daemon task waits for that and starts a task, with a slot of its own, for each
 * bit.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "runtime.h"

#define SIGNALS 65

struct signal_action {
	void (*function)(int signo, void *argument);
	void *argument;
	int signo;
	struct sigaction previous;
};

struct signals {
	int event_fd;
	uint64_t pending; /* bit: signo - 1; by the handler and the task */
	struct signal_action actions[SIGNALS];
};

/* Read by the handler; there is one runtime in a process. */
static struct signals *signals_here;

static void on_signal(int signo)
{
	struct signals *signals = __atomic_load_n(&signals_here, __ATOMIC_ACQUIRE);
	uint64_t one = 1;
	int saved = errno;

	if (!signals)
		return;
	__atomic_fetch_or(&signals->pending, 1ull << (signo - 1), __ATOMIC_ACQ_REL);
	/* It can only fail when the counter is full, and then the task is awake anyway. */
	if (write(signals->event_fd, &one, sizeof(one)) < 0)
		errno = saved;
	errno = saved;
}

static void run_action(void *argument)
{
	struct signal_action *action = argument;

	action->function(action->signo, action->argument);
}

static void start_actions(struct signals *signals, uint64_t pending)
{
	for (int signo = 1; signo < SIGNALS; signo++) {
		char name[DVK_NAME_BYTES];
		struct task_options options = { .name = name, .nr = NONE };

		if (!(pending >> (signo - 1) & 1))
			continue;
		snprintf(name, sizeof(name), "signal %hhu", (unsigned char)signo);
		/* When there is no room for a task now, there may be later. */
		if (!dvk_is_endpoint(task_create(&options, run_action, &signals->actions[signo])))
			__atomic_fetch_or(&signals->pending, 1ull << (signo - 1), __ATOMIC_ACQ_REL);
	}
}

static void watch(void *argument)
{
	struct signals *signals = argument;
	uint64_t count;

	while (!runtime_stopping()) {
		int late = __atomic_load_n(&signals->pending, __ATOMIC_ACQUIRE) != 0;

		if (task_wait_fd(signals->event_fd, POLLIN, late ? 100 : -1) == EDVSINTR)
			return;
		if (read(signals->event_fd, &count, sizeof(count)) < 0 && errno != EAGAIN)
			return;
		start_actions(signals, __atomic_exchange_n(&signals->pending, 0, __ATOMIC_ACQ_REL));
	}
}

static int begin(struct runtime *runtime)
{
	struct task_options options = { .name = "signals", .nr = TASK_NO_SLOT };
	struct signals *signals = calloc(1, sizeof(*signals));
	int result = EDVSNOMEM;

	if (!signals)
		return result;
	signals->event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (signals->event_fd < 0)
		goto free_signals;
	result = task_start(&options, watch, signals, 1);
	if (!dvk_is_endpoint(result))
		goto close_fd;
	runtime->signals = signals;
	__atomic_store_n(&signals_here, signals, __ATOMIC_RELEASE);
	return 0;

close_fd:
	close(signals->event_fd);
free_signals:
	free(signals);
	return result;
}

int runtime_signal(int signo, void (*function)(int signo, void *argument), void *argument)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART | SA_ONSTACK };
	struct runtime *runtime = task_here->runtime;
	struct signal_action *entry;
	int result;

	if (signo < 1 || signo >= SIGNALS || signo == SIGKILL || signo == SIGSTOP || !function)
		return EDVSINVAL;
	if (!runtime->signals) {
		result = begin(runtime);
		if (result < 0)
			return result;
	}
	entry = &runtime->signals->actions[signo];
	entry->function = function;
	entry->argument = argument;
	if (entry->signo)
		return 0;
	sigemptyset(&action.sa_mask);
	if (sigaction(signo, &action, &entry->previous) < 0)
		return EDVSINVAL;
	entry->signo = signo;
	return 0;
}

void signals_end(struct runtime *runtime)
{
	struct signals *signals = runtime->signals;

	if (!signals)
		return;
	for (int signo = 1; signo < SIGNALS; signo++)
		if (signals->actions[signo].signo)
			sigaction(signo, &signals->actions[signo].previous, NULL);
	__atomic_store_n(&signals_here, NULL, __ATOMIC_RELEASE);
	close(signals->event_fd);
	free(signals);
	runtime->signals = NULL;
}
