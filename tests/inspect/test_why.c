/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_why.c - who is found at fault: each way a chain of waits can end, and what
 * Linux says of real threads in each state.
 */
#include "state.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CALLS(ep, server, type) \
	.endpoint = ep, .rts = DVK_RTS_RECEIVING, .peer_ep = server, .call_type = type
#define SENDS(ep, server, type) \
	.endpoint = ep, .rts = DVK_RTS_SENDING, .peer_ep = server, .call_type = type
#define IDLES(ep) .endpoint = ep, .rts = DVK_RTS_RECEIVING, .peer_ep = ANY

static const struct inspect_thread in_user_mode = {
	.exists = 1, .state = 'R', .syscall = -1, .fd = -1
};
static const struct inspect_thread asleep = {
	.exists = 1, .state = 'S', .syscall = 0, .fd = 5, .call = "read", .file = "/tmp/image"
};
static const struct inspect_thread stopped = { .exists = 1, .state = 'T', .syscall = -1, .fd = -1 };
static const struct inspect_thread traced = {
	.exists = 1, .state = 't', .tracer = 42, .syscall = -1, .fd = -1
};
static const struct inspect_thread dead = { .exists = 0, .syscall = -1, .fd = -1 };

static const struct {
	const char *what;
	struct state_process rows[6]; /* the first is asked for */
	const struct inspect_thread *thread;
	int lock_stuck;
	enum inspect_cause cause;
	int at_fault;
	int hops;
	const char *verdict; /* how it begins */
} cases[] = {
	{ "a server without work",
	  { { .name = "fs", IDLES(1) } },
	  &asleep,
	  0,
	  CAUSE_IDLE,
	  1,
	  1,
	  "fs waits for requests; nothing is wrong" },
	{ "a request that was put aside",
	  { { .name = "web", CALLS(USER(1, 64), 1, 5) }, { .name = "fs", IDLES(1) } },
	  &asleep,
	  0,
	  CAUSE_UNANSWERED,
	  1,
	  2,
	  "fs took the request of web, has not answered it, and receives other requests: " },
	{ "three hops to a system call",
	  { { .name = "web", SENDS(USER(1, 64), 1, 5), .place = 1 },
	    { .name = "fs", CALLS(1, 3, 0x409) },
	    { .name = "rdisk", .endpoint = 3, .on_cpu = 1, .age_ns = 300 * MS } },
	  &asleep,
	  0,
	  CAUSE_SYSCALL,
	  3,
	  3,
	  "rdisk is in system call read of fd 5 (/tmp/image) (pid 10003)" },
	{ "a task that spins",
	  { { .name = "web", CALLS(USER(1, 64), 1, 5), .tid = 70 },
	    { .name = "fs", .endpoint = 1, .tid = 77 },
	    { .name = "pm", .endpoint = 0, .tid = 77 },
	    { .name = "rdisk", .endpoint = 3, .tid = 77, .on_cpu = 1, .age_ns = 3200 * MS } },
	  &in_user_mode,
	  0,
	  CAUSE_SPINNING,
	  3,
	  3,
	  "rdisk is running in user mode for 3.2 s without giving up the processor (pid 77); "
	  "2 other tasks of its thread cannot run" },
	{ "a task that works, not for long",
	  { { .name = "rdisk", .endpoint = 3, .on_cpu = 1, .age_ns = 2 * MS } },
	  &in_user_mode,
	  0,
	  CAUSE_RUNNING,
	  3,
	  1,
	  "rdisk is running in user mode" },
	{ "a stopped process",
	  { { .name = "web", CALLS(USER(1, 64), 1, 5) }, { .name = "fs", .endpoint = 1 } },
	  &stopped,
	  0,
	  CAUSE_STOPPED,
	  1,
	  2,
	  "fs is stopped by SIGSTOP (pid 10001); kill -CONT 10001 lets it go on" },
	{ "a stopped process that seems idle",
	  { { .name = "web", SENDS(USER(1, 64), 1, 5) }, { .name = "fs", IDLES(1) } },
	  &stopped,
	  0,
	  CAUSE_STOPPED,
	  1,
	  2,
	  "fs is stopped by SIGSTOP" },
	{ "a process in a Linux debugger",
	  { { .name = "fs", .endpoint = 1 } },
	  &traced,
	  0,
	  CAUSE_TRACED,
	  1,
	  1,
	  "fs is stopped by its tracer, pid 42 (pid 10001)" },
	{ "a process that has died just now",
	  { { .name = "fs", .endpoint = 1 } },
	  &dead,
	  0,
	  CAUSE_DEAD,
	  1,
	  1,
	  "fs is dead (pid 10001)" },
	{ "a peer that is not there",
	  { { .name = "web", CALLS(USER(1, 64), 50, 5) } },
	  &dead,
	  0,
	  CAUSE_DEAD,
	  50,
	  1,
	  "50 is dead: nothing is bound there any more" },
	{ "a circle of two",
	  { { .name = "a", SENDS(USER(1, 64), USER(1, 65), 0) },
	    { .name = "b", SENDS(USER(1, 65), USER(1, 64), 0) } },
	  &asleep,
	  0,
	  CAUSE_CIRCLE,
	  USER(1, 64),
	  2,
	  "they wait for each other: a for b for a" },
	{ "a circle that the first is not in",
	  { { .name = "c", CALLS(USER(1, 66), USER(1, 64), 1) },
	    { .name = "a", SENDS(USER(1, 64), USER(1, 65), 0) },
	    { .name = "b", SENDS(USER(1, 65), USER(1, 64), 0) } },
	  &asleep,
	  0,
	  CAUSE_CIRCLE,
	  USER(1, 64),
	  3,
	  "they wait for each other: a for b for a" },
	{ "one who waits for itself",
	  { { .name = "a", SENDS(USER(1, 64), USER(1, 64), 0) } },
	  &asleep,
	  0,
	  CAUSE_CIRCLE,
	  USER(1, 64),
	  1,
	  "they wait for each other: a for a" },
	{ "a process that sleeps for the outside",
	  { { .name = "web", CALLS(USER(1, 64), 22, 0x100) },
	    { .name = "nweb", .endpoint = 22, .note = "fd 7 (tcp 127.0.0.1:8080)" } },
	  &asleep,
	  0,
	  CAUSE_OUTSIDE,
	  22,
	  2,
	  "nweb sleeps on fd 7 (tcp 127.0.0.1:8080)" },
	{ "a process stopped by a debugger of the DC",
	  { { .name = "web", CALLS(USER(1, 64), 1, 5) },
	    { .name = "fs", .endpoint = 1, .rts = DVK_RTS_STOPPED } },
	  &asleep,
	  0,
	  CAUSE_DEBUGGER,
	  1,
	  2,
	  "fs stopped by a debugger" },
	{ "a request that is held",
	  { { .name = "web",
	      .endpoint = USER(1, 64),
	      .peer_ep = 1,
	      .call_type = 5,
	      .rts = DVK_RTS_SENDING | DVK_RTS_HELD },
	    { .name = "fs", IDLES(1) } },
	  &asleep,
	  0,
	  CAUSE_DEBUGGER,
	  USER(1, 64),
	  1,
	  "web held by a debugger, sends to fs" },
	{ "a process of another node",
	  { { .name = "web", CALLS(USER(1, 64), 1, 5) },
	    { .name = "fs", .endpoint = 1, .rts = DVK_RTS_REMOTE } },
	  &asleep,
	  0,
	  CAUSE_REMOTE,
	  1,
	  2,
	  "fs lives on node 0" },
	{ "a task that its thread has not come to",
	  { { .name = "fs", .endpoint = 1, .tid = 77 }, { .name = "pm", .tid = 77, IDLES(0) } },
	  &asleep,
	  0,
	  CAUSE_READY,
	  1,
	  1,
	  "fs is in system call read" },
	{ "a lock that is not let go",
	  { { .name = "web", CALLS(USER(1, 64), 1, 5) },
	    { .name = "fs", .endpoint = 1, .tid = 0x7ffffff0, .on_cpu = 1 } },
	  &asleep,
	  1,
	  CAUSE_LOCK,
	  1,
	  2,
	  "the lock of dc5 is held by fs (pid 2147483632) for 400 ms, dead" },
};

