/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * task.h - what runs inside a MUK: tasks, as coroutines of one thread or as
 * threads, behind one API. Code that uses it does not know which.
 *
 * A task has a slot in the DC (so dvk_* calls are made as itself and put only
 * itself to sleep), a stack with a guard page, and a name. It must not block in a
 * system call: it waits with the functions here or in dvk_* calls. Coroutines
 * change only at those waits; who also wants to run on threads guards what tasks
 * share by messages or a mutex that is not held over a wait.
 *
 * dvk_open() comes first. All functions return 0 or more, or a negative EDVS code.
 */
#ifndef RUNTIME_TASK_H
#define RUNTIME_TASK_H

#include <stddef.h>
#include <stdint.h>

#define TASKS_MAX        4096
#define TASK_STACK_BYTES (64u << 10) /* default */
#define TASK_STACK_MAX   (64u << 20)
#define TASK_NO_SLOT     (-1000) /* as nr: the task makes no dvk_* calls */
#define TASK_BUSY_MS     100     /* the watchdog's patience */

enum runtime_kind {
	RUNTIME_COROUTINES,
	RUNTIME_THREADS,
};

struct task;

typedef void task_function(void *argument);

struct task_options {
	/*
	 * 1..15 bytes, as ps shows it, and before it "MUK/" if wanted, as many.
	 * Tasks without have the MUK of the first task.
	 */
	const char *name;
	int nr;             /* its slot, NONE: any free user slot, or TASK_NO_SLOT */
	size_t stack_bytes; /* 0: TASK_STACK_BYTES */
};

/*
 * Runs function(argument) as the first task and returns when all tasks have
 * ended: 0, or the error that kept the first one from starting. One runtime at a
 * time in a thread; the caller's thread is the one of the coroutines.
 */
int runtime_run(enum runtime_kind kind, const struct task_options *options, task_function *function,
		void *argument);

/* "coroutines" or "threads"; NULL outside of a runtime. */
const char *runtime_name(void);

/*
 * Asks all tasks to end: runs what task_on_stop left, and from now on the waits
 * of this header return EDVSINTR. Servers end by server_stop (server.h).
 */
void runtime_stop(void);
int runtime_stopping(void);

/*
 * Runs function(signo) in a task of its own each time that signal signo reaches
 * the process or one of its threads. Several of one signal may become one run.
 * EDVSINVAL, EDVSNOMEM. To be called from a task.
 */
int runtime_signal(int signo, void (*function)(int signo, void *argument), void *argument);

/*
 * Starts a task. Returns its endpoint (dvk_is_endpoint), NONE for TASK_NO_SLOT,
 * or EDVSALLOCMEM, EDVSRSCBUSY, EDVSBADRANGE, EDVSSLOTUSED, EDVSNAMESIZE,
 * EDVSPROCSTS (the runtime stops): all below DVK_ENDPOINT_MIN. It runs when
 * the caller waits next (coroutines) or at once (threads). Its end, by return or
 * task_exit(), unbinds its slot. Its argument is its own matter.
 */
int task_create(const struct task_options *options, task_function *function, void *argument);

/* The current task, NULL outside of tasks. Valid until that task has ended. */
struct task *task_current(void);
const char *task_name(const struct task *task);
int task_endpoint(const struct task *task);

/* Ends the current task; code is what SYSTASK keeps of it. */
_Noreturn void task_exit(int code);

/* Lets others run that are ready. */
void task_yield(void);

/* Sleeps. 0, or EDVSINTR when the runtime stops. */
int task_sleep_ms(long ms);

/*
 * Waits until one of events (POLLIN, POLLOUT) holds for fd, or an error or hang-up
 * does, or ms are over (-1: never). Returns the events, 0 when the time was over,
 * EDVSWOKENUP after task_wake(), EDVSINTR when the runtime stops, EDVSBADF,
 * EDVSBUSY when another coroutine waits for the same fd.
 */
int task_wait_fd(int fd, int events, long ms);

/*
 * Says what the next task_wait_fd waits for, for ps: "tcp 127.0.0.1:8080". The
 * text must stay; NULL: nothing is known.
 */
void task_describe_fd(const char *text);

/*
 * Waits for task_wake() by another task; one wake that came before counts.
 * 0, EDVSTIMEDOUT, EDVSINTR.
 */
int task_wait(long ms);
/* Ends task's task_wait or task_wait_fd, now or when it begins next. */
void task_wake(struct task *task);

/*
 * When the runtime stops, function(argument) is called once if this task lives
 * then. It runs in the task that stops: it may set things and task_wake(), but
 * neither wait nor make tasks.
 */
void task_on_stop(void (*function)(void *argument), void *argument);

/* The most bytes of stack that the task has used so far. */
size_t task_stack_used(const struct task *task);

#endif
