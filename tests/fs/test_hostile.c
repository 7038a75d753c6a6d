/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_hostile.c - images that are not what they should be: a clear sentence, or a
 * file system that answers with errors; never a crash, never without end.
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

#define KIB 2048

static void patch(const struct fixture *f, uint64_t offset, const void *bytes, size_t count)
{
	int fd = open(f->image, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, count, (off_t)offset), (ssize_t)count);
	close(fd);
}

static int try_mount(struct fixture *f, char reason[FS_REASON_BYTES])
{
	struct image_options options = { .kind = IMAGE_FILE, .filename = f->image };
	int error = device_image_open(&options, &f->device, reason);

	if (error)
		return error;
	error = fs_mount(f->device, &f->fs, reason);
	if (error)
		f->device->ops->close(f->device);
	return error;
}

#define SUPER(field) DISK_SUPER_OFFSET + offsetof(struct disk_super_v3, field)

static const struct {
	const char *what;
	uint64_t offset;
	uint64_t value;
	size_t bytes;
	const char *says;
} supers[] = {
	{ "no magic", SUPER(s_magic), 0, 2, "no MINIX file system" },
	{ "another magic", SUPER(s_magic), 0xef53, 2, "no MINIX file system" },
	{ "no inodes", SUPER(s_ninodes), 0, 4, "0 inodes" },
	{ "too many inodes", SUPER(s_ninodes), 0xffffffff, 4, "do not fit" },
	{ "no bitmap of inodes", SUPER(s_imap_blocks), 0, 2, "do not fit" },
	{ "no bitmap of zones", SUPER(s_zmap_blocks), 0, 2, "do not fit" },
	{ "huge bitmaps", SUPER(s_imap_blocks), 0xffff, 2, "lies inside the inodes" },
	{ "data at 0", SUPER(s_firstdatazone), 0, 2, "lies inside the inodes" },
	{ "data behind the end", SUPER(s_firstdatazone), 0xffff, 2, "do not fit" },
	{ "zones of 2^70", SUPER(s_log_zone_size), 60, 2, "log_zone_size" },
	{ "larger zones than there is room", SUPER(s_log_zone_size), 3, 2, "cut short" },
	{ "more zones than blocks", SUPER(s_zones), KIB + 1, 4, "cut short" },
	{ "zones without end", SUPER(s_zones), 0xffffffff, 4, "do not fit" },
	{ "odd blocks", SUPER(s_blocksize), 1000, 2, "blocks of 1000 bytes" },
	{ "tiny blocks", SUPER(s_blocksize), 512, 2, "blocks of 512 bytes" },
	{ "huge blocks", SUPER(s_blocksize), 0x8000, 2, "blocks of 32768 bytes" },
};

static void test_super_blocks(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(supers) / sizeof(supers[0]); i++) {
		char reason[FS_REASON_BYTES] = "";
		struct fixture f;

		fixture_make_image(&f, "-3", KIB);
		patch(&f, supers[i].offset, &supers[i].value, supers[i].bytes);
		if (try_mount(&f, reason) != EDVSINVAL || !strstr(reason, supers[i].says) ||
		    !strstr(reason, f.image))
			fail_msg("%s: \"%s\", not \"%s\"", supers[i].what, reason, supers[i].says);
		fixture_deinit(&f);
	}
}

