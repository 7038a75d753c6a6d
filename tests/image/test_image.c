/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_image.c - an image is what was written to it, or what it was before.
 *
 * Every write that the library makes goes through pwritev, which the linker gives
 * to us (--wrap): we cut a child off in the middle of the n-th, or let it fail.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <dvk/errors.h>
#include "image/checksum.h"
#include "image/image.h"

#define IMAGE_BYTES 600000 /* more than two chunks, and no whole number of pages */
#define PIECES      3

static char dir[] = "/tmp/test_image.XXXXXX";
static char path[64], journal_path[80];

/* What the next writes do: nothing happens while at is 0. */
static struct {
	int at;       /* the n-th write from now */
	int error;    /* fails with this errno; 0: the process ends there */
	size_t bytes; /* that were written before it ended */
	int seen;
} cut;

ssize_t __real_pwritev(int fd, const struct iovec *vectors, int count, off_t offset);
ssize_t __wrap_pwritev(int fd, const struct iovec *vectors, int count, off_t offset);

ssize_t __wrap_pwritev(int fd, const struct iovec *vectors, int count, off_t offset)
{
	size_t left = cut.bytes;

	if (!cut.at || ++cut.seen != cut.at)
		return __real_pwritev(fd, vectors, count, offset);
	if (cut.error) {
		errno = cut.error;
		return -1;
	}
	for (int i = 0; i < count && left; i++) {
		size_t part = vectors[i].iov_len < left ? vectors[i].iov_len : left;

		if (pwrite(fd, vectors[i].iov_base, part, offset) != (ssize_t)part)
			_exit(2);
		offset += (off_t)part;
		left -= part;
	}
	_exit(1);
}

static void make_file(const char *name, size_t bytes, unsigned char byte)
{
	unsigned char *data = malloc(bytes + 1);
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_non_null(data);
	memset(data, byte, bytes + 1);
	assert_int_equal(write(fd, data, bytes), bytes);
	close(fd);
	free(data);
}

static struct image *open_image(enum image_kind kind, unsigned int flags)
{
	const struct image_options options = { kind, flags, path, 0 };
	char reason[IMAGE_REASON_BYTES];
	struct image *image = NULL;

	if (image_open(&options, &image, reason))
		fail_msg("%s", reason);
	return image;
}

static const uint64_t offsets[PIECES] = { 0, 262140, IMAGE_BYTES - 5000 };
static unsigned char piece_data[5000];

static void make_pieces(struct image_piece *ret_pieces, unsigned char byte)
{
	memset(piece_data, byte, sizeof(piece_data));
	for (int i = 0; i < PIECES; i++)
		ret_pieces[i] = (struct image_piece){ offsets[i], piece_data, sizeof(piece_data) };
}

/* The byte that fills all pieces of data; -1 if they are not all filled with one. */
static int state_of(const unsigned char *data)
{
	for (int i = 0; i < PIECES; i++)
		for (size_t k = 0; k < sizeof(piece_data); k++)
			if (data[offsets[i] + k] != data[0])
				return -1;
	return data[0];
}

static int state_of_file(void)
{
	unsigned char *data = malloc(IMAGE_BYTES);
	int fd = open(path, O_RDONLY), state;

	assert_non_null(data);
	assert_int_equal(read(fd, data, IMAGE_BYTES), IMAGE_BYTES);
	state = state_of(data);
	close(fd);
	free(data);
	return state;
}

