/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_server.c - the server loop: every kind of argument through stub, check and
 * dispatch; garbage; answers that come later; timers; a server's life.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <dvk/dvk.h>
#include "protocol/fs.h"
#include "protocol/server.h"
#include "server/server.h"
#include "echo.h"
#include "in_dc.h"

/* ---- every kind ----------------------------------------------------------- */

static char long_path[] = "/a-path-that-is-longer-than-what-fits-into-a-message/and/goes/on";

static void kinds(void *argument)
{
	struct fs_open_reply opened = { .fd = -1 };
	struct fs_write_reply written = { 0 };
	struct fs_read_reply read = { 0 };
	struct fs_lseek_reply sought = { 0 };
	char data[8] = "........", edge[29] = "/234567890123456789012345678";

	(void)argument;
	note("%d", fs_call_open(1, "/short", FS_OPEN_RDWR | FS_OPEN_CREAT, 0644, &opened));
	note("fd %d", opened.fd);
	note("%d", fs_call_open(1, long_path, 0, 0, &opened));
	note("%d", fs_call_open(1, edge, 0, 0, &opened));
	edge[27] = '\0';
	note("%d", fs_call_open(1, edge, 0, 0, &opened));
	note("%d", fs_call_rename(1, "ab", long_path));
	note("%d", fs_call_rename(1, long_path + 1, "new"));
	note("%d", fs_call_write(1, 3, "to write", 9, &written));
	note("%d", (int)written.bytes);
	note("%d", fs_call_read(1, 3, data, 8, &read));
	note("%.6s", data);
	note("%d", fs_call_read(1, 3, data, 6, &read));
	note("%d", fs_call_lseek(1, 3, FS_WHENCE_END, 1ll << 40, &sought));
	note("%lld", (long long)sought.offset);
	note("%d", fs_call_utime(1, "u", -5, 1ll << 35));
	note("%d", fs_call_chown(1, "c", 1000, 4000000000u));
	note("%d", fs_call_umask(1, 0, &(struct fs_umask_reply){ 0 }));
}

static void later(void *argument)
{
	int result = fs_call_fsync(1, *(int *)argument);

	/* With threads the answer may be here before its sender has noted it. */
	task_sleep_ms(20);
	note("fsync %d", result);
}

static void answers_later(void *argument)
{
	struct task_options options = { .name = "later", .nr = NONE };
	struct fs_dup_reply reply = { 0 };
	int fd = 3, result;

	(void)argument;
	task_create(&options, later, &fd);
	task_sleep_ms(20);
	result = fs_call_sync(1);
	task_sleep_ms(60);
	note("sync %d", result);
	result = fs_call_dup(1, 30, &reply);
	task_sleep_ms(20);
	note("dup %d", result);
	note("fd %d", reply.fd);
}

static void notified(void *argument)
{
	int result = dvk_ntfy_value(INIT_PROC_NR, 1, 4);

	(void)argument;
	task_sleep_ms(20);
	note("%d", result);
}

/* ---- garbage -------------------------------------------------------------- */

union garbage {
	struct fs_open_request open;
	struct fs_rename_request rename;
	struct fs_read_request read;
	struct fs_lseek_request lseek;
	struct fs_mkdir_request mkdir;
	unsigned char bytes[DVK_PAYLOAD_BYTES];
};

static const struct {
	const char *name;
	int number;
	union garbage request;
	int want;
} garbage_cases[] = {
	{ "no such call", 2, { .bytes = { 0 } }, EDVSBADCALL },
	{ "no such call, same place", 5 + 512, { .bytes = { 0 } }, EDVSBADCALL },
	{ "no handler", FS_CALL_MKDIR, { .mkdir.path = { .bytes = 1, .text = "a" } }, EDVSNOSYS },
	{ "empty path", FS_CALL_OPEN, { .open.path = { .bytes = 0 } }, EDVSNOENT },
	{ "long path",
	  FS_CALL_OPEN,
	  { .open.path = { .address = 4096, .bytes = 1025 } },
	  EDVSNAMETOOLONG },
	{ "huge path",
	  FS_CALL_OPEN,
	  { .open.path = { .address = 4096, .bytes = UINT32_MAX } },
	  EDVSNAMETOOLONG },
	{ "path at nothing", FS_CALL_OPEN, { .open.path = { .bytes = 100 } }, EDVSFAULT },
	{ "path at a hole",
	  FS_CALL_OPEN,
	  { .open.path = { .address = 64, .bytes = 100 } },
	  EDVSFAULT },
	{ "path without an end",
	  FS_CALL_OPEN,
	  { .open.path = { .bytes = 3, .text = "abcdef" } },
	  EDVSINVAL },
	{ "path that ends early",
	  FS_CALL_OPEN,
	  { .open.path = { .bytes = 9, .text = "abc" } },
	  EDVSINVAL },
	{ "unknown flags",
	  FS_CALL_OPEN,
	  { .open = { .path = { .bytes = 1, .text = "a" }, .flags = 1u << 31 } },
	  EDVSINVAL },
	{ "second path empty",
	  FS_CALL_RENAME,
	  { .rename.old = { .bytes = 1, .text = "a" } },
	  EDVSNOENT },
	{ "buffer too large",
	  FS_CALL_READ,
	  { .read.buffer = { .address = 4096, .bytes = (16u << 20) + 1 } },
	  EDVSRANGE },
	{ "buffer at nothing", FS_CALL_READ, { .read.buffer = { .bytes = 16 } }, EDVSFAULT },
	{ "buffer at a hole",
	  FS_CALL_READ,
	  { .read.buffer = { .address = 64, .bytes = 16 } },
	  EDVSFAULT },
	{ "no such value", FS_CALL_LSEEK, { .lseek.whence = 7 }, EDVSINVAL },
	{ "stop by a stranger", SERVER_CALL_STOP, { .bytes = { 0 } }, EDVSPERM },
};

