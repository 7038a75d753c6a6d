/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_bounce.c - copies between processes that Linux keeps apart: both are not
 * dumpable and no root, so process_vm_* is refused, which the test makes sure of.
 */
#include <errno.h>
#include <grp.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "fixture.h"

#define NOBODY     65534
#define COPIER     (GENERATION_SIZE + 64)
#define BIG        (300 * 1024 + 17)
#define TYPE_COPY  1
#define TYPE_FAULT 2
#define TYPE_STOP  3

/* Opens the DC as somebody whose memory nobody may touch. */
static void enter_apart(void)
{
	if (dvk_close() != 0)
		_exit(95);
	if (geteuid() == 0 &&
	    (setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
		_exit(94);
	prctl(PR_SET_DUMPABLE, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(60);
	dc_open(DVK_CREATE);
}

static int is_refused(pid_t pid, uint64_t address)
{
	char byte;
	struct iovec local = { &byte, 1 }, remote = { (void *)(uintptr_t)address, 1 };

	return process_vm_readv(pid, &local, 1, &remote, 1, 0) < 0 && errno == EPERM;
}

static int pid_of(int endpoint)
{
	struct dvk_procinfo info;

	return look(dvk_endpoint_nr(endpoint), &info) ? info.pid : 0;
}

static void *kill_soon(void *argument)
{
	sleep_ms(50);
	kill(*(pid_t *)argument, SIGKILL);
	return NULL;
}

/* The client is stopped: nobody serves the copy, until it is killed. */
static int copy_from_the_dying(const message *m)
{
	pid_t pid = pid_of(m->m_source);
	pthread_t thread;
	char bytes[64];
	int rc;

	kill(pid, SIGSTOP);
	pthread_create(&thread, NULL, kill_soon, &pid);
	rc = dvk_vcopy(m->m_source, m->m1_p1, SELF, dvk_address(bytes), sizeof(bytes));
	pthread_join(thread, NULL);
	return rc;
}

/* Adds one to each of the client's bytes. */
static int serve_copy(const message *m, unsigned char *bytes)
{
	int rc;

	if (!is_refused(pid_of(m->m_source), m->m1_p1))
		return 1;
	rc = dvk_vcopy(m->m_source, m->m1_p1, SELF, dvk_address(bytes), (size_t)m->m1_i1);
	for (int i = 0; i < m->m1_i1; i++)
		bytes[i]++;
	if (rc == 0)
		rc = dvk_vcopy(SELF, dvk_address(bytes), m->m_source, m->m1_p1, (size_t)m->m1_i1);
	return rc;
}

static int copies(void *argument)
{
	unsigned char *bytes = malloc(BIG);
	message m;

	(void)argument;
	enter_apart();
	if (!bytes || dvk_bind(NONE, "copies") != COPIER)
		return 99;
	for (;;) {
		if (dvk_receive(ANY, &m) != 0)
			return 98;
		if (m.m_type == TYPE_STOP)
			return copy_from_the_dying(&m) != EDVSSRCDIED;
		m.m_type = serve_copy(&m, bytes);
		if (dvk_reply(m.m_source, &m) != 0)
			return 97;
	}
}
static int call_with(unsigned char *bytes, int count, int type)
{
	message m = { .m_type = type };
	int rc;

	m.m1_p1 = dvk_address(bytes);
	m.m1_i1 = count;
	rc = dvk_sendrec(COPIER, &m);
	return rc ? rc : m.m_type;
}

static int check_copies(void)
{
	unsigned char *bytes = malloc(BIG);

	for (int k = 0; bytes && k < BIG; k++)
		bytes[k] = (unsigned char)(k * 7);
	for (int i = 1; i < BIG; i = i * 5 + 3) {
		if (call_with(bytes, i, TYPE_COPY) != 0)
			return 1;
	}
	if (call_with(bytes, BIG, TYPE_COPY) != 0)
		return 2;
	if (bytes[BIG - 1] != (unsigned char)((BIG - 1) * 7 + 1))
		return 3;
	if (call_with((unsigned char *)4096, 100, TYPE_FAULT) != EDVSFAULT)
		return 4;
	free(bytes);
	return 0;
}

static int copied_from_a_thread(void *argument)
{
	(void)argument;
	enter_apart();
	return dvk_is_endpoint(dvk_bind(NONE, "client")) ? check_copies() : 99;
}

/* A runtime's way to wait: it takes ready slots, and parks. */
static void block_in_slices(int nr, int64_t deadline_ns)
{
	int ready, count;

	for (;;) {
		count = dvk_take_ready(&ready, 1);
		if (count == 1 && ready == nr)
			return;
		dvk_park(deadline_ns);
	}
}

static void nothing_to_run(int nr, int handover)
{
	(void)nr;
	(void)handover;
}

static int copied_from_a_runtime(void *argument)
{
	static const struct dvk_parker parker = { block_in_slices, nothing_to_run };

	(void)argument;
	enter_apart();
	if (!dvk_is_endpoint(dvk_bind(NONE, "runtime")))
		return 99;
	dvk_set_parker(&parker);
	return check_copies();
}

static int stopped_and_killed(void *argument)
{
	unsigned char bytes[64] = { 0 };

	(void)argument;
	enter_apart();
	if (!dvk_is_endpoint(dvk_bind(NONE, "victim")))
		return 99;
	return call_with(bytes, sizeof(bytes), TYPE_STOP);
}

static void bytes_go_through_the_segment(void **state)
{
	struct dvk_procinfo info;
	pid_t server, victim;

	(void)state;
	if (geteuid() == 0)
		assert_int_equal(chown(test_dir, NOBODY, NOBODY), 0);
	server = child(copies, NULL);
	while (!look(64, &info) || !(info.rts & DVK_RTS_RECEIVING))
		sleep_ms(1);
	assert_int_equal(child_wait(child(copied_from_a_thread, NULL)), 0);
	assert_int_equal(child_wait(child(copied_from_a_runtime, NULL)), 0);
	victim = child(stopped_and_killed, NULL);
	assert_int_equal(child_wait(server), 0);
	child_wait(victim);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_go_through_the_segment),
	};

	alarm(100);
	return cmocka_run_group_tests_name("lib: copies through the segment", tests, fixture_dir,
					   fixture_remove);
}
