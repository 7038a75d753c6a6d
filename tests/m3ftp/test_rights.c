/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_rights.c - a transfer can do what its client could do itself, as PM knows it,
 * and no more; what is put is the client's.
 */
#include "fixture.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pm/pm.h"
#include "protocol/pm.h"

#define USER  1000
#define GROUP 100
#define BYTES 5000

/* What a user finds on the disk; all but /open and what is in it is root's. */
static int furnish(void **state)
{
	struct m3ftp_result result;
	int fd = make_source(BYTES, 1);

	set_up_with(state, &server_type_pm);
	assert_int_equal(put("/secret", fd, &result), 0);
	assert_int_equal(fs_call_chmod(FS_PROC_NR, "/secret", 0600), 0);
	lseek(fd, 0, SEEK_SET);
	assert_int_equal(put("/public", fd, &result), 0);
	close(fd);
	assert_int_equal(fs_call_mkdir(FS_PROC_NR, "/open", 0777), 0);
	assert_int_equal(fs_call_chmod(FS_PROC_NR, "/open", 0777), 0);
	assert_int_equal(fs_call_mkdir(FS_PROC_NR, "/shut", 0700), 0);
	return 0;
}

static int put_bytes(const char *path)
{
	struct m3ftp_result result;
	int fd = make_source(BYTES, 1), error = put(path, fd, &result);

	close(fd);
	return error;
}

static int get_bytes(const char *path)
{
	return fetch(path, BYTES, 1);
}

/* In order: each stands on what those before it have left. */
static const struct {
	int (*what)(const char *path);
	const char *path;
	int result;
} cases[] = {
	{ get_bytes, "/public", 0 },
	{ get_bytes, "/secret", EDVSACCES },
	{ get_bytes, "/shut/nothing", EDVSACCES },
	{ put_bytes, "/mine", EDVSACCES },
	{ put_bytes, "/public", EDVSACCES },
	{ put_bytes, "/shut/mine", EDVSACCES },
	{ put_bytes, "/open/mine", 0 },
	{ get_bytes, "/open/mine", 0 },
	{ put_bytes, "/open/mine", 0 },
};

static int try_all(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int result = cases[i].what(cases[i].path);

		if (result != cases[i].result) {
			fprintf(stderr, "case %zu, %s: %s\n", i, cases[i].path,
				dvk_strerror(result));
			return 1;
		}
	}
	return 0;
}

static int become_user(void)
{
	return pm_call_setgid(PM_PROC_NR, GROUP) || pm_call_setuid(PM_PROC_NR, USER);
}

static void act_as_user(const struct world *unused)
{
	struct fs_as_reply before;

	(void)unused;
	if (become_user() || try_all())
		_exit(1);
	if (fs_call_as(FS_PROC_NR, 0, 0, &before) != EDVSPERM)
		_exit(2);
	_exit(0);
}

static void a_user_can_do_what_he_may(void **state)
{
	struct fs_stat st;
	int names;

	(void)state;
	names = count_names("/");
	world_join(world_client(&world, act_as_user));
	assert_int_equal(fs_call_stat(FS_PROC_NR, "/open/mine", &st, sizeof(st)), 0);
	assert_int_equal(st.uid, USER);
	assert_int_equal(st.gid, GROUP);
	assert_int_equal(st.mode & 07777, 0644);
	assert_int_equal(count_names("/open"), 1);
	assert_int_equal(count_names("/"), names);
	/* The superuser's transfers are as before. */
	assert_int_equal(get_bytes("/secret"), 0);
	assert_int_equal(put_bytes("/shut/root"), 0);
	assert_int_equal(fs_call_stat(FS_PROC_NR, "/shut/root", &st, sizeof(st)), 0);
	assert_int_equal(st.uid, 0);
}

/* The folder is shut while the file is under way: it gets no name there. */
static void lose_the_folder(const struct world *unused)
{
	struct m3ftp_put_open_reply putting = { 0 };

	(void)unused;
	if (fs_call_mkdir(FS_PROC_NR, "/open/own", 0777) || become_user() ||
	    fs_call_chmod(FS_PROC_NR, "/open/own", 0777) != EDVSPERM)
		_exit(1);
	if (m3ftp_call_put_open(M3FTP_PROC_NR, "/open/late", 0600, &putting))
		_exit(2);
	if (fs_call_rename(FS_PROC_NR, "/open", "/gone") != EDVSACCES)
		_exit(3);
	if (m3ftp_call_put_open(M3FTP_PROC_NR, "/open/own/file", 0600, &putting) != EDVSACCES)
		_exit(4);
	_exit(0); /* without a close: what was begun goes */
}

static void an_end_leaves_nothing_of_a_user(void **state)
{
	(void)state;
	world_join(world_client(&world, lose_the_folder));
	for (int i = 0; i < 500 && count_names("/open") > 1; i++)
		usleep(10000);
	assert_int_equal(count_names("/open"), 1);
}

/* fs.as: both or neither, and back. */
static void rights_are_taken_and_returned(void **state)
{
	struct fs_as_reply before = { 0 };
	struct fs_open_reply opened = { 0 };

	(void)state;
	assert_int_equal(fs_call_as(FS_PROC_NR, USER, UINT32_MAX, &before), EDVSINVAL);
	assert_int_equal(fs_call_as(FS_PROC_NR, USER, GROUP, &before), 0);
	assert_int_equal(before.uid, UINT32_MAX);
	assert_int_equal(fs_call_open(FS_PROC_NR, "/secret", FS_OPEN_RDONLY, 0, &opened),
			 EDVSACCES);
	assert_int_equal(fs_call_as(FS_PROC_NR, UINT32_MAX, UINT32_MAX, &before), 0);
	assert_int_equal(before.uid, USER);
	assert_int_equal(before.gid, GROUP);
	assert_int_equal(fs_call_open(FS_PROC_NR, "/secret", FS_OPEN_RDONLY, 0, &opened), 0);
	assert_int_equal(fs_call_close(FS_PROC_NR, opened.fd), 0);
}

#define RIGHTS(name, shape) \
	cmocka_unit_test_prestate_setup_teardown(name, furnish, tear_down, shape)

int main(void)
{
	static struct shape threads = { RUNTIME_THREADS, FS_RDISK_IMG, "-3" };
	const struct CMUnitTest tests[] = {
		RIGHTS(a_user_can_do_what_he_may, NULL),
		RIGHTS(a_user_can_do_what_he_may, &threads),
		RIGHTS(an_end_leaves_nothing_of_a_user, NULL),
		RIGHTS(rights_are_taken_and_returned, NULL),
	};

	alarm(120);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
