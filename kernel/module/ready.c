/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ready.c - slots of this thread whose waits, begun without sleeping, are over.
 */
#include <linux/uaccess.h>

#include "op.h"

/* 1: it is put down in *ret_ready; 0: a debugger keeps it, and it is told again. */
static int fetch(struct container *container, int nr, struct dvk_ready *ret_ready)
{
	struct slot_sleep *sleep = container_sleep(container, nr);
	const struct proc *p = dc_proc(&container->dc, nr);
	int is_stopped = sleep->is_stopped;

	memset(ret_ready, 0, sizeof(*ret_ready));
	list_del_init(&sleep->ready);
	ret_ready->nr = nr;
	ret_ready->handover = sleep->handover;
	ret_ready->request_ep = p->request_ep;
	ret_ready->request_call = p->request_call;
	ret_ready->result = engine_result(&container->dc, nr, &ret_ready->m);
	if (ret_ready->result == DVK_BLOCKED) {
		WRITE_ONCE(sleep->state, SLEEP_WAITS);
		return 0;
	}
	if (is_stopped && !(p->rts & DVK_RTS_SLOT_FREE))
		ret_ready->result = DVK_ENTRY_STOPPED;
	sleep_forget(container, nr);
	return 1;
}

void ready_collect(struct call *call)
{
	struct container *container = call->container;
	struct slot_sleep *sleep;
	uint32_t room = call->entry->ready_max - call->entry->ready_count;

	if (!call->member)
		return;
	while (call->batch_count < READY_BATCH && call->batch_count < room &&
	       !list_empty(&call->member->ready)) {
		sleep = list_first_entry(&call->member->ready, struct slot_sleep, ready);
		if (fetch(container, (int)(sleep - container->sleeps) - NR_TASKS,
			  &call->batch[call->batch_count]))
			call->batch_count++;
	}
}

static void give_batch(struct call *call)
{
	struct dvk_entry *entry = call->entry;
	struct dvk_ready __user *to = u64_to_user_ptr(entry->ready);

	if (copy_to_user(to + entry->ready_count, call->batch,
			 call->batch_count * sizeof(call->batch[0])))
		call->error = -EFAULT;
	entry->ready_count += call->batch_count;
	call->batch_count = 0;
}

static int has_more(const struct call *call)
{
	return call->member && !list_empty_careful(&call->member->ready);
}

void ready_give(struct call *call)
{
	struct dvk_entry *entry = call->entry;

	for (;;) {
		if (call->batch_count)
			give_batch(call);
		if (!has_more(call) || entry->ready_count >= entry->ready_max || call->error)
			break;
		call_enter(call);
		call_leave(call);
	}
	entry->ready_more = (uint32_t)has_more(call);
}
