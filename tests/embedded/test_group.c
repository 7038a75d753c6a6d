/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_group.c - a DC that its owner gives to a group: who is in it is an ordinary member
 * under a user of his own, who is not is refused. Needs root, to become other users.
 */
#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <dvk/manage.h>

#include "fixture.h"

enum user { OWNER = 64001, FRIEND, STRANGER };
#define GROUP      64100
#define FRIEND_NR  (NR_SERVERS + 2)
#define BYTES      50000
#define TYPE_COPY  1
#define TYPE_STOP  2
#define TYPE_AWAIT 3

static const struct dvk_options *options(unsigned int flags)
{
	static struct dvk_options of_group;

	of_group = (struct dvk_options){ .dir = test_dir, .flags = flags, .group = GROUP };
	return &of_group;
}

/* A process of a user; all but the stranger are in the group. */
static pid_t begin(enum user user, int (*body)(void))
{
	gid_t group = GROUP;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	assert_true(pid >= 0);
	if (pid != 0)
		return pid;
	if (setgroups(user != STRANGER, &group) != 0 || setgid(user) != 0 || setuid(user) != 0)
		_exit(96);
	umask(077);
	alarm(60);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	_exit(body());
}

/* Binds FRIEND_NR in a DC that somebody is just making. */
static int enter(void)
{
	int64_t deadline = now_ns() + PATIENCE_MS * 1000000LL;
	int rc;

	while ((rc = dvk_open(TEST_DCID, options(0))) == EDVSDCNOTRUN && now_ns() < deadline)
		sleep_ms(1);
	if (rc == 0)
		rc = dvk_bind(FRIEND_NR, "client");
	return rc < 0 ? rc : dvk_wait4bind_T(SERVER_NR, PATIENCE_MS);
}

/* Adds one to each of the client's bytes, which Linux does not let this user touch. */
static int serve_copy(int client_ep, const message *m)
{
	static unsigned char bytes[BYTES];
	struct iovec local = { bytes, 1 };
	struct iovec remote = { (void *)(uintptr_t)m->m1_p1, 1 };
	int rc;

	if (process_vm_readv(m->m1_i1, &local, 1, &remote, 1, 0) >= 0 || errno != EPERM)
		return 1;
	rc = dvk_vcopy(client_ep, m->m1_p1, SELF, dvk_address(bytes), BYTES);
	for (int i = 0; i < BYTES; i++)
		bytes[i]++;
	return rc ? rc : dvk_vcopy(SELF, dvk_address(bytes), client_ep, m->m1_p1, BYTES);
}

/* The owner makes the DC and serves in it; it goes when all others have gone. */
static int serve(void)
{
	int rc = dvk_open(TEST_DCID, options(DVK_CREATE | DVK_GROUP));
	message m;

	if (rc || dvk_bind(SERVER_NR, "server") != SERVER_NR)
		return 10;
	for (;;) {
		if (dvk_receive_T(ANY, &m, 4 * PATIENCE_MS) != 0)
			return 11;
		if (m.m_type == TYPE_AWAIT)
			return dvk_receive_T(m.m_source, &m, PATIENCE_MS) != EDVSSRCDIED ? 12
			       : dvk_close() != 0                                        ? 13
											 : 0;
		if (m.m_type == TYPE_COPY)
			m.m_type = serve_copy(m.m_source, &m);
		rc = m.m_type;
		if (dvk_reply(m.m_source, &m) != 0)
			return 14;
		if (rc == TYPE_STOP)
			return dvk_close() != 0 ? 15 : 0;
	}
}

/* Sends, calls, has its bytes copied, and leaves. */
static int talk(void)
{
	static unsigned char bytes[BYTES];
	message m = { .m_type = TYPE_COPY, .m1_i1 = getpid(), .m1_p1 = dvk_address(bytes) };

	if (enter() != SERVER_NR)
		return 20;
	if (dvk_sendrec_T(SERVER_NR, &m, PATIENCE_MS) != 0 || m.m_type != 0)
		return 21;
	for (int i = 0; i < BYTES; i++)
		if (bytes[i] != 1)
			return 22;
	m.m_type = TYPE_STOP;
	if (dvk_sendrec_T(SERVER_NR, &m, PATIENCE_MS) != 0)
		return 23;
	return dvk_wait4unbind_T(SERVER_NR, PATIENCE_MS) < 0 || dvk_close() != 0 ? 24 : 0;
}

