/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fds.c - tasks that wait for descriptors, in one epoll.
 *
 * A descriptor is armed for one event each time a task waits for it, so nothing
 * is reported that nobody waits for, and one that was closed and opened anew is
 * noticed (epoll does not know it).
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "scheduler.h"

#define EVENTS  64
#define FDS_MAX (1 << 20)

int fds_init(struct scheduler *s)
{
	s->park_fd = -1;
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	return s->epoll < 0 ? EDVSRSCBUSY : 0;
}

void fds_deinit(struct scheduler *s)
{
	close(s->epoll);
	free(s->fds);
}

/* libdvk's descriptor goes in when the first task waits for one. */
static int add_park_fd(struct scheduler *s)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = -1 };

	if (s->park_fd >= 0)
		return 0;
	s->park_fd = dvk_park_fd();
	if (s->park_fd < 0)
		return s->park_fd;
	return epoll_ctl(s->epoll, EPOLL_CTL_ADD, s->park_fd, &event) < 0 ? EDVSNOMEM : 0;
}

static int make_room(struct scheduler *s, int fd)
{
	int room = s->fd_room ? s->fd_room : 64;
	struct task **fds;

	if (fd < s->fd_room)
		return 0;
	if (fd >= FDS_MAX)
		return EDVSBADF;
	while (room <= fd)
		room *= 2;
	fds = realloc(s->fds, (size_t)room * sizeof(struct task *));
	if (!fds)
		return EDVSNOMEM;
	memset(fds + s->fd_room, 0, (size_t)(room - s->fd_room) * sizeof(struct task *));
	s->fds = fds;
	s->fd_room = room;
	return 0;
}

int fds_add(struct scheduler *s, struct task *task, int events)
{
	/* poll's and epoll's bits are the same. */
	struct epoll_event event = { .events = (uint32_t)events | EPOLLONESHOT,
				     .data.fd = task->fd };
	int result = add_park_fd(s);

	if (result == 0)
		result = make_room(s, task->fd);
	if (result < 0)
		return result;
	if (s->fds[task->fd])
		return EDVSBUSY;
	if (epoll_ctl(s->epoll, EPOLL_CTL_MOD, task->fd, &event) < 0 &&
	    (errno != ENOENT || epoll_ctl(s->epoll, EPOLL_CTL_ADD, task->fd, &event) < 0)) {
		if (errno == EPERM)
			return events; /* a file on disk is always ready */
		return errno == EBADF ? EDVSBADF : EDVSNOMEM;
	}
	s->fds[task->fd] = task;
	s->fd_waits++;
	return 0;
}

void fds_remove(struct scheduler *s, struct task *task)
{
	struct epoll_event none = { .events = EPOLLONESHOT, .data.fd = task->fd };

	s->fds[task->fd] = NULL;
	s->fd_waits--;
	/* Still armed, if something else ended the wait; no matter if it is closed by now. */
	if (task->events == 0)
		(void)epoll_ctl(s->epoll, EPOLL_CTL_MOD, task->fd, &none);
	task->fd = -1;
}

static int timeout_of(int64_t deadline_ns)
{
	int64_t left_ns;

	if (deadline_ns == 0)
		return 0;
	if (deadline_ns == NEVER)
		return -1;
	left_ns = deadline_ns - runtime_now_ns();
	if (left_ns <= 0)
		return 0;
	left_ns = (left_ns + 999999) / 1000000;
	return left_ns > INT32_MAX ? INT32_MAX : (int)left_ns;
}

void fds_poll(struct scheduler *s, int64_t deadline_ns)
{
	struct epoll_event events[EVENTS];
	int count = epoll_wait(s->epoll, events, EVENTS, timeout_of(deadline_ns));

	for (int i = 0; i < count; i++) {
		int fd = events[i].data.fd;
		struct task *task = fd >= 0 && fd < s->fd_room ? s->fds[fd] : NULL;

		if (!task)
			continue;
		task->events = (int)events[i].events;
		task_ready(s, task);
	}
}
