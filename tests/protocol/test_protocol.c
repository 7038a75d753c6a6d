/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_protocol.c - the descriptors: finding, reading, filling; and what they say
 * about themselves.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <dvk/endpoint.h>
#include <dvk/errors.h>
#include "protocol/fs.h"
#include "protocol/pm.h"
#include "protocol/rdisk.h"
#include "protocol/server.h"
#include "protocol/systask.h"

/* ---- finding -------------------------------------------------------------- */

static const struct {
	const char *server, *name;
	int number; /* what it finds, 0: nothing */
	int matches;
} names[] = {
	{ "fs", "open", 5, 1 },
	{ "fs", "op", 5, 1 },
	{ "fs", "link", 9, 1 },
	{ "fs", "read", 3, 1 }, /* though readlink begins so, too */
	{ "fs", "rea", 0, 2 },
	{ "fs", "get", 0, 2 },
	{ "fs", "", 0, 38 },
	{ "fs", "nonsense", 0, 0 },
	{ "fs", "ping", SERVER_CALL_PING, 1 },
	{ "rdisk", "gather", 0x409, 1 },
	{ "server", "stop", SERVER_CALL_STOP, 1 },
	{ "server", "x", 0, 0 },
};

static void finds_calls_by_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		int matches = -1;
		const struct protocol_call *call =
			protocol_call_find(protocol_find(names[i].server), names[i].name, &matches);

		assert_int_equal(call ? call->number : 0, names[i].number);
		if (names[i].name[0])
			assert_int_equal(matches, names[i].matches);
	}
	assert_null(protocol_find("nobody"));
}

static void finds_every_call_by_number(void **state)
{
	(void)state;
	for (int p = 0; p < protocol_count; p++) {
		int found = 0;

		for (int number = -10; number < 5000; number++) {
			const struct protocol_call *call =
				protocol_call_by_number(protocols[p], number);

			if (call)
				assert_int_equal(call->number, number);
			found += call >= protocols[p]->calls &&
				 call < protocols[p]->calls + protocols[p]->count;
		}
		assert_int_equal(found, protocols[p]->count);
	}
	assert_null(protocol_call_by_number(&protocol_fs, 0x7fffffff));
	assert_null(protocol_call_by_number(&protocol_fs, -0x7fffffff - 1));
}

static void finds_servers_by_slot(void **state)
{
	(void)state;
	assert_ptr_equal(protocol_at(FS_PROC_NR), &protocol_fs);
	assert_ptr_equal(protocol_at(SYSTASK(0)), &protocol_systask);
	assert_null(protocol_at(60));
	assert_null(protocol_at(NONE));
}

static void finds_records_and_values(void **state)
{
	const struct protocol_record *record = protocol_record_find("pm.process");

	(void)state;
	assert_non_null(record);
	assert_int_equal(record->bytes, sizeof(struct pm_process_row));
	assert_true(record->is_table);
	assert_false(protocol_record_find("fs.dirent")->is_table);
	assert_null(protocol_record_find("process"));
	assert_non_null(protocol_field_find(record->fields, record->count, "pid"));
	assert_null(protocol_field_find(record->fields, record->count, "pi"));
	const struct protocol_field *flags =
		protocol_field_find(protocol_call_by_number(&protocol_fs, 5)->request, 3, "flags");
	assert_int_equal(protocol_value_find(flags->set, "creat")->value, 0100);
	assert_int_equal(protocol_value_find(flags->set, "RDWR")->mask, 3);
	assert_null(protocol_value_find(flags->set, "CREATE"));
}

/* ---- what the tables must keep -------------------------------------------- */

static void assert_fields(const struct protocol_field *fields, int count, unsigned int bytes)
{
	unsigned int end = 0;

	for (int i = 0; i < count; i++) {
		assert_true(fields[i].offset >= end);
		end = fields[i].offset + fields[i].bytes;
		assert_true((fields[i].kind == PROTOCOL_FLAGS || fields[i].kind == PROTOCOL_ENUM) ==
			    (fields[i].set != NULL));
		assert_ptr_equal(protocol_field_find(fields, count, fields[i].name), &fields[i]);
	}
	assert_true(end <= bytes);
}

static void keeps_its_own_rules(void **state)
{
	(void)state;
	for (int p = 0; p < protocol_count; p++) {
		for (int i = 0; i < protocols[p]->count; i++) {
			const struct protocol_call *call = &protocols[p]->calls[i];

			assert_true(call->summary[0]);
			assert_true(call->request_bytes <= DVK_PAYLOAD_BYTES);
			assert_true(call->reply_bytes <= DVK_PAYLOAD_BYTES);
			assert_fields(call->request, call->request_count, call->request_bytes);
			assert_fields(call->reply, call->reply_count, call->reply_bytes);
			assert_true(i == 0 || call[-1].number < call->number);
		}
	}
	for (int i = 0; i < protocol_record_count; i++)
		assert_fields(protocol_records[i]->fields, protocol_records[i]->count,
			      protocol_records[i]->bytes);
	for (int i = 0; i < PROTOCOL_KIND_COUNT; i++)
		assert_true(protocol_kind_names[i][0] && protocol_kind_summaries[i][0]);
}

