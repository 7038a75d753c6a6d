/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_files.c - whole files in and out, and what goes wrong with them.
 */
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void what_is_put_is_got(void **state)
{
	static const size_t sizes[] = { 0,     1,       612,           4096,   65536,
					65537, 1 << 20, (1 << 20) + 1, 5000000 };
	static const uint32_t pieces[] = { 0, 4096, 50000 };
	struct m3ftp_result result;
	char path[32];

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		int fd = make_source(sizes[i], (unsigned int)i);
		struct m3ftp_job job = { .path = path, .fd = fd, .mode = 0640 };
		struct fs_stat st;

		job.piece_bytes = pieces[i % 3];
		snprintf(path, sizeof(path), "/file%zu", i % 4);
		assert_int_equal(m3ftp_put(M3FTP_PROC_NR, &job, &result), 0);
		assert_int_equal(result.bytes, sizes[i]);
		assert_int_equal(fs_call_stat(FS_PROC_NR, path, &st, sizeof(st)), 0);
		assert_int_equal(st.size, sizes[i]);
		assert_int_equal(st.mode, S_IFREG | 0640);
		fetch_and_compare(path, sizes[i], (unsigned int)i);
		close(fd);
	}
	assert_int_equal(count_names("/"), 4);
}

static void errors_come_through(void **state)
{
	static const struct {
		const char *path;
		int want_get, want_put;
	} cases[] = {
		{ "/missing", EDVSNOENT, 0 },        { "/no/such", EDVSNOENT, EDVSNOENT },
		{ "/folder", EDVSISDIR, EDVSISDIR }, { "/folder/", EDVSISDIR, EDVSISDIR },
		{ "/", EDVSISDIR, EDVSISDIR },       { "/file/x", EDVSNOTDIR, EDVSNOTDIR },
		{ "/new/", EDVSNOENT, EDVSISDIR },   { "", EDVSNOENT, EDVSNOENT },
	};
	int fd = make_source(100, 0), null = open("/dev/null", O_WRONLY);
	struct m3ftp_result result;

	(void)state;
	assert_int_equal(fs_call_mkdir(FS_PROC_NR, "/folder", 0755), 0);
	assert_int_equal(put("/file", fd, &result), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct m3ftp_job job = { .path = cases[i].path, .fd = null };

		assert_int_equal(m3ftp_get(M3FTP_PROC_NR, &job, &result), cases[i].want_get);
		assert_int_equal(put(cases[i].path, fd, &result), cases[i].want_put);
	}
	assert_int_equal(count_names("/"), 3);
	assert_int_equal(count_names("/folder"), 0);
	close(fd);
	close(null);
}

static void handles_are_good_for_one_client_and_one_way(void **state)
{
	struct m3ftp_get_open_reply get = { 0 };
	struct m3ftp_put_open_reply putting = { 0 };
	struct m3ftp_get_reply got = { 0 };
	struct m3ftp_put_reply stored = { 0 };
	struct m3ftp_result result;
	char data[100] = "";
	int fd = make_source(100, 1);

	(void)state;
	assert_int_equal(put("/file", fd, &result), 0);
	close(fd);
	assert_int_equal(m3ftp_call_get_open(M3FTP_PROC_NR, "/file", &get), 0);
	assert_int_equal(m3ftp_call_put_open(M3FTP_PROC_NR, "/other", 0600, &putting), 0);
	assert_int_equal(m3ftp_call_put(M3FTP_PROC_NR, get.handle, 0, data, 10, &stored), EDVSBADF);
	assert_int_equal(m3ftp_call_get(M3FTP_PROC_NR, putting.handle, 0, data, 10, &got),
			 EDVSBADF);
	assert_int_equal(m3ftp_call_get(M3FTP_PROC_NR, get.handle, -1, data, 10, &got), EDVSINVAL);
	assert_int_equal(m3ftp_call_get(M3FTP_PROC_NR, get.handle, 95, data, 10, &got), 0);
	assert_int_equal(got.bytes, 5);
	assert_int_equal(m3ftp_call_get(M3FTP_PROC_NR, get.handle, 100, data, 10, &got), 0);
	assert_int_equal(got.bytes, 0);
	assert_int_equal(m3ftp_call_get(M3FTP_PROC_NR, get.handle, 0, (void *)8, 10, &got),
			 EDVSFAULT);
	assert_int_equal(m3ftp_call_close(M3FTP_PROC_NR, get.handle), 0);
	assert_int_equal(m3ftp_call_close(M3FTP_PROC_NR, get.handle), EDVSBADF);
	assert_int_equal(m3ftp_call_close(M3FTP_PROC_NR, 0), EDVSBADF);
	assert_int_equal(m3ftp_call_close(M3FTP_PROC_NR, -1), EDVSBADF);
	assert_int_equal(m3ftp_call_abort(M3FTP_PROC_NR, putting.handle), 0);
	assert_int_equal(count_names("/"), 1);
}