static void test_lengths(void **state)
{
	static const struct {
		off_t bytes;
		const char *says;
	} cases[] = {
		{ 0, "" },           { 1, "too few" },      { 1024, "too few" },
		{ 1040, "too few" }, { 4096, "cut short" }, { (KIB - 1) << 10, "cut short" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char reason[FS_REASON_BYTES] = "";
		struct fixture f;

		fixture_make_image(&f, "-3", KIB);
		assert_int_equal(truncate(f.image, cases[i].bytes), 0);
		assert_true(try_mount(&f, reason) < 0);
		assert_non_null(strstr(reason, cases[i].says));
		assert_non_null(strstr(reason, "image"));
		fixture_deinit(&f);
	}
}

/* A little of everything: a tree, files with holes, links, a large directory. */
static void fill(struct process *process)
{
	char name[64];
	int fd;

	for (int i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "/d%d", i);
		assert_int_equal(fs_mkdir(process, name, 0755), 0);
		snprintf(name, sizeof(name), "/d%d/e", i);
		assert_int_equal(fs_mkdir(process, name, 0755), 0);
		snprintf(name, sizeof(name), "/d%d/e/text", i);
		put_text(process, name, "some text");
		snprintf(name, sizeof(name), "/d%d/link", i);
		assert_int_equal(fs_symlink(process, "e/text", name), 0);
	}
	for (int i = 0; i < 60; i++) {
		snprintf(name, sizeof(name), "/d0/n%d", i);
		put_text(process, name, name);
	}
	fd = fs_open(process, "/sparse", O_CREAT | O_RDWR, 0644);
	for (int i = 0; i < 4; i++)
		assert_int_equal(write_at(process, fd, name, 10, 300000ll << i), 10);
	assert_int_equal(fs_close(process, fd), 0);
}

static int drop(struct transfer *transfer, uint64_t offset, void *data, size_t bytes)
{
	volatile unsigned char sum = 0;

	(void)transfer;
	(void)offset;
	for (size_t i = 0; i < bytes; i += 64)
		sum += ((unsigned char *)data)[i];
	return 0;
}

struct names {
	struct entries entries;
	char names[80][DISK_NAME_MAX + 1];
	int count;
};

static int keep(struct entries *entries, const struct entry *entry)
{
	struct names *names = (struct names *)entries;

	if (names->count == 80)
		return 1;
	/* Through these two the walk would come by everywhere again and again. */
	if (strcmp(entry->name, ".") == 0 || strcmp(entry->name, "..") == 0)
		return 0;
	strcpy(names->names[names->count++], entry->name);
	return 0;
}

static void use(struct process *process, const char *path, int depth);

static void use_directory(struct process *process, int fd, const char *path, int depth)
{
	struct names *names = calloc(1, sizeof(*names));
	char below[600];

	names->entries.each = keep;
	fs_getdents(process, fd, &names->entries);
	for (int i = 0; i < names->count && depth < 4; i++) {
		snprintf(below, sizeof(below), "%s/%.60s", path, names->names[i]);
		use(process, below, depth + 1);
	}
	free(names);
}

/* Does to a path whatever can be done; every answer is right but a crash. */
static void use(struct process *process, const char *path, int depth)
{
	struct transfer nowhere = { drop };
	char text[100], other[640];
	struct stat st;
	int fd;

	fs_stat(process, path, PATH_FOLLOW, &st);
	fs_readlink(process, path, text, sizeof(text));
	fd = fs_open(process, path, O_RDONLY, 0);
	if (fd >= 0) {
		struct io io = { fd, 1 << 20, 0, &nowhere };

		if (fs_read(process, &io) == EDVSISDIR)
			use_directory(process, fd, path, depth);
		fs_close(process, fd);
	}
	fd = fs_open(process, path, O_RDWR, 0);
	if (fd >= 0) {
		write_at(process, fd, "written", 7, 200000);
		fs_ftruncate(process, fd, 100);
		fs_close(process, fd);
	}
	snprintf(other, sizeof(other), "%s-2", path);
	fs_link(process, path, other);
	fs_rename(process, path, other);
	fs_rename(process, other, path);
	if (depth > 1) {
		fs_unlink(process, path);
		fs_rmdir(process, path);
	}
	fs_mkdir(process, other, 0755);
}

static void use_all(struct fixture *f)
{
	char reason[FS_REASON_BYTES];

	alarm(60); /* an endless loop ends the test */
	f->fs = NULL;
	if (!try_mount(f, reason)) {
		if (!process_init(&f->process, f->fs)) {
			use(&f->process, "/", 0);
			fs_commit(f->fs);
			use(&f->process, "/", 0);
		}
		process_deinit(&f->process);
		fs_unmount(f->fs);
		f->device->ops->close(f->device);
		f->fs = NULL;
	}
	alarm(0);
}

