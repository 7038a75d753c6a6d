/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * counts.c - the kernel's own counters, by perf_event_open().
 */
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "counts.h"

#define TRACEPOINT "/sys/kernel/debug/tracing/events/raw_syscalls/sys_enter/id"

static int counter = -1;

static uint64_t id_of_calls(void)
{
	FILE *file = fopen(TRACEPOINT, "r");
	unsigned long id = 0;

	if (!file || fscanf(file, "%lu", &id) != 1) {
		perror(TRACEPOINT);
		exit(1);
	}
	fclose(file);
	return id;
}

void counts_begin(enum counts_what what)
{
	struct perf_event_attr wanted = { .size = sizeof(wanted) };

	wanted.type = what == COUNT_CALLS ? PERF_TYPE_TRACEPOINT : PERF_TYPE_SOFTWARE;
	wanted.config = what == COUNT_CALLS ? id_of_calls() : PERF_COUNT_SW_CONTEXT_SWITCHES;
	counter = (int)syscall(SYS_perf_event_open, &wanted, -1, 0, -1, 0);
	if (counter < 0) {
		perror("perf_event_open");
		exit(1);
	}
}

double counts_end(void)
{
	uint64_t count;

	if (read(counter, &count, sizeof(count)) != sizeof(count)) {
		perror("a counter");
		exit(1);
	}
	close(counter);
	return (double)count;
}
