/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_image.c - images are opened, read, written and kept as they should be.
 */
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "image/checksum.h"

static const struct {
	const char *name;
	enum image_kind kind;
	uint64_t bytes;
	int want;
	const char *says;
} openings[] = {
	{ "missing", IMAGE_FILE, 0, EDVSNOENT, "cannot be opened" },
	{ "empty", IMAGE_FILE, 0, EDVSINVAL, "is empty" },
	{ "empty", IMAGE_MEMORY, 0, EDVSINVAL, "is empty" },
	{ ".", IMAGE_FILE, 0, EDVSISDIR, "directory" },
	{ "used", IMAGE_FILE, 0, EDVSBUSY, "in use by process" },
	{ "used", IMAGE_MEMORY, 0, EDVSBUSY, "in use by process" },
	{ "badjournal", IMAGE_FILE, 0, EDVSISDIR, "journal" },
	{ NULL, IMAGE_MEMORY, 0, EDVSINVAL, "no size" },
	{ NULL, IMAGE_MEMORY, IMAGE_BYTES_MAX + 1, EDVSINVAL, "no size" },
};

static void opening_says_what_is_wrong(void **unused)
{
	char name[64], reason[IMAGE_REASON_BYTES];
	struct image *used, *image = NULL;

	(void)unused;
	snprintf(path, sizeof(path), "%s/empty", dir);
	make_file(path, 0, 0);
	snprintf(path, sizeof(path), "%s/badjournal", dir);
	make_file(path, 100, 0);
	snprintf(name, sizeof(name), "%s/badjournal.commit", dir);
	mkdir(name, 0700);
	snprintf(path, sizeof(path), "%s/used", dir);
	make_file(path, 100, 0);
	used = open_image(IMAGE_FILE, 0);
	for (size_t i = 0; i < sizeof(openings) / sizeof(openings[0]); i++) {
		struct image_options options = { openings[i].kind, 0, NULL, openings[i].bytes };

		snprintf(name, sizeof(name), "%s/%s", dir,
			 openings[i].name ? openings[i].name : "");
		if (openings[i].name)
			options.filename = name;
		assert_int_equal(image_open(&options, &image, reason), openings[i].want);
		assert_null(image);
		assert_non_null(strstr(reason, openings[i].says));
	}
	assert_int_equal(image_close(used), 0);
	snprintf(path, sizeof(path), "%s/image", dir);
}

static void what_is_written_is_kept_or_not(void **unused)
{
	static const struct {
		enum image_kind kind;
		unsigned int flags;
		int want_write, want_flushed, want_closed;
	} cases[] = {
		{ IMAGE_FILE, 0, 0, 2, 2 },
		{ IMAGE_FILE, IMAGE_VOLATILE, 0, 1, 1 },
		{ IMAGE_FILE, IMAGE_READ_ONLY, EDVSROFS, 1, 1 },
		{ IMAGE_MEMORY, 0, 0, 2, 2 },
		{ IMAGE_MEMORY, IMAGE_VOLATILE, 0, 1, 1 },
		{ IMAGE_MEMORY, IMAGE_READ_ONLY, EDVSROFS, 1, 1 },
	};
	struct image_piece pieces[PIECES];

	(void)unused;
	for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		size_t c = i / 2;
		struct image *image;
		unsigned char read_back = 0;

		make_file(path, IMAGE_BYTES, 1);
		image = open_image(cases[c].kind, cases[c].flags);
		assert_int_equal(image_bytes(image), IMAGE_BYTES);
		make_pieces(pieces, 2);
		assert_int_equal(i % 2 ? image_write(image, pieces, PIECES)
				       : image_commit(image, pieces, PIECES),
				 cases[c].want_write);
		/* What was written is seen at once, by reading and through the map. */
		assert_int_equal(state_of(image_map(image)), cases[c].want_write ? 1 : 2);
		assert_int_equal(image_read(image, offsets[1], &read_back, 1), 0);
		assert_int_equal(read_back, cases[c].want_write ? 1 : 2);
		assert_int_equal(image_flush(image), 0);
		assert_int_equal(state_of_file(), cases[c].want_flushed);
		assert_int_equal(image_close(image), 0);
		assert_int_equal(state_of_file(), cases[c].want_closed);
		assert_int_equal(access(journal_path, F_OK), -1);
	}
}

