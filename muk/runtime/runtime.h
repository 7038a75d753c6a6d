/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * runtime.h - what the files of the runtime share: tasks, and the two ways of
 * running them behind one table of functions.
 *
 * There is one runtime in a process at a time. With coroutines everything here
 * belongs to the one thread that runs them; with threads, what is marked (lock)
 * stands under runtime.lock.
 */
#ifndef RUNTIME_RUNTIME_H
#define RUNTIME_RUNTIME_H

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>

#include <dvk/dvk.h>
#include "protocol/server.h"
#include "task.h"
#include RUNTIME_ANNOTATE /* annotate_*.h: who must be told of switches, by the variant */

#define NEVER INT64_MAX

struct stack {
	void *base; /* above the guard */
	size_t bytes;
};

struct task {
	/* what each switch touches: this line and the row, where sp and state lie */
	struct server_task_row *row; /* its place in the table */
	struct task *next;           /* in the ready queue */
	int nr;                      /* NONE: it has no slot */
	int heap_index;              /* among the timers, -1: not there */
	int note_set;                /* ps shows its note: to be cleared */
	int wake_kept;               /* a task_wake() that nobody waited for yet */
	int64_t deadline_ns;         /* of its wait, NEVER */
	struct annotation annotation;

	/* waiting */
	int fd;     /* task_wait_fd's, -1: none */
	int events; /* what came for fd, or an error */
	int woken;  /* task_wake() ended the wait */
	const char *fd_text;
	struct task *note_next, *note_prev; /* among those whose note must be written */
	int note_wanted;                    /* is there */

	/* its life */
	struct runtime *runtime;
	struct task *list_next, *list_prev; /* all tasks (lock) */
	struct stack stack;
	task_function *function;
	void *argument;
	void (*on_stop)(void *argument);
	void *on_stop_argument;
	int wanted_nr; /* as in its options */
	int endpoint;
	int daemon; /* the runtime does not wait for its end */
	int exit_code;
	jmp_buf ended;    /* threads: where task_exit() goes */
	pthread_t thread; /* threads */
	int wake_fd;      /* threads: an eventfd */
	char name[DVK_NAME_BYTES];
	char full_name[2 * DVK_NAME_BYTES]; /* "muk/name", as libdvk takes it */
};

/* The two ways; each function is the one of task.h without its checks. */
struct runtime_ops {
	const char *name;
	int (*run)(struct runtime *runtime, struct task *first);
	/* A task that does not start is freed. */
	int (*start)(struct task *task, int *ret_endpoint);
	void (*exit)(struct task *self); /* does not return */
	void (*yield)(struct task *self);
	/* fd -1: none. The events, EDVSTIMEDOUT, EDVSWOKENUP, EDVSINTR, or another error. */
	int (*wait)(struct task *self, int fd, int events, int64_t deadline_ns);
	void (*wake)(struct task *task);
	void (*stop)(struct runtime *runtime);
};

extern const struct runtime_ops coroutine_ops;
extern const struct runtime_ops thread_ops;

struct runtime {
	const struct runtime_ops *ops;
	pthread_mutex_t lock;
	pthread_cond_t changed;       /* threads: live has changed */
	struct task *tasks;           /* (lock) */
	int live;                     /* tasks that are no daemons (lock) */
	int count;                    /* all tasks (lock) */
	int stopping;                 /* (lock) */
	struct task *ended;           /* threads: to be joined (lock) */
	struct signals *signals;      /* NULL: none asked for */
	struct server_task_row *rows; /* TASKS_MAX of them */
	char muk[DVK_NAME_BYTES];
};

/* The state of a row, which others read at any time. */
static inline uint32_t row_state(const struct server_task_row *row)
{
	return __atomic_load_n(&row->state, __ATOMIC_RELAXED);
}

static inline void row_set_state(struct server_task_row *row, uint32_t state)
{
	__atomic_store_n(&row->state, state, __ATOMIC_RELAXED);
}

/* The current task; a coroutine's switch changes it. */
extern __thread struct task *task_here;

/* ---- run.c ---- */
/* A task that is not started; daemon: the runtime does not wait for it. */
int task_make(struct runtime *runtime, const struct task_options *options, int daemon,
	      struct task **ret_task);
/* Takes the outcome of binding task's slot; 0 or the error. */
int task_bound(struct task *task, int endpoint);
/* Frees a task that runs no more: its stack and its row. Not its slot. */
void task_free(struct task *task);
int task_start(const struct task_options *options, task_function *function, void *argument,
	       int daemon);
int64_t runtime_now_ns(void);

/* ---- stack.c ---- */
int stack_create(struct stack *ret_stack, size_t bytes);
void stack_destroy(struct stack *stack);
/* How many bytes from the top down have been touched. */
size_t stack_used(const struct stack *stack);
/* Until guard_end(), a fault in a guard page says which task it was. */
int guard_begin(struct runtime *runtime);
void guard_end(void);
/* Gives the calling thread a stack for signals, which lies at memory. */
#define SIGNAL_STACK_BYTES (16u << 10)
void guard_thread(void *memory, stack_t *ret_previous);

/* ---- note.c ---- */
#define NOTE_BYTES 64 /* as in a slot */
/* What task waits for, besides messages. */
void note_format(const struct task *task, int64_t deadline_ns, char ret_note[NOTE_BYTES]);

/* ---- signals.c ---- */
void signals_end(struct runtime *runtime);

#endif
