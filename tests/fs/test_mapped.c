/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_mapped.c - who was told where a file's bytes lie never sees another file's.
 *
 * The file is cut or removed meanwhile and the disk is filled with something else.
 * Afterwards all of the disk can be used again.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <string.h>

#include "fixture.h"

#define FILE_BYTES 40000

enum end { CUT, OPEN_AND_CUT, UNLINK, UNLINK_AND_CLOSE };

static const struct {
	enum end end;
	int two; /* a second process has it mapped, and goes later */
} cases[] = {
	{ CUT, 0 }, { OPEN_AND_CUT, 0 },     { UNLINK, 0 }, { UNLINK_AND_CLOSE, 0 },
	{ CUT, 1 }, { UNLINK_AND_CLOSE, 1 },
};

static const unsigned char *map_it(struct process *process, int fd, int64_t *ret_bytes)
{
	struct io io = { .fd = fd, .position = 0 };
	const void *address = NULL;

	*ret_bytes = fs_map(process, &io, &address);
	assert_true(*ret_bytes > 0);
	return address;
}

/* Lets go of the file's zones, in another's name. */
static void end_it(struct process *process, enum end end, int fd)
{
	int again;

	switch (end) {
	case CUT:
		assert_int_equal(fs_truncate(process, "/file", 0), 0);
		break;
	case OPEN_AND_CUT:
		again = fs_open(process, "/file", O_WRONLY | O_TRUNC, 0);
		assert_true(again >= 0);
		assert_int_equal(fs_close(process, again), 0);
		break;
	case UNLINK:
		assert_int_equal(fs_unlink(process, "/file"), 0);
		break;
	case UNLINK_AND_CLOSE:
		assert_int_equal(fs_unlink(process, "/file"), 0);
		assert_int_equal(fs_close(process, fd), 0);
		break;
	}
}

/* Commits and writes until nothing more goes; returns how much went. */
static int64_t fill(struct fixture *f, const char *path)
{
	static char other[10000];
	int fd = fs_open(&f->process, path, O_CREAT | O_WRONLY | O_TRUNC, 0644);
	int64_t done, all = 0;

	assert_true(fd >= 0);
	memset(other, 'o', sizeof(other));
	while ((done = write_at(&f->process, fd, other, sizeof(other), -1)) > 0)
		all += done;
	assert_int_equal(done, EDVSNOSPC);
	assert_int_equal(fs_close(&f->process, fd), 0);
	assert_int_equal(fs_commit(f->fs), 0);
	return all;
}

static void assert_all_a(const unsigned char *bytes, int64_t count)
{
	for (int64_t i = 0; i < count; i++)
		if (bytes[i] != 'a')
			fail_msg("byte %lld is %c", (long long)i, bytes[i]);
}

static void run_case(enum end end, int two)
{
	static char text[FILE_BYTES];
	struct process second;
	const unsigned char *at;
	struct fixture f;
	int64_t bytes, filled;
	int fd;

	fixture_init(&f, "-3", 1024);
	memset(text, 'a', sizeof(text));
	fd = fs_open(&f.process, "/file", O_CREAT | O_RDWR, 0644);
	assert_int_equal(write_at(&f.process, fd, text, sizeof(text), 0), sizeof(text));
	assert_int_equal(process_fork(&f.process, &second), 0);
	at = map_it(&f.process, fd, &bytes);
	if (two)
		at = map_it(&second, fd, &bytes);
	end_it(&f.process, end, fd);
	filled = fill(&f, "/other");
	assert_all_a(at, bytes);
	fs_unmap(&f.process);
	if (two)
		filled = fill(&f, "/other");
	assert_all_a(at, two ? bytes : 0);
	process_deinit(&second);
	if (end != UNLINK_AND_CLOSE)
		assert_int_equal(fs_close(&f.process, fd), 0);
	/* Nobody reads any more: there is room for what it had. */
	assert_int_equal(fs_commit(f.fs), 0);
	assert_int_equal(f.fs->nr_held, 0);
	assert_true(fill(&f, "/other") >= filled + FILE_BYTES - 10000);
	fixture_unmount(&f);
	fixture_check_clean(&f);
	fixture_deinit(&f);
}

static void mapped_bytes_are_nobody_elses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		run_case(cases[i].end, cases[i].two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mapped_bytes_are_nobody_elses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
