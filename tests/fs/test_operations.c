/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_operations.c - what the walk beside the host does not reach: rights, all
 * versions of the format, large directories, links, read-only and mapped disks.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fixture.h"
#include "fs/format.h"

#define SIXTY "123456789-123456789-123456789-123456789-123456789-123456789-"

static const struct {
	const char *options;
	int version;
	uint32_t name_max;
} formats[] = {
	{ "-1 -n 14", 1, 14 }, { "-1 -n 30", 1, 30 }, { "-2 -n 14", 2, 14 },
	{ "-2 -n 30", 2, 30 }, { "-3", 3, 60 },
};

/* Makes a bit of everything, and sees that the next mount finds it. */
static void test_every_format(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		char name[80], text[32];
		struct fixture f;
		struct stat st;
		int fd;

		fixture_init(&f, formats[i].options, 4096);
		assert_int_equal(f.fs->super.format->version, formats[i].version);
		snprintf(name, sizeof(name), "%.*s", (int)formats[i].name_max, SIXTY);
		put_text(&f.process, name, "text");
		snprintf(name, sizeof(name), "%.*s", (int)formats[i].name_max + 1, SIXTY "x");
		assert_int_equal(fs_open(&f.process, name, O_CREAT | O_RDWR, 0644),
				 EDVSNAMETOOLONG);
		assert_int_equal(fs_mkdir(&f.process, "d", 0755), 0);
		fd = fs_open(&f.process, "d/far", O_CREAT | O_RDWR, 0644);
		assert_int_equal(write_at(&f.process, fd, "end", 3, 1 << 20), 3);
		assert_int_equal(fs_close(&f.process, fd), 0);
		fixture_unmount(&f);
		fixture_check_clean(&f);
		fixture_mount(&f);
		assert_int_equal(fs_stat(&f.process, "d/far", 0, &st), 0);
		assert_int_equal(st.st_size, (1 << 20) + 3);
		assert_true(st.st_blocks <= 8);
		fd = fs_open(&f.process, "d/far", O_RDONLY, 0);
		assert_int_equal(read_at(&f.process, fd, text, 32, (1 << 20) - 5), 8);
		assert_memory_equal(text, "\0\0\0\0\0end", 8);
		assert_int_equal(fs_close(&f.process, fd), 0);
		fixture_deinit(&f);
	}
}

/* Which of these a user who is nobody in particular may do. */
enum what { OPEN_READ, OPEN_WRITE, MAKE, REMOVE, CHMOD, CHOWN, RENAME, STAT, ENTER };

static int attempt(struct process *user, enum what what, const char *path)
{
	struct stat st;
	int fd;

	switch (what) {
	case OPEN_READ:
	case OPEN_WRITE:
	case MAKE:
		fd = fs_open(user, path,
			     what == OPEN_READ ? O_RDONLY
			     : what == MAKE    ? O_WRONLY | O_CREAT | O_EXCL
					       : O_WRONLY,
			     0600);
		return fd < 0 ? fd : fs_close(user, fd);
	case REMOVE:
		return fs_unlink(user, path);
	case CHMOD:
		return fs_chmod(user, path, 0600);
	case CHOWN:
		return fs_chown(user, path, 7, FS_UNCHANGED);
	case RENAME:
		return fs_rename(user, path, "/open/renamed");
	case STAT:
		return fs_stat(user, path, PATH_FOLLOW, &st);
	case ENTER:
		return fs_chdir(user, path);
	}
	return EDVSNOSYS;
}

static void make_folders(struct fixture *f)
{
	static const struct {
		const char *name;
		mode_t mode;
	} folders[] = {
		{ "/open", 0777 }, { "/closed", 0700 }, { "/readable", 0755 }, { "/sticky", 01777 }
	};
	char path[32];

	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(fs_mkdir(&f->process, folders[i].name, 0777), 0);
		assert_int_equal(fs_chmod(&f->process, folders[i].name, folders[i].mode), 0);
		snprintf(path, sizeof(path), "%s/public", folders[i].name);
		put_text(&f->process, path, "x");
		snprintf(path, sizeof(path), "%s/mine", folders[i].name);
		put_text(&f->process, path, "x");
		assert_int_equal(fs_chown(&f->process, path, 1000, 1000), 0);
	}
	put_text(&f->process, "/open/private", "x");
	assert_int_equal(fs_chmod(&f->process, "/open/private", 0600), 0);
	put_text(&f->process, "/open/group", "x");
	assert_int_equal(fs_chown(&f->process, "/open/group", 5, 1000), 0);
	assert_int_equal(fs_chmod(&f->process, "/open/group", 0640), 0);
}

