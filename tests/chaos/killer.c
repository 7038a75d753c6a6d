/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * killer.c - see killer.h.
 *
 * A stopped process changes nothing itself, so what is read of it then is where it
 * is hit. Others may still end its wait.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../kernel/lib/view.h"
#include "killer.h"

#define LOOKS  100000    /* before a victim is stopped to be sure */
#define AIM_NS 200000000 /* on the module, whose guests are slow */

#define KILLER_STATE(name) #name,
static const char *const state_names[] = { KILLER_STATES(KILLER_STATE) };
#undef KILLER_STATE

/*
 * Where a call can be: a bit for each state. On the module nobody is seen with the lock,
 * and who copies is stopped when its copy is over.
 */
#define AT(state) (1u << IS_##state)
static const uint32_t possible[CREW_CALL_COUNT] = {
	[IN_none] = AT(running),
	[IN_send] = AT(running) | AT(sending) | AT(locked),
	[IN_receive] = AT(running) | AT(receiving) | AT(locked),
	[IN_sendrec] = AT(running) | AT(sending) | AT(receiving) | AT(copying) | AT(locked),
	[IN_timeout] = AT(running) | AT(sending) | AT(receiving) | AT(locked),
	[IN_reply] = AT(running) | AT(locked),
	[IN_notify] = AT(running) | AT(locked),
	[IN_vcopy] = AT(running) | AT(copying) | AT(locked),
};

static uint32_t possible_states(const struct killer *killer, int call)
{
	if (!killer->view->on_device)
		return possible[call];
	return possible[call] & ~(AT(locked) | AT(copying));
}

int64_t killer_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

void killer_pause_us(long us)
{
	nanosleep(&(struct timespec){ .tv_nsec = us * 1000 }, NULL);
}

void killer_seed(struct killer *killer)
{
	const char *given = getenv("SEED");

	killer->random = given ? strtoull(given, NULL, 0) : (uint64_t)killer_now_ns() | 1;
	printf("# SEED=%llu\n", (unsigned long long)killer->random);
}

uint32_t killer_random(struct killer *killer, uint32_t below)
{
	killer->random ^= killer->random << 13;
	killer->random ^= killer->random >> 7;
	killer->random ^= killer->random << 17;
	return (uint32_t)((killer->random >> 20) % below);
}

static const struct segment *segment_of(const struct killer *killer)
{
	return killer->view->mapping.segment;
}

int killer_keeper(const struct killer *killer, int which)
{
	const struct segment *segment = segment_of(killer);
	int keeper;

	if (!segment)
		return -1;
	keeper = segment->keepers[which].member;
	for (int i = 0; segment_has_member(segment, keeper) && i < PROCESSES; i++)
		if (segment->members[keeper].pid == killer->pids[i])
			return i;
	return -1;
}

static int rarest(const struct killer *killer, int *ret_state, int *ret_call)
{
	int least = INT32_MAX;

	for (int s = 0; s < KILLER_STATE_COUNT; s++)
		for (int c = 0; c < CREW_CALL_COUNT; c++)
			if ((possible_states(killer, c) >> s & 1) && killer->hits[s][c] < least) {
				least = killer->hits[s][c];
				*ret_state = s;
				*ret_call = c;
			}
	return least;
}

void killer_aim_at_rarest(struct killer *killer, struct aim *aim)
{
	rarest(killer, &aim->state, &aim->call);
	if (aim->call == IN_reply || aim->call == IN_vcopy)
		aim->process = (int)killer_random(killer, SERVERS);
	else
		aim->process = SERVERS + (int)killer_random(killer, PROCESSES - SERVERS);
}

int killer_has_missed(const struct killer *killer)
{
	int state, call;

	return rarest(killer, &state, &call) == 0;
}

/* The slot of a place is bound, by the thread that has the place now. */
static int is_bound(const struct killer *killer, int place)
{
	const struct proc *p = dc_proc(&killer->view->mapping.dc, CREW_FIRST + place);
	const struct segment *segment = segment_of(killer);
	int tid = killer->board->places[place].tid;

	if (__atomic_load_n(&p->rts, __ATOMIC_RELAXED) & DVK_RTS_SLOT_FREE)
		return 0;
	/* On the module the slot was seen free since the one before had it. */
	if (!segment)
		return tid != 0;
	return segment_has_member(segment, p->member) && segment->members[p->member].tid == tid;
}

