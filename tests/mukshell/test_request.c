/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_request.c - calls typed by the protocol tables, and raw messages: what is
 * put into the message, and what is said of mistakes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <protocol/fs.h>

#include "raw.h"
#include "request.h"

static int resolve(void *context, const char *word, int *ret_endpoint, struct text *reason)
{
	(void)context;
	if (strcmp(word, "fs")) {
		text_add(reason, "there is no process '%s'", word);
		return EDVSNOENT;
	}
	*ret_endpoint = FS_PROC_NR;
	return 0;
}

static const struct request_names names = { resolve, NULL };

/* Takes a call's words; the reason of a failure goes to ret_reason. */
static int take(struct request *request, const char *line, char ret_reason[1024])
{
	char text[256], *words[16] = { NULL };
	struct text reason;
	int count = 0, result;

	strcpy(text, line);
	for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
		words[count++] = word;
	text_init(&reason, ret_reason, 1024);
	result = request_init(request, words[0], &reason);
	request->names = &names;
	for (int i = 1; i < count && !result; i++)
		result = request_word(request, words[i], &reason);
	return result ? result : request_finish(request, &reason);
}

static const struct {
	const char *line;
	const char *field;
	int64_t want;
} numbers[] = {
	{ "fs.open path=/x", "flags", 0 },
	{ "fs.open path=/x flags=CREAT", "flags", 0100 },
	{ "fs.open path=/x flags=CREAT|WRONLY", "flags", 0101 },
	{ "fs.open path=/x flags=creat|trunc|rdwr", "flags", 01102 },
	{ "fs.open path=/x flags=0x41", "flags", 0101 },
	{ "fs.open path=/x flags=0100|1", "flags", 0101 },
	{ "fs.open path=/x mode=644", "mode", 0644 },
	{ "fs.open path=/x mode=0644", "mode", 0644 },
	{ "fs.open pa=/x mo=755", "mode", 0755 },
	{ "fs.close fd=3", "fd", 3 },
	{ "fs.close fd=0x10", "fd", 16 },
	{ "fs.close fd=010", "fd", 8 },
	{ "fs.close fd=-1", "fd", -1 },
	{ "fs.lseek fd=3 whence=END offset=-5", "offset", -5 },
	{ "fs.lseek fd=3 whence=END", "whence", 2 },
	{ "fs.mknod path=/d dev=3,1", "dev", 0x301 },
	{ "fs.mknod path=/d dev=0x301", "dev", 0x301 },
	{ "fs.truncate path=/x size=4294967296", "size", 4294967296 },
	{ "systask.setalarm ms=250 periodic=yes", "ms", 250 },
	{ "systask.setalarm ms=2s periodic=yes", "ms", 2000 },
	{ "systask.setalarm ms=1 periodic=yes", "periodic", 1 },
	{ "systask.exit ep=fs code=-3", "ep", FS_PROC_NR },
	{ "systask.exit ep=fs code=-3", "code", -3 },
	{ "systask.vircopy src=fs src_address=0x7fffffffffff dst=fs", "src_address",
	  0x7fffffffffff },
};

static void test_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		const struct protocol_field *field;
		struct request request;
		char reason[1024];

		print_message("%s\n", numbers[i].line);
		assert_int_equal(take(&request, numbers[i].line, reason), 0);
		field = protocol_field_find(request.call->request, request.call->request_count,
					    numbers[i].field);
		assert_int_equal(protocol_get_number(field, request.m.payload), numbers[i].want);
		assert_int_equal(request.m.m_type, request.call->number);
		assert_int_equal(protocol_check_request(request.call, request.m.payload), 0);
		request_deinit(&request);
	}
}

