/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_full.c - a DC whose slots are all bound: who needs one is told so, who only
 * looks is served, and all is as before when they are free again.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <dvk/dvk.h>

#include "../boot/muk.h"

static struct muk_process muk;
static char said[65536];

/* mukshell's exit status; what it printed is in said. */
static int shell(const char *options)
{
	char self[PATH_MAX], command[2 * PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	size_t got;
	FILE *out;

	assert_true(length > 0);
	self[length] = '\0';
	*strrchr(self, '/') = '\0';
	snprintf(command, sizeof(command),
		 "timeout 20 %s/../bin/mukshell attach dc0 --dir %s %s </dev/null 2>&1", self,
		 muk.folder, options);
	out = popen(command, "r");
	assert_non_null(out);
	got = fread(said, 1, sizeof(said) - 1, out);
	said[got] = '\0';
	return WEXITSTATUS(pclose(out));
}

static const struct {
	const char *options;
	int status;
	const char *says;
} cases[] = {
	{ "-c ps", 0, " pm " },
	{ "-c 'why pm'", 0, "receives from any" },
	{ "--read-only -c counters", 0, "pm" },
	{ "-c 'trace --last 5'", 0, "" },
	{ "-c 'call pm.getpid'", 1, "EDVSRSCBUSY" },
	{ "-c 'sendrec pm type=20'", 1, "EDVSRSCBUSY" },
	{ "-c 'receive timeout=10ms'", 1, "EDVSRSCBUSY" },
};

static void test_full(void **state)
{
	int count = 0, result;

	(void)state;
	while (dvk_is_endpoint(result = dvk_tbind(NONE, "holder")))
		assert_true(count++ < NR_PROCS_MAX);
	assert_int_equal(result, EDVSRSCBUSY);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		result = shell(cases[i].options);
		if (result != cases[i].status || !strstr(said, cases[i].says))
			fail_msg("%s: status %d, \"%s\"", cases[i].options, result, said);
	}
	assert_int_equal(dvk_close(), 0);
	assert_int_equal(shell("-c 'call pm.time'"), 0);
}

static int boot(void **state)
{
	(void)state;
	return muk_boot(&muk, "muk FULL { dcid 0; pm_ep 0; };\n", "coroutines");
}

static int shut(void **state)
{
	(void)state;
	return muk_shut(&muk);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_full) };

	return cmocka_run_group_tests_name("a full DC", tests, boot, shut);
}
