/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scheduler.h - what the files of the coroutines share. All of it belongs to the
 * one thread that runs them; there are no locks.
 *
 * A task is RUNNING (one of them), READY (in the queue, or the one that a message
 * was handed to), CALLING (in a blocked call of the DVK) or WAITING (for a
 * descriptor, a time or a task_wake).
 */
#ifndef RUNTIME_SCHEDULER_H
#define RUNTIME_SCHEDULER_H

#include "timers.h"

#define SLOTS (NR_TASKS + NR_PROCS_MAX)

struct queue {
	struct task *head, *tail;
};

struct scheduler {
	struct runtime *runtime;
	struct task *handover; /* goes on next: it was given a message */
	struct queue ready;
	int quantum;       /* switches until everything is looked after */
	struct task *dead; /* it has ended; freed by the next one that runs */
	uint64_t own_sp;   /* the thread's own stack, while tasks run */
	struct annotation own;

	int epoll;
	int park_fd;       /* libdvk's, in epoll; -1: not yet */
	int fd_waits;      /* tasks that wait for a descriptor */
	struct task **fds; /* by descriptor: the task that waits for it */
	int fd_room;
	struct task *notes; /* tasks whose sleep note must be written */

	struct watchdog *watchdog;
	uint64_t switches; /* read by the watchdog's signal handler */
	struct timers timers;
	struct task *by_nr[SLOTS]; /* nr + NR_TASKS */
};

/* ---- coroutine.c ---- */
void queue_push(struct queue *queue, struct task *task);
/* The task goes on when its turn comes; nothing if it is ready already. */
void task_ready(struct scheduler *s, struct task *task);

/* ---- idle.c: when no task can run, and what to look after now and then ---- */
/* Sees who is ready by others, timers and descriptors; does not sleep. */
void idle_poll(struct scheduler *s);
/* Sleeps until a task is ready. */
void idle_sleep(struct scheduler *s);

/* ---- fds.c ---- */
int fds_init(struct scheduler *s);
void fds_deinit(struct scheduler *s);
/* The task waits for events of fd from now on. EDVSBADF, EDVSBUSY, EDVSNOMEM, or events. */
int fds_add(struct scheduler *s, struct task *task, int events);
void fds_remove(struct scheduler *s, struct task *task);
/* Waits for descriptors until deadline_ns, 0: only looks. */
void fds_poll(struct scheduler *s, int64_t deadline_ns);

/* ---- note.c ---- */
/* Writes what each task that waits outside waits for, if that is not there yet. */
void notes_write(struct scheduler *s);
void note_want(struct scheduler *s, struct task *task);
void note_drop(struct scheduler *s, struct task *task);
void note_clear(struct task *task);

/* ---- watchdog.c ---- */
int watchdog_start(struct scheduler *s);
void watchdog_stop(struct scheduler *s);

#endif