static const struct {
	const char *line;
	int result;
	const char *reason; /* how it begins */
} mistakes[] = {
	{ "open", EDVSNOENT, "'open' is no SERVER.CALL; servers: " },
	{ "xs.open", EDVSNOENT, "'xs.open' is no SERVER.CALL; servers: " },
	{ "fs.", EDVSNOENT, "'' fits several calls of fs: read write" },
	{ "fs.opn", EDVSNOENT, "there is no call 'opn' of fs: " },
	{ "fs.ch", EDVSNOENT, "'ch' fits several calls of fs: chdir chmod chown" },
	{ "fs.open", EDVSINVAL, "path is missing; fs.open path=PATH [flags=RDONLY|" },
	{ "fs.open path", EDVSINVAL, "'path' is not FIELD=VALUE; fs.open path=" },
	{ "fs.open pth=/x", EDVSINVAL, "fs.open has no field 'pth'; fs.open path=" },
	{ "fs.open =x", EDVSINVAL, "fs.open has no field ''; fs.open path=" },
	{ "fs.open path=/x path=/y", EDVSINVAL, "path was given before; " },
	{ "fs.open path=/x flags=CREAT|FOO", EDVSINVAL, "flags: 'CREAT|FOO' is wrong, it takes " },
	{ "fs.open path=/x flags=", EDVSINVAL, "flags: '' is wrong" },
	{ "fs.open path=/x flags=CREAT|", EDVSINVAL, "flags: 'CREAT|' is wrong" },
	{ "fs.open path=/x mode=9", EDVSINVAL, "mode: '9' is wrong, it takes permission bits" },
	{ "fs.close fd=three", EDVSINVAL, "fd: 'three' is wrong" },
	{ "fs.close fd=3x", EDVSINVAL, "fd: '3x' is wrong" },
	{ "fs.close fd=2147483648", EDVSRANGE, "fd: 2147483648 does not fit in 4 bytes" },
	{ "fs.close fd=99999999999999999999", EDVSRANGE, "fd: 99999999999999999999 does not fit" },
	{ "fs.lseek fd=1 whence=SET|END", EDVSINVAL, "whence: 'SET|END' is wrong" },
	{ "fs.mknod path=/d dev=3,256", EDVSRANGE, "dev: 3,256 does not fit" },
	{ "fs.read fd=0 buffer=99999999", EDVSRANGE, "buffer: a buffer has from 0 to 16777216" },
	{ "fs.read fd=0 buffer=-1", EDVSRANGE, "buffer: a buffer has from 0 to 16777216" },
	{ "fs.write fd=0 buffer=@/no/such/file", EDVSINVAL, "/no/such/file: No such file" },
	{ "systask.exit ep=ghost", EDVSNOENT, "there is no process 'ghost'; systask.exit ep=" },
	{ "systask.find name=a_name_that_is_too_long", EDVSRANGE, "name takes at most 15" },
};

static void test_mistakes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		struct request request;
		char reason[1024], begin[1024];

		print_message("%s\n", mistakes[i].line);
		assert_int_equal(take(&request, mistakes[i].line, reason), mistakes[i].result);
		snprintf(begin, sizeof(begin), "%.*s", (int)strlen(mistakes[i].reason), reason);
		assert_string_equal(begin, mistakes[i].reason);
		request_deinit(&request);
	}
}

static void test_paths(void **state)
{
	char line[PROTOCOL_PATH_MAX + 64], reason[1024];
	const struct protocol_path *path;
	struct request request;

	(void)state;
	assert_int_equal(take(&request, "fs.open path=/index.html", reason), 0);
	path = (const void *)request.m.payload;
	assert_int_equal(path->bytes, 11);
	assert_string_equal(path->text, "/index.html");
	assert_string_equal((const char *)(uintptr_t)path->address, "/index.html");
	request_deinit(&request);

	assert_int_equal(request_init(&request, "fs.open", &(struct text){ reason, 1024, 0 }), 0);
	strcpy(line, "path=");
	memset(line + 5, 'x', PROTOCOL_PATH_MAX + 1);
	line[5 + PROTOCOL_PATH_MAX + 1] = '\0';
	assert_int_equal(request_word(&request, line, &(struct text){ reason, 1024, 0 }),
			 EDVSNAMETOOLONG);
	assert_non_null(strstr(reason, "at most 1024 bytes, this one has 1025"));
	request_deinit(&request);
}