static void opening_says_what_is_wrong(void **unused)
{
	static const struct {
		const char *name;
		enum image_kind kind;
		uint64_t bytes;
		int want;
		const char *says;
	} cases[] = {
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
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct image_options options = { cases[i].kind, 0, NULL, cases[i].bytes };

		snprintf(name, sizeof(name), "%s/%s", dir, cases[i].name ? cases[i].name : "");
		if (cases[i].name)
			options.filename = name;
		assert_int_equal(image_open(&options, &image, reason), cases[i].want);
		assert_null(image);
		assert_non_null(strstr(reason, cases[i].says));
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

/* Commits in a child that is cut off; returns how it ended: 0, or 1 when it was cut. */
static int commit_in_child(enum image_kind kind)
{
	pid_t child = fork();
	int status;

	if (!child) {
		struct image *image = open_image(kind, 0);
		struct image_piece pieces[PIECES];

		make_pieces(pieces, 2);
		if (image_commit(image, pieces, PIECES))
			_exit(3);
		_exit(image_flush(image) ? 4 : 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void a_commit_cut_at_every_write_is_whole_or_nothing(void **unused)
{
	static const size_t amounts[] = { 0, 1, 40, 41, 88, 4999, 5000, 15087, 15088 };
	static const enum image_kind kinds[] = { IMAGE_FILE, IMAGE_MEMORY };
	int cuts = 0, old = 0, new = 0;

	(void)unused;
	for (size_t i = 0; i < 2 * sizeof(amounts) / sizeof(amounts[0]); i++) {
		for (int at = 1;; at++, cuts++) {
			int ended, replayed, state;
			struct image *image;

			make_file(path, IMAGE_BYTES, 1);
			cut.at = at;
			cut.seen = 0;
			cut.bytes = amounts[i / 2];
			ended = commit_in_child(kinds[i % 2]);
			cut.at = 0;
			assert_in_range(ended, 0, 1);
			image = open_image(IMAGE_FILE, 0);
			replayed = image_was_replayed(image);
			state = state_of(image_map(image));
			assert_int_equal(image_close(image), 0);
			assert_int_equal(state_of_file(), state);
			if (!ended) {
				assert_int_equal(state, 2);
				break;
			}
			assert_true(state == 1 || state == 2);
			assert_true(state == 2 || !replayed);
			old += state == 1;
			new += state == 2;
		}
	}
	assert_true(cuts > 50 && old > 10 && new > 10);
}

static void a_write_that_fails_changes_nothing(void **unused)
{
	/* Of a commit: write 1 is the journal, 2..4 the pieces, 5 empties the journal. */
	static const struct {
		int at, error, want, want_next, want_reopened;
	} cases[] = {
		{ 1, ENOSPC, EDVSNOSPC, 0, 1 }, { 1, EIO, EDVSIO, 0, 1 },
		{ 2, EIO, EDVSIO, EDVSIO, 2 },  { 3, EIO, EDVSIO, EDVSIO, 2 },
		{ 4, EIO, EDVSIO, EDVSIO, 2 },  { 5, EIO, EDVSIO, EDVSIO, 2 },
	};
	struct image_piece pieces[PIECES];

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct image *image;

		make_file(path, IMAGE_BYTES, 1);
		image = open_image(IMAGE_FILE, 0);
		make_pieces(pieces, 2);
		cut.at = cases[i].at;
		cut.seen = 0;
		cut.error = cases[i].error;
		assert_int_equal(image_commit(image, pieces, PIECES), cases[i].want);
		cut.at = cut.error = 0;
		assert_int_equal(image_commit(image, pieces, 0), cases[i].want_next);
		assert_int_equal(image_flush(image), cases[i].want_next);
		assert_int_equal(image_close(image), 0);
		image = open_image(IMAGE_FILE, 0);
		assert_int_equal(state_of(image_map(image)), cases[i].want_reopened);
		assert_int_equal(image_close(image), 0);
	}
}

/* Leaves a complete journal behind, for an image that was not changed. */
static void leave_journal(void)
{
	make_file(path, IMAGE_BYTES, 1);
	cut.at = 2;
	cut.seen = 0;
	cut.bytes = 0;
	assert_int_equal(commit_in_child(IMAGE_FILE), 1);
	cut.at = 0;
	assert_int_equal(state_of_file(), 1);
}

static void a_journal_that_is_not_right_is_dropped(void **unused)
{
	/* Adds to a byte of the journal, or cuts it or the image. */
	static const struct {
		off_t at;
		off_t journal_bytes;
		off_t image_bytes;
		int want;
	} cases[] = {
		{ -1, 0, 0, 2 },
		{ 0, 0, 0, 1 },
		{ 8, 0, 0, 1 },
		{ 15, 0, 0, 1 },
		{ 23, 0, 0, 1 },
		{ 31, 0, 0, 1 },
		{ 32, 0, 0, 1 },
		{ 40, 0, 0, 1 },
		{ 47, 0, 0, 1 },
		{ 55, 0, 0, 1 },
		{ 88, 0, 0, 1 },
		{ 15087, 0, 0, 1 },
		{ -1, 15087, 0, 1 },
		{ -1, 39, 0, 1 },
		{ -1, 41, 0, 1 },
		{ -1, 1, 0, 1 },
		{ -1, 0, IMAGE_BYTES + 1, 1 },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct image *image;
		unsigned char byte;
		int fd;

		leave_journal();
		fd = open(journal_path, O_RDWR);
		if (cases[i].at >= 0) {
			assert_int_equal(pread(fd, &byte, 1, cases[i].at), 1);
			byte++;
			assert_int_equal(pwrite(fd, &byte, 1, cases[i].at), 1);
		}
		if (cases[i].journal_bytes)
			assert_int_equal(ftruncate(fd, cases[i].journal_bytes), 0);
		if (cases[i].image_bytes)
			assert_int_equal(truncate(path, cases[i].image_bytes), 0);
		close(fd);
		image = open_image(IMAGE_FILE, 0);
		assert_int_equal(image_was_replayed(image), cases[i].want == 2);
		assert_int_equal(state_of(image_map(image)), cases[i].want);
		assert_int_equal(image_close(image), 0);
		assert_int_equal(access(journal_path, F_OK), -1);
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
		cmocka_unit_test(a_commit_cut_at_every_write_is_whole_or_nothing),
		cmocka_unit_test(a_write_that_fails_changes_nothing),
		cmocka_unit_test(a_journal_that_is_not_right_is_dropped),
		cmocka_unit_test(an_image_cut_short_is_an_error),
		cmocka_unit_test(memory_without_a_file_is_zeros),
		cmocka_unit_test(the_checksum_is_of_the_bytes_alone),
	};
	char command[64];
	int failed;

	alarm(60);
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/image", dir);
	snprintf(journal_path, sizeof(journal_path), "%s/image.commit", dir);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command) || failed;
}
