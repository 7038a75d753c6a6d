/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * echo.c - FS's protocol, served by one that writes down what it was given.
 */
#include <stdlib.h>
#include <string.h>

#include "echo.h"
#include "in_dc.h"

struct echo {
	struct server *server;
	struct dvk_request later;
	int notified;
};

static int echo_open(void *state, struct server_call *call, const struct fs_open_request *request,
		     struct fs_open_reply *reply)
{
	(void)state;
	note("open %.12s %zu %x %o by %d", call->paths[0], strlen(call->paths[0]), request->flags,
	     request->mode, call->client_ep);
	reply->fd = 42;
	return 0;
}

static int echo_rename(void *state, struct server_call *call,
		       const struct fs_rename_request *request)
{
	(void)state;
	note("rename %zu %zu %.3s %.3s", strlen(call->paths[0]), strlen(call->paths[1]),
	     call->paths[0], call->paths[1]);
	return request->old.bytes == strlen(call->paths[0]) ? 0 : EDVSIO;
}

static int echo_write(void *state, struct server_call *call, const struct fs_write_request *request,
		      struct fs_write_reply *reply)
{
	char data[64] = "";
	int result = server_copy_in(call, &request->buffer, 0, data,
				    request->buffer.bytes < 63 ? request->buffer.bytes : 63);

	(void)state;
	note("write %d %s", result, data);
	note("beyond %d", server_copy_in(call, &request->buffer, request->buffer.bytes, data, 1));
	reply->bytes = request->buffer.bytes;
	return result;
}

static int echo_read(void *state, struct server_call *call, const struct fs_read_request *request,
		     struct fs_read_reply *reply)
{
	int result = server_copy_out(call, &request->buffer, 2, "data", 5);

	(void)state;
	reply->bytes = 7;
	return result;
}

static int echo_lseek(void *state, struct server_call *call, const struct fs_lseek_request *request,
		      struct fs_lseek_reply *reply)
{
	(void)state;
	(void)call;
	reply->offset = (int64_t)((uint64_t)request->offset * 2 + request->whence);
	return 0;
}

static int echo_utime(void *state, struct server_call *call, const struct fs_utime_request *request)
{
	(void)state;
	note("utime %s %lld %lld", call->paths[0], (long long)request->atime,
	     (long long)request->mtime);
	return 0;
}

static int echo_chown(void *state, struct server_call *call, const struct fs_chown_request *request)
{
	(void)state;
	note("chown %s %u %u", call->paths[0], request->uid, request->gid);
	return EDVSROFS;
}

/* fsync is answered by the next sync, dup by the timer. */
static int echo_fsync(void *state, struct server_call *call, const struct fs_fsync_request *request)
{
	struct echo *echo = state;

	(void)request;
	echo->later = server_request(call);
	return EDVSDONTREPLY;
}

static int echo_sync(void *state, struct server_call *call)
{
	struct echo *echo = state;

	(void)call;
	note("late %d", server_reply_to(echo->later, EDVSIO, NULL, 0));
	note("twice %d", server_reply_to(echo->later, 0, NULL, 0));
	return 0;
}

static int echo_dup(void *state, struct server_call *call, const struct fs_dup_request *request,
		    struct fs_dup_reply *reply)
{
	struct echo *echo = state;

	(void)reply;
	echo->later = server_request(call);
	server_set_timer(echo->server, server_now_ns() + request->fd * 1000000ll);
	return EDVSDONTREPLY;
}

static void echo_timer(void *state)
{
	struct fs_dup_reply reply = { .fd = 77 };
	struct echo *echo = state;

	note("timer %d", server_reply_to(echo->later, 0, &reply, sizeof(reply)));
}

static const struct fs_handlers handlers = {
	.open = echo_open,
	.rename = echo_rename,
	.write = echo_write,
	.read = echo_read,
	.lseek = echo_lseek,
	.utime = echo_utime,
	.chown = echo_chown,
	.fsync = echo_fsync,
	.sync = echo_sync,
	.dup = echo_dup,
};

static int echo_start(struct server *server, void **ret_state)
{
	struct echo *echo = calloc(1, sizeof(*echo));

	if (server_config(server) && strcmp(server_config(server), "fail") == 0) {
		free(echo);
		return EDVSNODEV;
	}
	echo->server = server;
	*ret_state = echo;
	return 0;
}

static void echo_notified(void *state, int source_ep, uint32_t map)
{
	(void)state;
	note("notified %d %x", source_ep, map);
}

static void echo_stop(void *state)
{
	note("stop");
	free(state);
}

const struct server_type echo_type = {
	.name = "echo",
	.protocol = &protocol_fs,
	.nr = 1,
	.handlers = &handlers,
	.dispatch = fs_dispatch,
	.start = echo_start,
	.notified = echo_notified,
	.timer = echo_timer,
	.stop = echo_stop,
};
