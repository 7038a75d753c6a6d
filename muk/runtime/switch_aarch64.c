/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * switch_aarch64.c - the switch for 64-bit ARM.
 *
 * Only what the ABI says a call preserves is saved.
 */
#include <string.h>

#include "protocol/server.h"
#include "switch.h"

const int switch_form = SERVER_FORM_AARCH64;

__asm__(".text\n"
	".p2align 5\n"
	".globl switch_to\n"
	".type switch_to, %function\n"
	"switch_to:\n"
	"	sub sp, sp, #160\n"
	"	stp d8, d9, [sp, #0]\n"
	"	stp d10, d11, [sp, #16]\n"
	"	stp d12, d13, [sp, #32]\n"
	"	stp d14, d15, [sp, #48]\n"
	"	stp x19, x20, [sp, #64]\n"
	"	stp x21, x22, [sp, #80]\n"
	"	stp x23, x24, [sp, #96]\n"
	"	stp x25, x26, [sp, #112]\n"
	"	stp x27, x28, [sp, #128]\n"
	"	stp x29, x30, [sp, #144]\n"
	"	mov x9, sp\n"
	"	str x9, [x0]\n"
	"	mov sp, x1\n"
	"	ldp d8, d9, [sp, #0]\n"
	"	ldp d10, d11, [sp, #16]\n"
	"	ldp d12, d13, [sp, #32]\n"
	"	ldp d14, d15, [sp, #48]\n"
	"	ldp x19, x20, [sp, #64]\n"
	"	ldp x21, x22, [sp, #80]\n"
	"	ldp x23, x24, [sp, #96]\n"
	"	ldp x25, x26, [sp, #112]\n"
	"	ldp x27, x28, [sp, #128]\n"
	"	ldp x29, x30, [sp, #144]\n"
	"	add sp, sp, #160\n"
	"	ret\n"
	".size switch_to, . - switch_to\n"
	/* Begins a context: x19 function, x20 argument; x29 0 ends a debugger's unwinding. */
	".globl switch_entry\n"
	".hidden switch_entry\n"
	".type switch_entry, %function\n"
	"switch_entry:\n"
	"	.cfi_startproc\n"
	"	.cfi_undefined x30\n"
	"	mov x0, x20\n"
	"	blr x19\n"
	"	brk #1\n"
	"	.cfi_endproc\n"
	".size switch_entry, . - switch_entry\n");

void switch_entry(void);

/* In the order in which switch_to loads them. */
struct frame {
	uint64_t d[8];
	uint64_t x19, x20, x21_to_x28[8];
	uint64_t x29, x30;
};

uint64_t switch_make(void *base, size_t bytes, void (*function)(void *argument), void *argument)
{
	uintptr_t top = ((uintptr_t)base + bytes) & ~(uintptr_t)15;
	struct frame *frame = (struct frame *)(top - sizeof(*frame));

	memset(frame, 0, sizeof(*frame));
	frame->x19 = (uint64_t)(uintptr_t)function;
	frame->x20 = (uint64_t)(uintptr_t)argument;
	frame->x30 = (uint64_t)(uintptr_t)switch_entry;
	return (uint64_t)(uintptr_t)frame;
}
