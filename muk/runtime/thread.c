/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * thread.c - each task is a thread with a slot of its own; libdvk puts it to
 * sleep. What a task waits for besides messages it waits for in poll, together
 * with an eventfd by which others wake it.
 */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "runtime.h"

/* How a new thread tells its creator what became of the binding. */
struct start {
	struct task *task;
	int result;
	int told; /* (lock) */
};

static void release(struct task *self)
{
	if (self->nr != NONE)
		dvk_unbind(SELF, self->exit_code);
	self->nr = NONE;
}

static int bind_slot(struct task *self)
{
	if (self->wanted_nr == TASK_NO_SLOT)
		return 0;
	return task_bound(self, dvk_bind(self->wanted_nr, self->full_name));
}

static void tell(struct start *start, int result)
{
	struct runtime *runtime = start->task->runtime;

	pthread_mutex_lock(&runtime->lock);
	start->result = result;
	start->told = 1;
	pthread_cond_broadcast(&runtime->changed);
	pthread_mutex_unlock(&runtime->lock);
}

/* Frees everything but the stack, on which the thread still runs: another does that. */
static void *thread_main(void *argument)
{
	struct start *start = argument;
	struct task *self = start->task;
	stack_t previous;
	int result;

	task_here = self;
	guard_thread((char *)self->stack.base + self->stack.bytes - SIGNAL_STACK_BYTES, &previous);
	pthread_setname_np(pthread_self(), self->name);
	result = bind_slot(self);
	row_set_state(self->row, SERVER_TASK_RUNNING);
	tell(start, result);
	if (result == 0) {
		if (setjmp(self->ended) == 0)
			self->function(self->argument);
		release(self);
	}
	sigaltstack(&previous, NULL);
	pthread_mutex_lock(&self->runtime->lock);
	row_set_state(self->row, SERVER_TASK_WAITING);
	self->runtime->live -= !self->daemon;
	self->daemon = 1;
	self->next = self->runtime->ended;
	self->runtime->ended = self;
	pthread_cond_broadcast(&self->runtime->changed);
	pthread_mutex_unlock(&self->runtime->lock);
	return NULL;
}

static _Noreturn void thread_exit(struct task *self)
{
	longjmp(self->ended, 1);
}

/* Joins and frees the threads that have ended. */
static void reap(struct runtime *runtime)
{
	struct task *task;

	pthread_mutex_lock(&runtime->lock);
	while ((task = runtime->ended)) {
		runtime->ended = task->next;
		pthread_mutex_unlock(&runtime->lock);
		pthread_join(task->thread, NULL);
		close(task->wake_fd);
		task_free(task);
		pthread_mutex_lock(&runtime->lock);
	}
	pthread_mutex_unlock(&runtime->lock);
}

static int create(struct start *start)
{
	struct task *task = start->task;
	pthread_attr_t attributes;
	int rc;

	if (pthread_attr_init(&attributes) != 0)
		return EDVSALLOCMEM;
	/* The top of the stack is for signals. */
	rc = pthread_attr_setstack(&attributes, task->stack.base,
				   task->stack.bytes - SIGNAL_STACK_BYTES);
	if (rc == 0)
		rc = pthread_create(&task->thread, &attributes, thread_main, start);
	pthread_attr_destroy(&attributes);
	return rc == 0 ? 0 : EDVSALLOCMEM;
}

static int thread_start(struct task *task, int *ret_endpoint)
{
	struct runtime *runtime = task->runtime;
	struct start start = { .task = task };
	int result;

	reap(runtime);
	task->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (task->wake_fd < 0) {
		task_free(task);
		return EDVSRSCBUSY;
	}
	result = create(&start);
	if (result < 0) {
		close(task->wake_fd);
		task_free(task);
		return result;
	}
	pthread_mutex_lock(&runtime->lock);
	while (!start.told)
		pthread_cond_wait(&runtime->changed, &runtime->lock);
	/* The task may have ended, but is reaped only by a later start or the end. */
	if (start.result == 0)
		*ret_endpoint = task->endpoint;
	pthread_mutex_unlock(&runtime->lock);
	return start.result;
}

static void thread_yield(struct task *self)
{
	(void)self;
	sched_yield();
}

