/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_headers.c - paths, dates, ranges and types of NWEB, without any server.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "nweb/header.h"
#include "nweb/path.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *root, *url;
	int want;
	const char *path;
	int is_folder;
} paths[] = {
	{ "/www", "/", 0, "/www/", 1 },
	{ "/www/", "/a.html", 0, "/www/a.html", 0 },
	{ "/", "/a/b/", 0, "/a/b/", 1 },
	{ "", "/a", 0, "/a", 0 },
	{ "/www", "/a//b///c", 0, "/www/a/b/c", 0 },
	{ "/www", "//", 0, "/www/", 1 },
	{ "/www", "/./a/./b/.", 0, "/www/a/b/", 1 },
	{ "/www", "/a/../b", 0, "/www/b", 0 },
	{ "/www", "/a/b/..", 0, "/www/a/", 1 },
	{ "/www", "/a/..", 0, "/www/", 1 },
	{ "/www", "/a/../..", 403, NULL, 0 },
	{ "/www", "/..", 403, NULL, 0 },
	{ "/www", "/../www/a", 403, NULL, 0 },
	{ "/www", "/%2e%2e/x", 403, NULL, 0 },
	{ "/www", "/a/%2E./%2e%2E/x", 403, NULL, 0 },
	{ "/www", "/..%2f..%2fetc", 403, NULL, 0 },
	{ "/", "/../etc", 403, NULL, 0 },
	{ "/www", "/...", 0, "/www/...", 0 },
	{ "/www", "/..a", 0, "/www/..a", 0 },
	{ "/www", "/a%20b%41", 0, "/www/a bA", 0 },
	{ "/www", "/a%2Fb", 0, "/www/a/b", 0 },
	{ "/www", "/%25", 0, "/www/%", 0 },
	{ "/www", "/a%00b", 400, NULL, 0 },
	{ "/www", "/%", 400, NULL, 0 },
	{ "/www", "/%4", 400, NULL, 0 },
	{ "/www", "/%zz", 400, NULL, 0 },
	{ "/www", "", 400, NULL, 0 },
	{ "/www", "*", 400, NULL, 0 },
	{ "/www", "http://x/", 400, NULL, 0 },
};

static void nothing_leads_above_the_root(void **state)
{
	struct web_path path;

	(void)state;
	for (size_t i = 0; i < COUNT(paths); i++) {
		assert_int_equal(web_path_parse(paths[i].root, paths[i].url, &path), paths[i].want);
		if (paths[i].want)
			continue;
		assert_string_equal(path.text, paths[i].path);
		assert_int_equal(path.is_folder, paths[i].is_folder);
		assert_int_equal(path.bytes, strlen(path.text));
	}
}

static void long_paths_are_refused(void **state)
{
	char url[3 * WEB_PATH_BYTES];
	struct web_path path;

	(void)state;
	for (size_t bytes = WEB_PATH_BYTES - 40; bytes < WEB_PATH_BYTES + 40; bytes++) {
		int status;

		memset(url, 'a', sizeof(url));
		url[0] = '/';
		url[bytes] = '\0';
		status = web_path_parse("/r", url, &path);
		assert_true(status == 0 || status == 414);
		assert_true(status == 414 || bytes < WEB_PATH_BYTES);
		if (!status) {
			/* The index must fit behind each path that is taken. */
			web_path_index(&path);
			assert_int_equal(strlen(path.text), path.bytes);
			assert_true(path.bytes < WEB_PATH_BYTES);
		}
	}
	memset(url, '/', sizeof(url));
	url[sizeof(url) - 1] = '\0';
	assert_int_equal(web_path_parse("/r", url, &path), 0);
	assert_string_equal(path.text, "/r/");
}

static void redirections_stay_on_the_site(void **state)
{
	static const struct {
		const char *url, *want;
	} cases[] = {
		{ "/notes", "/notes/" },
		{ "//evil.example", "/evil.example/" },
		{ "/a%20b", "/a%20b/" },
		{ "/%0d%0aX:1", "/%0D%0AX:1/" },
		{ "/%22%3c", "/%22%3C/" },
		{ "/%c3%a4", "/%C3%A4/" },
		{ "/", "/" },
		{ "/\\evil", "/%5Cevil/" },
	};
	struct web_path path;
	char url[200];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(web_path_parse("/www", cases[i].url, &path), 0);
		assert_int_equal(web_path_location(&path, url, sizeof(url)), strlen(cases[i].want));
		assert_string_equal(url, cases[i].want);
		assert_int_equal(web_path_location(&path, url, strlen(cases[i].want)), 0);
	}
}

