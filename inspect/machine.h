/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * machine.h - the machine that the patient is or was on.
 */
#ifndef INSPECT_MACHINE_H
#define INSPECT_MACHINE_H

#include "inspect.h"

struct inspect_host {
	int64_t wall_offset_ns; /* CLOCK_REALTIME less CLOCK_MONOTONIC */
	/* What was known of a thread; as inspect_thread_read(). */
	void (*thread)(void *context, pid_t pid, pid_t tid, struct inspect_thread *ret_thread);
	void *context;
};

/* From now on that machine, which must stay; NULL: this one, now. */
void inspect_host_use(const struct inspect_host *host);
/* The one in use; NULL: this one. */
const struct inspect_host *inspect_host(void);

/* CLOCK_MONOTONIC there as CLOCK_REALTIME; 0 when it cannot be. */
int64_t inspect_wall_ns(int64_t monotonic_ns);

#endif
