/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watchdog.c - tells of a task that does not give up the processor.
 *
 * A timer on the thread's processor time: it runs only while the thread does, so
 * a MUK that sleeps is never woken. Each tick sees whether tasks were switched
 * since the last one; a task is told of once for each time that it runs too long.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "scheduler.h"

#define TICKS_PATIENCE 4 /* ticks in TASK_BUSY_MS */

struct watchdog {
	timer_t timer;
	uint64_t switches; /* at the last tick */
	int ticks;         /* without a switch */
	struct sigaction previous;
};

/* Read by the handler, which runs on the thread of the coroutines. */
static struct scheduler *watched;

static int signal_of_watchdog(void)
{
	return SIGRTMIN + 6;
}

/* Only what a signal handler may call. */
static void tell(const struct server_task_row *row)
{
	static const char before[] = "muk: task \"";
	static const char after[] = "\" keeps the processor for more than 100 ms\n";
	char line[sizeof(before) + sizeof(row->name) + sizeof(after)];
	size_t used = sizeof(before) - 1;

	memcpy(line, before, used);
	for (size_t i = 0; i < sizeof(row->name) && row->name[i]; i++)
		line[used++] = row->name[i];
	memcpy(line + used, after, sizeof(after) - 1);
	if (write(STDERR_FILENO, line, used + sizeof(after) - 1) < 0)
		return;
}

static void on_tick(int signo)
{
	struct scheduler *s = watched;
	struct server_task_row *row;

	(void)signo;
	if (!s || !task_here)
		return;
	row = task_here->row;
	if (s->switches != s->watchdog->switches || row_state(row) != SERVER_TASK_RUNNING) {
		s->watchdog->switches = s->switches;
		s->watchdog->ticks = 0;
		return;
	}
	if (++s->watchdog->ticks != TICKS_PATIENCE)
		return;
	row->busy++;
	tell(row);
}

static int make_timer(struct watchdog *watchdog)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID,
				  .sigev_signo = signal_of_watchdog() };
	long tick_ns = TASK_BUSY_MS * 1000000L / TICKS_PATIENCE;
	struct itimerspec period = { { 0, tick_ns }, { 0, tick_ns } };

	event._sigev_un._tid = gettid();
	if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &watchdog->timer) < 0)
		return EDVSRSCBUSY;
	if (timer_settime(watchdog->timer, 0, &period, NULL) < 0) {
		timer_delete(watchdog->timer);
		return EDVSBADVALUE;
	}
	return 0;
}

int watchdog_start(struct scheduler *s)
{
	struct sigaction action = { .sa_handler = on_tick, .sa_flags = SA_RESTART | SA_ONSTACK };
	struct watchdog *watchdog = calloc(1, sizeof(*watchdog));
	int result;

	if (!watchdog)
		return EDVSALLOCMEM;
	s->watchdog = watchdog;
	watched = s;
	sigemptyset(&action.sa_mask);
	sigaction(signal_of_watchdog(), &action, &watchdog->previous);
	result = make_timer(watchdog);
	if (result < 0)
		watchdog_stop(s);
	return result;
}

void watchdog_stop(struct scheduler *s)
{
	timer_delete(s->watchdog->timer);
	watched = NULL;
	sigaction(signal_of_watchdog(), &s->watchdog->previous, NULL);
	free(s->watchdog);
	s->watchdog = NULL;
}
