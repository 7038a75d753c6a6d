/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.c - the API of task.h, over whichever way of running tasks was chosen.
 *
 * Arguments are checked here; the ways (coroutine.c, thread.c) get them right.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "runtime.h"

__thread struct task *task_here;

/* 1 while a runtime runs in this process. */
static int runtime_taken;

int64_t runtime_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t deadline_of(long ms)
{
	return ms < 0 ? NEVER : ms == 0 ? 0 : runtime_now_ns() + (int64_t)ms * 1000000;
}

/* ---- tasks ---------------------------------------------------------------- */

static struct server_task_row *row_take(struct runtime *runtime)
{
	struct server_task_row *row = NULL;

	pthread_mutex_lock(&runtime->lock);
	for (int i = 0; i < TASKS_MAX && !row; i++)
		if (row_state(&runtime->rows[i]) == SERVER_TASK_FREE)
			row = &runtime->rows[i];
	if (row)
		row_set_state(row, SERVER_TASK_READY);
	pthread_mutex_unlock(&runtime->lock);
	return row;
}

static void list_add(struct runtime *runtime, struct task *task)
{
	pthread_mutex_lock(&runtime->lock);
	task->list_next = runtime->tasks;
	if (task->list_next)
		task->list_next->list_prev = task;
	runtime->tasks = task;
	runtime->count++;
	runtime->live += !task->daemon;
	pthread_mutex_unlock(&runtime->lock);
}

static void list_remove(struct runtime *runtime, struct task *task)
{
	pthread_mutex_lock(&runtime->lock);
	if (task->list_prev)
		task->list_prev->list_next = task->list_next;
	else
		runtime->tasks = task->list_next;
	if (task->list_next)
		task->list_next->list_prev = task->list_prev;
	runtime->count--;
	runtime->live -= !task->daemon;
	pthread_cond_broadcast(&runtime->changed);
	pthread_mutex_unlock(&runtime->lock);
}

/*
 * "name" or "muk/name" into the task. The first task's muk is that of all which
 * do not say one.
 */
static int set_names(struct runtime *runtime, const struct task_options *options, struct task *task)
{
	const char *text = options->name ? options->name : "";
	const char *slash = strchr(text, '/');
	const char *name = slash ? slash + 1 : text;
	int muk_bytes = slash ? (int)(slash - text) : 0;

	if (!*name || strlen(name) >= sizeof(task->name) || muk_bytes >= DVK_NAME_BYTES)
		return EDVSNAMESIZE;
	if (slash && !runtime->muk[0])
		snprintf(runtime->muk, sizeof(runtime->muk), "%.*s", muk_bytes, text);
	strcpy(task->name, name);
	snprintf(task->full_name, sizeof(task->full_name), "%.*s%s%s",
		 slash ? muk_bytes : DVK_NAME_BYTES, slash ? text : runtime->muk,
		 slash || runtime->muk[0] ? "/" : "", name);
	return 0;
}

static int check_options(const struct task_options *options)
{
	int nr = options->nr;

	if (nr != NONE && nr != TASK_NO_SLOT && (nr < -NR_TASKS || nr >= NR_PROCS_MAX))
		return EDVSBADRANGE;
	return options->stack_bytes > TASK_STACK_MAX ? EDVSBADRANGE : 0;
}

int task_bound(struct task *task, int endpoint)
{
	int is_it = task->wanted_nr == NONE ? endpoint >= 0
					    : dvk_endpoint_nr(endpoint) == task->wanted_nr;

	/* Small negative numbers are endpoints as well as errors. */
	if (!dvk_is_endpoint(endpoint))
		return endpoint;
	if (!is_it)
		return EDVSBADRANGE;
	task->endpoint = endpoint;
	task->nr = task->row->nr = dvk_endpoint_nr(endpoint);
	return 0;
}

int task_make(struct runtime *runtime, const struct task_options *options, int daemon,
	      struct task **ret_task)
{
	int result = check_options(options);
	struct task *task;

	if (result < 0)
		return result;
	task = calloc(1, sizeof(*task));
	if (!task)
		return EDVSALLOCMEM;
	result = set_names(runtime, options, task);
	if (result < 0)
		goto free_task;
	task->runtime = runtime;
	task->wanted_nr = options->nr;
	task->nr = task->endpoint = NONE;
	task->heap_index = task->fd = task->wake_fd = -1;
	task->daemon = daemon;
	result = stack_create(&task->stack,
			      options->stack_bytes ? options->stack_bytes : TASK_STACK_BYTES);
	if (result < 0)
		goto free_task;
	result = EDVSRSCBUSY;
	task->row = row_take(runtime);
	if (!task->row)
		goto destroy_stack;
	memcpy(task->row->name, task->name, sizeof(task->row->name));
	task->row->stack = dvk_address(task->stack.base);
	task->row->stack_bytes = task->stack.bytes;
	task->row->nr = NONE;
	task->row->busy = 0;
	list_add(runtime, task);
	*ret_task = task;
	return 0;

destroy_stack:
	stack_destroy(&task->stack);
free_task:
	free(task);
	return result;
}

void task_free(struct task *task)
{
	list_remove(task->runtime, task);
	annotate_destroy(&task->annotation);
	stack_destroy(&task->stack);
	row_set_state(task->row, SERVER_TASK_FREE);
	free(task);
}

