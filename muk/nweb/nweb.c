/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nweb.c - the web server as a server of MUK: it comes, tells about itself, goes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nweb/web.h"

#define REASON_BYTES 256

static int handle_status(void *state, struct server_call *call, struct nweb_status_reply *reply)
{
	const struct web *web = state;

	(void)call;
	reply->port = web->row.port;
	reply->connections = __atomic_load_n(&web->row.connections, __ATOMIC_RELAXED);
	reply->requests = __atomic_load_n(&web->row.requests, __ATOMIC_RELAXED);
	reply->errors = __atomic_load_n(&web->row.errors, __ATOMIC_RELAXED);
	reply->bytes = __atomic_load_n(&web->row.bytes, __ATOMIC_RELAXED);
	return 0;
}

static struct web *create(const struct nweb_config *config)
{
	struct web *web = calloc(1, sizeof(*web));

	if (!web)
		return NULL;
	web->config = config;
	web->pid = getpid();
	web->self.web = web;
	LIST_INIT(&web->self.files);
	for (int i = 0; i < WEB_WORKERS; i++) {
		web->workers[i].web = web;
		STAILQ_INIT(&web->workers[i].jobs);
		LIST_INIT(&web->workers[i].files);
	}
	pthread_mutex_init(&web->mutex, NULL);
	snprintf(web->row.rootdir, sizeof(web->row.rootdir), "%.*s",
		 (int)sizeof(web->row.rootdir) - 1, config->rootdir);
	return web;
}

/* Waits until no more than left of our tasks are there. */
static void await_tasks(struct web *web, int left)
{
	int tasks;

	for (;;) {
		pthread_mutex_lock(&web->mutex);
		tasks = web->tasks;
		pthread_mutex_unlock(&web->mutex);
		if (tasks <= left)
			return;
		if (task_wait(-1) == EDVSINTR)
			task_yield();
	}
}

/* The workers finish what they have; the web task answers until they are gone, then ends. */
static void end_tasks(struct web *web, int web_tasks)
{
	pthread_mutex_lock(&web->mutex);
	web->stopper = task_current();
	web->stopping = 1;
	for (int i = 0; i < WEB_WORKERS; i++)
		if (web->workers[i].task)
			task_wake(web->workers[i].task);
	pthread_mutex_unlock(&web->mutex);
	await_tasks(web, web_tasks);
	pthread_mutex_lock(&web->mutex);
	web->workers_ended = 1;
	if (web->task)
		task_wake(web->task);
	pthread_mutex_unlock(&web->mutex);
	await_tasks(web, 0);
}

static void destroy(struct web *web)
{
	web_log_close(web);
	pthread_mutex_destroy(&web->mutex);
	free(web);
}

static int start_task(struct web *web, const struct task_options *options, task_function *function,
		      void *argument)
{
	int ep;

	pthread_mutex_lock(&web->mutex);
	web->tasks++;
	pthread_mutex_unlock(&web->mutex);
	ep = task_create(options, function, argument);
	if (dvk_is_endpoint(ep))
		return 0;
	pthread_mutex_lock(&web->mutex);
	web->tasks--;
	pthread_mutex_unlock(&web->mutex);
	return ep;
}

static int start_tasks(struct web *web, const char *name)
{
	char task_names[DVK_NAME_BYTES];
	struct task_options options = { .name = task_names, .nr = NONE };
	int error = 0;

	for (int i = 0; !error && i < WEB_WORKERS; i++) {
		snprintf(task_names, sizeof(task_names), "%.10s-w%d", name, i % 10);
		error = start_task(web, &options, worker_task, &web->workers[i]);
	}
	if (!error) {
		snprintf(task_names, sizeof(task_names), "%.10s-http", name);
		options.stack_bytes = WEB_STACK_BYTES;
		error = start_task(web, &options, web_task, web);
	}
	if (error) {
		end_tasks(web, 0);
		web->mhd.stop_daemon(web->daemon);
	}
	return error;
}

static int start_steps(struct web *web, const char *name)
{
	char reason[REASON_BYTES];
	int error = mhd_load(&web->mhd, reason, sizeof(reason));

	if (error) {
		fprintf(stderr, "nweb: %s\n", reason);
		return error;
	}
	error = web_log_open(web);
	if (!error)
		error = web_listen(web);
	if (!error)
		error = web_daemon_start(web);
	return error ? error : start_tasks(web, name);
}

static void stop(void *state)
{
	struct web *web = state;

	end_tasks(web, 1);
	destroy(web);
}

static int start(struct server *server, void **ret_state)
{
	struct web *web = create(server_config(server));
	int error;

	if (!web)
		return EDVSNOMEM;
	error = dvk_register_table("nweb.server", NWEB_SERVER_VERSION, &web->row, 1,
				   sizeof(web->row));
	if (error >= 0)
		error = start_steps(web, server_name(server));
	if (error < 0) {
		destroy(web);
		return error;
	}
	*ret_state = web;
	return 0;
}

static const struct nweb_handlers handlers = {
	.status = handle_status,
};

const struct server_type server_type_nweb = {
	.name = "nweb",
	.protocol = &protocol_nweb,
	.nr = NWEB_PROC_NR,
	.handlers = &handlers,
	.dispatch = nweb_dispatch,
	.start = start,
	.stop = stop,
};