/* Where the process of a place is; -1: it is not bound yet. */
static int state_of(const struct killer *killer, int place)
{
	const struct proc *p = dc_proc(&killer->view->mapping.dc, CREW_FIRST + place);
	const struct segment *segment = segment_of(killer);
	uint32_t rts = p->rts, lock = segment ? segment->lock : 0;

	if (!is_bound(killer, place))
		return -1;
	if (lock && lock_owner(lock) == p->member)
		return IS_locked;
	if (rts & DVK_RTS_ONCOPY)
		return IS_copying;
	if (rts & DVK_RTS_SENDING)
		return IS_sending;
	return rts & DVK_RTS_RECEIVING ? IS_receiving : IS_running;
}

int killer_is_at(const struct killer *killer, const struct aim *aim)
{
	return state_of(killer, aim->place) == aim->state &&
	       killer->board->places[aim->place].call == aim->call;
}

static int is_where_wanted(const struct killer *killer, struct aim *aim)
{
	int first = crew_first(aim->process), found = 0;

	for (int i = first; aim->state >= 0 && i < first + crew_threads(aim->process); i++)
		found |= state_of(killer, i) == aim->state &&
			 killer->board->places[i].call == aim->call;
	if (aim->manner != KILL)
		found = state_of(killer, aim->place) >= 0;
	aim->tid = killer->board->places[aim->place].tid;
	return found || (aim->state < 0 && aim->manner == KILL);
}

/*
 * Looks until it is where it should be, for a while. Who is preempted there is still
 * there when the signal comes.
 */
static void watch_for(const struct killer *killer, struct aim *aim)
{
	for (int i = 0; aim->state >= 0 && i < LOOKS && !is_where_wanted(killer, aim); i++)
		__asm__ volatile("" ::: "memory");
}

void killer_stop(struct killer *killer, struct aim *aim, int tries)
{
	int64_t until = killer_now_ns() + AIM_NS;
	pid_t pid = killer->pids[aim->process];
	int status;

	/* The module's copies and sleeps are hit where they are, not where a stop puts them. */
	if (killer->view->on_device && aim->manner == KILL && aim->state < 0)
		return;
	/* Who shall exec must have come to its place. */
	if (aim->manner != KILL)
		tries = INT32_MAX;
	for (int i = 0; i < tries; i++) {
		watch_for(killer, aim);
		kill(pid, SIGSTOP);
		while (waitpid(pid, &status, WUNTRACED) < 0 && errno == EINTR)
			;
		if (is_where_wanted(killer, aim) || i == tries - 1)
			return;
		if (killer->view->on_device && aim->manner == KILL && killer_now_ns() > until)
			return;
		kill(pid, SIGCONT);
		killer_pause_us(1 + killer_random(killer, 50));
	}
}

void killer_note(struct killer *killer, struct aim *aim)
{
	int first = crew_first(aim->process), count = crew_threads(aim->process);

	if (aim->manner == END_THREAD) {
		first = aim->place;
		count = 1;
	}
	for (int i = first; i < first + count; i++) {
		int state = state_of(killer, i);

		if (state < 0)
			killer->starting++;
		else
			killer->hits[state][killer->board->places[i].call]++;
	}
	killer->manners[aim->manner]++;
	for (int i = 0; i < KEEPERS && aim->manner != END_THREAD; i++)
		killer->keepers += killer_keeper(killer, i) == aim->process;
}

void killer_strike(struct killer *killer, const struct aim *aim)
{
	pid_t pid = killer->pids[aim->process];

	if (aim->manner == KILL) {
		kill(pid, SIGKILL);
		killer_reap(killer, aim);
		waitpid(pid, NULL, 0);
		return;
	}
	syscall(SYS_tgkill, pid, aim->tid, aim->manner == EXEC ? SIGUSR1 : SIGUSR2);
	kill(pid, SIGCONT);
}

