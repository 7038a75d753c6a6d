/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ready.c - a runtime that sleeps by its descriptor takes its ready slots though
 * whoever has the DC's lock is dead, or is nobody.
 */
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "embedded.h"
#include "fixture.h"

#define HOLDER_NR   31
#define NOBODY_WORD 100

static struct {
	int *wanted; /* shared: the holder shall take the lock and die */
	void (*obstruct)(void);
	int64_t took_ns;
} scene;

/* ---- other processes ------------------------------------------------------------- */
static int echo(void *argument)
{
	message m;

	(void)argument;
	if (dvk_bind(SERVER_NR, "server") != SERVER_NR || dvk_receive(ANY, &m) != 0)
		return 99;
	m.m_type = -m.m_type;
	(void)dvk_reply(m.m_source, &m);
	/* Its death would make the keeper take the lock over. */
	pause();
	return 98;
}

static int hold_and_die(void *argument)
{
	(void)argument;
	if (dvk_bind(HOLDER_NR, "holder") != HOLDER_NR)
		return 99;
	while (!__atomic_load_n(scene.wanted, __ATOMIC_ACQUIRE))
		usleep(100);
	host_enter(&host.dc, &host_self.seat);
	__atomic_store_n(scene.wanted, 2, __ATOMIC_RELEASE);
	/* The caller comes to wait for it, or finds it dead. */
	usleep(2000);
	raise(SIGKILL);
	return 0;
}

/* ---- who has the lock when the ready are taken ------------------------------------ */
static void a_dead_one(void)
{
	__atomic_store_n(scene.wanted, 1, __ATOMIC_RELEASE);
	while (__atomic_load_n(scene.wanted, __ATOMIC_ACQUIRE) != 2)
		usleep(100);
}

static void nobody(void)
{
	uint32_t *lock = &host.mapping.segment->lock;

	while (!lock_try(&host_self.seat))
		usleep(100);
	__atomic_store_n(lock, NOBODY_WORD, __ATOMIC_SEQ_CST);
}

/* The reply is there, and its sender through with the lock. */
static int is_told(void)
{
	const struct member *member = host_member(&host_self.seat);

	return __atomic_load_n(&member->ready_head, __ATOMIC_ACQUIRE) != READY_END;
}

static void block(int nr, int64_t deadline_ns)
{
	struct pollfd fd = { .fd = dvk_park_fd(), .events = POLLIN };
	int ready[2], count = 0;

	while (count == 0 && now_ns() < deadline_ns) {
		if (!dvk_park_prepare()) {
			assert_true(poll(&fd, 1, PATIENCE_MS) >= 0);
			dvk_park_done();
		}
		if (scene.obstruct && is_told()) {
			scene.obstruct();
			scene.obstruct = NULL;
		}
		scene.took_ns = now_ns();
		count = dvk_take_ready(ready, 2);
		scene.took_ns = now_ns() - scene.took_ns;
	}
	assert_null(scene.obstruct);
	assert_int_equal(count, 1);
	assert_int_equal(ready[0], nr);
}

static void none_ready(int nr, int handover)
{
	(void)handover;
	fail_msg("slot %d was made ready by this thread", nr);
}

static const struct {
	void (*obstruct)(void);
	int holder_status;
	long within_ms;
} cases[] = {
	{ a_dead_one, 128 + SIGKILL, WITHIN_MS },
	/* After the time in which a living owner lets go. */
	{ nobody, 0, 2 * WITHIN_MS },
};

static void the_ready_are_taken(void **state)
{
	static const struct dvk_parker parker = { .block = block, .ready = none_ready };

	(void)state;
	scene.wanted =
		mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(scene.wanted != MAP_FAILED);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		message m = { .m_type = 7 };
		pid_t server = child(echo, NULL), holder = 0;

		wait_for_rts(SERVER_NR, DVK_RTS_RECEIVING);
		*scene.wanted = 0;
		if (cases[i].holder_status) {
			holder = child(hold_and_die, NULL);
			wait_for_rts(HOLDER_NR, 0);
		}
		scene.obstruct = cases[i].obstruct;
		dvk_set_parker(&parker);
		assert_int_equal(dvk_sendrec_T(SERVER_NR, &m, PATIENCE_MS), 0);
		dvk_set_parker(NULL);
		assert_int_equal(m.m_type, -7);
		assert_in_range(scene.took_ns, 0, cases[i].within_ms * 1000000LL);
		child_kill(server);
		if (holder)
			assert_int_equal(child_wait(holder), cases[i].holder_status);
		wait_for_free(HOLDER_NR);
		wait_for_free(SERVER_NR);
	}
	munmap(scene.wanted, sizeof(int));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_ready_are_taken, fixture_open, fixture_close),
	};

	alarm(60);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