static void fault_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct dvk_snapshot *s = state_make(cases[i].rows);
		struct inspect *in;
		struct inspect_why why;

		s->lock_stuck = cases[i].lock_stuck;
		s->dc.dcid = 5;
		s->dc.lock_pid = s->dc.lock_tid = 0x7ffffff0;
		s->dc.lock_since_ns = STATE_NOW - 400 * MS;
		in = inspect_create(s, NULL);
		inspect_why_hops(in, inspect_find(in, cases[i].rows[0].endpoint), &why);
		inspect_why_judge(in, cases[i].thread, &why);
		if (why.cause != cases[i].cause || why.at_fault_ep != cases[i].at_fault ||
		    why.count != cases[i].hops ||
		    strncmp(why.verdict, cases[i].verdict, strlen(cases[i].verdict)) != 0)
			fail_msg("%s: %s, at fault %d, %d hops: %s", cases[i].what,
				 inspect_cause_word(why.cause), why.at_fault_ep, why.count,
				 why.verdict);
		inspect_destroy(in);
		state_free(s);
	}
}

static void chain_longer_than_its_room_ends(void **state)
{
	struct state_process rows[INSPECT_HOPS_MAX + 8] = { { .name = NULL } };
	struct dvk_snapshot *s;
	struct inspect *in;
	struct inspect_why why;

	(void)state;
	for (int i = 0; i < INSPECT_HOPS_MAX + 6; i++)
		rows[i] = (struct state_process){ .name = "p",
						  SENDS(USER(1, 64 + i), USER(1, 65 + i), 0) };
	s = state_make(rows);
	in = inspect_create(s, NULL);
	inspect_why_hops(in, &s->procs[0], &why);
	assert_int_equal(why.count, INSPECT_HOPS_MAX);
	inspect_destroy(in);
	state_free(s);
}

