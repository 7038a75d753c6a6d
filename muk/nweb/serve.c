/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * serve.c - libmicrohttpd runs in the web task: it waits in the runtime for the
 * library's epoll descriptor and lets it work when something has happened.
 */
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "nweb/web.h"

/* Paths are decoded by us (path.c), where a coded NUL is seen. */
static size_t leave_escaped(void *argument, struct MHD_Connection *connection, char *text)
{
	(void)argument;
	(void)connection;
	return strlen(text);
}

static void connection_changed(void *argument, struct MHD_Connection *connection,
			       void **socket_context, enum MHD_ConnectionNotificationCode code)
{
	struct web *web = argument;

	(void)connection;
	(void)socket_context;
	__atomic_fetch_add(&web->row.connections, code == MHD_CONNECTION_NOTIFY_STARTED ? 1 : -1,
			   __ATOMIC_RELAXED);
}

int web_daemon_start(struct web *web)
{
	const union MHD_DaemonInfo *info;

	web->daemon = web->mhd.start_daemon(
		MHD_USE_EPOLL | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, web_answer,
		web, MHD_OPTION_LISTEN_SOCKET, web->listen_fd, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned int)WEB_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
		(unsigned int)WEB_IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)WEB_MEMORY_BYTES, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
		MHD_OPTION_NOTIFY_COMPLETED, web_completed, web, MHD_OPTION_NOTIFY_CONNECTION,
		connection_changed, web, MHD_OPTION_END);
	if (!web->daemon) {
		close(web->listen_fd);
		return EDVSNOMEM;
	}
	info = web->mhd.get_daemon_info(web->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	web->epoll_fd = info->epoll_fd;
	return 0;
}

/* Until something happens to a connection, one times out, or we are to stop. */
static void wait_for_work(struct web *web)
{
	MHD_UNSIGNED_LONG_LONG timeout;
	long ms = -1;

	if (web->mhd.get_timeout(web->daemon, &timeout) == MHD_YES)
		ms = timeout < INT_MAX ? (long)timeout : INT_MAX;
	if (!ms) {
		task_yield();
		return;
	}
	web_log_flush(web);
	task_describe_fd(web->listens);
	if (task_wait_fd(web->epoll_fd, POLLIN, ms) == EDVSINTR)
		task_yield();
}

void web_task_done(struct web *web)
{
	pthread_mutex_lock(&web->mutex);
	web->tasks--;
	if (web->stopper)
		task_wake(web->stopper);
	pthread_mutex_unlock(&web->mutex);
}

void web_task(void *argument)
{
	struct web *web = argument;

	pthread_mutex_lock(&web->mutex);
	web->task = task_current();
	pthread_mutex_unlock(&web->mutex);
	while (!web->workers_ended) {
		wait_for_work(web);
		(void)web->mhd.run(web->daemon);
	}
	/* The last connections that workers have resumed: none may be suspended now. */
	(void)web->mhd.run(web->daemon);
	web->mhd.stop_daemon(web->daemon);
	web_task_done(web);
}
