/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.c - the loop of every server.
 *
 * One entry of the DVK per request: reply_receive. What a client sent is believed
 * only after the protocol table has agreed with it; whatever it was, the answer is
 * an error for that client alone.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "protocol/server.h"
#include "runtime/task.h"
#include "server/server.h"

#define DEADLINE_FAR_NS 40000000 /* more than twice what a coarse clock may be late */

struct server {
	const struct server_type *type;
	const char *name;
	const void *config;
	void *state;
	int endpoint;
	int owner_ep;     /* who started it, and may stop it */
	int start_result; /* of type->start */
	int stop_result;  /* of type->stop, as server_fail told */
	int stopping;
	int64_t deadline_ns; /* of the timer; INT64_MAX: none */
	int64_t left_ns;     /* until then, when it was looked at */
	uint64_t requests;
	void (*lost)(void *argument);
	void *lost_argument;
	const struct server_options *options; /* until it is ready */
};

/* A request under way: what comes in, what goes out, its long paths. */
struct exchange {
	message in;
	message out;
	char paths[2][PROTOCOL_PATH_MAX + 1];
};

int64_t server_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* ---- the arguments -------------------------------------------------------- */

/* Path and name fields have the same head. A short path lies in the message. */
static int fetch_path(const struct protocol_field *field, const message *m, char *buffer,
		      const char **ret_path)
{
	const char *at = (const char *)m->payload + field->offset;
	struct protocol_path head;
	int result;

	memcpy(&head, at, offsetof(struct protocol_path, text));
	if (head.bytes < field->bytes - offsetof(struct protocol_path, text)) {
		*ret_path = at + offsetof(struct protocol_path, text);
		return 0;
	}
	result = dvk_vcopy(m->m_source, head.address, SELF, dvk_address(buffer), head.bytes);
	if (result < 0)
		return result;
	buffer[head.bytes] = '\0';
	/* It may have changed since its sender measured it. */
	if (strlen(buffer) != head.bytes)
		return EDVSINVAL;
	*ret_path = buffer;
	return 0;
}

static int fetch_paths(struct server_call *call, struct exchange *exchange)
{
	int count = 0, result;

	for (int i = 0; i < call->type->request_count; i++) {
		const struct protocol_field *field = &call->type->request[i];

		if (field->kind != PROTOCOL_PATH && field->kind != PROTOCOL_NAME)
			continue;
		assert(count < 2);
		result = fetch_path(field, &exchange->in, exchange->paths[count],
				    &call->paths[count]);
		if (result < 0)
			return result;
		count++;
	}
	return 0;
}

/* ---- requests ------------------------------------------------------------- */

/* The calls that the library answers for every server. */
static int common_call(struct server *server, const struct server_call *call, void *reply)
{
	switch (call->type->number) {
	case SERVER_CALL_PING:
		((struct server_ping_reply *)reply)->requests = server->requests;
		return 0;
	case SERVER_CALL_STOP:
		if (call->client_ep != server->owner_ep)
			return EDVSPERM;
		server->stopping = 1;
		return 0;
	default:
		return EDVSBADCALL;
	}
}

static int answer(struct server *server, struct exchange *exchange)
{
	const struct server_type *type = server->type;
	struct server_call call = { .server = server, .client_ep = exchange->in.m_source };
	int number = exchange->in.m_type;
	int result;

	call.type = protocol_call_by_number(type->protocol, number);
	if (!call.type)
		return EDVSBADCALL;
	if (number >= SERVER_CALL_PING)
		return common_call(server, &call, exchange->out.payload);
	server->requests++;
	result = protocol_check_request(call.type, exchange->in.payload);
	if (result == 0)
		result = fetch_paths(&call, exchange);
	if (result < 0)
		return result;
	return type->dispatch(type->handlers, server->state, number, &call, exchange->in.payload,
			      exchange->out.payload);
}

/* Returns whom the answer in out is for, or NONE. */
static int handle(struct server *server, struct exchange *exchange)
{
	const message *in = &exchange->in;
	int result;

	if (in->m_type == NOTIFY_MESSAGE) {
		if (server->type->notified)
			server->type->notified(server->state, in->m_source, (uint32_t)in->m9_i1);
		return NONE;
	}
	memset(exchange->out.payload, 0, sizeof(exchange->out.payload));
	result = answer(server, exchange);
	assert(result <= 0);
	if (result == EDVSDONTREPLY)
		return NONE;
	if (result < 0)
		memset(exchange->out.payload, 0, sizeof(exchange->out.payload));
	exchange->out.m_type = result;
	return in->m_source;
}

/* ---- the loop ------------------------------------------------------------- */

/*
 * How long until the deadline. The coarse clock is some ms late and a third of the
 * price, which counts as this is asked for each request: as long as the deadline
 * is far it is enough to know that.
 */
static int64_t time_left(const struct server *server)
{
	struct timespec now;
	int64_t left_ns;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	left_ns = server->deadline_ns - ((int64_t)now.tv_sec * 1000000000 + now.tv_nsec);
	return left_ns > DEADLINE_FAR_NS ? left_ns - DEADLINE_FAR_NS / 2
					 : server->deadline_ns - server_now_ns();
}

/* Runs the timer when its time has come, and looks how long the next receive may wait. */
static void look_at_timer(struct server *server)
{
	server->left_ns = time_left(server);
	if (server->left_ns > 0)
		return;
	server->deadline_ns = INT64_MAX;
	if (server->type->timer)
		server->type->timer(server->state);
	if (server->deadline_ns != INT64_MAX)
		server->left_ns = time_left(server);
}

