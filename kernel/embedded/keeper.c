/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keeper.c - one thread per process; two of them all keep the DC.
 *
 * Each waits for one of the robust mutexes of `keepers`; who has one watches the lives
 * of all members and buries the dead. Its own death gives the mutex to the next one.
 * There are two since a keeper may be stopped: a stopped thread sleeps on no futex, so
 * Linux tells the other. A futex_waitv watches a limited number, so further watchers
 * are started as the members need them. Nobody polls, but where the kernel has no
 * futex_waitv. The thread is also its process's guard: it ends with the process only
 * (vanish.c).
 */
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "embedded.h"
#include "futex.h"
#include EMBEDDED_ANNOTATE

#define KEEPER_STACK_BYTES (256 * 1024)
#define POLL_NS            50000000
#define ENDING_NS_MIN      1000000 /* between looks at who is ending */
#define ENDING_NS_MAX      32000000

struct watcher {
	pthread_t thread;
	int started;
	int index;         /* watches members from index * WATCH_MEMBERS on */
	int64_t ending_ns; /* how long to wait for those that are ending; 0: there are none */
	struct seat seat;
};

static struct {
	struct mapping *mapping;
	struct watcher watchers[WATCHES_MAX]; /* the first is the keeper thread */
	uint32_t started; /* futex: 1 it keeps or waits to keep, 2 it could not attach */
	uint32_t stop;    /* futex */
} keeper;

static int stopped(void)
{
	return __atomic_load_n(&keeper.stop, __ATOMIC_ACQUIRE) != 0;
}

static void *watcher_main(void *argument);

static int start_thread(struct watcher *watcher)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	int rc;

	sigfillset(&all);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes,
				  annotate_stack_bytes(KEEPER_STACK_BYTES, host.epoch));
	/* Signals are for the program's own threads. */
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(&watcher->thread, &attributes, watcher_main, watcher);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	watcher->started = rc == 0;
	return rc ? EDVSRSCBUSY : 0;
}

/* Sleeps until one of the words changes, ns at most; where that cannot be, a while. */
static void sleep_on(struct futex_waitv *words, unsigned int count, int64_t ns)
{
	int64_t now = ticks_monotonic_ns();
	int64_t deadline = ns == INT64_MAX ? ns : now + ns;
	int rc = stopped() ? 0 : futex_wait_any(words, count, deadline);

	if (rc == ENOSYS || rc == EPERM)
		futex_wait(&keeper.stop, 0, now + (ns < POLL_NS ? ns : POLL_NS));
}

/* The kernel wakes somebody at the death of a word's owner only if this is set. */
static uint32_t mark_waiters(uint32_t *word)
{
	return __atomic_or_fetch(word, FUTEX_WAITERS, __ATOMIC_SEQ_CST);
}

/*
 * Sleeps while all members of this watcher live. Returns at once when one is dead.
 * Words that hold no owner are left out: their attachment is just ending, and the
 * next one kicks.
 */