/* ---- waiting -------------------------------------------------------------- */

static int take_wake(struct task *self)
{
	uint64_t count;

	return read(self->wake_fd, &count, sizeof(count)) == sizeof(count);
}

/* poll until the deadline; the number of ready ones, 0: none. */
static int poll_until(struct pollfd *fds, int count, int64_t deadline_ns)
{
	struct timespec left = { 0 };
	int64_t left_ns;
	int rc;

	do {
		left_ns = deadline_ns == NEVER || deadline_ns == 0 ? 0
								   : deadline_ns - runtime_now_ns();
		left.tv_sec = left_ns > 0 ? left_ns / 1000000000 : 0;
		left.tv_nsec = left_ns > 0 ? left_ns % 1000000000 : 0;
		rc = ppoll(fds, (nfds_t)count, deadline_ns == NEVER ? NULL : &left, NULL);
	} while (rc < 0 && errno == EINTR);
	return rc;
}

static int wait_noted(struct task *self, struct pollfd *fds, int count, int64_t deadline_ns)
{
	char note[NOTE_BYTES];
	int rc = poll_until(fds, count, 0);

	if (rc != 0 || deadline_ns == 0)
		return rc;
	note_format(self, deadline_ns, note);
	row_set_state(self->row, SERVER_TASK_WAITING);
	if (self->nr != NONE)
		dvk_set_sleep_note(note);
	rc = poll_until(fds, count, deadline_ns);
	if (self->nr != NONE)
		dvk_set_sleep_note("");
	row_set_state(self->row, SERVER_TASK_RUNNING);
	return rc;
}

static int thread_wait(struct task *self, int fd, int events, int64_t deadline_ns)
{
	struct pollfd fds[2] = { { .fd = self->wake_fd, .events = POLLIN },
				 { .fd = fd, .events = (short)events } };
	int rc;

	if (__atomic_load_n(&self->runtime->stopping, __ATOMIC_ACQUIRE))
		return EDVSINTR;
	self->fd = fd;
	rc = wait_noted(self, fds, fd >= 0 ? 2 : 1, deadline_ns);
	self->fd = -1;
	if (rc < 0)
		return EDVSNOMEM;
	if (fds[1].revents & POLLNVAL)
		return EDVSBADF;
	if (fds[1].revents)
		return fds[1].revents;
	if (__atomic_load_n(&self->runtime->stopping, __ATOMIC_ACQUIRE))
		return EDVSINTR;
	return take_wake(self) ? EDVSWOKENUP : EDVSTIMEDOUT;
}

static void thread_wake(struct task *task)
{
	uint64_t one = 1;

	/* It can only fail when the counter is full, and then the task is woken anyway. */
	if (write(task->wake_fd, &one, sizeof(one)) < 0)
		return;
}

static void thread_stop(struct runtime *runtime)
{
	pthread_mutex_lock(&runtime->lock);
	for (struct task *task = runtime->tasks; task; task = task->list_next)
		thread_wake(task);
	pthread_mutex_unlock(&runtime->lock);
}

/* ---- the runtime ---------------------------------------------------------- */

static int thread_run(struct runtime *runtime, struct task *first)
{
	int endpoint, result = thread_start(first, &endpoint);

	pthread_mutex_lock(&runtime->lock);
	while (runtime->live > 0)
		pthread_cond_wait(&runtime->changed, &runtime->lock);
	/* What is left are daemons. */
	__atomic_store_n(&runtime->stopping, 1, __ATOMIC_RELEASE);
	pthread_mutex_unlock(&runtime->lock);
	thread_stop(runtime);
	while (__atomic_load_n(&runtime->count, __ATOMIC_ACQUIRE) > 0) {
		pthread_mutex_lock(&runtime->lock);
		while (!runtime->ended)
			pthread_cond_wait(&runtime->changed, &runtime->lock);
		pthread_mutex_unlock(&runtime->lock);
		reap(runtime);
	}
	return result;
}

const struct runtime_ops thread_ops = {
	.name = "threads",
	.run = thread_run,
	.start = thread_start,
	.exit = thread_exit,
	.yield = thread_yield,
	.wait = thread_wait,
	.wake = thread_wake,
	.stop = thread_stop,
};