static void test_buffers(void **state)
{
	struct request request;
	char reason[1024];

	(void)state;
	assert_int_equal(take(&request, "fs.write fd=0 buffer=hello", reason), 0);
	assert_int_equal(request.bytes[1], 5);
	assert_memory_equal(request.memory[1], "hello", 5);
	request_deinit(&request);
	assert_int_equal(take(&request, "fs.read fd=0", reason), 0);
	assert_int_equal(request.bytes[1], REQUEST_ROOM);
	request_deinit(&request);
	assert_int_equal(take(&request, "fs.stat path=/", reason), 0);
	assert_int_equal(request.bytes[1], REQUEST_ENTRIES * sizeof(struct fs_stat));
	request_deinit(&request);
}

/* Every call of every server can be filled and explained. */
static void test_every_call(void **state)
{
	char bytes[1024];

	(void)state;
	for (int i = 0; i < protocol_count; i++)
		for (int j = 0; j < protocols[i]->count; j++) {
			const struct protocol_call *call = &protocols[i]->calls[j];
			struct text text;

			assert_true(call->request_count <= REQUEST_FIELDS);
			text_init(&text, bytes, sizeof(bytes));
			request_signature(protocols[i], call, &text);
			assert_true(text.used < sizeof(bytes) - 1);
			assert_non_null(strstr(bytes, call->summary));
		}
}

static const struct {
	const char *word;
	int result;
	size_t offset;
	int64_t want;
	int bytes;
} raws[] = {
	{ "type=5", 0, offsetof(message, m_type), 5, 4 },
	{ "m1_i1=3", 0, offsetof(message, m1_i1), 3, 4 },
	{ "m1_i3=-7", 0, offsetof(message, m1_i3), -7, 4 },
	{ "m2_l1=0x100000000", 0, offsetof(message, m2_l1), 0x100000000, 8 },
	{ "m5_c1=-32768", 0, offsetof(message, m5_c1), -32768, 2 },
	{ "m5_c1=32768", EDVSRANGE, 0, 0, 0 },
	{ "m1_i1=4294967296", EDVSRANGE, 0, 0, 0 },
	{ "m1_i1=x", EDVSINVAL, 0, 0, 0 },
	{ "m1_p1=0x7f00", 0, offsetof(message, m1_p1), 0x7f00, 8 },
	{ "m1_p1=@0", EDVSRANGE, 0, 0, 0 },
	{ "m1_x1=1", EDVSINVAL, 0, 0, 0 },
	{ "m1_i1", EDVSINVAL, 0, 0, 0 },
	{ "timeout=1s", 0, 0, 0, 0 },
	{ "timeout=soon", EDVSINVAL, 0, 0, 0 },
	{ "m3_ca1=0123456789012345678901234567890", 0, 0, 0, 0 },
	{ "m3_ca1=01234567890123456789012345678901", EDVSRANGE, 0, 0, 0 },
};

static void test_raw(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(raws) / sizeof(raws[0]); i++) {
		char bytes[1024];
		struct text reason;
		struct raw raw;

		print_message("%s\n", raws[i].word);
		raw_init(&raw);
		text_init(&reason, bytes, sizeof(bytes));
		assert_int_equal(raw_word(&raw, raws[i].word, &reason), raws[i].result);
		assert_int_equal(raws[i].result != 0, reason.used != 0);
		assert_memory_equal((const char *)&raw.m + raws[i].offset, &raws[i].want,
				    (size_t)raws[i].bytes);
		raw_deinit(&raw);
	}
}

static void test_raw_memory(void **state)
{
	char bytes[256];
	struct text reason;
	struct raw raw;

	(void)state;
	raw_init(&raw);
	text_init(&reason, bytes, sizeof(bytes));
	assert_int_equal(raw_word(&raw, "m1_p1=/index.html", &reason), 0);
	assert_int_equal(raw_word(&raw, "m1_p2=@64", &reason), 0);
	assert_int_equal(raw_word(&raw, "timeout=1500ms", &reason), 0);
	assert_string_equal((const char *)(uintptr_t)raw.m.m1_p1, "/index.html");
	assert_ptr_equal((void *)(uintptr_t)raw.m.m1_p2, raw.memory[1]);
	assert_int_equal(raw.bytes[1], 64);
	assert_int_equal(raw.timeout_ms, 1500);
	raw_deinit(&raw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),    cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_paths),      cmocka_unit_test(test_buffers),
		cmocka_unit_test(test_every_call), cmocka_unit_test(test_raw),
		cmocka_unit_test(test_raw_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