/* ---- real threads --------------------------------------------------------- */

enum life { SPINS, READS, STOPPED_BY_SIGNAL, TRACED, ENDED };

static _Noreturn void live(enum life life, int fd)
{
	char byte;

	if (life == TRACED)
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	if (life == TRACED || life == STOPPED_BY_SIGNAL)
		raise(SIGSTOP);
	while (life == SPINS)
		__asm__ volatile("" ::: "memory");
	if (read(fd, &byte, 1) < 0)
		_exit(1);
	_exit(0);
}

/* Reads its state until it says so, five seconds at most. */
static void expect_words(pid_t pid, const char *want)
{
	struct timespec pause = { .tv_nsec = 2000000 };
	char bytes[256] = "";

	for (int i = 0; i < 2500; i++) {
		struct inspect_thread thread;
		struct text t;

		text_init(&t, bytes, sizeof(bytes));
		inspect_thread_read(pid, pid, &thread);
		inspect_thread_words(&thread, &t);
		if (strncmp(bytes, want, strlen(want)) == 0)
			return;
		nanosleep(&pause, NULL);
	}
	fail_msg("is \"%s\", want \"%s\"", bytes, want);
}

static void linux_tells_what_a_thread_does(void **state)
{
	static const struct {
		enum life life;
		const char *want;
	} lives[] = {
		{ SPINS, "running in user mode" },
		{ READS, "in system call read of fd 30 (pipe:[" },
		{ STOPPED_BY_SIGNAL, "stopped by SIGSTOP" },
		{ TRACED, "stopped by its tracer, pid " },
		{ ENDED, "dead" },
	};
	int pipes[2];

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(dup2(pipes[0], 30), 30);
	for (size_t i = 0; i < sizeof(lives) / sizeof(lives[0]); i++) {
		pid_t pid = fork();

		if (pid == 0) {
			alarm(20);
			live(lives[i].life, 30);
		}
		assert_true(pid > 0);
		if (lives[i].life == ENDED) {
			kill(pid, SIGKILL);
			waitpid(pid, NULL, 0);
		}
		expect_words(pid, lives[i].want);
		if (lives[i].life != ENDED) {
			kill(pid, SIGKILL);
			waitpid(pid, NULL, __WALL);
		}
	}
	close(30);
	close(pipes[0]);
	close(pipes[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fault_is_found),
		cmocka_unit_test(chain_longer_than_its_room_ends),
		cmocka_unit_test(linux_tells_what_a_thread_does),
	};

	return cmocka_run_group_tests_name("inspect why", tests, NULL, NULL);
}
