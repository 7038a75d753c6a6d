/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * linux.c - pipes between processes and between threads, and bare switches.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../bench/bench.h"
#include "linux.h"

#define TRIP_BYTES 64

struct line {
	int to[2], from[2];
};
static struct line process_line, thread_line;

static void must(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(1);
}

static void *answer(void *argument)
{
	struct line *line = argument;
	char data[TRIP_BYTES];

	while (read(line->to[0], data, sizeof(data)) == sizeof(data))
		must(write(line->from[1], data, sizeof(data)) == sizeof(data), "write");
	return NULL;
}

static void ask(const struct line *line)
{
	char data[TRIP_BYTES] = "a";

	must(write(line->to[1], data, sizeof(data)) == sizeof(data), "write");
	must(read(line->from[0], data, sizeof(data)) == sizeof(data), "read");
}

void linux_begin(void)
{
	pthread_t thread;

	must(pipe(process_line.to) == 0 && pipe(process_line.from) == 0, "pipe");
	if (fork() == 0) {
		close(process_line.to[1]);
		answer(&process_line);
		_exit(0);
	}
	must(pipe(thread_line.to) == 0 && pipe(thread_line.from) == 0, "pipe");
	must(pthread_create(&thread, NULL, answer, &thread_line) == 0, "pthread_create");
	pthread_detach(thread);
}

void linux_forget(void)
{
	close(process_line.to[1]);
}

void linux_ask_process(void)
{
	ask(&process_line);
}

void linux_ask_thread(void)
{
	ask(&thread_line);
}

/* Among those of equal real-time priority who gives way goes behind the other. */
static void be_real_time(int policy)
{
	struct sched_param param = { .sched_priority = policy == SCHED_FIFO };

	must(sched_setscheduler(0, policy, &param) == 0, "sched_setscheduler");
}

double linux_switches_ns(int batches, int trips)
{
	double best = 0;
	pid_t other;

	be_real_time(SCHED_FIFO);
	other = fork();
	if (other == 0)
		for (;;)
			sched_yield();
	for (int i = 0; i < batches; i++) {
		int64_t began = bench_now_ns();

		for (int j = 0; j < trips; j++)
			sched_yield();
		bench_batch(began, trips, &best);
	}
	kill(other, SIGKILL);
	be_real_time(SCHED_OTHER);
	waitpid(other, NULL, 0);
	return best;
}
