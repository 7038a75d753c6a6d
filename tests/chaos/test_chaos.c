/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_chaos.c - a crew at full rate, of which one after the other is killed.
 *
 * The killer is no member: it looks through a view. It stops its victim, reads what
 * it has hit, a state and a call, and then kills it, or makes it exec or end a
 * thread there. Half of the kills go for the pair that was hit least, with a bound
 * on the tries. KILLS of them; CHAOS=n for another number, SEED=n. With DVK_HOST=module
 * the crew is at a DC of the kernel module, which has no keepers.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "../../kernel/lib/view.h"
#include "crew.h"
#include "killer.h"

#define ALL_FROM    300  /* kills: so many have to hit each pair */
#define AIM_S       120  /* and so long they go on, on a busy machine */
#define CALM_EVERY  50   /* kills, until all are seen to go on */
#define PATIENCE_MS 5000 /* a busy machine; beyond it, somebody hangs */
#define WITHIN_MS   100  /* the contract, for a death */
#define AIMS        200  /* how often a victim is stopped until it is where it is wanted */

static struct killer killer;

static int begin_crew(void **state)
{
	struct dvk_options options = { .nr_procs = 80 };

	(void)state;
	killer.board = mmap(NULL, sizeof(*killer.board), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	strcpy(killer.board->dir, "/tmp/dvk-chaos-XXXXXX");
	if (killer.board == MAP_FAILED || !mkdtemp(killer.board->dir))
		return -1;
	options.dir = killer.board->dir;
	if (dvk_dc_init(CHAOS_DCID, &options) != 0 ||
	    dvk_view_open(CHAOS_DCID, options.dir, 1, &killer.view) != 0)
		return -1;
	for (int i = 0; i < PROCESSES; i++)
		killer.pids[i] = crew_start(killer.board, i);
	return 0;
}

static int end_crew(void **state)
{
	(void)state;
	for (int i = 0; i < PROCESSES; i++) {
		if (killer.pids[i] <= 0)
			continue;
		kill(killer.pids[i], SIGKILL);
		waitpid(killer.pids[i], NULL, 0);
	}
	dvk_view_close(killer.view);
	dvk_dc_end(CHAOS_DCID, killer.board->dir);
	return rmdir(killer.board->dir);
}

/* Who is killed next: a process, and which of its places it is about. */
static void choose(struct aim *aim)
{
	int manner = (int)killer_random(&killer, 10), i = -1;

	*aim = (struct aim){ .manner = KILL, .state = -1 };
	if (manner == 0)
		aim->manner = EXEC;
	else if (manner == 1)
		aim->manner = END_THREAD;
	else if (manner == 2)
		i = killer_keeper(&killer, (int)killer_random(&killer, KEEPERS));
	aim->process = i < 0 ? (int)killer_random(&killer, PROCESSES) : i;
	if (aim->manner == END_THREAD)
		aim->process = SERVERS + SINGLES + (int)killer_random(&killer, PAIRS);
	/* Half of them at random, and then what chance has left out. */
	if (i < 0 && aim->manner == KILL && (killer.is_aiming || killer_random(&killer, 2)))
		killer_aim_at_rarest(&killer, aim);
	aim->place = crew_first(aim->process) +
		     (int)killer_random(&killer, (uint32_t)crew_threads(aim->process));
}

static void see_buried(const struct aim *aim, int64_t killed_ns)
{
	long ms;

	while (!killer_is_buried(&killer, aim)) {
		if (killer_now_ns() - killed_ns > PATIENCE_MS * 1000000LL)
			fail_msg("%s: the dead are not buried after %d ms",
				 killer_describe(&killer, aim), PATIENCE_MS);
		killer_pause_us(100);
	}
	ms = (long)((killer_now_ns() - killed_ns) / 1000000);
	killer.late += ms > WITHIN_MS;
	if (ms > killer.worst_ms)
		killer.worst_ms = ms;
}

static void kill_one(void)
{
	struct aim aim;
	int64_t killed_ns;

	choose(&aim);
	/* The lock is what chance leaves out. */
	if (killer.is_aiming && aim.state == IS_locked)
		killer_lead(&killer, &aim);
	else
		killer_stop(&killer, &aim, aim.state < 0 ? 1 : AIMS);
	killer_note(&killer, &aim);
	killed_ns = killer_now_ns();
	killer_strike(&killer, &aim);
	see_buried(&aim, killed_ns);
	if (aim.manner != KILL) {
		kill(killer.pids[aim.process], SIGKILL);
		waitpid(killer.pids[aim.process], NULL, 0);
		/* Its other threads too, before their slots are wanted again. */
		aim.manner = KILL;
		see_buried(&aim, killer_now_ns());
	}
	killer.pids[aim.process] = crew_start(killer.board, aim.process);
	killer.kills++;
}

/* Each place comes to the end of a call, and nobody has complained. */
static void all_go_on(void)
{
	int64_t deadline = killer_now_ns() + PATIENCE_MS * 1000000LL;
	uint64_t done[PLACES];

	for (int i = 0; i < PLACES; i++)
		done[i] = __atomic_load_n(&killer.board->places[i].done, __ATOMIC_RELAXED);
	for (int i = 0; i < PLACES; i++)
		while (__atomic_load_n(&killer.board->places[i].done, __ATOMIC_RELAXED) ==
		       done[i]) {
			if (killer_now_ns() > deadline)
				fail_msg("place %d hangs in %s", i,
					 crew_call_names[killer.board->places[i].call]);
			killer_pause_us(200);
		}
	if (killer.board->complaint[0])
		fail_msg("%s", killer.board->complaint);
	assert_int_equal(killer.view->mapping.dc.state->bound, PLACES);
}

/* One who has no slot buries the others. */
static void all_are_gone(void)
{
	int64_t deadline = killer_now_ns() + PATIENCE_MS * 1000000LL;
	pid_t witness = killer_witness(&killer);

	for (int i = 0; i < PROCESSES; i++) {
		kill(killer.pids[i], SIGKILL);
		waitpid(killer.pids[i], NULL, 0);
		killer.pids[i] = 0;
	}
	while (__atomic_load_n(&killer.view->mapping.dc.state->bound, __ATOMIC_ACQUIRE) != 0 &&
	       killer_now_ns() < deadline)
		killer_pause_us(200);
	assert_int_equal(killer.view->mapping.dc.state->bound, 0);
	kill(witness, SIGKILL);
	waitpid(witness, NULL, 0);
}

static void members_are_killed(void **state)
{
	const char *wish = getenv("CHAOS");
	int kills = wish ? atoi(wish) : KILLS;
	int64_t aim_until;

	(void)state;
	killer_seed(&killer);
	all_go_on();
	while (killer.kills < kills) {
		kill_one();
		if (killer.kills % CALM_EVERY == 0)
			all_go_on();
	}
	killer.is_aiming = 1;
	aim_until = killer_now_ns() + AIM_S * 1000000000LL;
	while (kills >= ALL_FROM && killer_has_missed(&killer) && killer_now_ns() < aim_until)
		kill_one();
	all_go_on();
	killer_report(&killer);
	all_are_gone();
	assert_false(kills >= ALL_FROM && killer_has_missed(&killer));
	assert_true(killer.keepers > 0 || killer.view->on_device);
	/* Where others have our processors, one may come late: that is no rule then. */
	assert_true(killer.late * 10 <= killer.kills);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(members_are_killed, begin_crew, end_crew),
	};

	if (argc > 1 && strcmp(argv[1], CREW_EXECED) == 0)
		return sleep(60) != 0;
	alarm(getenv("CHAOS") ? 3000 : 290);
	return cmocka_run_group_tests_name("chaos", tests, NULL, NULL);
}
