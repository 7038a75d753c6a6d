/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_messages.c - ten thousand messages that nobody meant, to each server.
 *
 * Numbers of calls are those of the server, of others, or of nobody; fields are at
 * their borders, addresses point at text, at a hole, at nothing. Every server keeps
 * answering, the MUK ends in order, and fsck.minix finds its image clean. SEED in
 * the environment repeats a run.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <dvk/dvk.h>

#include "protocol/fs.h"
#include "protocol/is.h"
#include "protocol/protocol.h"
#include "protocol/server.h"
#include "../boot/muk.h"

#define MESSAGES   10000
#define CALL_MS    3000
#define TEXT_BYTES (1u << 20)
#define HOLE_BYTES (16u << 20) /* behind the text; nothing may be written there */

static const char muk_cfg[] = "muk GARBAGE {\n dcid 0; pm_ep 0; fs_ep 1; rd_ep 3; is_ep 8;\n"
			      " ftp_ep 14; web_ep 22; is_file \"is.out\";\n fs_cfg \"molfs.cfg\";"
			      " rd_cfg \"rdisk.cfg\"; ftp_cfg \"m3ftp.cfg\";"
			      " web_cfg \"m3nweb.cfg\";\n};\n";
static const char rdisk_cfg[] = "device IMAGE { major 3; minor 0; type FILE_IMAGE;\n"
				" image_file \"disk.img\"; };\n"
				"device SPARE { major 3; minor 1; type MEMORY_IMAGE;\n"
				" buffer 1048576; };\n";
static const char molfs_cfg[] = "device ROOT { major 3; minor 0; type RDISK_IMG;"
				" root_dev YES; };\n";

static struct muk_process muk;
static char *text;
static uint64_t seed;

