/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_m3ftp.c - whole files in and out, on an image of mkfs.minix; what is left
 * behind is judged by fsck.minix.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../servers/world.h"
#include "fs/fs.h"
#include "m3ftp/client.h"
#include "m3ftp/m3ftp.h"
#include "protocol/fs.h"
#include "protocol/m3ftp.h"
#include "rdisk/rdisk.h"
#include "systask/systask.h"

#define IMAGE_MIB 12

static struct world world;
static struct rdisk_config rdisk;
static struct fs_config fs;
static struct m3ftp_config m3ftp;

/* What a test wants to be different. */
struct shape {
	enum runtime_kind kind;
	int fs_type;
	const char *mkfs;
};

static int set_up(void **state)
{
	static const struct shape usual = { RUNTIME_COROUTINES, FS_RDISK_IMG, "-3" };
	const struct shape *shape = *state ? *state : &usual;
	struct systask_config systask = { .dir = world.dir };
	const struct world_server servers[] = { { &server_type_systask, &systask },
						{ &server_type_rdisk, &rdisk },
						{ &server_type_fs, &fs },
						{ &server_type_m3ftp, &m3ftp },
						{ NULL, NULL } };

	world_init(&world);
	world_make_image(&world, "disk", shape->mkfs, IMAGE_MIB);
	world_make_image(&world, "spare", "-3", 1);
	rdisk = (struct rdisk_config){ .count = 1 };
	rdisk.devices[0] =
		(struct rdisk_device_config){ .type = RDISK_FILE_IMAGE, .active = 1, .major = 3 };
	snprintf(rdisk.devices[0].image_file, RDISK_NAME_BYTES, "%s",
		 world_path(&world, shape->fs_type == FS_RDISK_IMG ? "disk" : "spare"));
	fs = (struct fs_config){ .count = 1, .rdisk_ep = RDISK_PROC_NR };
	fs.devices[0] =
		(struct fs_device_config){ .major = 3, .type = shape->fs_type, .root_dev = 1 };
	snprintf(fs.devices[0].filename, FS_NAME_BYTES, "%s", world_path(&world, "disk"));
	m3ftp = (struct m3ftp_config){ .endpoint = M3FTP_PROC_NR, .fs_ep = FS_PROC_NR };
	world_boot(&world, shape->kind, servers);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	if (world.pid) {
		world_stop(&world);
		world_check_image(&world, "disk");
	}
	world_deinit(&world);
	return 0;
}

/* A file in memory with bytes that depend on their place and on seed; position 0. */
static int make_source(size_t bytes, unsigned int seed)
{
	int fd = memfd_create("source", MFD_CLOEXEC);
	unsigned char *data = malloc(bytes + 1);

	assert_true(fd >= 0);
	assert_non_null(data);
	for (size_t i = 0; i < bytes; i++)
		data[i] = (unsigned char)((i + seed) * 2654435761u >> 11);
	assert_int_equal(write(fd, data, bytes), bytes);
	lseek(fd, 0, SEEK_SET);
	free(data);
	return fd;
}

static int put(const char *path, int fd, struct m3ftp_result *ret_result)
{
	const struct m3ftp_job job = { .path = path, .fd = fd, .mode = 0644 };

	return m3ftp_put(M3FTP_PROC_NR, &job, ret_result);
}

/* Fetches path; 0 when it is what make_source() makes, else what went wrong. */
static int fetch(const char *path, size_t bytes, unsigned int seed)
{
	int source = make_source(bytes, seed), fd = memfd_create("got", MFD_CLOEXEC), error;
	const struct m3ftp_job job = { .path = path, .fd = fd };
	char *a = malloc(bytes + 1), *b = malloc(bytes + 1);
	struct m3ftp_result result;

	error = m3ftp_get(M3FTP_PROC_NR, &job, &result);
	if (!error && (result.bytes != bytes || !S_ISREG(result.mode) || !a || !b ||
		       pread(source, a, bytes, 0) != (ssize_t)bytes ||
		       pread(fd, b, bytes + 1, 0) != (ssize_t)bytes || memcmp(a, b, bytes)))
		error = EDVSGENERIC;
	free(a);
	free(b);
	close(source);
	close(fd);
	return error;
}

static void fetch_and_compare(const char *path, size_t bytes, unsigned int seed)
{
	assert_int_equal(fetch(path, bytes, seed), 0);
}

