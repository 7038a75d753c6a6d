/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * heir.c - a task that sleeps until a slot is free, wakes the first task, and sleeps on.
 */
#include "heir.h"

#include <dvk/dvk.h>

/* In the task that stops the runtime: the heir's wait in the DVK ends. */
static void end_wait(void *argument)
{
	const struct heir *heir = argument;

	(void)dvk_cancel(task_endpoint(heir->self));
}

static void heir_main(void *argument)
{
	struct heir *heir = argument;
	int result;

	heir->self = task_current();
	task_on_stop(end_wait, heir);
	while (!runtime_stopping() && !__atomic_load_n(&heir->served, __ATOMIC_ACQUIRE)) {
		result = dvk_wait4unbind(heir->nr);
		if (result == EDVSINTR || result == EDVSAGAIN)
			continue;
		if (result < 0)
			return; /* the DC is gone, or we may not wait there */
		__atomic_store_n(&heir->vacant, 1, __ATOMIC_RELEASE);
		task_wake(heir->first);
		if (task_wait(-1) < 0)
			return;
	}
}

int heir_create(struct heir *heir, int nr, int order)
{
	struct task_options options = { .name = "heir", .nr = NONE, .stack_bytes = 0 };
	int result;

	*heir = (struct heir){ .nr = nr, .order = order, .first = task_current() };
	result = task_create(&options, heir_main, heir);
	return dvk_is_endpoint(result) ? 0 : result;
}

int heir_is_called(const struct heir *heir)
{
	return __atomic_load_n(&heir->vacant, __ATOMIC_ACQUIRE);
}

void heir_answer(struct heir *heir, int served)
{
	__atomic_store_n(&heir->vacant, 0, __ATOMIC_RELEASE);
	__atomic_store_n(&heir->served, served, __ATOMIC_RELEASE);
	task_wake(heir->self);
}