int task_start(const struct task_options *options, task_function *function, void *argument,
	       int daemon)
{
	struct runtime *runtime = task_here ? task_here->runtime : NULL;
	struct task *task;
	int endpoint, result;

	if (!runtime)
		return EDVSNOTBIND;
	if (runtime_stopping())
		return EDVSPROCSTS;
	result = task_make(runtime, options, daemon, &task);
	if (result < 0)
		return result;
	task->function = function;
	task->argument = argument;
	result = runtime->ops->start(task, &endpoint);
	return result < 0 ? result : endpoint;
}

int task_create(const struct task_options *options, task_function *function, void *argument)
{
	return task_start(options, function, argument, 0);
}

struct task *task_current(void)
{
	return task_here;
}

const char *task_name(const struct task *task)
{
	return task->name;
}

int task_endpoint(const struct task *task)
{
	return task->endpoint;
}

size_t task_stack_used(const struct task *task)
{
	return stack_used(&task->stack);
}

void task_exit(int code)
{
	struct task *self = task_here;

	self->exit_code = code;
	self->runtime->ops->exit(self);
	abort();
}

/* ---- waiting -------------------------------------------------------------- */

void task_yield(void)
{
	task_here->runtime->ops->yield(task_here);
}

int task_sleep_ms(long ms)
{
	int64_t deadline_ns = deadline_of(ms < 0 ? 0 : ms);
	struct task *self = task_here;
	int result, woken = 0;

	while ((result = self->runtime->ops->wait(self, -1, 0, deadline_ns)) == EDVSWOKENUP)
		woken = 1;
	if (woken)
		task_wake(self); /* it was meant for task_wait() */
	return result == EDVSTIMEDOUT ? 0 : result;
}

int task_wait_fd(int fd, int events, long ms)
{
	struct task *self = task_here;
	int result;

	if (fd < 0)
		return EDVSBADF;
	result = self->runtime->ops->wait(self, fd, events, deadline_of(ms));
	self->fd_text = NULL;
	return result == EDVSTIMEDOUT ? 0 : result;
}

void task_describe_fd(const char *text)
{
	task_here->fd_text = text;
}

int task_wait(long ms)
{
	int result = task_here->runtime->ops->wait(task_here, -1, 0, deadline_of(ms));

	return result == EDVSWOKENUP ? 0 : result;
}

void task_wake(struct task *task)
{
	task->runtime->ops->wake(task);
}

void task_on_stop(void (*function)(void *argument), void *argument)
{
	struct task *self = task_here;
	int late;

	pthread_mutex_lock(&self->runtime->lock);
	late = self->runtime->stopping;
	self->on_stop = late ? NULL : function;
	self->on_stop_argument = argument;
	pthread_mutex_unlock(&self->runtime->lock);
	if (late)
		function(argument);
}

/* ---- the runtime ---------------------------------------------------------- */

const char *runtime_name(void)
{
	return task_here ? task_here->runtime->ops->name : NULL;
}

int runtime_stopping(void)
{
	return task_here && __atomic_load_n(&task_here->runtime->stopping, __ATOMIC_ACQUIRE);
}

void runtime_stop(void)
{
	struct runtime *runtime = task_here->runtime;
	struct task *task;

	pthread_mutex_lock(&runtime->lock);
	__atomic_store_n(&runtime->stopping, 1, __ATOMIC_RELEASE);
	for (task = runtime->tasks; task; task = task->list_next) {
		if (task->on_stop)
			task->on_stop(task->on_stop_argument);
		task->on_stop = NULL;
	}
	pthread_mutex_unlock(&runtime->lock);
	runtime->ops->stop(runtime);
}

static const struct runtime_ops *ops_of(enum runtime_kind kind)
{
	switch (kind) {
	case RUNTIME_COROUTINES:
		return &coroutine_ops;
	case RUNTIME_THREADS:
		return &thread_ops;
	}
	return NULL;
}

struct first {
	struct runtime *runtime;
	task_function *function;
	void *argument;
};

static void first_main(void *argument)
{
	struct first *first = argument;

	/* Debuggers find the stacks there; without it (no room, no slot) all else works. */
	(void)dvk_register_table("server.task", 1, first->runtime->rows, TASKS_MAX,
				 sizeof(*first->runtime->rows));
	first->function(first->argument);
}

static int run_first(struct runtime *runtime, const struct task_options *options,
		     task_function *function, void *argument)
{
	struct first first = { runtime, function, argument };
	struct task *task;
	int result = task_make(runtime, options, 0, &task);

	if (result < 0)
		return result;
	task->function = first_main;
	task->argument = &first;
	return runtime->ops->run(runtime, task);
}

int runtime_run(enum runtime_kind kind, const struct task_options *options, task_function *function,
		void *argument)
{
	struct runtime runtime = { .ops = ops_of(kind),
				   .lock = PTHREAD_MUTEX_INITIALIZER,
				   .changed = PTHREAD_COND_INITIALIZER };
	size_t bytes = TASKS_MAX * sizeof(*runtime.rows);
	int result = EDVSINVAL;

	if (!runtime.ops || !function)
		return result;
	if (__atomic_exchange_n(&runtime_taken, 1, __ATOMIC_ACQUIRE))
		return EDVSBUSY;
	result = EDVSALLOCMEM;
	/* Mapped, not allocated: a row that was never used takes no memory. */
	runtime.rows = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (runtime.rows == MAP_FAILED)
		goto give_back;
	result = guard_begin(&runtime);
	if (result < 0)
		goto unmap;
	result = run_first(&runtime, options, function, argument);
	signals_end(&runtime);
	guard_end();
unmap:
	munmap(runtime.rows, bytes);
give_back:
	__atomic_store_n(&runtime_taken, 0, __ATOMIC_RELEASE);
	return result;
}
