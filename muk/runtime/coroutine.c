/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * coroutine.c - all tasks on one thread; who waits switches straight to the next.
 *
 * There is no scheduler's stack: the task that waits looks for its successor
 * itself. A message's receiver goes before the queue (handover), for as long as
 * the quantum lasts; then the queue has its turn and everything else is looked
 * after. Measured on a 2.6 GHz Xeon, there and back between two stacks: this
 * switch 3.4 ns, boost's fcontext 7 to 110 (it reloads the floating-point control
 * words), ucontext 340.
 */
#include <stdlib.h>
#include <string.h>

#include "scheduler.h"
#include "switch.h"

#define QUANTUM 64 /* switches */

static __thread struct scheduler *scheduler_here;

/* ---- the queue ------------------------------------------------------------ */

void queue_push(struct queue *queue, struct task *task)
{
	task->next = NULL;
	if (queue->head)
		queue->tail->next = task;
	else
		queue->head = task;
	queue->tail = task;
}

static struct task *queue_pop(struct queue *queue)
{
	struct task *task = queue->head;

	if (task)
		queue->head = task->next;
	return task;
}

void task_ready(struct scheduler *s, struct task *task)
{
	if (row_state(task->row) == SERVER_TASK_READY ||
	    row_state(task->row) == SERVER_TASK_RUNNING)
		return;
	row_set_state(task->row, SERVER_TASK_READY);
	queue_push(&s->ready, task);
}

/* Without a handover, or when the quantum is over. */
static struct task *choose(struct scheduler *s)
{
	struct task *next;

	if (s->handover)
		queue_push(&s->ready, s->handover);
	s->handover = NULL;
	if (s->quantum <= 0) {
		s->quantum = QUANTUM;
		idle_poll(s);
	}
	while (!(next = queue_pop(&s->ready)))
		idle_sleep(s);
	return next;
}

static inline struct task *next_task(struct scheduler *s)
{
	struct task *next = s->handover;

	if (--s->quantum <= 0 || !next)
		return choose(s);
	s->handover = NULL;
	return next;
}

/* ---- switching ------------------------------------------------------------ */

/* Frees the stack of a task that ended, once nobody runs on it. */
static void bury(struct scheduler *s)
{
	struct task *dead = s->dead;

	s->dead = NULL;
	task_free(dead);
}

/* What a task does first when it runs again. */
static inline void arrive(struct scheduler *s, struct task *self)
{
	annotate_enter(&self->annotation);
	if (s->dead)
		bury(s);
}

static inline void leave(struct scheduler *s, struct task *self, struct task *next)
{
	task_here = next;
	annotate_leave(&self->annotation, &next->annotation, s->dead == self);
	switch_to(&self->row->sp, next->row->sp);
	/* Here again, perhaps much later; whoever came here set task_here. */
	arrive(s, self);
}

/* Gives the processor up; returns when self, which is not RUNNING any more, is run again. */
static void schedule(struct scheduler *s, struct task *self)
{
	struct task *next = next_task(s);

	if (next->heap_index >= 0)
		timers_remove(&s->timers, next);
	row_set_state(next->row, SERVER_TASK_RUNNING);
	next->row->runs++;
	s->switches++;
	if (next != self)
		leave(s, self, next);
	if (self->note_set)
		note_clear(self);
	dvk_set_current(self->nr);
}

/* ---- libdvk's parker ------------------------------------------------------ */

static void park_block(int nr, int64_t deadline_ns)
{
	struct scheduler *s = scheduler_here;
	struct task *self = s->by_nr[nr + NR_TASKS];

	row_set_state(self->row, SERVER_TASK_CALLING);
	if (deadline_ns != NEVER) {
		self->deadline_ns = deadline_ns;
		timers_add(&s->timers, self);
	}
	schedule(s, self);
}

static void park_ready(int nr, int handover)
{
	struct scheduler *s = scheduler_here;
	struct task *task = s->by_nr[nr + NR_TASKS];

	if (!task || row_state(task->row) != SERVER_TASK_CALLING)
		return;
	row_set_state(task->row, SERVER_TASK_READY);
	if (!handover) {
		queue_push(&s->ready, task);
		return;
	}
	if (s->handover)
		queue_push(&s->ready, s->handover);
	s->handover = task;
}

static const struct dvk_parker parker = { .block = park_block, .ready = park_ready };

/* ---- the life of a task --------------------------------------------------- */

static void release_slot(struct scheduler *s, struct task *task, int code)
{
	if (task->nr == NONE)
		return;
	dvk_set_current(task->nr);
	dvk_unbind(SELF, code);
	dvk_set_current(NONE);
	s->by_nr[task->nr + NR_TASKS] = NULL;
	task->nr = NONE;
}

static _Noreturn void coroutine_exit(struct task *self)
{
	struct scheduler *s = scheduler_here;

	release_slot(s, self, self->exit_code);
	row_set_state(self->row, SERVER_TASK_WAITING);
	s->dead = self;
	if (s->runtime->live > !self->daemon)
		schedule(s, self);
	annotate_leave(&self->annotation, &s->own, 1);
	switch_to(&self->row->sp, s->own_sp);
	abort();
}

