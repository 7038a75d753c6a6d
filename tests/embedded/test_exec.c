/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_exec.c - who execs has ended, whichever of its process's threads did it: its
 * slots are free and its peers go on within 100 ms (M3-IPC section 8).
 *
 * A signal makes the victim exec from wherever it is, also from inside a transition.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "embedded.h"
#include "undo.h"
#include "fixture.h"

#define VICTIM_NR  30
#define LEADER_NR  31 /* of its process's first thread, if that is another one */
#define COPY_BYTES 65536
#define PATTERN    0x5a

/* ---- the victim ----------------------------------------------------------------- */
static void on_exec(int number)
{
	(void)number;
	execl("/bin/sleep", "sleep", "30", (char *)NULL);
	_exit(97);
}

static void rest(void)
{
	for (;;)
		pause();
}

static void take_one(void)
{
	message m;

	(void)dvk_receive(ANY, &m);
	rest();
}

static char victim_bytes[COPY_BYTES];

static void call_us(void)
{
	message m = { .m_type = 1 };

	memset(victim_bytes, PATTERN, sizeof(victim_bytes));
	m.m1_p1 = dvk_address(victim_bytes);
	(void)dvk_sendrec(1, &m);
}

static void hold_the_lock(void)
{
	host_enter(&host.dc, &host_self.seat);
	SET(&host.dc, dc_proc(&host.dc, 1)->notify_pending[0], 0xdeadull);
	rest();
}

/* ---- what we wait in ------------------------------------------------------------- */
static int send_it(message *m)
{
	return dvk_send(VICTIM_NR, m);
}

static int receive_from_it(message *m)
{
	return dvk_receive(VICTIM_NR, m);
}

static int call_it(message *m)
{
	return dvk_sendrec(VICTIM_NR, m);
}

static int copy_from_it(message *m)
{
	static char ours[COPY_BYTES];
	int rc = dvk_receive_T(VICTIM_NR, m, PATIENCE_MS);
	uint64_t theirs = m->m1_p1;

	while (rc == 0) {
		memset(ours, PATTERN, sizeof(ours));
		rc = dvk_vcopy(VICTIM_NR, theirs, SELF, dvk_address(ours), sizeof(ours));
		/* Never of the program that came after it. */
		for (int i = 0; rc == 0 && i < COPY_BYTES; i += 4096)
			assert_int_equal(ours[i], PATTERN);
	}
	return rc;
}

/* Any call needs the lock that it has. */
static int look_for_message(message *m)
{
	return dvk_receive_T(ANY, m, 0);
}

static const struct row {
	const char *what;
	void (*victim)(void);
	uint32_t victim_rts, our_rts; /* where both are when it is made to exec */
	int (*wait)(message *m);
	int want;
} rows[] = {
	{ "send", rest, 0, DVK_RTS_SENDING, send_it, EDVSDSTDIED },
	{ "receive", rest, 0, DVK_RTS_RECEIVING, receive_from_it, EDVSSRCDIED },
	{ "sendrec, queued", rest, 0, DVK_RTS_SENDING, call_it, EDVSDEADSRCDST },
	{ "sendrec, taken", take_one, DVK_RTS_RECEIVING, DVK_RTS_RECEIVING, call_it, EDVSSRCDIED },
	{ "vcopy", call_us, DVK_RTS_SENDING, 0, copy_from_it, EDVSSRCDIED },
	{ "the lock", hold_the_lock, 0, 0, look_for_message, EDVSAGAIN },
};

/* ---- who execs ------------------------------------------------------------------- */
enum who { THE_FIRST, ANOTHER, THE_ONLY_ONE_ATTACHED };
static const char *const who_names[] = { "the first", "another", "the only one attached" };

struct plan {
	enum who who;
	const struct row *row;
	pid_t pid;
	int64_t struck_ns;
};

static void *victim_main(void *argument)
{
	const struct plan *plan = argument;

	signal(SIGUSR1, on_exec);
	if (dvk_bind(VICTIM_NR, "victim") != VICTIM_NR)
		abort();
	plan->row->victim();
	abort();
}

static int victim_process(void *argument)
{
	const struct plan *plan = argument;
	pthread_t thread;

	if (plan->who == THE_FIRST)
		victim_main(argument);
	if (plan->who == ANOTHER && dvk_bind(LEADER_NR, "leader") != LEADER_NR)
		return 99;
	if (pthread_create(&thread, NULL, victim_main, argument) != 0)
		return 98;
	rest();
	return 0;
}

