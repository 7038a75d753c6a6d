/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * registers.c - what a task or a thread has in its registers, as far as it is known.
 *
 * A coroutine that does not run has saved what a call preserves (switch.h of the
 * runtime says how it lies); server.task's form names the layout.
 */
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stack.h"

#define REGISTER_WORDS 20 /* of the largest form, saved on the stack */

static void set(struct stack_registers *registers, int number, uint64_t value)
{
	registers->values[number] = value;
	registers->known |= 1ull << number;
}

/* x86-64 in DWARF's numbers: rbx 3, rbp 6, rsp 7, r12 to r15 as they are called. */
static void from_x86_64(const uint64_t *words, uint64_t sp, struct stack_registers *registers)
{
	static const int numbers[] = { 15, 14, 13, 12, 3, 6 };

	for (int i = 0; i < 6; i++)
		set(registers, numbers[i], words[i]);
	registers->pc = words[6];
	registers->sp = sp + 7 * sizeof(words[0]);
	set(registers, 7, registers->sp);
}

/* aarch64: eight of d8 to d15, x19 to x28, x29, x30; the stack pointer is 31. */
static void from_aarch64(const uint64_t *words, uint64_t sp, struct stack_registers *registers)
{
	for (int i = 0; i < 12; i++)
		set(registers, 19 + i, words[8 + i]);
	registers->pc = words[19];
	registers->sp = sp + 20 * sizeof(words[0]);
	set(registers, 31, registers->sp);
}

int stack_is_on(const struct server_task_row *row, const struct stack_registers *registers)
{
	return registers->sp >= row->stack && registers->sp - row->stack < row->stack_bytes;
}

int stack_of_task(struct patient *patient, pid_t pid, const struct server_task_row *row,
		  struct stack_registers *ret_registers)
{
	struct stack_registers at = { .sp = row->sp };
	uint64_t words[REGISTER_WORDS] = { 0 };
	size_t bytes = row->form == SERVER_FORM_X86_64 ? 7 * sizeof(words[0]) : sizeof(words);
	int error;

	if (row->form != SERVER_FORM_X86_64 && row->form != SERVER_FORM_AARCH64)
		return EDVSBADVALUE;
	if (!stack_is_on(row, &at) || row->stack_bytes - (row->sp - row->stack) < bytes)
		return EDVSBADVALUE;
	error = patient_read(patient, pid, row->sp, words, bytes);
	if (error)
		return error;
	memset(ret_registers, 0, sizeof(*ret_registers));
	if (row->form == SERVER_FORM_X86_64)
		from_x86_64(words, row->sp, ret_registers);
	else
		from_aarch64(words, row->sp, ret_registers);
	return 0;
}

#ifdef __x86_64__
#define SP_NUMBER 7

static void from_user(const struct user_regs_struct *user, struct stack_registers *registers)
{
	const uint64_t values[] = { user->rax, user->rdx, user->rcx, user->rbx,
				    user->rsi, user->rdi, user->rbp, user->rsp,
				    user->r8,  user->r9,  user->r10, user->r11,
				    user->r12, user->r13, user->r14, user->r15 };

	for (int i = 0; i < 16; i++)
		set(registers, i, values[i]);
	registers->pc = user->rip;
	registers->sp = user->rsp;
}
#else
#define SP_NUMBER 31

static void from_user(const struct user_regs_struct *user, struct stack_registers *registers)
{
	for (int i = 0; i < 31; i++)
		set(registers, i, user->regs[i]);
	set(registers, SP_NUMBER, user->sp);
	registers->pc = user->pc;
	registers->sp = user->sp;
}
#endif

/* A moment's stop. It was in user mode, so that no system call of it is disturbed. */
static int stop_and_read(pid_t tid, struct stack_registers *ret_registers)
{
	struct user_regs_struct user;
	struct iovec data = { &user, sizeof(user) };
	int error = EDVSSRCH, status;

	if (ptrace(PTRACE_SEIZE, tid, NULL, NULL) < 0)
		return errno == EPERM ? EDVSPERM : EDVSSRCH;
	if (ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) == 0 &&
	    waitpid(tid, &status, __WALL) == tid && WIFSTOPPED(status) &&
	    ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &data) == 0) {
		memset(ret_registers, 0, sizeof(*ret_registers));
		from_user(&user, ret_registers);
		error = 0;
	}
	ptrace(PTRACE_DETACH, tid, NULL, NULL);
	return error;
}

int stack_of_thread(pid_t pid, pid_t tid, int stop, struct stack_registers *ret_registers)
{
	char path[64], text[256];
	uint64_t numbers[2];
	char *at;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/syscall", pid, tid);
	file = fopen(path, "re");
	if (!file)
		return errno == EACCES ? EDVSPERM : EDVSSRCH;
	at = fgets(text, sizeof(text), file);
	fclose(file);
	if (!at)
		return errno == EPERM || errno == EACCES ? EDVSPERM : EDVSSRCH;
	if (strncmp(text, "running", 7) == 0)
		return stop ? stop_and_read(tid, ret_registers) : EDVSAGAIN;
	/* The last two words are the stack pointer and the place. */
	for (int i = 1; i >= 0; i--) {
		at = strrchr(text, ' ');
		if (!at)
			return EDVSSRCH;
		numbers[i] = strtoull(at + 1, NULL, 16);
		*at = '\0';
	}
	memset(ret_registers, 0, sizeof(*ret_registers));
	ret_registers->sp = numbers[0];
	ret_registers->pc = numbers[1];
	set(ret_registers, SP_NUMBER, numbers[0]);
	return 0;
}
