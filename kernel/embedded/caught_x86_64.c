/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * caught_x86_64.c - a copy whose faults can be caught, on x86-64.
 *
 * It keeps nothing on the stack, so the fault handler ends it by setting the
 * program counter. No sanitizer sees its accesses, which is meant: the addresses
 * are other people's.
 */
#include "caught.h"

__asm__(".text\n"
	".p2align 4\n"
	".globl caught_copy\n"
	".hidden caught_copy\n"
	".type caught_copy, @function\n"
	"caught_copy:\n"
	"	mov %rdx, %rcx\n"
	"	cmp $512, %rdx\n"
	"	jae 4f\n"
	"1:	cmp $16, %rcx\n"
	"	jb 2f\n"
	"	movups (%rsi), %xmm0\n"
	"	movups %xmm0, (%rdi)\n"
	"	add $16, %rsi\n"
	"	add $16, %rdi\n"
	"	sub $16, %rcx\n"
	"	jmp 1b\n"
	"2:	test %rcx, %rcx\n"
	"	jz 3f\n"
	"	movzbl (%rsi), %eax\n"
	"	movb %al, (%rdi)\n"
	"	inc %rsi\n"
	"	inc %rdi\n"
	"	dec %rcx\n"
	"	jmp 2b\n"
	"3:	xor %eax, %eax\n"
	"	ret\n"
	"4:	rep movsb\n"
	"	xor %eax, %eax\n"
	"	ret\n"
	".globl caught_copy_end\n"
	".hidden caught_copy_end\n"
	"caught_copy_end:\n"
	"	mov $1, %eax\n"
	"	ret\n"
	".size caught_copy, . - caught_copy\n");

extern char caught_copy_end[] __attribute__((visibility("hidden")));

int caught_redirect(ucontext_t *context)
{
	greg_t *pc = &context->uc_mcontext.gregs[REG_RIP];

	if ((uintptr_t)*pc < (uintptr_t)caught_copy || (uintptr_t)*pc >= (uintptr_t)caught_copy_end)
		return 0;
	*pc = (greg_t)(uintptr_t)caught_copy_end;
	return 1;
}