/* The module has no members for all to see: their slots are free. */
static int has_no_slots(const struct killer *killer, const struct aim *aim)
{
	int first = crew_first(aim->process), count = crew_threads(aim->process);

	if (aim->manner == END_THREAD) {
		first = aim->place;
		count = 1;
	}
	for (int i = first; i < first + count; i++) {
		const struct proc *p = dc_proc(&killer->view->mapping.dc, CREW_FIRST + i);

		if (!(__atomic_load_n(&p->rts, __ATOMIC_ACQUIRE) & DVK_RTS_SLOT_FREE))
			return 0;
	}
	return 1;
}

int killer_is_buried(const struct killer *killer, const struct aim *aim)
{
	const struct segment *segment = segment_of(killer);
	pid_t pid = killer->pids[aim->process];

	if (!segment)
		return has_no_slots(killer, aim);
	for (int i = 0; segment_has_member(segment, i); i++) {
		const struct member *member = &segment->members[i];

		if (__atomic_load_n(&member->state, __ATOMIC_ACQUIRE) == MEMBER_FREE)
			continue;
		if (aim->manner == END_THREAD ? member->tid == aim->tid : member->pid == pid)
			return 0;
	}
	return 1;
}

const char *killer_describe(const struct killer *killer, const struct aim *aim)
{
	static const char *const manners[] = { "kill", "exec", "end of a thread" };
	const struct segment *segment = segment_of(killer);
	static char text[400];
	int used = snprintf(text, sizeof(text), "kill %d, %s of process %d, thread %d;",
			    killer->kills, manners[aim->manner], aim->process, (int)aim->tid);

	if (!segment)
		return text;
	used += snprintf(text + used, sizeof(text) - (size_t)used, " lock %x, keeper %d;",
			 segment->lock, segment->keepers[0].member);

	for (int i = 0; segment_has_member(segment, i) && used < (int)sizeof(text) - 60; i++)
		if (segment->members[i].pid == killer->pids[aim->process] &&
		    segment->members[i].state != MEMBER_FREE)
			used += snprintf(text + used, sizeof(text) - (size_t)used,
					 " member %d tid %d state %u life %x", i,
					 segment->members[i].tid, segment->members[i].state,
					 (unsigned int)segment->members[i].life.__data.__lock);
	return text;
}

pid_t killer_witness(struct killer *killer)
{
	struct dvk_options options = { .dir = killer->board->dir };
	int ready[2];
	pid_t pid;
	char byte = 0;

	if (pipe(ready) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (dvk_open(CHAOS_DCID, &options) != 0 || write(ready[1], &byte, 1) != 1)
			_exit(3);
		for (;;)
			pause();
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		printf("# nobody is there to bury the last ones\n");
	close(ready[0]);
	return pid;
}

void killer_report(const struct killer *killer)
{
	uint64_t done = 0, failed = 0;

	for (int i = 0; i < PLACES; i++) {
		done += killer->board->places[i].done;
		failed += killer->board->places[i].failed;
	}
	printf("# %-10s", "");
	for (int c = 0; c < CREW_CALL_COUNT; c++)
		printf(" %8s", crew_call_names[c]);
	for (int s = 0; s < KILLER_STATE_COUNT; s++) {
		printf("\n# %-10s", state_names[s]);
		for (int c = 0; c < CREW_CALL_COUNT; c++)
			if (killer->hits[s][c] || (possible_states(killer, c) >> s & 1))
				printf(" %8d", killer->hits[s][c]);
			else
				printf(" %8s", "-");
	}
	printf("\n# %d kills (%d exec, %d ends of threads), %d of keepers, %d while starting\n",
	       killer->kills, killer->manners[EXEC], killer->manners[END_THREAD], killer->keepers,
	       killer->starting);
	printf("# %llu calls, %llu with errors of deaths and timeouts; burials late %d, worst %ld "
	       "ms\n",
	       (unsigned long long)done, (unsigned long long)failed, killer->late,
	       killer->worst_ms);
}
