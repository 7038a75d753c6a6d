/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_vcopy.c - copying inside a process and between two: who may, what faults,
 * how much (M3-IPC section 9).
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fixture.h"

#define BIG (DVK_COPY_MAX)

/* A page that may be read and written, one that may be read, and one that may not. */
static unsigned char *pages;

/* In the test itself: cmocka sets its own handlers after the set-up. */
static void open_here(void)
{
	dc_open(DVK_CREATE);
	assert_int_equal(dvk_bind(1, "tester"), 1);
}

static void make_pages(void)
{
	pages = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(pages != MAP_FAILED);
	assert_int_equal(mprotect(pages + 4096, 4096, PROT_READ), 0);
	assert_int_equal(mprotect(pages + 8192, 4096, PROT_NONE), 0);
}

static const struct {
	long to, from; /* from the start of the pages */
	size_t bytes;
	int want;
} local[] = {
	{ 0, 2048, 1, 0 },
	{ 0, 2048, 64, 0 },
	{ 0, 2048, 511, 0 },
	{ 0, 2048, 2048, 0 },
	{ 1, 4096, 4095, 0 },
	{ 0, 4096, 4096, 0 },
	{ 0, 100, 0, 0 },
	{ 4090, 0, 16, EDVSFAULT }, /* runs into what may only be read */
	{ 4000, 0, 2000, EDVSFAULT },
	{ 0, 8190, 16, EDVSFAULT }, /* ... may not be read */
	{ 0, 8192, 1, EDVSFAULT },
	{ 0, 7000, 2000, EDVSFAULT },
	{ 0, 0, (size_t)DVK_COPY_MAX + 1, EDVSRANGE },
};

static void inside_a_process(void **state)
{
	(void)state;
	open_here();
	make_pages();
	for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++) {
		int rc;

		for (int k = 0; k < 4096; k++)
			pages[k] = (unsigned char)(k * 7 + k / 256);
		rc = dvk_vcopy(SELF, dvk_address(pages + local[i].from), SELF,
			       dvk_address(pages + local[i].to), local[i].bytes);
		if (rc != local[i].want)
			fail_msg("case %zu: %d", i, rc);
		if (rc == 0)
			assert_memory_equal(pages + local[i].to, pages + local[i].from,
					    local[i].bytes);
	}
	assert_int_equal(dvk_vcopy(SELF, 0, SELF, dvk_address(pages), 8), EDVSFAULT);
	assert_int_equal(dvk_vcopy(SELF, ~0ull - 4, SELF, dvk_address(pages), 8), EDVSFAULT);
	assert_int_equal(dvk_vcopy(SELF, 1ull << 63, SELF, dvk_address(pages), 8), EDVSFAULT);
	assert_int_equal(dvk_vcopy(1, 0, 1, 0, 8), EDVSENDPOINT);
	munmap(pages, 3 * 4096);
	assert_int_equal(dvk_close(), 0);
}

/* ---- a fault that is no copy's ---- */

/* What ends the process is still the signal. */
static int fault_of_our_own(void)
{
	volatile int *volatile nowhere = (volatile int *)4096;

	signal(SIGSEGV, SIG_DFL);
	dc_open(DVK_CREATE);
	*nowhere = 1;
	return 0;
}

static sigjmp_buf before_fault;

static void on_segv(int signal)
{
	(void)signal;
	siglongjmp(before_fault, 1);
}

/* The program's handler from before dvk_open() still gets what is its own. */
static int chained_handler(void)
{
	struct sigaction action = { .sa_handler = on_segv, .sa_flags = SA_NODEFER };
	volatile int *volatile nowhere = (volatile int *)4096;
	char byte = 0;

	sigaction(SIGSEGV, &action, NULL);
	dc_open(0);
	if (dvk_bind(NONE, "chained") < DVK_ENDPOINT_MIN)
		return 1;
	if (dvk_vcopy(SELF, 8, SELF, dvk_address(&byte), 1) != EDVSFAULT)
		return 2;
	for (volatile int i = 0; i < 3; i++) {
		if (sigsetjmp(before_fault, 1) == 0) {
			*nowhere = 1;
			return 3;
		}
	}
	return 0;
}

static void other_faults(void **state)
{
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(fault_of_our_own());
	assert_int_equal(child_wait(pid), 128 + SIGSEGV);
}

/* ---- between processes ---- */

static unsigned char pattern(size_t i)
{
	return (unsigned char)(i * 31 + i / 4096);
}

/* Asks the tester to read all of a buffer and to write all of another. */
static int ask_for_copies(void *argument)
{
	unsigned char *out = malloc(BIG), *in = calloc(1, BIG);
	message m = { .m_type = 1 };

	(void)argument;
	if (!out || !in || dvk_bind(SERVER_NR, "client") != SERVER_NR)
		return 99;
	for (size_t i = 0; i < BIG; i++)
		out[i] = pattern(i);
	m.m1_p1 = dvk_address(out);
	m.m1_p2 = dvk_address(in);
	if (dvk_sendrec(1, &m) != 0)
		return 98;
	for (size_t i = 0; i < BIG; i++)
		if (in[i] != (unsigned char)~pattern(i))
			return 97;
	free(out);
	free(in);
	return dvk_close() != 0;
}