static void task_main(void *argument)
{
	struct task *self = argument;

	arrive(scheduler_here, self);
	dvk_set_current(self->nr);
	self->function(self->argument);
	coroutine_exit(self);
}

/* Binds its slot and makes its context. */
static int prepare(struct scheduler *s, struct task *task)
{
	int result;

	if (task->wanted_nr != TASK_NO_SLOT) {
		result = task_bound(task, dvk_tbind(task->wanted_nr, task->full_name));
		if (result < 0)
			return result;
		s->by_nr[task->nr + NR_TASKS] = task;
	}
	task->row->sp = switch_make(task->stack.base, task->stack.bytes, task_main, task);
	if (!task->row->sp) {
		release_slot(s, task, 0);
		return EDVSALLOCMEM;
	}
	task->row->form = switch_form;
	annotate_create(&task->annotation, task->stack.base, task->stack.bytes);
	return 0;
}

static int coroutine_start(struct task *task, int *ret_endpoint)
{
	struct scheduler *s = scheduler_here;
	int result = prepare(s, task);

	if (result < 0) {
		task_free(task);
		return result;
	}
	*ret_endpoint = task->endpoint;
	/* It is READY by row_take(), but not yet in the queue. */
	queue_push(&s->ready, task);
	return 0;
}

/* ---- waiting -------------------------------------------------------------- */

static void coroutine_yield(struct task *self)
{
	struct scheduler *s = scheduler_here;

	row_set_state(self->row, SERVER_TASK_READY);
	queue_push(&s->ready, self);
	schedule(s, self);
}

static int wait_result(const struct task *self)
{
	if (self->events)
		return self->events;
	if (self->runtime->stopping)
		return EDVSINTR;
	return self->woken ? EDVSWOKENUP : EDVSTIMEDOUT;
}

static int coroutine_wait(struct task *self, int fd, int events, int64_t deadline_ns)
{
	struct scheduler *s = scheduler_here;
	int result;

	self->woken = self->wake_kept;
	self->wake_kept = self->events = 0;
	if (self->woken || self->runtime->stopping)
		return wait_result(self);
	self->fd = fd;
	if (fd >= 0) {
		result = fds_add(s, self, events);
		if (result != 0)
			return result;
	}
	row_set_state(self->row, SERVER_TASK_WAITING);
	self->deadline_ns = deadline_ns;
	if (deadline_ns != NEVER)
		timers_add(&s->timers, self);
	if (deadline_ns == 0)
		idle_poll(s);
	note_want(s, self);
	schedule(s, self);
	note_drop(s, self);
	if (fd >= 0)
		fds_remove(s, self);
	return wait_result(self);
}

static void coroutine_wake(struct task *task)
{
	if (row_state(task->row) != SERVER_TASK_WAITING) {
		task->wake_kept = 1;
		return;
	}
	task->woken = 1;
	task_ready(scheduler_here, task);
}

static void coroutine_stop(struct runtime *runtime)
{
	struct task *task;

	for (task = runtime->tasks; task; task = task->list_next)
		if (row_state(task->row) == SERVER_TASK_WAITING)
			task_ready(scheduler_here, task);
}

/* ---- the runtime ---------------------------------------------------------- */

/* Everything that runs tasks is ready; runs them all. */
static int run_tasks(struct scheduler *s, struct task *first)
{
	int result;

	dvk_set_parker(&parker);
	result = prepare(s, first);
	if (result < 0) {
		task_free(first);
		goto out;
	}
	annotate_thread(&s->own);
	row_set_state(first->row, SERVER_TASK_RUNNING);
	task_here = first;
	dvk_set_current(first->nr);
	annotate_leave(&s->own, &first->annotation, 0);
	switch_to(&s->own_sp, first->row->sp);
	annotate_enter(&s->own);
	task_here = NULL;
	bury(s);
	/* What is left are daemons: they wait, and wait no more. */
	while (s->runtime->tasks) {
		release_slot(s, s->runtime->tasks, 0);
		task_free(s->runtime->tasks);
	}
out:
	dvk_set_parker(NULL);
	return result;
}

static int coroutine_run(struct runtime *runtime, struct task *first)
{
	struct scheduler *s = calloc(1, sizeof(*s));
	int result = EDVSALLOCMEM;

	if (!s)
		goto free_first;
	scheduler_here = s;
	s->runtime = runtime;
	s->quantum = QUANTUM;
	result = fds_init(s);
	if (result < 0)
		goto free_scheduler;
	result = watchdog_start(s);
	if (result < 0)
		goto deinit_fds;
	result = run_tasks(s, first);
	watchdog_stop(s);
	fds_deinit(s);
	goto out;

deinit_fds:
	fds_deinit(s);
free_scheduler:
	task_free(first);
out:
	scheduler_here = NULL;
	free(s);
	return result;
free_first:
	task_free(first);
	return result;
}

const struct runtime_ops coroutine_ops = {
	.name = "coroutines",
	.run = coroutine_run,
	.start = coroutine_start,
	.exit = coroutine_exit,
	.yield = coroutine_yield,
	.wait = coroutine_wait,
	.wake = coroutine_wake,
	.stop = coroutine_stop,
};