static void watch(const struct watcher *watcher)
{
	struct segment *segment = keeper.mapping->segment;
	uint32_t *kick = &segment->kick[watcher->index];
	struct futex_waitv words[FUTEX_VECTOR_MAX];
	unsigned int count = 2;
	int first = watcher->index * WATCH_MEMBERS;

	words[0] = futex_word(&keeper.stop, 0);
	words[1] = futex_word(kick, __atomic_load_n(kick, __ATOMIC_SEQ_CST));
	for (int i = first; i < first + WATCH_MEMBERS && segment_has_member(segment, i); i++) {
		struct member *member = &segment->members[i];
		uint32_t *life = member_life_word(member);
		uint32_t value = __atomic_load_n(life, __ATOMIC_ACQUIRE);

		if (__atomic_load_n(&member->state, __ATOMIC_ACQUIRE) == MEMBER_FREE)
			continue;
		while ((value & FUTEX_TID_MASK) && !(value & (FUTEX_OWNER_DIED | FUTEX_WAITERS)))
			if (__atomic_compare_exchange_n(life, &value, value | FUTEX_WAITERS, 0,
							__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
				value |= FUTEX_WAITERS;
		if (value & FUTEX_OWNER_DIED)
			return;
		if (value & FUTEX_TID_MASK)
			words[count++] = futex_word(life, value);
	}
	sleep_on(words, count, watcher->ending_ns ? watcher->ending_ns : INT64_MAX);
}

static void bury_the_dead(struct watcher *watcher)
{
	struct segment *segment = keeper.mapping->segment;
	int first = watcher->index * WATCH_MEMBERS, ending = 0;

	for (int i = first; i < first + WATCH_MEMBERS && segment_has_member(segment, i); i++) {
		ending |= member_vanished(segment, i);
		if (member_is_dead(&segment->members[i]))
			bury(keeper.mapping, &watcher->seat, i);
	}
	if (!ending)
		watcher->ending_ns = 0;
	else if (watcher->ending_ns < ENDING_NS_MAX)
		watcher->ending_ns = watcher->ending_ns ? 2 * watcher->ending_ns : ENDING_NS_MIN;
}

/* The keeper starts those whose members are in use. */
static void start_watchers(void)
{
	struct segment *segment = keeper.mapping->segment;

	for (int i = WATCH_MEMBERS; segment_has_member(segment, i); i++) {
		struct watcher *watcher = &keeper.watchers[i / WATCH_MEMBERS];

		uint32_t state = __atomic_load_n(&segment->members[i].state, __ATOMIC_ACQUIRE);

		if (watcher->started || state == MEMBER_FREE)
			continue;
		watcher->index = i / WATCH_MEMBERS;
		/* Without memory for it the next kick tries again. */
		if (start_thread(watcher) != 0)
			return;
	}
}

/* Lets keeper_start() go on. */
static void say_started(uint32_t how)
{
	__atomic_store_n(&keeper.started, how, __ATOMIC_RELEASE);
	futex_wake(&keeper.started, 1);
}

/* The first of the keepers' mutexes that can be had, or -1. */
static int take_keepers_mutex(struct segment *segment)
{
	for (int i = 0; i < KEEPERS; i++) {
		pthread_mutex_t *mutex = &segment->keepers[i].mutex;
		int rc = pthread_mutex_trylock(mutex);

		if (rc == EOWNERDEAD)
			rc = pthread_mutex_consistent(mutex);
		if (rc != 0)
			continue;
		mark_waiters(keepers_word(segment, i));
		return i;
	}
	return -1;
}

/* What to sleep on until the owner of the mutex dies or gives it back. 0: it has none. */
static int await_owner(uint32_t *word, struct futex_waitv *ret_word)
{
	uint32_t value = __atomic_load_n(word, __ATOMIC_SEQ_CST);

	if (!(value & FUTEX_TID_MASK))
		return 0;
	if (!(value & FUTEX_WAITERS) &&
	    !__atomic_compare_exchange_n(word, &value, value | FUTEX_WAITERS, 0, __ATOMIC_SEQ_CST,
					 __ATOMIC_SEQ_CST))
		return 0;
	*ret_word = futex_word(word, value | FUTEX_WAITERS);
	return 1;
}

/* Waits until this process is a keeper; which one. -1: it was stopped before. */
static int become_keeper(void)
{
	struct segment *segment = keeper.mapping->segment;
	struct robust_list_head *robust;
	struct futex_waitv words[1 + KEEPERS];
	int which = -1, owned;
	size_t bytes;

	syscall(SYS_get_robust_list, 0, &robust, &bytes);
	while (!stopped()) {
		which = take_keepers_mutex(segment);
		if (which >= 0)
			break;
		/*
		 * A wake-up that kills its receiver goes on to the next: the kernel looks
		 * here. For the other mutex the burial sees to that.
		 */
		robust->list_op_pending =
			(struct robust_list *)&segment->keepers[0].mutex.__data.__list.__next;
		words[0] = futex_word(&keeper.stop, 0);
		owned = 1;
		for (int i = 0; i < KEEPERS; i++)
			owned &= await_owner(keepers_word(segment, i), &words[1 + i]);
		if (!owned)
			continue;
		say_started(1);
		sleep_on(words, 1 + KEEPERS, INT64_MAX);
	}
	robust->list_op_pending = NULL;
	return which;
}

static void keep(struct watcher *self)
{
	struct segment *segment = keeper.mapping->segment;
	int which = become_keeper();

	if (which < 0)
		return;
	segment->keepers[which].member = self->seat.member;
	say_started(1);
	while (!stopped()) {
		start_watchers();
		bury_the_dead(self);
		watch(self);
	}
	for (int i = 1; i < WATCHES_MAX; i++)
		if (keeper.watchers[i].started)
			pthread_join(keeper.watchers[i].thread, NULL);
	segment->keepers[which].member = DC_NO_MEMBER;
	pthread_mutex_unlock(&segment->keepers[which].mutex);
}

static void *watcher_main(void *argument)
{
	struct watcher *self = argument;
	uint32_t guard = self->index == 0 ? 0 : keeper_guard();
	int rc = member_attach(keeper.mapping->segment, MEMBER_ATTACHED, guard, &self->seat);

	prctl(PR_SET_NAME, "dvk-keeper");
	if (rc) {
		if (self->index == 0)
			say_started(2);
		return NULL;
	}
	if (self->index == 0)
		keep(self);
	while (self->index != 0 && !stopped()) {
		bury_the_dead(self);
		watch(self);
	}
	member_detach(&self->seat);
	return NULL;
}

int keeper_start(struct mapping *mapping)
{
	int rc;

	memset(&keeper, 0, sizeof(keeper));
	keeper.mapping = mapping;
	rc = start_thread(&keeper.watchers[0]);
	if (rc)
		return refuse(rc, "no thread could be started for dc%d", mapping->dcid);
	while (__atomic_load_n(&keeper.started, __ATOMIC_ACQUIRE) == 0)
		futex_wait(&keeper.started, 0, INT64_MAX);
	if (__atomic_load_n(&keeper.started, __ATOMIC_ACQUIRE) == 1)
		return 0;
	pthread_join(keeper.watchers[0].thread, NULL);
	keeper_forget();
	return refuse(EDVSRSCBUSY, "dc%d has no room for another process", mapping->dcid);
}

uint32_t keeper_guard(void)
{
	return keeper.watchers[0].seat.lock_word;
}

void keeper_stop(void)
{
	if (!keeper.watchers[0].started)
		return;
	__atomic_store_n(&keeper.stop, 1, __ATOMIC_SEQ_CST);
	futex_wake(&keeper.stop, INT32_MAX);
	pthread_join(keeper.watchers[0].thread, NULL);
	keeper_forget();
}

void keeper_forget(void)
{
	memset(&keeper, 0, sizeof(keeper));
}