static void sends_garbage(void *argument)
{
	for (size_t i = 0; i < sizeof(garbage_cases) / sizeof(garbage_cases[0]); i++) {
		message m = { .m_type = garbage_cases[i].number };
		int result;

		memcpy(m.payload, &garbage_cases[i].request, sizeof(m.payload));
		result = dvk_sendrec(1, &m);
		if (result == 0)
			result = m.m_type;
		if (result != garbage_cases[i].want)
			note("[%s: %d, not %d]", garbage_cases[i].name, result,
			     garbage_cases[i].want);
	}
	note("all sent");
	task_wake(argument);
}

static void garbage(void *argument)
{
	struct task_options options = { .name = "garbage", .nr = NONE };
	struct server_ping_reply reply = { 0 };

	(void)argument;
	task_create(&options, sends_garbage, task_current());
	task_wait(10000);
	note("ping %d", server_call_ping(1, &reply));
}

static int survived;

/* Any bytes at all, under each number: errors, and the server lives. */
static void random_bytes(void *argument)
{
	struct server_ping_reply reply;
	unsigned int seed = 1;

	(void)argument;
	for (int i = 0; i < 20000; i++) {
		message m = { .m_type = protocol_fs.calls[i % protocol_fs.count].number };

		/* Those that echo answers later, or never, are left out. */
		if (m.m_type == FS_CALL_FSYNC || m.m_type == FS_CALL_DUP ||
		    m.m_type == FS_CALL_SYNC)
			continue;
		for (int b = 0; b < DVK_PAYLOAD_BYTES; b++)
			m.payload[b] = rand_r(&seed) % 4 ? 0 : (unsigned char)rand_r(&seed);
		if (dvk_sendrec(1, &m) < 0)
			note("lost");
	}
	survived = server_call_ping(1, &reply) == 0 && reply.requests > 10000;
}

/* ---- a server's life ------------------------------------------------------ */

struct scenario {
	task_function *function;
	const char *config;
};

/* Starts echo, runs the scenario, stops it. */
static void with_server(void *argument)
{
	struct server_options options = { .nr = 1 };
	struct server *server;
	int result = server_start(&echo_type, &options, &server);

	if (result < 0) {
		note("start %d", result);
		return;
	}
	((const struct scenario *)argument)->function(NULL);
	note("end %d", server_stop(server, 1000));
}

static void start_errors(void *argument)
{
	struct server_options fails = { .nr = 1, .config = "fail" }, taken = { .nr = INIT_PROC_NR };
	struct server *server = NULL;

	(void)argument;
	note("%d", server_start(&echo_type, &fails, &server));
	note("%d", server_start(&echo_type, &taken, &server));
	note("%d", server == NULL);
}

static void two_of_a_type(void *argument)
{
	struct server_options first = { .nr = 1, .name = "fs1" }, second = { .nr = 9 };
	struct fs_lseek_reply reply;
	struct server *one, *two;

	(void)argument;
	note("%d %d", server_start(&echo_type, &first, &one),
	     server_start(&echo_type, &second, &two));
	note("%s %s %d", server_name(one), server_name(two), server_endpoint(two));
	note("%d %d", fs_call_lseek(1, 1, 0, 1, &reply), fs_call_lseek(9, 1, 0, 1, &reply));
	note("%d", server_stop(two, 1000));
	note("%d %d", fs_call_lseek(1, 1, 0, 1, &reply), fs_call_lseek(9, 1, 0, 1, &reply));
	note("%d", server_stop(one, 1000));
}

#define HERE(function)                  \
	with_server, &(struct scenario) \
	{                               \
		function, NULL          \
	}

static const struct {
	const char *name;
	task_function *scenario;
	void *argument;
	const char *want;
} cases[] = {
	{ "every kind", HERE(kinds),
	  "open /short 6 42 644 by 15 0 fd 42 open /a-path-that 64 0 0 by 15 0 "
	  "open /23456789012 28 0 0 by 15 0 open /23456789012 27 0 0 by 15 0 "
	  "rename 2 64 ab /a- 0 rename 63 3 a-p new 0 "
	  "write 0 to write beyond -34 0 9 0 ..data -34 0 2199023255554 "
	  "utime u -5 34359738368 0 chown c 1000 4000000000 -30 -38 stop end 0" },
	{ "answers later", HERE(answers_later),
	  "late 0 twice -324 fsync -5 sync 0 timer 0 dup 0 fd 77 stop end 0" },
	{ "notified", HERE(notified), "notified 15 10 0 stop end 0" },
	{ "garbage", HERE(garbage), "all sent ping 0 stop end 0" },
	{ "start errors", start_errors, NULL, "-19 -337 1" },
	{ "two of a type", two_of_a_type, NULL, "0 0 fs1 echo 9 0 0 stop 0 0 -105 stop 0" },
};

static void run_cases(enum runtime_kind kind)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("    %s\n", cases[i].name);
		assert_string_equal(in_dc(kind, cases[i].scenario, cases[i].argument),
				    cases[i].want);
	}
}

static void serves_on_coroutines(void **state)
{
	(void)state;
	run_cases(RUNTIME_COROUTINES);
}

static void serves_on_threads(void **state)
{
	(void)state;
	run_cases(RUNTIME_THREADS);
}

static void survives_any_bytes(void **state)
{
	const char *got = in_dc(RUNTIME_COROUTINES, HERE(random_bytes));

	(void)state;
	assert_null(strstr(got, "lost"));
	assert_true(survived);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(serves_on_coroutines),
		cmocka_unit_test(serves_on_threads),
		cmocka_unit_test(survives_any_bytes),
	};

	alarm(60);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