static const struct {
	enum what what;
	const char *path;
	int want;
} rights[] = {
	{ OPEN_READ, "/open/public", 0 },
	{ OPEN_WRITE, "/open/public", EDVSACCES },
	{ OPEN_READ, "/open/private", EDVSACCES },
	{ OPEN_READ, "/open/group", 0 },
	{ OPEN_WRITE, "/open/group", EDVSACCES },
	{ OPEN_WRITE, "/open/mine", 0 },
	{ OPEN_READ, "/closed/public", EDVSACCES },
	{ STAT, "/closed/public", EDVSACCES },
	{ STAT, "/open/private", 0 },
	{ ENTER, "/closed", EDVSACCES },
	{ MAKE, "/closed/new", EDVSACCES },
	{ MAKE, "/readable/new", EDVSACCES },
	{ REMOVE, "/readable/public", EDVSACCES },
	{ CHMOD, "/open/public", EDVSPERM },
	{ CHMOD, "/open/mine", 0 },
	{ CHOWN, "/open/mine", EDVSPERM },
	{ REMOVE, "/sticky/public", EDVSPERM },
	{ RENAME, "/sticky/public", EDVSPERM },
	{ REMOVE, "/sticky/mine", 0 },
	{ MAKE, "/sticky/new", 0 },
	{ RENAME, "/open/public", 0 },
	{ REMOVE, "/open/private", 0 },
};

static void test_rights(void **state)
{
	struct process user;
	struct fixture f;

	(void)state;
	fixture_init(&f, "-3", 2048);
	make_folders(&f);
	assert_int_equal(process_init(&user, f.fs), 0);
	user.uid = user.gid = 1000;
	for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]); i++) {
		int got = attempt(&user, rights[i].what, rights[i].path);

		if (got != rights[i].want)
			fail_msg("case %zu, %s: %d, not %d", i, rights[i].path, got,
				 rights[i].want);
	}
	process_deinit(&user);
	fixture_deinit(&f);
}

