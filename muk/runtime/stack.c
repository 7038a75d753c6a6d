/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stack.c - stacks of tasks: mapped, with a guard below, and what happens when
 * one is overrun.
 *
 * A fault in a guard is told with the task's name before the process dies of it;
 * any other fault goes to whoever handled it before us.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "runtime.h"

#define GUARD_BYTES (64u << 10) /* more than one page: large frames jump over one */

/* Read by the fault handler; there is one runtime in a process. */
static const struct server_task_row *guarded_rows;
static struct sigaction previous_segv;
static int in_chain; /* our handler is installed, perhaps below another one */
static stack_t previous_stack;
static char signal_stack[SIGNAL_STACK_BYTES];

int stack_create(struct stack *ret_stack, size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *memory;

	bytes = (bytes * STACK_SCALE + page - 1) & ~(page - 1);
	memory = mmap(NULL, bytes + GUARD_BYTES, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		return EDVSALLOCMEM;
	if (mprotect(memory, GUARD_BYTES, PROT_NONE) < 0) {
		munmap(memory, bytes + GUARD_BYTES);
		return EDVSALLOCMEM;
	}
	ret_stack->base = memory + GUARD_BYTES;
	ret_stack->bytes = bytes;
	return 0;
}

void stack_destroy(struct stack *stack)
{
	if (stack->base)
		munmap((char *)stack->base - GUARD_BYTES, stack->bytes + GUARD_BYTES);
	stack->base = NULL;
}

size_t stack_used(const struct stack *stack)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char resident[64];
	size_t at = 0;

	while (at < stack->bytes) {
		size_t bytes = stack->bytes - at;

		if (bytes > sizeof(resident) * page)
			bytes = sizeof(resident) * page;
		if (mincore((char *)stack->base + at, bytes, resident) < 0)
			return 0;
		for (size_t i = 0; i < bytes / page; i++)
			if (resident[i] & 1)
				return stack->bytes - at - i * page;
		at += bytes;
	}
	return 0;
}

static const struct server_task_row *task_of_guard(const void *address)
{
	uint64_t at = dvk_address(address);

	for (int i = 0; guarded_rows && i < TASKS_MAX; i++) {
		const struct server_task_row *row = &guarded_rows[i];

		if (row_state(row) != SERVER_TASK_FREE && at < row->stack &&
		    at >= row->stack - GUARD_BYTES)
			return row;
	}
	return NULL;
}

/* Only what a signal handler may call. */
static void tell_overrun(const struct server_task_row *row)
{
	static const char before[] = "muk: task \"", after[] = "\" overran its stack\n";
	char line[sizeof(before) + sizeof(row->name) + sizeof(after)];
	size_t used = sizeof(before) - 1;

	memcpy(line, before, used);
	for (size_t i = 0; i < sizeof(row->name) && row->name[i]; i++)
		line[used++] = row->name[i];
	memcpy(line + used, after, sizeof(after) - 1);
	if (write(STDERR_FILENO, line, used + sizeof(after) - 1) < 0)
		return;
}

static void on_fault(int signo, siginfo_t *info, void *context)
{
	const struct server_task_row *row = task_of_guard(info->si_addr);

	if (row)
		tell_overrun(row);
	if (previous_segv.sa_flags & SA_SIGINFO) {
		previous_segv.sa_sigaction(signo, info, context);
		return;
	}
	if (previous_segv.sa_handler != SIG_DFL && previous_segv.sa_handler != SIG_IGN) {
		previous_segv.sa_handler(signo);
		return;
	}
	signal(signo, SIG_DFL); /* the instruction faults again, and the process dies of it */
}

void guard_thread(void *memory, stack_t *ret_previous)
{
	stack_t stack = { .ss_sp = memory, .ss_size = SIGNAL_STACK_BYTES };

	sigaltstack(&stack, ret_previous);
}

int guard_begin(struct runtime *runtime)
{
	struct sigaction action = { .sa_sigaction = on_fault,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };

	guarded_rows = runtime->rows;
	sigemptyset(&action.sa_mask);
	guard_thread(signal_stack, &previous_stack);
	/* Still there from a run before: once more, and we would be our own previous one. */
	if (in_chain)
		return 0;
	if (sigaction(SIGSEGV, &action, &previous_segv) < 0)
		return EDVSGENERIC;
	in_chain = 1;
	return 0;
}

void guard_end(void)
{
	struct sigaction now;

	/* Whoever came after us forwards to us, and so on to the previous one. */
	if (sigaction(SIGSEGV, NULL, &now) == 0 && now.sa_sigaction == on_fault) {
		sigaction(SIGSEGV, &previous_segv, NULL);
		in_chain = 0;
	}
	sigaltstack(&previous_stack, NULL);
	guarded_rows = NULL;
}
