/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_text.c - lengths of time, and text that is quoted and cut.
 */
#include "state.h"

#include <limits.h>

static void duration_is_said_with_its_unit(void **state)
{
	static const struct {
		int64_t ns;
		const char *want;
	} cases[] = {
		{ 0, "0 ns" },
		{ 999, "999 ns" },
		{ 1000, "1 us" },
		{ 1250, "1.2 us" },
		{ 12345, "12 us" },
		{ 9999999, "9.9 ms" },
		{ 12 * MS, "12 ms" },
		{ 3200 * MS, "3.2 s" },
		{ 59999 * MS, "59 s" },
		{ 125000 * MS, "2 m 5 s" },
		{ 3780000 * MS, "1 h 3 m" },
		{ 183600000 * MS, "2 d 3 h" },
		{ -5, "0 ns" },
		{ INT64_MAX, "106751 d 23 h" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char bytes[64];
		struct text t;

		text_init(&t, bytes, sizeof(bytes));
		text_add_duration(&t, cases[i].ns);
		assert_string_equal(bytes, cases[i].want);
	}
}

static void duration_is_read_with_its_unit(void **state)
{
	static const struct {
		const char *word;
		int want;
		int64_t ns;
	} cases[] = {
		{ "1s", 0, 1000 * MS },    { "200ms", 0, 200 * MS },   { "2m", 0, 120000 * MS },
		{ "1.5", 0, 1500 * MS },   { "50us", 0, 50000 },       { "7ns", 0, 7 },
		{ "1h", 0, 3600000 * MS }, { "", EDVSINVAL, 0 },       { "s", EDVSINVAL, 0 },
		{ "-1s", EDVSINVAL, 0 },   { "1x", EDVSINVAL, 0 },     { "1 s", EDVSINVAL, 0 },
		{ "nan", EDVSINVAL, 0 },   { "1e300s", EDVSINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t ns = 0;

		assert_int_equal(inspect_parse_duration(cases[i].word, &ns), cases[i].want);
		assert_int_equal(ns, cases[i].ns);
	}
}

static void text_is_quoted_so_that_no_terminal_minds(void **state)
{
	static const struct {
		const char *bytes;
		size_t count;
		const char *want;
	} cases[] = {
		{ "/etc/motd", 9, "\"/etc/motd\"" },
		{ "a\"b\\c", 5, "\"a\\\"b\\\\c\"" },
		{ "\n\t\r\033", 4, "\"\\n\\t\\r\\x1b\"" },
		{ "\0x", 2, "\"\\x00x\"" },
		{ "gr\xc3\xbc\xc3\x9f", 6, "\"gr\xc3\xbc\xc3\x9f\"" },
		{ "\xc3", 1, "\"\\xc3\"" },
		{ "\xed\xa0\x80", 3, "\"\\xed\\xa0\\x80\"" },
		{ "\xc2\x9b", 2, "\"\\xc2\\x9b\"" }, /* a control of 8-bit terminals */
		{ "\x7f", 1, "\"\\x7f\"" },
		{ "", 0, "\"\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char bytes[64];
		struct text t;

		text_init(&t, bytes, sizeof(bytes));
		text_add_quoted(&t, cases[i].bytes, cases[i].count);
		assert_string_equal(bytes, cases[i].want);
	}
}

static void text_is_cut_at_its_buffer(void **state)
{
	char bytes[8];
	struct text t;

	(void)state;
	text_init(&t, bytes, sizeof(bytes));
	text_add(&t, "%s", "abcdefghij");
	text_add(&t, "k");
	text_add_quoted(&t, "l", 1);
	assert_string_equal(bytes, "abcdefg");
	assert_int_equal(t.used, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(duration_is_said_with_its_unit),
		cmocka_unit_test(duration_is_read_with_its_unit),
		cmocka_unit_test(text_is_quoted_so_that_no_terminal_minds),
		cmocka_unit_test(text_is_cut_at_its_buffer),
	};

	return cmocka_run_group_tests_name("inspect text", tests, NULL, NULL);
}
