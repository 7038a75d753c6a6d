/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * world.c - see world.h.
 */
#include "world.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <dvk/dvk.h>

#define STOP_MS 10000

/* Nothing is found by its name here: a test names the types that it starts. */
const struct server_type *const server_types[] = { NULL };
const int server_type_count = 0;

/* The process of the servers. */
struct house {
	const struct world_server *types;
	struct server *servers[WORLD_SERVERS_MAX];
	int count;
	int ready_fd; /* the result of the start goes here */
	int stop_fd;  /* ends when they are to stop */
	int status;
};

void world_init(struct world *world)
{
	memset(world, 0, sizeof(*world));
	snprintf(world->dir, sizeof(world->dir), "/tmp/muk-test.XXXXXX");
	assert_non_null(mkdtemp(world->dir));
}

const char *world_path(const struct world *world, const char *name)
{
	static char paths[8][128];
	static unsigned int next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", world->dir, name);
	return path;
}

void world_make_image(const struct world *world, const char *name, const char *options, int mib)
{
	const char *path = world_path(world, name);
	char command[320];

	snprintf(command, sizeof(command), "truncate -s %dM %s && mkfs.minix %s %s >/dev/null", mib,
		 path, options, path);
	assert_int_equal(system(command), 0);
}

void world_check_image(const struct world *world, const char *name)
{
	char command[320];

	snprintf(command, sizeof(command),
		 "fsck.minix -f %s >%s/fsck 2>&1 || { cat %s/fsck; false; }",
		 world_path(world, name), world->dir, world->dir);
	assert_int_equal(system(command), 0);
}

static int start_servers(struct house *house)
{
	for (; house->types[house->count].type; house->count++) {
		const struct world_server *type = &house->types[house->count];
		struct server_options options = { .nr = type->type->nr, .config = type->config };
		int error = server_start(type->type, &options, &house->servers[house->count]);

		if (error < 0)
			return error;
	}
	return 0;
}

static void run_house(void *argument)
{
	struct house *house = argument;
	int error = start_servers(house);

	if (write(house->ready_fd, &error, sizeof(error)) != sizeof(error))
		house->status = 1;
	if (!error)
		while (task_wait_fd(house->stop_fd, POLLIN, -1) == EDVSWOKENUP)
			;
	while (house->count) {
		error = server_stop(house->servers[--house->count], STOP_MS);
		if (error < 0) {
			fprintf(stderr, "a server does not stop: %s\n", dvk_strerror(error));
			house->status = 1;
		}
	}
	runtime_stop();
}

static int house_main(const struct world *world, enum runtime_kind kind, struct house *house)
{
	struct dvk_options options = { .dir = world->dir, .flags = DVK_CREATE };
	struct task_options task = { .name = "init", .nr = NONE };
	int error;

	alarm(120);
	error = dvk_open(WORLD_DCID, &options);
	if (error < 0) {
		fprintf(stderr, "dvk_open: %s\n", dvk_open_error());
		return 1;
	}
	error = runtime_run(kind, &task, run_house, house);
	if (error < 0) {
		fprintf(stderr, "runtime_run: %s\n", dvk_strerror(error));
		return 1;
	}
	if (dvk_close() < 0)
		return 1;
	return house->status;
}

/* A crash in a child is its end; cmocka's handlers would go on with the tests there. */
static void crash_for_real(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS };

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], SIG_DFL);
}

int world_start(struct world *world, enum runtime_kind kind, const struct world_server *servers)
{
	struct house house = { .types = servers };
	int ready[2], stop[2], error = EDVSGENERIC;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(stop), 0);
	fflush(NULL);
	world->pid = fork();
	assert_true(world->pid >= 0);
	if (!world->pid) {
		crash_for_real();
		close(ready[0]);
		close(stop[1]);
		house.ready_fd = ready[1];
		house.stop_fd = stop[0];
		/* exit, so that the leak checker looks at it. */
		exit(house_main(world, kind, &house));
	}
	close(ready[1]);
	close(stop[0]);
	world->stop_fd = stop[1];
	if (read(ready[0], &error, sizeof(error)) != sizeof(error))
		error = EDVSGENERIC;
	close(ready[0]);
	return error;
}

static int join_dc(const struct world *world)
{
	struct dvk_options options = { .dir = world->dir };
	int ep = dvk_open(WORLD_DCID, &options);

	return ep < 0 ? ep : dvk_bind(NONE, "client");
}

void world_boot(struct world *world, enum runtime_kind kind, const struct world_server *servers)
{
	assert_int_equal(world_start(world, kind, servers), 0);
	assert_true(join_dc(world) > 0);
}

void world_stop(struct world *world)
{
	int status;

	(void)dvk_close();
	close(world->stop_fd);
	assert_int_equal(waitpid(world->pid, &status, 0), world->pid);
	assert_int_equal(status, 0);
	world->pid = 0;
}

void world_deinit(struct world *world)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", world->dir);
	assert_int_equal(system(command), 0);
}

pid_t world_client(const struct world *world, void (*function)(const struct world *world))
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid)
		return pid;
	crash_for_real();
	close(world->stop_fd);
	alarm(60);
	if (join_dc(world) <= 0)
		_exit(101);
	function(world);
	_exit(dvk_close() < 0);
}

void world_join(pid_t client)
{
	int status;

	assert_int_equal(waitpid(client, &status, 0), client);
	assert_int_equal(status, 0);
}