/* A file without a name lives until its last descriptor is closed; then its room is back. */
static void test_unlinked_while_open(void **state)
{
	struct fixture f;
	uint32_t inodes, zones;
	char text[8];
	int fd, other;

	(void)state;
	fixture_init(&f, "-3", 2048);
	put_text(&f.process, "/keep", "x");
	inodes = f.fs->super.free_inodes;
	zones = f.fs->super.free_zones;
	put_text(&f.process, "/file", "content");
	fd = fs_open(&f.process, "/file", O_RDWR, 0);
	other = fs_dup(&f.process, fd, 0);
	assert_int_equal(fs_unlink(&f.process, "/file"), 0);
	assert_int_equal(fs_open(&f.process, "/file", O_RDONLY, 0), EDVSNOENT);
	assert_int_equal(fs_close(&f.process, fd), 0);
	assert_int_equal(write_at(&f.process, other, "C", 1, 0), 1);
	assert_int_equal(read_at(&f.process, other, text, 8, 0), 7);
	assert_memory_equal(text, "Content", 7);
	assert_int_equal(f.fs->super.free_inodes, inodes - 1);
	assert_int_equal(fs_close(&f.process, other), 0);
	assert_int_equal(f.fs->super.free_inodes, inodes);
	assert_int_equal(f.fs->super.free_zones, zones);
	fixture_deinit(&f);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Ten thousand names: all found, and finding one does not read them all. */
static void test_large_directory(void **state)
{
	const int names = 10000;
	struct fixture f;
	struct stat st;
	char name[64];
	double began, each;

	(void)state;
	fixture_init(&f, "-3 -i 12000", 16384);
	assert_int_equal(fs_mkdir(&f.process, "/many", 0755), 0);
	assert_int_equal(fs_chdir(&f.process, "/many"), 0);
	for (int i = 0; i < names; i++) {
		snprintf(name, sizeof(name), "a-name-with-number-%d", i);
		assert_int_equal(fs_mknod(&f.process, name, S_IFREG | 0644, 0), 0);
	}
	began = seconds();
	for (int i = 0; i < names; i++) {
		snprintf(name, sizeof(name), "a-name-with-number-%d", i * 7919 % names);
		assert_int_equal(fs_stat(&f.process, name, 0, &st), 0);
		assert_int_equal(fs_stat(&f.process, "is-not-there", 0, &st), EDVSNOENT);
	}
	each = (seconds() - began) / names;
	assert_true(each < 50e-6);
	for (int i = 0; i < names; i += 2) {
		snprintf(name, sizeof(name), "a-name-with-number-%d", i);
		assert_int_equal(fs_unlink(&f.process, name), 0);
	}
	for (int i = 0; i < names; i++) {
		snprintf(name, sizeof(name), "a-name-with-number-%d", i);
		assert_int_equal(fs_stat(&f.process, name, 0, &st), i % 2 ? 0 : EDVSNOENT);
	}
	fixture_unmount(&f);
	fixture_check_clean(&f);
	fixture_deinit(&f);
}

static void test_links_in_paths(void **state)
{
	char name[16], target[16], path[FS_PATH_MAX + 8];
	struct fixture f;
	struct stat st;

	(void)state;
	fixture_init(&f, "-3", 2048);
	put_text(&f.process, "/l0", "x");
	for (int i = 1; i <= FS_SYMLINK_MAX + 1; i++) {
		snprintf(name, sizeof(name), "/l%d", i);
		snprintf(target, sizeof(target), "/l%d", i - 1);
		assert_int_equal(fs_symlink(&f.process, target, name), 0);
	}
	snprintf(name, sizeof(name), "/l%d", FS_SYMLINK_MAX);
	assert_int_equal(fs_stat(&f.process, name, PATH_FOLLOW, &st), 0);
	snprintf(name, sizeof(name), "/l%d", FS_SYMLINK_MAX + 1);
	assert_int_equal(fs_stat(&f.process, name, PATH_FOLLOW, &st), EDVSLOOP);
	assert_int_equal(fs_symlink(&f.process, "self", "/self"), 0);
	assert_int_equal(fs_open(&f.process, "/self", O_RDONLY, 0), EDVSLOOP);
	memset(path, '/', sizeof(path));
	path[FS_PATH_MAX - 1] = '\0';
	assert_int_equal(fs_stat(&f.process, path, 0, &st), 0);
	path[FS_PATH_MAX - 1] = '/';
	path[FS_PATH_MAX] = '\0';
	assert_int_equal(fs_stat(&f.process, path, 0, &st), EDVSNAMETOOLONG);
	assert_int_equal(fs_stat(&f.process, "", 0, &st), EDVSNOENT);
	fixture_deinit(&f);
}

static void test_where_am_i(void **state)
{
	static const char *const folders[] = { "/a", "/a/b", "/a/b/c" };
	char path[64];
	struct fixture f;

	(void)state;
	fixture_init(&f, "-3", 2048);
	assert_int_equal(fs_getcwd(&f.process, path, sizeof(path)), 1);
	assert_string_equal(path, "/");
	for (int i = 0; i < 3; i++) {
		assert_int_equal(fs_mkdir(&f.process, folders[i], 0755), 0);
		assert_int_equal(fs_chdir(&f.process, folders[i]), 0);
		assert_int_equal(fs_getcwd(&f.process, path, sizeof(path)),
				 (int64_t)strlen(folders[i]));
		assert_string_equal(path, folders[i]);
	}
	assert_int_equal(fs_getcwd(&f.process, path, 6), EDVSRANGE);
	assert_int_equal(fs_rename(&f.process, "/a/b", "/z"), 0);
	assert_int_equal(fs_getcwd(&f.process, path, sizeof(path)), 4);
	assert_string_equal(path, "/z/c");
	assert_int_equal(fs_rmdir(&f.process, "/z/c"), 0);
	assert_int_equal(fs_getcwd(&f.process, path, sizeof(path)), EDVSNOENT);
	assert_int_equal(fs_mkdir(&f.process, "in-nowhere", 0755), EDVSNOENT);
	fixture_unmount(&f);
	fixture_check_clean(&f);
	fixture_deinit(&f);
}

/* Everything that changes says that it may not; reading works. */
static void test_read_only(void **state)
{
	struct fixture f;
	struct image_options options = { .kind = IMAGE_FILE, .flags = IMAGE_READ_ONLY };
	char reason[FS_REASON_BYTES], text[8];
	int fd;

	(void)state;
	fixture_init(&f, "-3", 2048);
	put_text(&f.process, "/file", "text");
	assert_int_equal(fs_mkdir(&f.process, "/dir", 0755), 0);
	fixture_unmount(&f);
	options.filename = f.image;
	assert_int_equal(device_image_open(&options, &f.device, reason), 0);
	assert_int_equal(fs_mount(f.device, &f.fs, reason), 0);
	assert_int_equal(process_init(&f.process, f.fs), 0);
	assert_int_equal(fs_open(&f.process, "/file", O_RDWR, 0), EDVSROFS);
	assert_int_equal(fs_open(&f.process, "/new", O_CREAT | O_RDONLY, 0644), EDVSROFS);
	assert_int_equal(fs_open(&f.process, "/file", O_RDONLY | O_TRUNC, 0), EDVSROFS);
	assert_int_equal(fs_mkdir(&f.process, "/new", 0755), EDVSROFS);
	assert_int_equal(fs_unlink(&f.process, "/file"), EDVSROFS);
	assert_int_equal(fs_rmdir(&f.process, "/dir"), EDVSROFS);
	assert_int_equal(fs_link(&f.process, "/file", "/new"), EDVSROFS);
	assert_int_equal(fs_symlink(&f.process, "x", "/new"), EDVSROFS);
	assert_int_equal(fs_rename(&f.process, "/file", "/new"), EDVSROFS);
	assert_int_equal(fs_chmod(&f.process, "/file", 0600), EDVSROFS);
	assert_int_equal(fs_chown(&f.process, "/file", 1, 1), EDVSROFS);
	assert_int_equal(fs_utime(&f.process, "/file", NULL), EDVSROFS);
	assert_int_equal(fs_truncate(&f.process, "/file", 0), EDVSROFS);
	assert_int_equal(fs_access(&f.process, "/file", W_OK), EDVSROFS);
	fd = fs_open(&f.process, "/file", O_RDONLY, 0);
	assert_int_equal(read_at(&f.process, fd, text, 8, 0), 4);
	assert_memory_equal(text, "text", 4);
	fixture_deinit(&f);
}

/* The address of bytes is that of what was written last, whatever they lie in. */
static void test_map(void **state)
{
	const void *address = NULL;
	struct io io = { .position = 0 };
	static char bytes[50000];
	struct fixture f;
	int64_t got;

	(void)state;
	fixture_init(&f, "-3", 2048);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 31 + i / 256);
	io.fd = fs_open(&f.process, "/file", O_CREAT | O_RDWR, 0644);
	assert_int_equal(write_at(&f.process, io.fd, bytes, sizeof(bytes), 0), sizeof(bytes));
	assert_int_equal(write_at(&f.process, io.fd, "late", 4, 30000), 4);
	memcpy(bytes + 30000, "late", 4);
	while ((got = fs_map(&f.process, &io, &address)) > 0) {
		assert_memory_equal(address, bytes + io.position, (size_t)got);
		io.position += got;
	}
	assert_int_equal(got, 0);
	assert_int_equal(io.position, sizeof(bytes));
	io.position = -5;
	assert_int_equal(fs_map(&f.process, &io, &address), EDVSINVAL);
	fixture_deinit(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_format),        cmocka_unit_test(test_rights),
		cmocka_unit_test(test_unlinked_while_open), cmocka_unit_test(test_large_directory),
		cmocka_unit_test(test_links_in_paths),      cmocka_unit_test(test_where_am_i),
		cmocka_unit_test(test_read_only),           cmocka_unit_test(test_map),
	};

	return cmocka_run_group_tests_name("operations of FS", tests, NULL, NULL);
}