/* How many names a folder has, "." and ".." not counted. */
static int count_names(const char *path)
{
	char room[4096] __attribute__((aligned(8)));
	struct fs_getdents_reply got = { 0 };
	struct fs_open_reply opened = { 0 };
	int names = 0;

	assert_int_equal(fs_call_open(FS_PROC_NR, path, FS_OPEN_RDONLY, 0, &opened), 0);
	for (;;) {
		assert_int_equal(fs_call_getdents(FS_PROC_NR, opened.fd, room, sizeof(room), &got),
				 0);
		if (!got.bytes)
			break;
		names += (int)(got.bytes / sizeof(struct fs_dirent));
	}
	assert_int_equal(fs_call_close(FS_PROC_NR, opened.fd), 0);
	return names - 2;
}

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

/* In a process of its own, where a failure is told by its exit status. */
static void put_and_get_often(const struct world *unused)
{
	char path[32];

	(void)unused;
	snprintf(path, sizeof(path), "/by%d", getpid());
	for (unsigned int round = 0; round < 10; round++) {
		size_t bytes = 1000 + (size_t)round * 77777;
		int fd = make_source(bytes, round), error;
		struct m3ftp_result result;

		error = put(path, fd, &result);
		if (!error)
			error = fetch(path, bytes, round);
		if (error) {
			fprintf(stderr, "%s, round %u: %s\n", path, round, dvk_strerror(error));
			_exit(1);
		}
		close(fd);
	}
}

static void several_clients_at_once(void **state)
{
	pid_t clients[6];

	(void)state;
	for (int i = 0; i < 6; i++)
		clients[i] = world_client(&world, put_and_get_often);
	for (int i = 0; i < 6; i++)
		world_join(clients[i]);
	assert_int_equal(count_names("/"), 6);
}

/* Begins to put, says so, and is killed. */
static void put_for_ever(const struct world *unused)
{
	struct m3ftp_put_open_reply putting = { 0 };
	static char data[100000];

	(void)unused;
	if (m3ftp_call_put_open(M3FTP_PROC_NR, "/never", 0600, &putting))
		_exit(1);
	for (int64_t at = 0;; at = (at + 100000) % 1000000) {
		struct m3ftp_put_reply stored = { 0 };

		if (m3ftp_call_put(M3FTP_PROC_NR, putting.handle, at, data, 100000, &stored))
			_exit(2);
	}
}

static void a_dead_client_leaves_nothing(void **state)
{
	int left = 0;

	(void)state;
	for (int round = 0; round < 5; round++) {
		pid_t client = world_client(&world, put_for_ever);
		int status;

		for (int i = 0; i < 500 && count_names("/") == 0; i++)
			usleep(10000);
		assert_int_equal(count_names("/"), 1);
		usleep((unsigned int)round * 3000);
		kill(client, SIGKILL);
		assert_int_equal(waitpid(client, &status, 0), client);
		assert_true(WIFSIGNALED(status));
		/* Within a second. */
		for (int i = 0; i < 100; i++) {
			left = count_names("/");
			if (!left)
				break;
			usleep(10000);
		}
		assert_int_equal(left, 0);
	}
}

static void the_table_has_an_end(void **state)
{
	struct m3ftp_put_open_reply putting[M3FTP_TRANSFERS_MAX + 1];
	char path[32];
	int error = 0, count = 0;

	(void)state;
	while (!error && count <= M3FTP_TRANSFERS_MAX) {
		snprintf(path, sizeof(path), "/file%d", count);
		error = m3ftp_call_put_open(M3FTP_PROC_NR, path, 0600, &putting[count]);
		count += !error;
	}
	assert_int_equal(error, EDVSRSCBUSY);
	assert_int_equal(count, M3FTP_TRANSFERS_MAX);
	for (int i = 0; i < count; i++)
		assert_int_equal(i % 2 ? m3ftp_call_abort(M3FTP_PROC_NR, putting[i].handle)
				       : m3ftp_call_close(M3FTP_PROC_NR, putting[i].handle),
				 0);
	assert_int_equal(count_names("/"), M3FTP_TRANSFERS_MAX / 2);
}

static void stopping_gives_transfers_up(void **state)
{
	struct m3ftp_put_open_reply putting = { 0 };
	struct m3ftp_put_reply stored = { 0 };
	char data[5000] = "";

	(void)state;
	assert_int_equal(m3ftp_call_put_open(M3FTP_PROC_NR, "/never", 0600, &putting), 0);
	assert_int_equal(m3ftp_call_put(M3FTP_PROC_NR, putting.handle, 0, data, 5000, &stored), 0);
	/* tear_down() stops the servers and looks at the image. */
}

#define TEST(name, shape) cmocka_unit_test_prestate_setup_teardown(name, set_up, tear_down, shape)

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
		TEST(several_clients_at_once, NULL),
		TEST(several_clients_at_once, &threads),
		TEST(a_dead_client_leaves_nothing, NULL),
		TEST(a_dead_client_leaves_nothing, &threads),
		TEST(the_table_has_an_end, NULL),
		TEST(stopping_gives_transfers_up, NULL),
	};

	alarm(300);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
