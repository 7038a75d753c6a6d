/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_crash.c - a process that ends at any of its writes, or in the middle of one.
 *
 * A child works on an image and ends at its Nth write, for every N until it gets
 * through. Then the image is mounted again: all that the child had synced is there
 * to the byte, and fsck.minix finds nothing.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

#define CUTS_MAX 2000
#define LARGE    (300 << 10)

static long writes_left = -1; /* -1: no end */
static bool in_the_middle;

ssize_t __real_pwritev(int fd, const struct iovec *vectors, int count, off_t offset);
ssize_t __wrap_pwritev(int fd, const struct iovec *vectors, int count, off_t offset);

ssize_t __wrap_pwritev(int fd, const struct iovec *vectors, int count, off_t offset)
{
	if (writes_left > 0)
		writes_left--;
	if (writes_left)
		return __real_pwritev(fd, vectors, count, offset);
	if (in_the_middle) {
		struct iovec half = { vectors[0].iov_base, vectors[0].iov_len / 2 };

		__real_pwritev(fd, vectors, count / 2, offset);
		if (count == 1)
			__real_pwritev(fd, &half, 1, offset);
	}
	_exit(9);
}

/*
 * What the child says it has written: the number of the last step. A process that
 * ends takes nothing with it that the host already has, so nothing need be flushed.
 */
static void synced(int pipe_fd, struct fs *fs, char step)
{
	if (fs_commit(fs) || write(pipe_fd, &step, 1) != 1)
		_exit(1);
}

static char large_byte(int i, int version)
{
	return (char)(i * 7 + i / 1000 + version);
}

static void put_large(struct process *process, const char *path, int version)
{
	char *bytes = malloc(LARGE);
	int fd = fs_open(process, path, O_CREAT | O_WRONLY | O_TRUNC, 0644);

	for (int i = 0; i < LARGE; i++)
		bytes[i] = large_byte(i, version);
	if (fd < 0 || write_at(process, fd, bytes, LARGE, -1) != LARGE || fs_close(process, fd))
		_exit(1);
	free(bytes);
}

static void make_many(struct process *process, int count)
{
	char name[32];

	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "/many/name-%d", i);
		put_text(process, name, name);
	}
}

/* Ends wherever the parent wants it to. */
static void work(struct fixture *f, int pipe_fd)
{
	struct process *process = &f->process;
	int fd;

	fixture_mount(f);
	put_text(process, "/first", "one");
	put_large(process, "/large", 1);
	synced(pipe_fd, f->fs, 1);
	fs_mkdir(process, "/many", 0755);
	make_many(process, 100);
	synced(pipe_fd, f->fs, 2);
	fs_unlink(process, "/large");
	put_large(process, "/other", 2);
	put_text(process, "/first", "two");
	fs_commit(f->fs);
	fs_rename(process, "/other", "/large");
	synced(pipe_fd, f->fs, 3);
	fd = fs_open(process, "/large", O_RDWR, 0);
	fs_unlink(process, "/large");
	synced(pipe_fd, f->fs, 4);
	fs_close(process, fd);
	put_large(process, "/again", 3);
	for (int i = 0; i < 100; i += 2) {
		char name[32];

		snprintf(name, sizeof(name), "/many/name-%d", i);
		fs_unlink(process, name);
	}
	synced(pipe_fd, f->fs, 5);
	fixture_unmount(f);
}

static void check_large(struct process *process, const char *path, int version)
{
	static char bytes[LARGE];
	int fd = fs_open(process, path, O_RDONLY, 0);

	assert_true(fd >= 0);
	assert_int_equal(read_at(process, fd, bytes, LARGE, 0), LARGE);
	for (int i = 0; i < LARGE; i++)
		assert_int_equal(bytes[i], large_byte(i, version));
	assert_int_equal(fs_close(process, fd), 0);
}

static void check_many(struct process *process, int step)
{
	char name[32], text[32];

	for (int i = 0; i < 100; i++) {
		int fd, length = snprintf(name, sizeof(name), "/many/name-%d", i);

		fd = fs_open(process, name, O_RDONLY, 0);
		if (step == 5 && i % 2 == 0) {
			assert_int_equal(fd, EDVSNOENT);
			continue;
		}
		if (step == 4 && i % 2 == 0 && fd == EDVSNOENT)
			continue;
		assert_true(fd >= 0);
		assert_int_equal(read_at(process, fd, text, sizeof(text), 0), length);
		assert_memory_equal(text, name, (size_t)length);
		assert_int_equal(fs_close(process, fd), 0);
	}
}

/* All that was synced up to step is there, or what came after it. */
static void check_step(struct process *process, int step)
{
	char text[4] = "";
	int fd = fs_open(process, "/first", O_RDONLY, 0);

	if (step >= 1)
		assert_true(fd >= 0);
	if (fd >= 0) {
		int64_t got = read_at(process, fd, text, 3, 0);

		if (step == 1)
			assert_true(strcmp(text, "one") == 0 || strcmp(text, "two") == 0);
		if (step >= 3)
			assert_string_equal(text, "two");
		assert_true(got == 3 || step < 3);
		fs_close(process, fd);
	}
	if (step == 1)
		check_large(process, "/large", 1);
	if (step == 3 && !fs_access(process, "/large", 0))
		check_large(process, "/large", 2);
	if (step >= 2)
		check_many(process, step);
	if (step == 5)
		check_large(process, "/again", 3);
}

/* Returns whether the child came to its end. */
static bool cut_at(struct fixture *f, long writes)
{
	char step = 0, next;
	int ends[2], status;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		close(ends[0]);
		writes_left = writes;
		work(f, ends[1]);
		_exit(0);
	}
	close(ends[1]);
	while (read(ends[0], &next, 1) == 1)
		step = next;
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && (WEXITSTATUS(status) == 9 || !WEXITSTATUS(status)));
	fixture_mount(f);
	check_step(&f->process, step);
	fixture_unmount(f);
	fixture_check_clean(f);
	return !WEXITSTATUS(status);
}

static void cut_everywhere(bool middle)
{
	struct fixture f;
	long writes = 0;
	bool done = false;

	in_the_middle = middle;
	fixture_make_image(&f, "-3", 2048);
	assert_int_equal(run_command("cp %s %s/fresh", f.image, f.folder), 0);
	while (!done && ++writes < CUTS_MAX) {
		assert_int_equal(
			run_command("cp %s/fresh %s; rm -f %s.commit", f.folder, f.image, f.image),
			0);
		done = cut_at(&f, writes);
	}
	assert_true(done);
	assert_true(writes > 20);
	fixture_deinit(&f);
}

static void test_end_before_any_write(void **state)
{
	(void)state;
	cut_everywhere(false);
}

static void test_end_in_the_middle_of_any_write(void **state)
{
	(void)state;
	cut_everywhere(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_end_before_any_write),
		cmocka_unit_test(test_end_in_the_middle_of_any_write),
	};

	return cmocka_run_group_tests_name("a crash at any write", tests, NULL, NULL);
}