static void ranges_are_checked_before_anything_is_written(void **unused)
{
	static const struct {
		uint64_t offset;
		size_t bytes;
		int want;
	} cases[] = {
		{ IMAGE_BYTES - 10, 10, 0 },         { IMAGE_BYTES, 0, 0 },
		{ IMAGE_BYTES - 10, 11, EDVSRANGE }, { IMAGE_BYTES, 1, EDVSRANGE },
		{ UINT64_MAX, 2, EDVSRANGE },        { 1, SIZE_MAX, EDVSRANGE },
	};
	char data[10];

	(void)unused;
	make_file(path, IMAGE_BYTES, 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct image *image = open_image(IMAGE_FILE, 0);
		const struct image_piece pieces[2] = {
			{ 0, "x", 1 },
			{ cases[i].offset, data, cases[i].bytes },
		};

		memset(data, 'x', sizeof(data));
		assert_int_equal(image_commit(image, pieces, 2), cases[i].want);
		assert_int_equal(image_write(image, pieces, 2), cases[i].want);
		if (cases[i].want) {
			assert_int_equal(*(const char *)image_map(image), 1);
			assert_int_equal(image_read(image, cases[i].offset, data, cases[i].bytes),
					 EDVSRANGE);
		}
		assert_int_equal(image_close(image), 0);
		make_file(path, IMAGE_BYTES, 1);
	}
}

static void an_image_cut_short_is_an_error(void **unused)
{
	struct image *image;
	char byte = 0;

	(void)unused;
	make_file(path, IMAGE_BYTES, 1);
	image = open_image(IMAGE_FILE, 0);
	assert_int_equal(truncate(path, IMAGE_BYTES / 2), 0);
	assert_int_equal(image_read(image, IMAGE_BYTES - 1, &byte, 1), EDVSIO);
	assert_int_equal(image_read(image, 0, &byte, 1), 0);
	assert_int_equal(byte, 1);
	image_close(image);
}

static void memory_without_a_file_is_zeros(void **unused)
{
	const struct image_options options = { IMAGE_MEMORY, 0, NULL, 5000 };
	const struct image_piece piece = { 4999, "x", 1 };
	char reason[IMAGE_REASON_BYTES], data[5000];
	struct image *image;

	(void)unused;
	assert_int_equal(image_open(&options, &image, reason), 0);
	assert_int_equal(image_commit(image, &piece, 1), 0);
	assert_int_equal(image_read(image, 0, data, sizeof(data)), 0);
	for (size_t i = 0; i < 4999; i++)
		assert_int_equal(data[i], 0);
	assert_int_equal(data[4999], 'x');
	assert_int_equal(image_flush(image), 0);
	assert_int_equal(image_close(image), 0);
}

static void the_checksum_is_of_the_bytes_alone(void **unused)
{
	unsigned char data[200];
	struct checksum sum;
	uint64_t whole;

	(void)unused;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (unsigned char)(i * 7);
	checksum_init(&sum);
	checksum_add(&sum, data, sizeof(data));
	whole = checksum_value(&sum);
	for (size_t at = 0; at <= sizeof(data); at++) {
		checksum_init(&sum);
		checksum_add(&sum, data, at);
		checksum_add(&sum, data + at, sizeof(data) - at);
		assert_true(checksum_value(&sum) == whole);
		checksum_init(&sum);
		checksum_add(&sum, data, at);
		assert_true(at == sizeof(data) || checksum_value(&sum) != whole);
	}
	for (size_t bit = 0; bit < 8 * sizeof(data); bit++) {
		data[bit / 8] ^= (unsigned char)(1 << bit % 8);
		checksum_init(&sum);
		checksum_add(&sum, data, sizeof(data));
		assert_true(checksum_value(&sum) != whole);
		data[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opening_says_what_is_wrong),
		cmocka_unit_test(what_is_written_is_kept_or_not),
		cmocka_unit_test(ranges_are_checked_before_anything_is_written),
		cmocka_unit_test(an_image_cut_short_is_an_error),
		cmocka_unit_test(memory_without_a_file_is_zeros),
		cmocka_unit_test(the_checksum_is_of_the_bytes_alone),
	};
	int failed;

	alarm(60);
	fixture_init();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	return fixture_deinit() || failed;
}
