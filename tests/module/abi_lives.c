/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * abi_lives.c - processes that fork, exec or die between two halves of a call, files that
 * are inherited, and DVSs that are begun twice.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi.h"

static int inherited_fd;

static int use_inherited(void)
{
	return RAW(inherited_fd, RECEIVE, .slot_nr = 20, .src_ep = ANY);
}

static int a_file_inherited(void)
{
	int endpoint, rc;

	inherited_fd = raw_bound(20, &endpoint);
	rc = raw_in_child(use_inherited, 0);
	close(inherited_fd);
	return rc;
}

static int close_inherited(void)
{
	return close(inherited_fd);
}

/* What the child closes is not the parent's end. */
static int a_file_closed_by_a_child(void)
{
	int endpoint, rc;

	inherited_fd = raw_bound(20, &endpoint);
	raw_in_child(close_inherited, 0);
	rc = RAW(inherited_fd, GETEP, .slot_nr = 20);
	close(inherited_fd);
	return rc;
}

/* The file lives on in a child; its process has left. */
static int a_file_left_to_a_child(void)
{
	struct dvk_entry entry = { .op = DVK_OP_GETEP, .slot_nr = NONE, .value = getpid() };
	int endpoint, other = raw_at_dc(), rc;
	pid_t child;

	inherited_fd = raw_bound(20, &endpoint);
	child = fork();
	if (child == 0) {
		pause();
		_exit(0);
	}
	close(inherited_fd);
	rc = raw_enter(other, &entry);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(other);
	return rc;
}

static int one_of_two_descriptors_closed(void)
{
	int endpoint, fd = raw_bound(20, &endpoint), second = dup(fd), rc;

	close(second);
	rc = RAW(fd, GETEP, .slot_nr = 20);
	close(fd);
	return rc;
}

/* A server takes our call, then comes to an end; how our call ends. */
static int called_then(void (*ends)(int fd))
{
	int endpoint, rc, pipes[2], fd = raw_bound(21, &endpoint);
	char byte;
	pid_t child;

	if (pipe(pipes) != 0)
		return -1;
	child = fork();
	if (child == 0) {
		int own = raw_bound(20, &endpoint);

		if (write(pipes[1], "b", 1) == 1 &&
		    RAW(own, RECEIVE, .slot_nr = 20, .src_ep = ANY, .deadline_ns = INT64_MAX) == 0)
			ends(own);
		_exit(1);
	}
	rc = read(pipes[0], &byte, 1) == 1 ? RAW(fd, SENDREC, .slot_nr = 21, .ep = 20,
						 .m.m_type = 1, .deadline_ns = INT64_MAX)
					   : -1;
	waitpid(child, NULL, 0);
	close(pipes[0]);
	close(pipes[1]);
	close(fd);
	return rc;
}

static void by_exit(int fd)
{
	(void)fd;
	_exit(0);
}

static void by_kill(int fd)
{
	(void)fd;
	raise(SIGKILL);
}

static void by_close(int fd)
{
	close(fd);
	pause();
}

static void by_exec(int fd)
{
	(void)fd;
	execlp("sleep", "sleep", "1", (char *)NULL);
}

/* The descriptor stays open in the new program. */
static void by_exec_with_file(int fd)
{
	if (dup2(fd, 100) == 100)
		execlp("sleep", "sleep", "1", (char *)NULL);
}

static void by_close_op(int fd)
{
	(void)RAW(fd, CLOSE, .slot_nr = NONE);
}

static int a_server_that_exits(void)
{
	return called_then(by_exit);
}

static int a_server_that_is_killed(void)
{
	return called_then(by_kill);
}

static int a_server_that_execs(void)
{
	return called_then(by_exec);
}

static int a_server_that_execs_with_its_file(void)
{
	return called_then(by_exec_with_file);
}

static int a_server_that_leaves(void)
{
	return called_then(by_close_op);
}

static void by_close_alone(int fd)
{
	alarm(1);
	by_close(fd);
}

static int a_server_that_closes(void)
{
	return called_then(by_close_alone);
}

static int dvs_twice(void)
{
	char name[DVK_NAME_BYTES] = "dvs";
	int fd = raw_at_dc(), rc;

	rc = RAW(fd, DVS_INIT, .ep = 1, .data = dvk_address(name));
	close(fd);
	return rc;
}

static int dvs_of_no_name(void)
{
	char name[DVK_NAME_BYTES] = "";

	return RAW(raw_file(), DVS_INIT, .ep = 1, .data = dvk_address(name));
}

static int dvs_of_no_node(void)
{
	char name[DVK_NAME_BYTES] = "dvs";

	return RAW(raw_file(), DVS_INIT, .ep = NR_NODES, .data = dvk_address(name));
}

/* A DC that ends under its members: they hear of it, and the next one begins anew. */
static int a_dc_that_ends(void)
{
	int endpoint, fd = raw_bound(20, &endpoint);
	int rc = RAW(fd, DC_END, .ep = ABI_DCID);

	if (rc == 0)
		rc = RAW(fd, RECEIVE, .slot_nr = 20, .src_ep = ANY, .deadline_ns = INT64_MAX);
	close(fd);
	return rc;
}

static int a_dc_that_ended(void)
{
	int fd = raw_file(), rc = raw_open(fd, ABI_DCID, 0, NULL);

	close(fd);
	return rc;
}

const struct abi_case abi_lives[] = {
	{ "a file inherited by a child", EDVSDVSINIT, a_file_inherited },
	{ "a file that a child closes", 0, a_file_closed_by_a_child },
	{ "a file that lives on in a child only", EDVSNOTBIND, a_file_left_to_a_child },
	{ "one of two descriptors is closed", 0, one_of_two_descriptors_closed },
	{ "a server that exits in a call", EDVSSRCDIED, a_server_that_exits },
	{ "a server that is killed in a call", EDVSSRCDIED, a_server_that_is_killed },
	{ "a server that execs in a call", EDVSSRCDIED, a_server_that_execs },
	{ "a server that execs, with its file", EDVSSRCDIED, a_server_that_execs_with_its_file },
	{ "a server that leaves in a call", EDVSSRCDIED, a_server_that_leaves },
	{ "a server that closes its file in a call", EDVSSRCDIED, a_server_that_closes },
	{ "a DVS begun where DCs run", EDVSDVSBUSY, dvs_twice },
	{ "a DVS of no name", EDVSNAMESIZE, dvs_of_no_name },
	{ "a DVS of no node", EDVSBADNODEID, dvs_of_no_node },
	{ "a DC that ends under its members", EDVSDCNOTRUN, a_dc_that_ends },
	{ "a DC that has ended", EDVSDCNOTRUN, a_dc_that_ended },
	{ 0 },
};