/* Its slot is read without the lock, which it has. */
static void wait_for_lock_of_victim(void)
{
	const struct segment *segment = host.mapping.segment;
	const struct proc *victim = dc_proc(&host.dc, VICTIM_NR);
	int64_t deadline = now_ns() + PATIENCE_MS * 1000000LL;

	while (__atomic_load_n(&victim->rts, __ATOMIC_ACQUIRE) & DVK_RTS_SLOT_FREE ||
	       lock_owner(__atomic_load_n(&segment->lock, __ATOMIC_ACQUIRE)) != victim->member) {
		if (now_ns() > deadline)
			fail_msg("the victim does not take the lock");
		sched_yield();
	}
}

static void *strike(void *argument)
{
	struct plan *plan = argument;
	const struct proc *victim = dc_proc(&host.dc, VICTIM_NR);
	pid_t tid = host.mapping.segment->members[victim->member].tid;

	if (plan->row->our_rts)
		wait_for_rts(1, plan->row->our_rts);
	plan->struck_ns = now_ns();
	syscall(SYS_tgkill, plan->pid, tid, SIGUSR1);
	return NULL;
}

static int members_of(pid_t pid)
{
	const struct segment *segment = host.mapping.segment;
	int count = 0;

	for (int i = 0; segment_has_member(segment, i); i++)
		count += segment->members[i].pid == pid && segment->members[i].state != MEMBER_FREE;
	return count;
}

static void exec_once(struct plan *plan)
{
	const struct row *row = plan->row;
	message m = { .m_type = 1 };
	pthread_t striker;
	int rc;

	plan->pid = child(victim_process, plan);
	if (row->victim == hold_the_lock)
		wait_for_lock_of_victim();
	else
		wait_for_rts(VICTIM_NR, row->victim_rts);
	assert_int_equal(pthread_create(&striker, NULL, strike, plan), 0);
	rc = row->wait(&m);
	pthread_join(striker, NULL);
	if (rc != row->want)
		fail_msg("%s, %s execs: %d", row->what, who_names[plan->who], rc);
	assert_in_range(now_ns() - plan->struck_ns, 0, WITHIN_MS * 1000000LL);
	wait_for_free(VICTIM_NR);
	wait_for_free(LEADER_NR);
	while (members_of(plan->pid) > 0 && now_ns() - plan->struck_ns < WITHIN_MS * 1000000LL)
		sleep_ms(1);
	assert_int_equal(members_of(plan->pid), 0);
	assert_in_range(now_ns() - plan->struck_ns, 0, WITHIN_MS * 1000000LL);
	assert_int_equal(dc_proc(&host.dc, 1)->notify_pending[0], 0);
	/* The program that it is now lives, and is no member. */
	assert_int_equal(waitpid(plan->pid, NULL, WNOHANG), 0);
	child_kill(plan->pid);
}

static void exec_ends_a_process(void **state)
{
	(void)state;
	for (enum who who = THE_FIRST; who <= THE_ONLY_ONE_ATTACHED; who++)
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			struct plan plan = { .who = who, .row = &rows[i] };

			exec_once(&plan);
		}
}

/* A DC whose only process execs is left behind, and is not taken for one that runs. */
static void exec_of_the_only_process(void **state)
{
	(void)state;
	for (enum who who = THE_FIRST; who <= THE_ONLY_ONE_ATTACHED; who++) {
		struct plan plan = { .who = who, .row = &rows[0] };
		struct dvk_options options = { .dir = test_dir };
		int64_t deadline = now_ns() + PATIENCE_MS * 1000000LL;
		struct dvk_procinfo info;
		struct dvk_view *view;

		plan.pid = child(victim_process, &plan);
		info = wait_for_rts(VICTIM_NR, 0);
		assert_int_equal(dvk_view_open(TEST_DCID, test_dir, 1, &view), 0);
		assert_int_equal(syscall(SYS_tgkill, plan.pid, info.tid, SIGUSR1), 0);
		while (dvk_view_alive(view) && now_ns() < deadline)
			sleep_ms(1);
		assert_false(dvk_view_alive(view));
		dvk_view_close(view);
		assert_int_equal(dvk_open(TEST_DCID, &options), EDVSDCNOTRUN);
		options.flags = DVK_CREATE;
		assert_int_equal(dvk_open(TEST_DCID, &options), 0);
		assert_int_equal(host.dc.state->bound, 0);
		assert_int_equal(dvk_close(), 0);
		child_kill(plan.pid);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(exec_ends_a_process, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(exec_of_the_only_process, fixture_dir,
						fixture_remove),
	};

	alarm(120);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
