/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * thread.c - what Linux knows of a thread, read from /proc.
 *
 * Nothing here waits for the thread, stops it or needs a right that ps does not
 * have; what may not be read stays unknown.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "machine.h"
#include "inspect.h"

static const struct {
	int number;
	const char *name;
} syscalls[] = {
#include "inspect/syscalls.h"
};

/* System calls whose first argument is a descriptor and that may take long. */
static const char *const on_descriptors[] = {
	"read",     "write",   "pread64",    "pwrite64",    "readv",           "writev",
	"preadv",   "pwritev", "fsync",      "fdatasync",   "ftruncate",       "fallocate",
	"ioctl",    "accept",  "accept4",    "connect",     "recvfrom",        "recvmsg",
	"sendto",   "sendmsg", "epoll_wait", "epoll_pwait", "epoll_pwait2",    "getdents64",
	"sendfile", "flock",   "fcntl",      "lseek",       "sync_file_range", "copy_file_range",
};

/* Reads /proc/PID/task/TID/name, as a string without its last newline; 0 or -1. */
static int read_proc(const pid_t ids[2], const char *name, char *ret_text, size_t size)
{
	char path[64];
	size_t count;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/%s", ids[0], ids[1], name);
	file = fopen(path, "re");
	if (!file)
		return -1;
	count = fread(ret_text, 1, size - 1, file);
	fclose(file);
	while (count && ret_text[count - 1] == '\n')
		count--;
	ret_text[count] = '\0';
	return count ? 0 : -1;
}

static void read_state(const pid_t ids[2], struct inspect_thread *thread)
{
	char text[4096];
	const char *after;

	if (read_proc(ids, "stat", text, sizeof(text)) < 0)
		return;
	after = strrchr(text, ')');
	if (!after || after[1] != ' ')
		return;
	thread->state = after[2];
	thread->exists = 1;
	if (read_proc(ids, "status", text, sizeof(text)) < 0)
		return;
	after = strstr(text, "\nTracerPid:");
	if (after)
		thread->tracer = (pid_t)strtol(after + 11, NULL, 10);
}

static void read_file(pid_t pid, struct inspect_thread *thread)
{
	char path[64];
	ssize_t bytes;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, thread->fd);
	bytes = readlink(path, thread->file, sizeof(thread->file) - 1);
	thread->file[bytes > 0 ? bytes : 0] = '\0';
}

/* A mutex of glibc begins so, and so does what its slow path waits on. */
struct mutex_words {
	int32_t lock;
	uint32_t count;
	int32_t owner;
};

/*
 * Whose the mutex at that address is, when it is one: its owner is another thread of
 * the process, which the words of a condition or a semaphore are not.
 */
static void read_owner(const pid_t ids[2], uint64_t address, struct inspect_thread *thread)
{
	struct mutex_words words = { .owner = 0 };
	struct iovec here = { &words, sizeof(words) };
	struct iovec there = { (void *)(uintptr_t)address, sizeof(words) };
	char path[64];

	thread->futex = address;
	if (process_vm_readv(ids[0], &here, 1, &there, 1, 0) != sizeof(words))
		return;
	snprintf(path, sizeof(path), "/proc/%d/task/%d", ids[0], words.owner);
	if (words.lock && words.owner > 0 && words.owner != ids[1] && access(path, F_OK) == 0)
		thread->owner = words.owner;
}

static void read_syscall(const pid_t ids[2], struct inspect_thread *thread)
{
	uint64_t argument;
	char text[256];
	char *end;
	long number;

	if (read_proc(ids, "syscall", text, sizeof(text)) < 0)
		return;
	number = strtol(text, &end, 10);
	if (end == text || number < 0)
		return;
	thread->syscall = (int)number;
	argument = strtoull(end, NULL, 16);
	for (size_t i = 0; i < sizeof(syscalls) / sizeof(syscalls[0]); i++)
		if (syscalls[i].number == number)
			snprintf(thread->call, sizeof(thread->call), "%s", syscalls[i].name);
	for (size_t i = 0; i < sizeof(on_descriptors) / sizeof(on_descriptors[0]); i++) {
		if (strcmp(thread->call, on_descriptors[i]) != 0)
			continue;
		thread->fd = (int)argument;
		read_file(ids[0], thread);
	}
	if (strcmp(thread->call, "futex") == 0)
		read_owner(ids, argument, thread);
}

void inspect_thread_read(pid_t pid, pid_t tid, struct inspect_thread *ret_thread)
{
	const pid_t ids[2] = { pid, tid };
	const struct inspect_host *host = inspect_host();
	struct timespec now;

	*ret_thread = (struct inspect_thread){ .syscall = -1, .fd = -1 };
	if (host) {
		host->thread(host->context, pid, tid, ret_thread);
		return;
	}
	if (pid <= 0 || tid <= 0)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	ret_thread->read_ns = now.tv_sec * 1000000000ll + now.tv_nsec;
	read_state(ids, ret_thread);
	if (!ret_thread->exists)
		return;
	read_syscall(ids, ret_thread);
	if (read_proc(ids, "wchan", ret_thread->wchan, sizeof(ret_thread->wchan)) < 0 ||
	    strcmp(ret_thread->wchan, "0") == 0)
		ret_thread->wchan[0] = '\0';
}

static void add_syscall(const struct inspect_thread *thread, struct text *out)
{
	if (thread->call[0])
		text_add(out, "in system call %s", thread->call);
	else
		text_add(out, "in system call %d", thread->syscall);
	if (thread->fd >= 0)
		text_add(out, " of fd %d", thread->fd);
	if (thread->file[0])
		text_add(out, " (%s)", thread->file);
}

void inspect_thread_words(const struct inspect_thread *thread, struct text *out)
{
	if (!thread->exists || thread->state == 'Z' || thread->state == 'X') {
		text_add(out, "dead");
		return;
	}
	if (thread->state == 'T')
		text_add(out, "stopped by SIGSTOP");
	else if (thread->state == 't')
		text_add(out, "stopped by its tracer, pid %d", thread->tracer);
	else if (thread->syscall >= 0)
		add_syscall(thread, out);
	else if (thread->state == 'R')
		text_add(out, "running in user mode");
	else if (thread->wchan[0])
		text_add(out, "asleep in the kernel's %s", thread->wchan);
	else
		text_add(out, "asleep in the kernel");
	if (thread->state == 'D')
		text_add(out, ", which cannot be interrupted");
	if (thread->tracer && thread->state != 't')
		text_add(out, ", traced by pid %d", thread->tracer);
}
