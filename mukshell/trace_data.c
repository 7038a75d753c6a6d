/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_data.c - the bytes that requests refer to, from the memory of their clients.
 */
#include "trace_command.h"

static int read_client(void *context, int endpoint, uint64_t address, void *ret_data, size_t bytes)
{
	struct trace *trace = context;
	const struct dvk_procinfo *p = inspect_find(trace->look.in, endpoint);

	return p ? shell_read(trace->shell, p->pid, address, ret_data, bytes) : EDVSSRCH;
}

void trace_read_data(struct trace *trace, size_t max)
{
	inspect_tracer_reader(trace->tracer, read_client, max);
}
