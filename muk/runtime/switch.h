/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * switch.h - leaving one stack for another.
 *
 * One of switch_x86_64.c, switch_aarch64.c and switch_ucontext.c is built; the
 * Makefile chooses. A context is one word, the stack pointer at which it was left
 * (with ucontext: the address of its ucontext_t). What lies there, from it
 * upwards, for a debugger that unwinds from outside:
 *	x86-64	 r15 r14 r13 r12 rbx rbp, return address
 *	aarch64	 d8..d15, x19..x28, x29 (frame), x30 (return address)
 * The floating-point control words are the thread's: tasks leave them alone.
 */
#ifndef RUNTIME_SWITCH_H
#define RUNTIME_SWITCH_H

#include <stddef.h>
#include <stdint.h>

/* Which of the layouts above: SERVER_FORM_* of protocol/server.h. */
extern const int switch_form;

/*
 * Makes a context that calls function(argument) on the stack of bytes at base;
 * function never returns. Every context made must be entered. 0: no memory.
 */
uint64_t switch_make(void *base, size_t bytes, void (*function)(void *argument), void *argument);

/* Leaves the running context in *ret_from and goes on in to. */
void switch_to(uint64_t *ret_from, uint64_t to);

#endif
