/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_cut.c - kill -9 at each instruction for which a transition holds the lock, and
 * at each of coming, leaving and burying.
 *
 * After each kill: the dead one is buried within 100 ms by another process's keeper,
 * the state is sound, each partner has what is due to it on this side of the commit,
 * and the next calls work. A long one is sampled, from another instruction at each
 * run: CUTS of a scene, or as many as CUT= says, or with CUT=all each one.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../embedded/fixture.h"
#include "cut.h"
#include "slot.h"

#define DC_BYTES ((uint64_t)host.mapping.bytes - SEGMENT_STATE_OFFSET)

static struct {
	int bound, files, kills, late;
	long worst_us;
	unsigned int offset;
	char last[80]; /* the cut that was made last */
} run;

static void pause_us(long us)
{
	nanosleep(&(struct timespec){ .tv_nsec = us * 1000 }, NULL);
}

static int open_dc(void **state)
{
	struct dvk_options options = { .dir = test_dir, .flags = DVK_SYSTEM };

	if (fixture_dir(state) != 0)
		return -1;
	keepers_begin();
	if (dvk_open(TEST_DCID, &options) != 0 || dvk_bind(MAIN_NR, "tester") != MAIN_NR)
		return -1;
	partners_start();
	run.bound = host.dc.state->bound;
	run.files = count_files();
	run.offset = (unsigned int)now_ns() / 1000;
	return 0;
}

static int close_dc(void **state)
{
	partners_stop();
	keepers_end();
	return fixture_close(state);
}

/* ---- before the kill ---------------------------------------------------------- */
static void wait_until_it_waits(int which)
{
	const struct proc *p = dc_proc(&host.dc, FIRST_NR + which);
	int64_t deadline = now_ns() + PATIENCE_MS * 1000000LL;
	message m;
	int result;

	while (!(__atomic_load_n(&p->rts, __ATOMIC_ACQUIRE) & SLOT_WAITS) &&
	       !partner_is_done(which, &result, &m)) {
		if (now_ns() > deadline)
			fail_msg("partner %d does not come to wait", which);
		sched_yield();
	}
}

static void begin_scene(struct knife *knife, const struct scene *scene)
{
	knife_start(knife, scene);
	if (scene->corpse)
		corpse_begin(scene->corpse);
	for (int i = 0; i < PARTNERS; i++) {
		if (!scene->partners[i])
			continue;
		partner_begin(i, scene->partners[i]);
		wait_until_it_waits(i);
	}
	if (scene->corpse) {
		keepers_rest();
		corpse_die();
	}
	knife_prepare(knife);
}

/* ---- after it ------------------------------------------------------------------ */
static void wait_until_buried(const struct knife *knife, pid_t pid)
{
	struct segment *segment = host.mapping.segment;
	int64_t deadline = now_ns() + PATIENCE_MS * 1000000LL;
	long us;

	for (int i = 0; segment_has_member(segment, i); i++)
		while (segment->members[i].pid == pid &&
		       __atomic_load_n(&segment->members[i].state, __ATOMIC_ACQUIRE)) {
			if (now_ns() > deadline)
				fail_msg("the dead are not buried after %d ms", PATIENCE_MS);
			pause_us(50);
		}
	us = (long)((now_ns() - knife->killed_ns) / 1000);
	run.late += us > WITHIN_MS * 1000;
	if (us > run.worst_us)
		run.worst_us = us;
}

/* The whole state at a moment at which nobody changes it. */
static void check_state(void)
{
	void *copy = aligned_alloc(64, (DC_BYTES + 63) & ~63ULL);
	struct dc dc;

	assert_non_null(copy);
	lock_take(&host_self.seat);
	memcpy(copy, host.dc.state, DC_BYTES);
	lock_release(&host_self.seat);
	assert_int_equal(dc_attach(&dc, copy, DC_BYTES), 0);
	assert_int_equal(dc.state->undo_count, 0);
	assert_int_equal(dc.state->bound, run.bound);
	invariants_check(&dc);
	for (int i = 0; i < PARTNERS; i++) {
		int bit = VICTIM_NR + NR_TASKS;
		const struct proc *p = dc_proc(&dc, FIRST_NR + i);

		assert_false(p->notify_pending[bit / 64] >> (bit % 64) & 1);
		assert_false(p->rts & (DVK_RTS_ONCOPY | DVK_RTS_STOPPED | DVK_RTS_HELD));
	}
	for (int i = 0; i < DVK_TABLES; i++)
		assert_string_equal(dc.state->tables[i].type, "");
	free(copy);
}

static void nothing_is_held(void)
{
	struct dvk_hold hold;
	struct dvk_held held;

	assert_int_equal(dvk_holds(&hold, 1), 0);
	assert_int_equal(dvk_held(&held, 1), 0);
}

