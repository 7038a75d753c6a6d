/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * world.h - servers that run in a process of their own, and a test that is their
 * client from outside.
 *
 * A world has a folder under /tmp for its DC and files; both are gone at its end.
 * The test's process gets a slot, so that it calls the servers with the stubs of
 * the protocols. What goes wrong fails the test.
 */
#ifndef TESTS_SERVERS_WORLD_H
#define TESTS_SERVERS_WORLD_H

#include <sys/types.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/task.h"
#include "server/server.h"

#define WORLD_SERVERS_MAX 8
#define WORLD_DCID        7

struct world {
	char dir[32];
	pid_t pid;   /* of the servers; 0: none */
	int stop_fd; /* closing it ends them */
};

struct world_server {
	const struct server_type *type;
	const void *config;
};

/* Makes the folder. */
void world_init(struct world *world);
/* A file's name in the folder; good for the next 8 calls. */
const char *world_path(const struct world *world, const char *name);
/* Makes an image with mkfs.minix; options as "-3". */
void world_make_image(const struct world *world, const char *name, const char *options, int mib);
/* fsck.minix -f finds nothing wrong. */
void world_check_image(const struct world *world, const char *name);

/* Starts the servers (the last has no type) in order; returns their first error, or 0. */
int world_start(struct world *world, enum runtime_kind kind, const struct world_server *servers);
/* The same, and they are expected to start; this process then has a slot. */
void world_boot(struct world *world, enum runtime_kind kind, const struct world_server *servers);
/* Stops the servers in reverse order; they end without complaint. */
void world_stop(struct world *world);
/* Removes the folder. */
void world_deinit(struct world *world);

/* Runs function in another process, which is a client of the world, too. Returns its pid. */
pid_t world_client(const struct world *world, void (*function)(const struct world *world));
/* Waits for a client that is expected to return. */
void world_join(pid_t client);

#endif