static uint64_t any(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static uint64_t below(uint64_t limit)
{
	return any() % limit;
}

/* ---- the MUK -------------------------------------------------------------------- */

static int shell(const char *format, const char *argument)
{
	char command[256];

	snprintf(command, sizeof(command), format, argument);
	return system(command);
}

static void boot(const char *runtime)
{
	const char *options[] = { "--runtime", runtime, NULL };
	struct dvk_options open = { .dir = muk.folder };

	assert_int_equal(muk_prepare(&muk), 0);
	muk_write(&muk, "muk.cfg", muk_cfg);
	muk_write(&muk, "rdisk.cfg", rdisk_cfg);
	muk_write(&muk, "molfs.cfg", molfs_cfg);
	muk_write(&muk, "m3ftp.cfg", "m3ftp F { endpoint 14; };\n");
	muk_write(&muk, "m3nweb.cfg", "websrv W { port 0; };\n");
	assert_int_equal(shell("cd %s && truncate -s 8M disk.img &&"
			       " PATH=$PATH:/sbin:/usr/sbin mkfs.minix -3 disk.img >/dev/null",
			       muk.folder),
			 0);
	muk_start(&muk, options);
	assert_int_equal(muk_wait_up(&muk), 0);
	assert_int_equal(dvk_open(0, &open), 0);
	assert_true(dvk_is_endpoint(dvk_bind(NONE, "garbage")));
}

/* What came of it: the MUK ends in order, its image is whole. */
static void shut(void)
{
	char log[8192];
	int status;

	dvk_close();
	status = muk_end(&muk, SIGTERM);
	muk_log(&muk, log, sizeof(log));
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		fail_msg("the MUK ended with wait status %x and said:\n%s", (unsigned int)status,
			 log);
	assert_int_equal(shell("PATH=$PATH:/sbin:/usr/sbin fsck.minix -f %s/disk.img", muk.folder),
			 0);
	muk_remove(&muk);
}

/* ---- garbage -------------------------------------------------------------------- */

static uint64_t border(void)
{
	static const uint64_t borders[] = {
		0,
		1,
		2,
		3,
		7,
		14,
		63,
		64,
		255,
		256,
		1023,
		1024,
		1025,
		4096,
		65535,
		65536,
		(16u << 20) - 1,
		16u << 20,
		(16u << 20) + 1,
		INT32_MAX,
		0x80000000u,
		UINT32_MAX,
		0x100000000u,
		INT64_MAX,
		0x8000000000000000u,
		UINT64_MAX,
		UINT64_MAX - 1,
		UINT64_MAX - 4095,
		ANY,
		NONE,
		SELF,
		(uint64_t)-2,
		(uint64_t)-34,
	};

	switch (below(3)) {
	case 0:
		return borders[below(sizeof(borders) / sizeof(borders[0]))];
	case 1:
		return below(100);
	}
	return any();
}

static uint64_t address(void)
{
	switch (below(4)) {
	case 0:
		return border();
	case 1:
		return dvk_address(text) + TEXT_BYTES - below(64);
	case 2:
		return dvk_address(text) + TEXT_BYTES + below(HOLE_BYTES);
	}
	return dvk_address(text) + below(TEXT_BYTES);
}

static void fill_inline(char *inside, size_t bytes)
{
	static const char *const paths[] = {
		"/", "/a", "/b/c", "a/../..", "//", "", ".", "/b/./../a", "/\xff\xfe\x01", "/d",
	};
	const char *path = paths[below(sizeof(paths) / sizeof(paths[0]))];

	if (below(4) == 0)
		for (size_t i = 0; i < bytes; i++)
			inside[i] = (char)any();
	else
		strncpy(inside, path, bytes);
}

/* A path whose length is right more often than not, else the calls would go nowhere. */
static void fill_path(void *place, char *inside, size_t bytes)
{
	uint64_t where = address();
	uint32_t length;

	fill_inline(inside, bytes);
	length = below(4) ? (uint32_t)strnlen(inside, bytes) : (uint32_t)border();
	memcpy(place, &where, sizeof(where));
	memcpy((char *)place + 8, &length, sizeof(length));
}

static void fill_buffer(void *place)
{
	struct protocol_buffer buffer = { address(), (uint32_t)border(), (uint32_t)any() };

	memcpy(place, &buffer, sizeof(buffer));
}

static void fill_field(message *m, const struct protocol_field *field)
{
	unsigned char *place = m->payload + field->offset;
	uint64_t value = field->set && below(2) ? any() & field->set->all : border();

	if (field->kind == PROTOCOL_PATH)
		fill_path(place, (char *)place + 12, PROTOCOL_PATH_TEXT);
	else if (field->kind == PROTOCOL_NAME)
		fill_path(place, (char *)place + 12, PROTOCOL_NAME_TEXT);
	else if (field->kind == PROTOCOL_IN || field->kind == PROTOCOL_OUT)
		fill_buffer(place);
	else if (field->bytes <= sizeof(value))
		memcpy(place, &value, field->bytes);
}

/*
 * Some garbage means something: who writes to the disk below FS spoils it, and root's
 * SIGKILL to all users ends this test. That disk becomes the spare one, SIGKILL another.
 * A dump of IS takes milliseconds and has no fields to be wrong: few are enough.
 */
static void spare(const struct protocol *protocol, message *m)
{
	if (strcmp(protocol->name, "rdisk") == 0 && m->m1_i1 == 0)
		m->m1_i1 = 1;
	if (m->m1_i2 == SIGKILL)
		m->m1_i2 = SIGUSR1;
	if (strcmp(protocol->name, "is") == 0 && m->m_type == IS_CALL_DUMP && below(64))
		m->m_type = (int)border();
}

static void make_message(const struct protocol *protocol, message *m)
{
	const struct protocol *of = below(8) ? protocol : protocols[below(protocol_count)];
	const struct protocol_call *call = &of->calls[below(of->count)];

	for (size_t i = 0; i < DVK_PAYLOAD_BYTES / 8; i++)
		m->words[i] = below(2) ? any() : border();
	m->m_type = below(8) ? call->number : (int)border();
	for (int i = 0; i < call->request_count && below(16); i++)
		fill_field(m, &call->request[i]);
	spare(protocol, m);
}

/* Returns the call's result; what takes too long is a server that hangs. */
static int send_garbage(const struct protocol *protocol, const message *garbage)
{
	message m = *garbage;
	int result;

	if (below(16) == 0)
		return dvk_send_T(protocol->endpoint, &m, CALL_MS);
	if (below(64) == 0)
		return dvk_notify(protocol->endpoint);
	result = dvk_sendrec_T(protocol->endpoint, &m, CALL_MS);
	return result < 0 ? result : m.m_type;
}

/* ---- what is tested ------------------------------------------------------------- */

static void all_answer(const char *after)
{
	for (int i = 0; i < protocol_count; i++) {
		struct server_ping_reply reply;
		int result;

		if (protocols[i]->endpoint == NONE)
			continue;
		result = server_call_ping(protocols[i]->endpoint, &reply);
		if (result < 0)
			fail_msg("after garbage to %s: %s does not answer: %s", after,
				 protocols[i]->name, dvk_strerror(result));
	}
}

static void bombard(const struct protocol *protocol)
{
	int refused = 0, done = 0;
	message m;

	for (int i = 0; i < MESSAGES; i++) {
		uint64_t before = seed;
		int result;

		make_message(protocol, &m);
		result = send_garbage(protocol, &m);
		/* systask.exit of oneself is obeyed. */
		if (result == EDVSNOTBIND && !dvk_is_endpoint(dvk_getep(0)))
			assert_true(dvk_is_endpoint(dvk_bind(NONE, "garbage")));
		if (result == EDVSTIMEDOUT || result == EDVSNOTREADY || result == EDVSDEADSRCDST ||
		    result == EDVSSRCDIED || result == EDVSDSTDIED)
			fail_msg("message %d (SEED=%llu), call %d of %s: %s", i,
				 (unsigned long long)before, m.m_type, protocol->name,
				 dvk_strerror(result));
		refused += result < 0;
		done += result >= 0;
	}
	/* Garbage that never gets past the first check would prove nothing. */
	assert_true(refused > 0 && done > 0);
	all_answer(protocol->name);
}

static void test_garbage(const char *runtime)
{
	const char *given = getenv("SEED");

	seed = given ? strtoull(given, NULL, 10) : 0x5eed;
	memset(text, 'a', TEXT_BYTES);
	boot(runtime);
	assert_int_equal(fs_call_mkdir(FS_PROC_NR, "/d", 0777), 0);
	for (int i = 0; i < protocol_count; i++)
		if (protocols[i]->endpoint != NONE)
			bombard(protocols[i]);
	shut();
}

/* After a failure too nothing stays. */
static int clean_up(void **state)
{
	(void)state;
	dvk_close();
	if (muk.pid)
		muk_end(&muk, SIGKILL);
	muk_remove(&muk);
	return 0;
}

static void test_garbage_on_coroutines(void **state)
{
	(void)state;
	test_garbage("coroutines");
}

static void test_garbage_on_threads(void **state)
{
	(void)state;
	test_garbage("threads");
}

static int make_text(void **state)
{
	(void)state;
	text = mmap(NULL, TEXT_BYTES + HOLE_BYTES, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return text == MAP_FAILED || mprotect(text + TEXT_BYTES, HOLE_BYTES, PROT_NONE) < 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_garbage_on_coroutines, clean_up),
		cmocka_unit_test_teardown(test_garbage_on_threads, clean_up),
	};

	return cmocka_run_group_tests_name("messages that nobody meant", tests, make_text, NULL);
}