/* ---- reading and filling -------------------------------------------------- */

static const struct {
	enum protocol_kind kind;
	uint16_t bytes;
	int64_t put, got;
} numbers[] = {
	{ PROTOCOL_INT, 4, -1, -1 },
	{ PROTOCOL_UINT, 4, -1, 0xffffffff },
	{ PROTOCOL_UINT, 4, 1ll << 40, 0 },
	{ PROTOCOL_ENDPOINT, 4, -34, -34 },
	{ PROTOCOL_FD, 4, -1, -1 },
	{ PROTOCOL_PID, 4, 12345, 12345 },
	{ PROTOCOL_MODE, 4, 0100644, 0100644 },
	{ PROTOCOL_UID, 4, 4000000000, 4000000000 },
	{ PROTOCOL_LONG, 8, INT64_MIN, INT64_MIN },
	{ PROTOCOL_OFF, 8, -7, -7 },
	{ PROTOCOL_SIZE, 8, INT64_MAX, INT64_MAX },
	{ PROTOCOL_TIME, 8, 1ll << 33, 1ll << 33 },
	{ PROTOCOL_TEXT, 8, 5, 0 },
	{ PROTOCOL_IN, 16, 5, 0 },
};

static void reads_what_it_wrote(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct protocol_field field = {
			.name = "f", .kind = numbers[i].kind, .offset = 8, .bytes = numbers[i].bytes
		};
		unsigned char data[32] = { 0 };

		protocol_set_number(&field, data, numbers[i].put);
		assert_int_equal(protocol_get_number(&field, data), numbers[i].got);
		for (int b = 0; b < 8; b++)
			assert_int_equal(data[b], 0);
		for (int b = 8 + numbers[i].bytes; b < 32; b++)
			assert_int_equal(data[b], 0);
	}
}

static const struct {
	const char *text;
	const char *in_path, *in_name, *in_text; /* what lies there; text has 8 bytes */
} texts[] = {
	{ "", "", "", "" },
	{ "/etc", "/etc", "/etc", "/etc" },
	{ "12345678901", "12345678901", "12345678901", "1234567" },
	{ "123456789012", "123456789012", NULL, "1234567" },
	{ "123456789012345678901234567", "123456789012345678901234567", NULL, "1234567" },
	{ "1234567890123456789012345678", NULL, NULL, "1234567" },
};

static void puts_texts_inline(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct protocol_path path;
		struct protocol_name name;
		char text[8];

		protocol_put_path(&path, texts[i].text);
		protocol_put_name(&name, texts[i].text);
		protocol_put_text(text, sizeof(text), texts[i].text);
		assert_int_equal(path.bytes, strlen(texts[i].text));
		assert_int_equal(name.bytes, strlen(texts[i].text));
		assert_true(path.address == (uintptr_t)texts[i].text);
		if (texts[i].in_path)
			assert_string_equal(path.text, texts[i].in_path);
		else
			assert_memory_equal(path.text, texts[i].text, sizeof(path.text));
		if (texts[i].in_name)
			assert_string_equal(name.text, texts[i].in_name);
		else
			assert_memory_equal(name.text, texts[i].text, sizeof(name.text));
		assert_string_equal(text, texts[i].in_text);
	}
}

static void checks_texts_and_bools(void **state)
{
	struct pm_newproc_request newproc = { .parent = 1 };
	struct rdisk_open_request open = { .minor = 0, .read_only = 2 };
	const struct protocol_call *call = protocol_call_find(&protocol_pm, "newproc", NULL);

	(void)state;
	assert_int_equal(protocol_check_request(call, &newproc), 0);
	memset(newproc.name, 'x', sizeof(newproc.name));
	assert_int_equal(protocol_check_request(call, &newproc), EDVSINVAL);
	call = protocol_call_find(&protocol_rdisk, "open", NULL);
	assert_int_equal(protocol_check_request(call, &open), EDVSINVAL);
	open.read_only = 1;
	assert_int_equal(protocol_check_request(call, &open), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_calls_by_name),
		cmocka_unit_test(finds_every_call_by_number),
		cmocka_unit_test(finds_servers_by_slot),
		cmocka_unit_test(finds_records_and_values),
		cmocka_unit_test(keeps_its_own_rules),
		cmocka_unit_test(reads_what_it_wrote),
		cmocka_unit_test(puts_texts_inline),
		cmocka_unit_test(checks_texts_and_bools),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