static void between_processes(void **state)
{
	pid_t pid;
	unsigned char *here = malloc(BIG);
	struct dvk_procinfo info;
	message m;

	(void)state;
	assert_non_null(here);
	open_here();
	pid = child(ask_for_copies, NULL);
	assert_int_equal(dvk_receive_T(ANY, &m, PATIENCE_MS), 0);
	assert_int_equal(m.m_source, SERVER_NR);
	assert_false(dvk_shares_memory(SERVER_NR));
	assert_int_equal(dvk_vcopy(SERVER_NR, m.m1_p1, SELF, dvk_address(here), BIG), 0);
	for (size_t i = 0; i < BIG; i++) {
		if (here[i] != pattern(i))
			fail_msg("byte %zu", i);
		here[i] = (unsigned char)~here[i];
	}
	assert_int_equal(dvk_vcopy(SELF, dvk_address(here), SERVER_NR, m.m1_p2, BIG), 0);
	assert_int_equal(dvk_vcopy(SERVER_NR, 8, SELF, dvk_address(here), 64), EDVSFAULT);
	assert_int_equal(dvk_vcopy(SELF, dvk_address(here), SERVER_NR, 8, 64), EDVSFAULT);
	assert_int_equal(dvk_vcopy(SELF, 8, SERVER_NR, m.m1_p2, 64), EDVSFAULT);
	assert_int_equal(dvk_vcopy(SERVER_NR, m.m1_p1, SELF, dvk_address(here), BIG + 1),
			 EDVSRANGE);
	assert_true(look(SERVER_NR, &info));
	assert_int_equal(info.bytes_copied, 2 * (uint64_t)BIG);
	assert_int_equal(dvk_reply(SERVER_NR, &m), 0);
	assert_int_equal(child_wait(pid), 0);
	/* It is over: neither by its old endpoint nor while it does not wait for us. */
	assert_int_equal(dvk_vcopy(SERVER_NR, m.m1_p1, SELF, dvk_address(here), 8), EDVSSRCDIED);
	free(here);
	assert_int_equal(dvk_close(), 0);
}

/* A party that was killed and that nobody has buried yet is not written to. */
static int call_and_wait(void *argument)
{
	static char buffer[4096];
	message m = { .m_type = 1, .m_m1 = { .p1 = dvk_address(buffer) } };

	(void)argument;
	if (dvk_bind(SERVER_NR, "client") != SERVER_NR)
		return 99;
	return dvk_sendrec(1, &m);
}

static void the_party_died(void **state)
{
	char here[4096] = { 0 };
	message m;
	pid_t pid = child(call_and_wait, NULL);
	int rc;

	(void)state;
	assert_int_equal(dvk_receive_T(ANY, &m, PATIENCE_MS), 0);
	assert_int_equal(dvk_vcopy(SELF, dvk_address(here), SERVER_NR, m.m1_p1, 4096), 0);
	child_kill(pid);
	rc = dvk_vcopy(SELF, dvk_address(here), SERVER_NR, m.m1_p1, 4096);
	assert_int_equal(rc, EDVSDSTDIED);
}

static void not_in_a_call(void **state)
{
	pid_t pid = child(call_and_wait, NULL);
	char here[8];

	(void)state;
	/* It calls us, but we have not taken its request. */
	wait_for_rts(SERVER_NR, DVK_RTS_SENDING);
	assert_int_equal(dvk_vcopy(SELF, dvk_address(here), SERVER_NR, 4096, 8), EDVSPROCSTS);
	child_kill(pid);
}

static void *call_from_a_thread(void *ret_result)
{
	message m = { .m_type = 1 };
	int *result = ret_result;

	*result = dvk_bind(SERVER_NR, "client");
	if (*result == SERVER_NR)
		*result = dvk_sendrec(1, &m);
	return NULL;
}

/* Memory is shared with who calls from our process, from the taking to the reply. */
static void memory_is_shared(void **state)
{
	pthread_t thread;
	message m;
	int result;

	(void)state;
	assert_false(dvk_shares_memory(SERVER_NR));
	assert_int_equal(pthread_create(&thread, NULL, call_from_a_thread, &result), 0);
	wait_for_rts(SERVER_NR, DVK_RTS_SENDING);
	assert_false(dvk_shares_memory(SERVER_NR));
	assert_int_equal(dvk_receive_T(ANY, &m, PATIENCE_MS), 0);
	assert_true(dvk_shares_memory(SERVER_NR));
	assert_false(dvk_shares_memory(SELF));
	assert_false(dvk_shares_memory(1));
	assert_false(dvk_shares_memory(NR_PROCS_MAX));
	assert_int_equal(dvk_reply(SERVER_NR, &m), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(result, 0);
	assert_false(dvk_shares_memory(SERVER_NR));
}

static int start_keeper(void *argument)
{
	(void)argument;
	pause();
	return 0;
}

/* In a process that sets its handler before it uses the library for the first time. */
static void handlers_are_chained(void **state)
{
	pid_t keeper = child(start_keeper, NULL), pid;
	struct dvk_dcinfo list[1];

	(void)state;
	while (dvk_list_dcs(test_dir, list, 1) == 0)
		sleep_ms(1);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(chained_handler());
	assert_int_equal(child_wait(pid), 0);
	child_kill(keeper);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		/* First: after it this process has the library's handlers. */
		cmocka_unit_test_setup_teardown(handlers_are_chained, fixture_dir, fixture_remove),
		cmocka_unit_test_setup_teardown(inside_a_process, fixture_dir, fixture_remove),
		cmocka_unit_test_setup_teardown(other_faults, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(between_processes, fixture_dir, fixture_remove),
		cmocka_unit_test_setup_teardown(the_party_died, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(not_in_a_call, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(memory_is_shared, fixture_open, fixture_close),
	};

	alarm(120);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