static long patience_ms(const struct server *server)
{
	int64_t left_ns = server->left_ns;

	if (left_ns <= 0)
		return 0;
	left_ns = (left_ns + 999999) / 1000000;
	return left_ns > DVK_TIMEOUT_MAX_MS ? DVK_TIMEOUT_MAX_MS : (long)left_ns;
}

static int reply_receive(struct server *server, int to, struct exchange *exchange)
{
	if (server->deadline_ns == INT64_MAX)
		return dvk_reply_receive(to, &exchange->out, ANY, &exchange->in);
	return dvk_reply_receive_T(to, &exchange->out, ANY, &exchange->in, patience_ms(server));
}

/* 1 when a receive that ended so can be tried again. */
static int goes_on(int result)
{
	return result == EDVSTIMEDOUT || result == EDVSAGAIN || result == EDVSINTR ||
	       result == EDVSWOKENUP;
}

/* Serves until it is told to stop; returns whom the last answer is for, or NONE. */
static int serve(struct server *server, struct exchange *exchange)
{
	int to = NONE;

	while (!server->stopping) {
		int result;

		if (server->deadline_ns != INT64_MAX)
			look_at_timer(server);
		result = reply_receive(server, to, exchange);
		to = NONE;
		if (result == 0)
			to = handle(server, exchange);
		else if (!goes_on(result))
			return NONE; /* its slot or the DC is gone */
	}
	return to;
}

static void server_main(void *argument)
{
	struct server *server = argument;
	struct exchange exchange = { 0 };
	int to;

	server->endpoint = task_endpoint(task_current());
	server->start_result = server->type->start(server, &server->state);
	if (server->start_result < 0)
		return;
	/* Whoever has gone meanwhile need not know. */
	for (int i = 0; i < server->options->tell_count; i++)
		(void)dvk_notify(server->options->tell_eps[i]);
	to = serve(server, &exchange);
	if (server->type->stop)
		server->type->stop(server->state);
	exchange.out.m_type = server->stop_result;
	if (!server->stopping && server->lost)
		server->lost(server->lost_argument);
	/* The last act: who stopped it frees it when the answer comes. */
	if (to != NONE)
		(void)dvk_reply(to, &exchange.out);
}

/* ---- for main ------------------------------------------------------------- */

int server_start(const struct server_type *type, const struct server_options *options,
		 struct server **ret_server)
{
	struct task_options task = { .name = options->name ? options->name : type->name,
				     .nr = options->nr,
				     .stack_bytes = type->stack_bytes };
	struct server *server = calloc(1, sizeof(*server));
	struct server_ping_reply reply;
	int result;

	if (!server)
		return EDVSNOMEM;
	server->type = type;
	server->name = task.name;
	server->config = options->config;
	server->options = options;
	server->lost = options->lost;
	server->lost_argument = options->lost_argument;
	server->owner_ep = task_endpoint(task_current());
	server->deadline_ns = INT64_MAX;
	result = task_create(&task, server_main, server);
	if (dvk_is_endpoint(result)) {
		result = server_call_ping(result, &reply);
		if (server->start_result < 0)
			result = server->start_result;
	}
	if (result < 0) {
		free(server);
		return result;
	}
	*ret_server = server;
	return 0;
}

int server_stop(struct server *server, long ms)
{
	message m = { .m_type = SERVER_CALL_STOP };
	int result = dvk_sendrec_T(server->endpoint, &m, ms);

	if (result == EDVSTIMEDOUT || result == EDVSNOTREADY)
		return result;
	if (result >= 0)
		result = m.m_type;
	if (result != EDVSPERM)
		free(server);
	return result;
}

/* ---- for servers ---------------------------------------------------------- */

const void *server_config(const struct server *server)
{
	return server->config;
}

const char *server_name(const struct server *server)
{
	return server->name;
}

int server_endpoint(const struct server *server)
{
	return server->endpoint;
}

void server_set_timer(struct server *server, int64_t deadline_ns)
{
	server->deadline_ns = deadline_ns;
}

void server_fail(struct server *server, int error)
{
	server->stop_result = error;
}

struct dvk_request server_request(const struct server_call *call)
{
	(void)call;
	return dvk_request();
}

int server_reply_to(struct dvk_request request, int result, const void *reply, size_t bytes)
{
	message m = { .m_type = result };

	if (bytes > sizeof(m.payload))
		return EDVSMSGSIZE;
	if (reply)
		memcpy(m.payload, reply, bytes);
	return dvk_reply_to(request, &m);
}

static int in_buffer(const struct protocol_buffer *buffer, uint64_t offset, size_t bytes)
{
	return offset <= buffer->bytes && bytes <= buffer->bytes - offset;
}

int server_copy_in(const struct server_call *call, const struct protocol_buffer *buffer,
		   uint64_t offset, void *ret_data, size_t bytes)
{
	if (!in_buffer(buffer, offset, bytes))
		return EDVSRANGE;
	if (bytes == 0)
		return 0;
	return dvk_vcopy(call->client_ep, buffer->address + offset, SELF, dvk_address(ret_data),
			 bytes);
}

int server_copy_out(const struct server_call *call, const struct protocol_buffer *buffer,
		    uint64_t offset, const void *data, size_t bytes)
{
	if (!in_buffer(buffer, offset, bytes))
		return EDVSRANGE;
	if (bytes == 0)
		return 0;
	return dvk_vcopy(SELF, dvk_address(data), call->client_ep, buffer->address + offset, bytes);
}