/* Leaves without a word while the server waits for it. */
static int fall_silent(void)
{
	message m = { .m_type = TYPE_AWAIT };

	if (enter() != SERVER_NR)
		return 30;
	if (dvk_send_T(SERVER_NR, &m, PATIENCE_MS) != 0)
		return 31;
	pause();
	return 32;
}

/* Waits for the server, which does not answer but is killed. */
static int outlive(void)
{
	message m;

	if (enter() != SERVER_NR)
		return 40;
	if (dvk_receive_T(SERVER_NR, &m, PATIENCE_MS) != EDVSSRCDIED)
		return 41;
	return dvk_close() != 0 ? 42 : 0;
}

/* What the owner alone may do, a friend may not. */
static int overstep(void)
{
	message m = { .m_type = TYPE_STOP };

	if (enter() != SERVER_NR)
		return 50;
	if (dvk_tbind(-10, "task") != EDVSPRIVILEGES)
		return 51;
	if (dvk_dc_end(TEST_DCID, test_dir) != EDVSBADOWNER)
		return 52;
	if (dvk_close() != 0 || dvk_open(TEST_DCID, options(DVK_SYSTEM)) != 0 ||
	    dvk_bind(FRIEND_NR, "system") != EDVSPRIVILEGES)
		return 54;
	if (dvk_close() != 0 || enter() != SERVER_NR ||
	    dvk_sendrec_T(SERVER_NR, &m, PATIENCE_MS) != 0)
		return 55;
	return dvk_close() != 0 ? 56 : 0;
}

static int be_refused(void)
{
	struct dvk_options wanted = *options(0);

	if (dvk_open(TEST_DCID, &wanted) != EDVSACCES ||
	    !strstr(dvk_open_error(), "belongs to another user and group 64100; only they"))
		return 60;
	wanted.flags = DVK_CREATE;
	if (dvk_open(TEST_DCID, &wanted) != EDVSACCES)
		return 61;
	/* Nor does it make one for a group that it is not in. */
	wanted.flags = DVK_CREATE | DVK_GROUP;
	return dvk_open(TEST_DCID + 1, &wanted) != EDVSACCES ? 62 : 0;
}

static int find_left_behind(void)
{
	if (dvk_open(TEST_DCID, options(0)) != EDVSDCNOTRUN)
		return 70;
	if (dvk_open(TEST_DCID, options(DVK_CREATE | DVK_GROUP)) != EDVSACCES ||
	    !strstr(dvk_open_error(), "was left behind; only its owner, user 64001"))
		return 71;
	return 0;
}

static int replace(void)
{
	if (dvk_open(TEST_DCID, options(DVK_CREATE | DVK_GROUP)) != 0)
		return 80;
	return dvk_close() != 0 ? 81 : 0;
}

/* Others can wake it by its FIFO. */
static int be_wakeable(void)
{
	char path[128];
	struct stat status;
	message m = { .m_type = TYPE_STOP };

	if (enter() != SERVER_NR || dvk_park_fd() < 0)
		return 90;
	for (int i = 0; i < 64; i++) {
		snprintf(path, sizeof(path), "%s/dc%d.wake.%d", test_dir, TEST_DCID, i);
		if (stat(path, &status) == 0)
			break;
	}
	if (!S_ISFIFO(status.st_mode) || (status.st_mode & 0777) != 0660 ||
	    status.st_gid != GROUP || status.st_uid != geteuid())
		return 91;
	/* As if it had been killed: the next one there, of whatever user, uses it too. */
	if (dvk_sendrec_T(SERVER_NR, &m, PATIENCE_MS) != 0)
		return 92;
	kill(getpid(), SIGKILL);
	return 93;
}

static int use_the_fifo_again(void)
{
	message m = { .m_type = TYPE_STOP };

	if (enter() != SERVER_NR)
		return 100;
	if (dvk_park_fd() < 0)
		return 101;
	return dvk_sendrec_T(SERVER_NR, &m, PATIENCE_MS) != 0 ? 102 : dvk_close();
}