static void ranges_are_cut_out_of_the_file(void **state)
{
	static const struct {
		const char *text;
		uint64_t size;
		int want;
		uint64_t from, bytes;
	} cases[] = {
		{ NULL, 100, 200, 0, 100 },
		{ "bytes=0-0", 100, 206, 0, 1 },
		{ "bytes=10-19", 100, 206, 10, 10 },
		{ "bytes=90-", 100, 206, 90, 10 },
		{ "bytes=0-", 100, 206, 0, 100 },
		{ "bytes=-10", 100, 206, 90, 10 },
		{ "bytes=-1000", 100, 206, 0, 100 },
		{ "bytes=90-1000", 100, 206, 90, 10 },
		{ "bytes=100-", 100, 416, 0, 0 },
		{ "bytes=-0", 100, 416, 0, 0 },
		{ "bytes=0-", 0, 416, 0, 0 },
		{ "bytes=5-4", 100, 200, 0, 100 },
		{ "bytes=0-1,3-4", 100, 200, 0, 100 },
		{ "bytes=", 100, 200, 0, 100 },
		{ "bytes=-", 100, 200, 0, 100 },
		{ "bytes=a-b", 100, 200, 0, 100 },
		{ "bytes=1-2x", 100, 200, 0, 100 },
		{ "lines=1-2", 100, 200, 0, 100 },
		{ "bytes=99999999999999999999999-", 100, 200, 0, 100 },
		{ "bytes=0-99999999999999999999999", 100, 206, 0, 100 },
		{ "bytes=18446744073709551615-", 100, 416, 0, 0 },
		{ "bytes=-18446744073709551615", 100, 206, 0, 100 },
	};
	struct web_range range;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(web_range_parse(cases[i].text, cases[i].size, &range),
				 cases[i].want);
		if (cases[i].want != 416) {
			assert_int_equal(range.from, cases[i].from);
			assert_int_equal(range.bytes, cases[i].bytes);
		}
	}
}

static void dates_are_read_as_they_are_written(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} dates[] = {
		{ 0, "Thu, 01 Jan 1970 00:00:00 GMT" },
		{ 784111777, "Sun, 06 Nov 1994 08:49:37 GMT" },
		{ 951782400, "Tue, 29 Feb 2000 00:00:00 GMT" },
		{ 4102444799, "Thu, 31 Dec 2099 23:59:59 GMT" },
	};
	static const char *const bad[] = { "", "yesterday", "Sun, 06 Nov 1994",
					   "Sun, 06 Nov 1994 08:49:37 GMT and more" };
	char text[WEB_DATE_BYTES];

	(void)state;
	for (size_t i = 0; i < COUNT(dates); i++) {
		web_date_format(dates[i].seconds, text);
		assert_string_equal(text, dates[i].text);
		assert_int_equal(web_date_parse(text), dates[i].seconds);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(web_date_parse(bad[i]), -1);
	assert_int_equal(web_date_parse(NULL), -1);
	web_date_format(INT64_MAX, text);
	assert_string_equal(text, dates[0].text);
}

static void types_go_by_the_suffix(void **state)
{
	static const struct {
		const char *path, *want;
	} cases[] = {
		{ "/a/index.html", "text/html" },
		{ "/A.SVG", "image/svg+xml" },
		{ "/a.tar.gz", "application/gzip" },
		{ "/a", "application/octet-stream" },
		{ "/a.html/b", "application/octet-stream" },
		{ "/a.", "application/octet-stream" },
		{ "", "application/octet-stream" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(web_content_type(cases[i].path), cases[i].want);
}

static void tags_are_of_a_version(void **state)
{
	static const struct {
		const char *text;
		int want;
	} cases[] = {
		{ NULL, 0 },
		{ "", 0 },
		{ "*", 1 },
		{ "\"a-b-c\"", 1 },
		{ "W/\"a-b-c\"", 1 },
		{ "\"x\", \"a-b-c\"", 1 },
		{ "\"x\",W/\"a-b-c\" , \"y\"", 1 },
		{ "\"a-b-d\"", 0 },
		{ "a-b-c", 0 },
		{ "\"a-b-c", 0 },
		{ ",,,", 0 },
		{ "W/", 0 },
	};
	const struct web_version version = { 10, 11, 12 };
	char tag[WEB_TAG_BYTES];

	(void)state;
	web_tag_format(&version, tag);
	assert_string_equal(tag, "\"a-b-c\"");
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(web_tag_matches(cases[i].text, tag), cases[i].want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tags_are_of_a_version),
		cmocka_unit_test(nothing_leads_above_the_root),
		cmocka_unit_test(long_paths_are_refused),
		cmocka_unit_test(redirections_stay_on_the_site),
		cmocka_unit_test(ranges_are_cut_out_of_the_file),
		cmocka_unit_test(dates_are_read_as_they_are_written),
		cmocka_unit_test(types_go_by_the_suffix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
