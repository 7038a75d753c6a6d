/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knife.c - single-steps a victim through its call and kills it at an instruction.
 *
 * The lock word in the segment tells when the victim holds the lock: it names the
 * member, and the victim's first thread is one. What it does before is stepped too,
 * since nothing else tells which instruction takes the lock. A call that is cut
 * anywhere begins and ends with a stop that the victim makes itself.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../embedded/fixture.h"
#include "cut.h"

#define STEPS_MAX 2000000 /* of one victim; beyond it, it does not come to its call */

static void victim(const struct scene *scene)
{
	alarm(60);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!scene->is_outside)
		dc_open(scene->is_system ? DVK_SYSTEM : 0);
	if (!scene->is_outside && !scene->is_unbound && dvk_bind(VICTIM_NR, "victim") != VICTIM_NR)
		_exit(2);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
		_exit(3);
	raise(SIGSTOP);
	if (scene->prepare)
		scene->prepare();
	raise(SIGSTOP);
	scene->call();
	raise(SIGSTOP);
	_exit(0);
}

/* Waits until the victim stops; by which signal, 0 when it has ended. */
static int stopped(const struct knife *knife)
{
	int status;
	pid_t got;

	do
		got = waitpid(knife->pid, &status, 0);
	while (got < 0 && errno == EINTR);
	assert_int_equal(got, knife->pid);
	return WIFSTOPPED(status) ? WSTOPSIG(status) : 0;
}

static int find_member(pid_t tid)
{
	struct segment *segment = host.mapping.segment;

	for (int i = 0; segment_has_member(segment, i); i++)
		if (segment->members[i].state != MEMBER_FREE && segment->members[i].tid == tid)
			return i;
	return DC_NO_MEMBER;
}

void knife_start(struct knife *knife, const struct scene *scene)
{
	*knife = (struct knife){ .member = DC_NO_MEMBER };
	knife->pid = fork();
	assert_true(knife->pid >= 0);
	if (knife->pid == 0)
		victim(scene);
	assert_true(stopped(knife));
}

void knife_prepare(struct knife *knife)
{
	assert_int_equal(ptrace(PTRACE_CONT, knife->pid, NULL, NULL), 0);
	assert_true(stopped(knife));
}

static int holds_lock(struct knife *knife)
{
	uint32_t word = __atomic_load_n(&host.mapping.segment->lock, __ATOMIC_ACQUIRE);

	if (word == 0)
		return 0;
	/* One that binds for the first time is a member from there on. */
	if (knife->member == DC_NO_MEMBER)
		knife->member = find_member(knife->pid);
	return knife->member != DC_NO_MEMBER && lock_owner(word) == knife->member;
}

static void step(struct knife *knife, int *left)
{
	assert_int_equal(ptrace(PTRACE_SINGLESTEP, knife->pid, NULL, NULL), 0);
	if (!stopped(knife) || --*left == 0)
		fail_msg("the victim ended before its lock was held");
}

static void finish(struct knife *knife, uint64_t transitions)
{
	const struct dc_state *state = host.dc.state;
	int status;

	knife->committed = state->undo_count == 0 && state->transitions > transitions;
	if (knife->released)
		knife->committed = 1;
	knife->killed_ns = now_ns();
	kill(knife->pid, SIGKILL);
	waitpid(knife->pid, &status, 0);
}

/* Its call is over when it stops itself. */
static void cut_anywhere(struct knife *knife, int n)
{
	int signal = SIGTRAP;

	while (knife->held < n && signal == SIGTRAP) {
		assert_int_equal(ptrace(PTRACE_SINGLESTEP, knife->pid, NULL, NULL), 0);
		signal = stopped(knife);
		knife->held++;
	}
	knife->released = signal == SIGSTOP;
	assert_true(knife->released || signal == SIGTRAP);
	finish(knife, host.dc.state->transitions);
}

void knife_cut(struct knife *knife, const struct scene *scene, int n)
{
	int left = STEPS_MAX, hold = 0;
	uint64_t transitions;

	if (scene->whole) {
		cut_anywhere(knife, n);
		return;
	}
	knife->member = find_member(knife->pid);
	for (;;) {
		while (!holds_lock(knife))
			step(knife, &left);
		if (++hold == scene->hold)
			break;
		while (holds_lock(knife))
			step(knife, &left);
	}
	transitions = host.dc.state->transitions;
	while (knife->held < n && holds_lock(knife)) {
		step(knife, &left);
		knife->held++;
	}
	knife->released = !holds_lock(knife);
	finish(knife, transitions);
}