static int is_waiting(struct due due)
{
	return due.result == EDVSINTR || due.result == EDVSNOTREADY;
}

static void partner_gets(int which, struct due due)
{
	int64_t deadline = now_ns() + PATIENCE_MS * 1000000LL;
	message m = { 0 };
	int result = 0;

	if (is_waiting(due)) {
		assert_false(partner_is_done(which, &result, &m));
		assert_int_equal(dvk_cancel(FIRST_NR + which), 0);
	}
	while (!partner_is_done(which, &result, &m)) {
		if (now_ns() > deadline)
			fail_msg("partner %d hangs", which);
		pause_us(20);
	}
	assert_int_equal(result, due.result);
	if (result == 0)
		assert_int_equal(m.m_type, due.type);
}

static int look_for_message(message *m)
{
	return dvk_receive_T(ANY, m, 0);
}

static int ask(message *m)
{
	return dvk_sendrec_T(SECOND_NR, m, PATIENCE_MS);
}

static int serve(message *m)
{
	int rc = dvk_receive_T(FIRST_NR, m, PATIENCE_MS);

	m->m_type = ANSWER;
	return rc ? rc : dvk_reply(FIRST_NR, m);
}

static void next_calls_work(void)
{
	partner_begin(0, ask);
	partner_begin(1, serve);
	partner_gets(1, (struct due){ 0, ANSWER });
	partner_gets(0, (struct due){ 0, ANSWER });
}

/* A message that was sent to the first partner is there before its sender is through. */
static void check_then(int then)
{
	message m;
	int rc = partner_make(0, look_for_message, &m);

	assert_int_equal(rc, then == 0 ? EDVSAGAIN : then == 1 ? 0 : then);
}

static void check_due(const struct scene *scene, const struct knife *knife)
{
	const struct due *due = knife->committed && !scene->whole ? scene->after : scene->before;

	wait_until_buried(knife, knife->pid);
	if (scene->corpse)
		wait_until_buried(knife, corpse_pid());
	check_state();
	assert_int_equal(count_files(), run.files);
	nothing_is_held();
	if (!scene->partners[0] && !scene->whole)
		check_then(scene->then[knife->committed]);
	for (int i = 0; i < PARTNERS; i++)
		if (scene->partners[i])
			partner_gets(i, due[i]);
	next_calls_work();
	check_state();
}

/* ---- scene by scene ------------------------------------------------------------- */
static struct knife cut_at(const struct scene *scene, int n)
{
	struct knife knife;

	begin_scene(&knife, scene);
	knife_cut(&knife, scene, n);
	if (scene->corpse)
		keepers_go_on();
	/* Shown by a failure that follows. */
	snprintf(run.last, sizeof(run.last), "%s, cut at %d, %s", scene->name, knife.held,
		 knife.committed ? "committed" : "not committed");
	check_due(scene, &knife);
	run.kills++;
	return knife;
}

static void cut_scene(const struct scene *scene)
{
	const char *wish = getenv("CUT");
	int length = cut_at(scene, INT32_MAX).held;
	int cuts = wish && atoi(wish) > 0 ? atoi(wish) : scene->whole ? CUTS_WHOLE : CUTS;
	int step = wish && strcmp(wish, "all") == 0 ? 1 : (length + cuts - 1) / cuts;
	int kills = 0, committed = -1;

	for (int n = (int)(run.offset++ % (unsigned int)step); n < length; n += step) {
		struct knife knife = cut_at(scene, n);

		kills++;
		if (knife.committed && committed < 0)
			committed = knife.held;
	}
	printf("# %-26s %5d %5d %5d\n", scene->name, length, committed, kills);
}

/* Whole calls take long under the sanitizers: only when they are asked for. */
static int is_wanted(const struct scene *scene)
{
	const char *only = getenv("SCENE");

	if (!only)
		return !scene->whole || CUTS_WHOLE > 0;
	return strcmp(only, scene->name) == 0 || (strcmp(only, "whole") == 0 && scene->whole);
}

static void transitions_are_cut(void **state)
{
	(void)state;
	printf("# %-26s %5s %5s %5s\n", "transition", "held", "from", "kills");
	for (const struct scene *scene = scenes; scene->name; scene++)
		if (is_wanted(scene))
			cut_scene(scene);
	printf("# %d kills; %d buried after more than %d ms, the last after %ld us\n", run.kills,
	       run.late, WITHIN_MS, run.worst_us);
	/* Where others have our processors, one may come late: that is no rule then. */
	assert_true(run.late * 10 <= run.kills);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(transitions_are_cut, open_dc, close_dc),
	};

	int rc;

	alarm(getenv("CUT") ? 3000 : 300);
	rc = cmocka_run_group_tests_name("cut", tests, NULL, NULL);
	if (rc)
		printf("# the last cut: %s\n", run.last);
	return rc;
}
