/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_room.c - no room left: in FS's tables, on the disk, among its inodes, in memory.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixture.h"
#include "fs/format.h"

static void test_tables_full(void **state)
{
	struct fixture f;
	int fd = 0;

	(void)state;
	fixture_init(&f, "-3", 2048);
	for (int i = 0; i < FS_OPEN_MAX; i++)
		assert_int_equal(fs_open(&f.process, "/", O_RDONLY, 0), i);
	assert_int_equal(fs_open(&f.process, "/", O_RDONLY, 0), EDVSMFILE);
	assert_int_equal(fs_dup(&f.process, 0, 0), EDVSMFILE);
	assert_int_equal(fs_close(&f.process, 5), 0);
	fd = fs_dup(&f.process, 0, 3);
	assert_int_equal(fd, 5);
	fixture_deinit(&f);
}

/* Writes until nothing more goes; every error is "no room", and what went in is there. */
static void fill_up(struct fixture *f, size_t piece)
{
	char *bytes = calloc(1, piece);
	int fd = fs_open(&f->process, "/full", O_CREAT | O_RDWR, 0644);
	int64_t done, all = 0;
	struct stat st;

	assert_true(fd >= 0);
	memset(bytes, 'f', piece);
	while ((done = write_at(&f->process, fd, bytes, piece, -1)) > 0)
		all += done;
	assert_int_equal(done, EDVSNOSPC);
	assert_int_equal(fs_fstat(&f->process, fd, &st), 0);
	assert_int_equal(st.st_size, all);
	assert_int_equal(read_at(&f->process, fd, bytes, piece, all - 1), 1);
	assert_int_equal(bytes[0], 'f');
	assert_int_equal(fs_close(&f->process, fd), 0);
	free(bytes);
}

static void test_full_disk(void **state)
{
	static const size_t pieces[] = { 1000, 4096, 100000, 1 << 20 };
	char name[32];

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct fixture f;
		uint32_t zones;
		int made = 0, error;

		fixture_init(&f, "-3", 4096);
		zones = f.fs->super.free_zones;
		fill_up(&f, pieces[i]);
		while (f.fs->super.free_zones) {
			snprintf(name, sizeof(name), "/d%d", made);
			error = fs_mkdir(&f.process, name, 0755);
			assert_true(error == 0 || error == EDVSNOSPC);
			if (error)
				break;
			made++;
		}
		assert_int_equal(fs_mkdir(&f.process, "/none", 0755), EDVSNOSPC);
		assert_int_equal(fs_symlink(&f.process, "target", "/none"), EDVSNOSPC);
		fixture_unmount(&f);
		fixture_check_clean(&f);
		fixture_mount(&f);
		for (int k = 0; k < made; k++) {
			snprintf(name, sizeof(name), "/d%d", k);
			assert_int_equal(fs_rmdir(&f.process, name), 0);
		}
		assert_int_equal(fs_unlink(&f.process, "/full"), 0);
		assert_true(f.fs->super.free_zones + 1 >= zones);
		fill_up(&f, pieces[i]); /* all of it can be used again at once */
		fixture_unmount(&f);
		fixture_check_clean(&f);
		fixture_deinit(&f);
	}
}

static void test_no_inodes_left(void **state)
{
	struct fixture f;
	char name[32];
	int made = 0, fd;

	(void)state;
	fixture_init(&f, "-3 -i 32", 2048);
	for (;; made++) {
		snprintf(name, sizeof(name), "/f%d", made);
		fd = fs_open(&f.process, name, O_CREAT | O_WRONLY, 0644);
		if (fd < 0)
			break;
		assert_int_equal(fs_close(&f.process, fd), 0);
	}
	assert_int_equal(fd, EDVSNOSPC);
	assert_int_equal(made + 1, f.fs->super.ninodes);
	assert_int_equal(fs_unlink(&f.process, "/f3"), 0);
	put_text(&f.process, "/again", "x");
	fixture_unmount(&f);
	fixture_check_clean(&f);
	fixture_deinit(&f);
}

/* Many files, changed again and again: memory stays within its limit. */
static void test_memory_is_bounded(void **state)
{
	static char bytes[60000];
	struct fixture f;
	char name[32];

	(void)state;
	fixture_init(&f, "-3", 65536);
	memset(bytes, 'b', sizeof(bytes));
	for (int i = 0; i < 500; i++) {
		int fd;

		snprintf(name, sizeof(name), "/f%d", i);
		fd = fs_open(&f.process, name, O_CREAT | O_WRONLY, 0644);
		assert_int_equal(write_at(&f.process, fd, bytes, sizeof(bytes), 1), sizeof(bytes));
		assert_int_equal(fs_close(&f.process, fd), 0);
		assert_true(f.fs->blocks.counts[BLOCK_DATA] + f.fs->blocks.counts[BLOCK_META] <=
			    f.fs->blocks.limit);
	}
	fixture_unmount(&f);
	fixture_check_clean(&f);
	fixture_deinit(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables_full),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_no_inodes_left),
		cmocka_unit_test(test_memory_is_bounded),
	};

	return cmocka_run_group_tests_name("no room in FS", tests, NULL, NULL);
}
