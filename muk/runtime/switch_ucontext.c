/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * switch_ucontext.c - the switch for every other machine: slow (it saves the
 * signal mask with a system call), but everywhere.
 *
 * Where a context lies is the address of its ucontext_t. switch_make's are on
 * the heap until they are entered; one that is left for the first time (the thread's own) gets a
 * ucontext_t on the stack that is being left.
 */
#include <stdlib.h>
#include <ucontext.h>

#include "protocol/server.h"
#include "switch.h"

const int switch_form = SERVER_FORM_UCONTEXT;

struct context {
	ucontext_t saved;
	void (*function)(void *argument);
	void *argument;
};

/* makecontext passes ints only, so the pointer goes in two halves. */
static void entry(unsigned int high, unsigned int low)
{
	struct context *made = (struct context *)(uintptr_t)((uint64_t)high << 32 | low);
	struct context context = *made;

	free(made);
	context.function(context.argument);
	abort();
}

uint64_t switch_make(void *base, size_t bytes, void (*function)(void *argument), void *argument)
{
	struct context *context = calloc(1, sizeof(*context));
	uint64_t address = (uint64_t)(uintptr_t)context;

	if (!context || getcontext(&context->saved) < 0) {
		free(context);
		return 0;
	}
	context->function = function;
	context->argument = argument;
	context->saved.uc_stack.ss_sp = base;
	context->saved.uc_stack.ss_size = bytes;
	makecontext(&context->saved, (void (*)(void))entry, 2, (unsigned int)(address >> 32),
		    (unsigned int)address);
	return address;
}

void switch_to(uint64_t *ret_from, uint64_t to)
{
	ucontext_t here;

	/* This function does not return before the context has been entered again. */
	/* cppcheck-suppress autoVariables */
	*ret_from = (uint64_t)(uintptr_t)&here;
	swapcontext(&here, (ucontext_t *)(uintptr_t)to);
}
