/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.h - a server is a table of handlers; the loop is here.
 *
 * The library receives, finds the call in the protocol table, checks the
 * arguments, fetches long paths, calls the typed handler, and replies. Handlers
 * return 0 or a negative EDVS code; with EDVSDONTREPLY they answer later. A server
 * has no mutable globals: all of it hangs on its state, so two of a type can run
 * in one process.
 *
 * A server defines one constant, found by its name through SERVERS in the build:
 *	const struct server_type server_type_fs = { .name = "fs", ... };
 */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include <stddef.h>
#include <stdint.h>

#include <dvk/dvk.h>
#include "protocol.h"

struct server;

/* A request in hand, for its handler. Good until the handler returns. */
struct server_call {
	struct server *server;
	const struct protocol_call *type;
	int client_ep;
	const char *paths[2]; /* its path and name fields in order, with NUL */
};

struct server_type {
	const char *name;                /* "fs" */
	const struct protocol *protocol; /* &protocol_fs */
	int nr;                          /* slot by convention */
	size_t stack_bytes;              /* 0: TASK_STACK_BYTES */
	const void *handlers;            /* &(const struct fs_handlers){...} */
	/* The generated fs_dispatch. */
	int (*dispatch)(const void *handlers, void *state, int number, struct server_call *call,
			const void *request, void *reply);
	/*
	 * Runs in the server's own task, its slot bound: makes the state, registers
	 * the tables. An error ends the server and is server_start's result.
	 */
	int (*start)(struct server *server, void **ret_state);
	/* A notification from slot source_ep; map has the ORed values. May be NULL. */
	void (*notified)(void *state, int source_ep, uint32_t map);
	/* The time that server_set_timer asked for has come. May be NULL. */
	void (*timer)(void *state);
	/* Writes what must be written and frees the state. May be NULL. */
	void (*stop)(void *state);
};

/* The server types that are linked in, in the order in which they start. */
extern const struct server_type *const server_types[];
extern const int server_type_count;

/* The linked server type of that name; NULL when there is none. */
const struct server_type *server_type_find(const char *name);

/* ---- for main ------------------------------------------------------------ */

struct server_options {
	const char *name;   /* its name in ps; NULL: the type's */
	int nr;             /* its slot: type->nr, or what the configuration says */
	const void *config; /* for start(): server_config(); stays the caller's */
	/* Called when it has ended because its slot or the DC is gone; or NULL. */
	void (*lost)(void *argument);
	void *lost_argument;
	/* Whom it notifies when it is ready, or NULL; stays the caller's. */
	const int *tell_eps;
	int tell_count;
};

/*
 * Starts a server as a task and waits until it is ready to serve. From a task
 * that has a slot. Returns 0 and *ret_server, the caller's until server_stop, or
 * the error of binding or of start().
 */
int server_start(const struct server_type *type, const struct server_options *options,
		 struct server **ret_server);

/*
 * Ends a server when it has served the request in hand: stop() runs, its task
 * ends, server is freed; 0, or what stop() said with server_fail. EDVSTIMEDOUT or
 * EDVSNOTREADY when it does not answer within ms; then it is not freed.
 */
int server_stop(struct server *server, long ms);

/* ---- for servers --------------------------------------------------------- */

const void *server_config(const struct server *server);
const char *server_name(const struct server *server);
int server_endpoint(const struct server *server);

/*
 * type->timer will be called at deadline_ns (CLOCK_MONOTONIC), once; INT64_MAX:
 * never. From a handler, notified, timer or start.
 */
void server_set_timer(struct server *server, int64_t deadline_ns);

/* From stop(): not all could be written. The server ends nevertheless. */
void server_fail(struct server *server, int error);

/* CLOCK_MONOTONIC in ns. */
int64_t server_now_ns(void);

/*
 * For answering later: the handler keeps this and returns EDVSDONTREPLY. Then
 * result (0 or an error) and the typed reply (NULL: none) go to the client.
 * EDVSPROCSTS when the call is over.
 */
struct dvk_request server_request(const struct server_call *call);
int server_reply_to(struct dvk_request request, int result, const void *reply, size_t bytes);

/*
 * Moves bytes between the client's buffer, from offset on, and the server's
 * memory. EDVSRANGE when that passes the buffer's end; errors of dvk_vcopy.
 */
int server_copy_in(const struct server_call *call, const struct protocol_buffer *buffer,
		   uint64_t offset, void *ret_data, size_t bytes);
int server_copy_out(const struct server_call *call, const struct protocol_buffer *buffer,
		    uint64_t offset, const void *data, size_t bytes);

#endif
