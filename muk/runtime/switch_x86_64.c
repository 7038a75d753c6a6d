/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * switch_x86_64.c - the switch for x86-64.
 *
 * Only what the ABI says a call preserves is saved. It ends with ret: two tasks
 * that waited in the same place go back through the same code, and the processor's
 * return predictor, which holds the addresses of the one that leaves, is right for
 * the other. A jump would leave one address too many there, and all returns that
 * follow would be predicted wrongly: 18 ns in a round trip of messages.
 */
#include <string.h>

#include "protocol/server.h"
#include "switch.h"

const int switch_form = SERVER_FORM_X86_64;

__asm__(".text\n"
	".p2align 5\n"
	".globl switch_to\n"
	".type switch_to, @function\n"
	"switch_to:\n"
	"	push %rbp\n"
	"	push %rbx\n"
	"	push %r12\n"
	"	push %r13\n"
	"	push %r14\n"
	"	push %r15\n"
	"	mov %rsp, (%rdi)\n"
	"	mov %rsi, %rsp\n"
	"	pop %r15\n"
	"	pop %r14\n"
	"	pop %r13\n"
	"	pop %r12\n"
	"	pop %rbx\n"
	"	pop %rbp\n"
	"	ret\n"
	".size switch_to, . - switch_to\n"
	/* Begins a context: r12 function, r13 argument; rbp 0 ends a debugger's unwinding. */
	".globl switch_entry\n"
	".hidden switch_entry\n"
	".type switch_entry, @function\n"
	"switch_entry:\n"
	"	.cfi_startproc\n"
	"	.cfi_undefined rip\n"
	"	mov %r13, %rdi\n"
	"	call *%r12\n"
	"	ud2\n"
	"	.cfi_endproc\n"
	".size switch_entry, . - switch_entry\n");

void switch_entry(void);

/* In the order in which switch_to pops them; above it the stack is aligned as for a call. */
struct frame {
	uint64_t r15, r14, r13, r12, rbx, rbp, rip;
};

uint64_t switch_make(void *base, size_t bytes, void (*function)(void *argument), void *argument)
{
	uintptr_t top = ((uintptr_t)base + bytes) & ~(uintptr_t)15;
	struct frame *frame = (struct frame *)(top - sizeof(*frame));

	memset(frame, 0, sizeof(*frame));
	frame->r12 = (uint64_t)(uintptr_t)function;
	frame->r13 = (uint64_t)(uintptr_t)argument;
	frame->rip = (uint64_t)(uintptr_t)switch_entry;
	return (uint64_t)(uintptr_t)frame;
}