static void a_put_appears_when_it_is_complete(void **state)
{
	struct m3ftp_put_open_reply putting = { 0 };
	struct m3ftp_put_reply stored = { 0 };
	struct m3ftp_result result;
	struct fs_stat st;
	int fd = make_source(5000, 1);
	char data[100];

	(void)state;
	memset(data, 'x', sizeof(data));
	assert_int_equal(put("/file", fd, &result), 0);
	close(fd);
	assert_int_equal(m3ftp_call_put_open(M3FTP_PROC_NR, "/file", 0600, &putting), 0);
	assert_int_equal(m3ftp_call_put(M3FTP_PROC_NR, putting.handle, 0, data, 100, &stored), 0);
	fetch_and_compare("/file", 5000, 1);
	assert_int_equal(m3ftp_call_close(M3FTP_PROC_NR, putting.handle), 0);
	assert_int_equal(fs_call_stat(FS_PROC_NR, "/file", &st, sizeof(st)), 0);
	assert_int_equal(st.size, 100);
	assert_int_equal(count_names("/"), 1);
}

static void a_full_disk_leaves_nothing(void **state)
{
	int fd = make_source((IMAGE_MIB + 1) << 20, 3);
	struct fs_statfs before, after;
	struct m3ftp_result result;

	(void)state;
	assert_int_equal(fs_call_statfs(FS_PROC_NR, "/", &before, sizeof(before)), 0);
	assert_int_equal(put("/large", fd, &result), EDVSNOSPC);
	assert_int_equal(result.host_errno, 0);
	assert_int_equal(count_names("/"), 0);
	assert_int_equal(fs_call_statfs(FS_PROC_NR, "/", &after, sizeof(after)), 0);
	assert_int_equal(before.blocks_free, after.blocks_free);
	assert_int_equal(before.inodes_free, after.inodes_free);
	close(fd);
}

static void the_host_may_fail_too(void **state)
{
	int fd = make_source(100000, 3), full = open("/dev/full", O_WRONLY);
	struct m3ftp_job job = { .path = "/file", .fd = full };
	struct m3ftp_result result;

	(void)state;
	assert_int_equal(put("/file", full, &result), EDVSIO);
	assert_int_equal(result.host_errno, EBADF);
	assert_int_equal(count_names("/"), 0);
	assert_int_equal(put("/file", fd, &result), 0);
	assert_int_equal(m3ftp_get(M3FTP_PROC_NR, &job, &result), EDVSIO);
	assert_int_equal(result.host_errno, ENOSPC);
	close(fd);
	close(full);
}

static int give_up(void *context, uint64_t done, uint64_t size)
{
	assert_int_equal(size, 3000000);
	*(uint64_t *)context = done;
	return done > 1000000;
}

static void progress_may_give_up(void **state)
{
	int fd = make_source(3000000, 3), null = open("/dev/null", O_WRONLY);
	uint64_t seen = 0;
	struct m3ftp_job job = { .path = "/file",
				 .fd = fd,
				 .size = 3000000,
				 .mode = 0600,
				 .piece_bytes = 65536,
				 .progress = give_up,
				 .context = &seen };
	struct m3ftp_result result;

	(void)state;
	assert_int_equal(m3ftp_put(M3FTP_PROC_NR, &job, &result), EDVSINTR);
	assert_in_range(seen, 1000001, 1065536);
	assert_int_equal(count_names("/"), 0);
	lseek(fd, 0, SEEK_SET);
	job.progress = NULL;
	assert_int_equal(m3ftp_put(M3FTP_PROC_NR, &job, &result), 0);
	job.fd = null;
	job.progress = give_up;
	assert_int_equal(m3ftp_get(M3FTP_PROC_NR, &job, &result), EDVSINTR);
	close(fd);
	close(null);
}

int main(void)
{
	static struct shape threads = { RUNTIME_THREADS, FS_RDISK_IMG, "-3" };
	static struct shape file = { RUNTIME_COROUTINES, FS_FILE_IMG, "-3" };
	static struct shape memory = { RUNTIME_COROUTINES, FS_MEMORY_IMG, "-2" };
	static struct shape oldest = { RUNTIME_COROUTINES, FS_RDISK_IMG, "-1 -n 14" };
	const struct CMUnitTest tests[] = {
		TEST(what_is_put_is_got, NULL),
		TEST(what_is_put_is_got, &threads),
		TEST(what_is_put_is_got, &file),
		TEST(what_is_put_is_got, &memory),
		TEST(what_is_put_is_got, &oldest),
		TEST(errors_come_through, NULL),
		TEST(handles_are_good_for_one_client_and_one_way, NULL),
		TEST(a_put_appears_when_it_is_complete, NULL),
		TEST(a_full_disk_leaves_nothing, NULL),
		TEST(the_host_may_fail_too, NULL),
		TEST(progress_may_give_up, NULL),
	};

	alarm(300);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