/* The filled image again and again, each time with other bytes changed. */
static void test_changed_at_random(void **state)
{
	const int rounds = 600;
	uint64_t seed = 0x5eed;
	struct fixture f;

	(void)state;
	fixture_init(&f, "-3", KIB);
	fill(&f.process);
	fixture_unmount(&f);
	assert_int_equal(run_command("cp %s %s/filled", f.image, f.folder), 0);
	for (int round = 0; round < rounds; round++) {
		assert_int_equal(run_command("cp %s/filled %s", f.folder, f.image), 0);
		for (int i = 0; i <= round % 8; i++) {
			uint64_t at, value;

			seed = seed * 6364136223846793005ull + 1442695040888963407ull;
			value = seed >> 33;
			/* bitmaps, the inodes in use, the first blocks of data */
			at = round % 4 == 0   ? 2048 + value % 2048
			     : round % 4 == 1 ? 4096 + value % 6000
					      : 43 * 1024 + value % 120000;
			patch(&f, at, &seed, 1 + value % 4);
		}
		use_all(&f);
	}
	fixture_deinit(&f);
}

/* Offsets in a fresh image: the inodes begin behind one block of each bitmap. */
#define INODE(nr, field) (4 * 1024 + ((nr)-1) * 64 + offsetof(struct disk_inode_v2, field))

static void test_inodes(void **state)
{
	static const struct {
		const char *what;
		uint64_t offset;
		uint64_t value;
		size_t bytes;
	} cases[] = {
		{ "a directory of 4 GiB", INODE(2, i_size), 0xffffffff, 4 },
		{ "a directory in the bitmaps", INODE(2, i_zone), 2, 4 },
		{ "a directory behind the end", INODE(2, i_zone), 0x7fffffff, 4 },
		{ "a table that is its own", INODE(2, i_zone[7]), 46, 4 },
		{ "three tables that are their own", INODE(2, i_zone[9]), 46, 4 },
		{ "no type", INODE(2, i_mode), 0, 2 },
		{ "an unknown type", INODE(2, i_mode), 0xf1ff, 2 },
		{ "no links", INODE(2, i_nlinks), 0, 2 },
		{ "a directory that is a file", INODE(2, i_mode), 0100644, 2 },
		{ "the root is a directory of 0 bytes", INODE(1, i_size), 0, 4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture f;

		fixture_init(&f, "-3", KIB);
		fill(&f.process);
		fixture_unmount(&f);
		patch(&f, cases[i].offset, &cases[i].value, cases[i].bytes);
		use_all(&f);
		fixture_deinit(&f);
	}
}

/* A directory whose ".." leads into itself, moved and stood in. */
static void test_directory_loop(void **state)
{
	struct dirent_found found;
	struct inode *ip;
	struct fixture f;
	char path[FS_PATH_MAX];

	(void)state;
	fixture_init(&f, "-3", KIB);
	fill(&f.process);
	assert_int_equal(path_inode(&f.process, "/d1/e", 0, &ip), 0);
	assert_int_equal(directory_lookup(ip, "..", &found), 0);
	assert_int_equal(fs_begin_change(f.fs), 0);
	assert_int_equal(directory_replace(ip, found.slot, ip->nr), 0);
	inode_put(ip);
	alarm(20);
	assert_int_equal(fs_rename(&f.process, "/d0/e", "/d1/e/e"), EDVSLOOP);
	assert_int_equal(fs_chdir(&f.process, "/d1/e"), 0);
	assert_true(fs_getcwd(&f.process, path, sizeof(path)) < 0);
	alarm(0);
	fixture_deinit(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_super_blocks),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_inodes),
		cmocka_unit_test(test_directory_loop),
		cmocka_unit_test(test_changed_at_random),
	};

	return cmocka_run_group_tests_name("hostile images", tests, NULL, NULL);
}
