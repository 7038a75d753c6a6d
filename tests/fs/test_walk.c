/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_walk.c - a seeded random walk, each step done on MUK's file system and on
 * the host's: the same results, the same errors, the same tree, and fsck.minix
 * finds nothing.
 *
 * Both stand in a directory many levels down, so that ".." leads to the same places.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "walker.h"

#define DEPTH 8

static void compare_files(struct walker *w, const char *path)
{
	int ours = fs_open(&w->fixture.process, path, O_RDONLY, 0);
	int theirs = open(path, O_RDONLY | O_CLOEXEC);
	int64_t place = 0, got;

	assert_true(ours >= 0 && theirs >= 0);
	do {
		got = read_at(&w->fixture.process, ours, w->bytes, BYTES_MAX, place);
		walker_same(w, path, got, walker_host(pread(theirs, w->other, BYTES_MAX, place)));
		if (got > 0)
			assert_memory_equal(w->bytes, w->other, (size_t)got);
		place += got;
	} while (got > 0);
	close(theirs);
	assert_int_equal(fs_close(&w->fixture.process, ours), 0);
}

struct counting {
	struct entries entries;
	int count;
};

static int count_entry(struct entries *entries, const struct entry *entry)
{
	((struct counting *)entries)->count += entry->nr != 0;
	return 0;
}

static int entries_of(struct walker *w, const char *path)
{
	struct counting counting = { { count_entry }, 0 };
	int fd = fs_open(&w->fixture.process, path, O_RDONLY | O_DIRECTORY, 0);

	assert_true(fd >= 0);
	assert_int_equal(fs_getdents(&w->fixture.process, fd, &counting.entries), 0);
	assert_int_equal(fs_close(&w->fixture.process, fd), 0);
	return counting.count;
}

/* Everything below path is the same on both sides; returns how many names. */
static int compare_trees(struct walker *w, const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int count = 0, all = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		struct stat a, b;
		char below[1024];

		count++;
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
		assert_int_equal(lstat(below, &b), 0);
		walker_same(w, below, fs_stat(&w->fixture.process, below, 0, &a), 0);
		walker_same_status(w, below, &a, &b);
		if (S_ISREG(b.st_mode))
			compare_files(w, below);
		if (S_ISDIR(b.st_mode))
			all += compare_trees(w, below);
		all++;
	}
	closedir(dir);
	walker_same(w, path, entries_of(w, path), count);
	return all;
}

static void go_down(struct walker *w)
{
	assert_int_equal(chdir(w->fixture.folder), 0);
	for (int i = 0; i < DEPTH; i++) {
		assert_int_equal(mkdir("p", 0777), 0);
		assert_int_equal(chdir("p"), 0);
		assert_int_equal(fs_mkdir(&w->fixture.process, "p", 0777), 0);
		assert_int_equal(fs_chdir(&w->fixture.process, "p"), 0);
	}
}

static void close_all(struct walker *w)
{
	for (int fd = 0; fd < FS_OPEN_MAX; fd++) {
		if (w->fds[fd] < 0)
			continue;
		close(w->fds[fd]);
		assert_int_equal(fs_close(&w->fixture.process, fd), 0);
		w->fds[fd] = -1;
	}
}

static const struct walk_case {
	const char *what;
	uint64_t seed;
	const char *options; /* of mkfs.minix; NULL: an unusual image */
	uint32_t block_bytes, log_zone;
	unsigned int steps;
	bool unmapped;
} cases[] = {
	{ "one seed", 0x1234567, "-3", 0, 0, 20000, false },
	{ "another", 0x89abcdef1, "-3", 0, 0, 20000, false },
	{ "a third", 42, "-3", 0, 0, 20000, false },
	{ "few inodes", 7, "-3 -i 500", 0, 0, 5000, false },
	{ "V2", 99, "-2 -n 30", 0, 0, 5000, false },
	{ "a device that is not mapped", 0x5eed, "-3", 0, 0, 20000, true },
	{ "blocks of 4 KiB", 0xb10c, NULL, 4096, 0, 10000, false },
	{ "zones of 4 blocks", 0x20e5, NULL, 1024, 2, 10000, false },
	{ "zones of 4 blocks of 2 KiB, not mapped", 0xfa5, NULL, 2048, 2, 10000, true },
};

static void begin(struct walker *w, const struct walk_case *c)
{
	assert_non_null(getcwd(w->home, sizeof(w->home)));
	if (c->options)
		fixture_make_image(&w->fixture, c->options, 200 << 10);
	else
		fixture_make_unusual(&w->fixture, c->block_bytes, c->log_zone);
	w->fixture.unmapped = c->unmapped;
	fixture_mount(&w->fixture);
	w->bytes = calloc(1, BYTES_MAX);
	w->other = calloc(1, BYTES_MAX);
	for (int fd = 0; fd < FS_OPEN_MAX; fd++)
		w->fds[fd] = -1;
	umask(022);
	go_down(w);
}

static void end(struct walker *w)
{
	assert_int_equal(chdir(w->home), 0);
	fixture_deinit(&w->fixture);
	free(w->bytes);
	free(w->other);
}

static void test_same_as_the_host(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct walker w = { .seed = cases[i].seed, .what = cases[i].what };

		begin(&w, &cases[i]);
		walker_walk(&w, cases[i].steps);
		close_all(&w);
		assert_true(compare_trees(&w, ".") > 0);
		fixture_check_accounts(&w.fixture);
		fixture_unmount(&w.fixture);
		if (cases[i].options)
			fixture_check_clean(&w.fixture);
		fixture_mount(&w.fixture);
		fixture_check_accounts(&w.fixture);
		assert_int_equal(fs_chdir(&w.fixture.process, "p/p/p/p/p/p/p/p"), 0);
		compare_trees(&w, ".");
		end(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_as_the_host),
	};

	return cmocka_run_group_tests_name("a random walk, as on the host", tests, NULL, NULL);
}
