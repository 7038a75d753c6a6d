/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_commits.c - a commit that is cut off or fails leaves the old state or the new
 * one.
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

/* Adds to a byte of the journal, or cuts it or the image. */
static const struct {
	off_t at;
	off_t journal_bytes;
	off_t image_bytes;
	int want;
} harms[] = {
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

static void a_journal_that_is_not_right_is_dropped(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(harms) / sizeof(harms[0]); i++) {
		struct image *image;
		unsigned char byte;
		int fd;

		leave_journal();
		fd = open(journal_path, O_RDWR);
		if (harms[i].at >= 0) {
			assert_int_equal(pread(fd, &byte, 1, harms[i].at), 1);
			byte++;
			assert_int_equal(pwrite(fd, &byte, 1, harms[i].at), 1);
		}
		if (harms[i].journal_bytes)
			assert_int_equal(ftruncate(fd, harms[i].journal_bytes), 0);
		if (harms[i].image_bytes)
			assert_int_equal(truncate(path, harms[i].image_bytes), 0);
		close(fd);
		image = open_image(IMAGE_FILE, 0);
		assert_int_equal(image_was_replayed(image), harms[i].want == 2);
		assert_int_equal(state_of(image_map(image)), harms[i].want);
		assert_int_equal(image_close(image), 0);
		assert_int_equal(access(journal_path, F_OK), -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_commit_cut_at_every_write_is_whole_or_nothing),
		cmocka_unit_test(a_write_that_fails_changes_nothing),
		cmocka_unit_test(a_journal_that_is_not_right_is_dropped),
	};
	int failed;

	alarm(60);
	fixture_init();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	return fixture_deinit() || failed;
}
