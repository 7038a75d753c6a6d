/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stack.h - where tasks and threads are: their stacks, with functions and lines.
 *
 * Needs libdw, so it is an archive of its own. Nobody is stopped unless it is asked
 * for: a coroutine's registers lie on its stack, those of a thread that sleeps in
 * the kernel are what /proc tells (stack pointer and place). What such a thread has
 * in other registers is unknown, so its stack may end early.
 */
#ifndef INSPECT_STACK_H
#define INSPECT_STACK_H

#include <protocol/server.h>

#include "inspect.h"
#include "patient.h"

#define STACK_FRAMES_MAX 64
#define STACK_REGISTERS  33

/* By DWARF's numbers; those that are known have their bit set. */
struct stack_registers {
	uint64_t pc, sp;
	uint64_t values[STACK_REGISTERS];
	uint64_t known;
};

struct stack_frame {
	uint64_t pc;
	uint64_t offset;   /* of pc in the function */
	int line;          /* 0: unknown */
	char function[96]; /* "" when unknown */
	char file[128];
};

/* The symbols of a process that lives; opening them reads its debug information. */
struct symbols;
/* EDVSSRCH, EDVSPERM (its maps may not be read), EDVSNOMEM. */
int symbols_open(pid_t pid, struct symbols **ret_symbols);
void symbols_close(struct symbols *symbols);

/* The frames from these registers on, innermost first; returns how many. */
int stack_unwind(struct symbols *symbols, const struct stack_registers *registers,
		 struct stack_frame ret_frames[STACK_FRAMES_MAX]);

/*
 * Where a coroutine was left: table is its MUK's server.task, row its row. EDVSFAULT,
 * EDVSBADVALUE (another form, or the row is garbage).
 */
int stack_of_task(struct patient *patient, pid_t pid, const struct server_task_row *row,
		  struct stack_registers *ret_registers);

/*
 * Where a thread is. stop: it is stopped for that moment, if it runs in user mode; what
 * a stop takes is a few us. EDVSSRCH, EDVSPERM, EDVSAGAIN (it runs, and stop is 0).
 */
int stack_of_thread(pid_t pid, pid_t tid, int stop, struct stack_registers *ret_registers);

/* 1 when the stack pointer is on the task's own stack. */
int stack_is_on(const struct server_task_row *row, const struct stack_registers *registers);

#endif