/* A folder that the group shares, as an administrator makes it. */
static int shared_folder(void **state)
{
	if (geteuid() != 0) {
		puts("skipped: needs root, to become other users");
		return 0;
	}
	return fixture_dir(state) || chown(test_dir, 0, GROUP) || chmod(test_dir, 01775);
}

static int remove_folder(void **state)
{
	return geteuid() == 0 ? fixture_remove(state) : 0;
}

static void needs_root(void)
{
	if (geteuid() != 0)
		skip();
}

static void its_members_are_of_several_users(void **state)
{
	static const struct {
		enum user user;
		int (*body)(void);
	} cases[] = {
		{ FRIEND, talk },
		{ FRIEND, overstep },
		{ FRIEND, be_wakeable },
		{ OWNER, use_the_fifo_again },
	};

	(void)state;
	needs_root();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		pid_t server = begin(OWNER, serve), client = begin(cases[i].user, cases[i].body);
		int killed = cases[i].body == be_wakeable;

		assert_int_equal(child_wait(client), killed ? 128 + SIGKILL : 0);
		assert_int_equal(child_wait(server), 0);
	}
}

/* Each is buried by the keeper of the other user. */
static void deaths_are_told_to_the_other_user(void **state)
{
	struct dvk_procinfo row;
	pid_t server, client;

	(void)state;
	needs_root();
	server = begin(OWNER, serve);
	client = begin(FRIEND, fall_silent);
	do
		row = wait_for_rts(SERVER_NR, DVK_RTS_RECEIVING);
	while (dvk_endpoint_nr(row.getfrom_ep) != FRIEND_NR);
	child_kill(client);
	assert_int_equal(child_wait(server), 0);

	server = begin(OWNER, serve);
	client = begin(FRIEND, outlive);
	wait_for_rts(FRIEND_NR, DVK_RTS_RECEIVING);
	child_kill(server);
	assert_int_equal(child_wait(client), 0);
	assert_int_equal(child_wait(begin(FRIEND, find_left_behind)), 0);
	assert_int_equal(child_wait(begin(OWNER, replace)), 0);
	assert_int_equal(child_wait(begin(OWNER, replace)), 0);
}

static void others_are_refused(void **state)
{
	char path[128];
	struct stat status;
	message m;
	pid_t server;

	(void)state;
	needs_root();
	server = begin(OWNER, serve);
	wait_for_rts(SERVER_NR, DVK_RTS_RECEIVING);
	snprintf(path, sizeof(path), "%s/dc%d", test_dir, TEST_DCID);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0660);
	assert_int_equal(status.st_uid, OWNER);
	assert_int_equal(status.st_gid, GROUP);
	assert_int_equal(child_wait(begin(STRANGER, be_refused)), 0);
	assert_int_equal(dvk_open(TEST_DCID, options(0)), 0);
	assert_true(dvk_is_endpoint(dvk_bind(FRIEND_NR, "root")));
	m.m_type = TYPE_STOP;
	assert_int_equal(dvk_sendrec_T(SERVER_NR, &m, PATIENCE_MS), 0);
	assert_int_equal(dvk_close(), 0);
	assert_int_equal(child_wait(server), 0);
}

/* One that is not there is made so; one that keeps the group out is no place for its DC. */
static void the_folder_lets_the_group_in(void **state)
{
	struct dvk_options wanted = *options(DVK_CREATE | DVK_GROUP);
	struct stat status;
	char path[128];

	(void)state;
	needs_root();
	snprintf(path, sizeof(path), "%s/made", test_dir);
	wanted.dir = path;
	assert_int_equal(dvk_open(TEST_DCID, &wanted), 0);
	assert_int_equal(dvk_close(), 0);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 01775);
	assert_int_equal(status.st_gid, GROUP);
	assert_int_equal(chmod(path, 0755), 0);
	assert_int_equal(dvk_open(TEST_DCID, &wanted), EDVSACCES);
	assert_non_null(strstr(dvk_open_error(), "does not let group 64100 in"));
	assert_int_equal(rmdir(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(function) cmocka_unit_test_setup_teardown(function, shared_folder, remove_folder)
		CASE(its_members_are_of_several_users),
		CASE(deaths_are_told_to_the_other_user),
		CASE(others_are_refused),
		CASE(the_folder_lets_the_group_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
