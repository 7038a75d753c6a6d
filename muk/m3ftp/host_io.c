/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host_io.c - the client's file beside the messages; see host_io.h.
 *
 * The thread takes no signals: they are for who waits for the transfer.
 */
#include "m3ftp/host_io.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

static ssize_t move_some(const struct host_io *io, size_t done)
{
	return io->state == HOST_IO_WRITE ? write(io->fd, io->buffer + done, io->bytes - done)
					  : read(io->fd, io->buffer + done, io->bytes - done);
}

/* What was begun, all of it. */
static int64_t move(const struct host_io *io)
{
	size_t done = 0;

	while (done < io->bytes) {
		ssize_t now = move_some(io, done);

		if (now < 0 && errno == EINTR) {
			if (io->interrupted && io->interrupted(io->context))
				return -EINTR;
			continue;
		}
		if (now < 0)
			return -errno;
		if (!now && io->state == HOST_IO_READ)
			break;
		done += (size_t)now;
	}
	return (int64_t)done;
}

/* The buffer is ours while an operation is under way, so it is moved without the lock. */
static void *serve(void *argument)
{
	struct host_io *io = argument;

	pthread_mutex_lock(&io->lock);
	while (io->state != HOST_IO_OVER) {
		if (io->state == HOST_IO_IDLE) {
			pthread_cond_wait(&io->changed, &io->lock);
			continue;
		}
		pthread_mutex_unlock(&io->lock);
		io->result = move(io);
		pthread_mutex_lock(&io->lock);
		io->state = HOST_IO_IDLE;
		pthread_cond_broadcast(&io->changed);
	}
	pthread_mutex_unlock(&io->lock);
	return NULL;
}

void host_io_init(struct host_io *io, int fd, int in_thread)
{
	sigset_t all, old;

	*io = (struct host_io){ .fd = fd };
	pthread_mutex_init(&io->lock, NULL);
	pthread_cond_init(&io->changed, NULL);
	if (!in_thread)
		return;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	io->has_thread = !pthread_create(&io->thread, NULL, serve, io);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

/* With the lock: waits until nothing is under way. */
static void await_idle(struct host_io *io)
{
	while (io->has_thread && io->state != HOST_IO_IDLE)
		pthread_cond_wait(&io->changed, &io->lock);
}

void host_io_deinit(struct host_io *io)
{
	pthread_mutex_lock(&io->lock);
	await_idle(io);
	io->state = HOST_IO_OVER;
	pthread_cond_broadcast(&io->changed);
	pthread_mutex_unlock(&io->lock);
	if (io->has_thread)
		pthread_join(io->thread, NULL);
	pthread_cond_destroy(&io->changed);
	pthread_mutex_destroy(&io->lock);
}

void host_io_begin(struct host_io *io, enum host_io_state what, char *buffer, size_t bytes)
{
	pthread_mutex_lock(&io->lock);
	io->state = what;
	io->buffer = buffer;
	io->bytes = bytes;
	pthread_cond_broadcast(&io->changed);
	pthread_mutex_unlock(&io->lock);
	if (!io->has_thread && what == HOST_IO_WRITE) {
		io->result = move(io);
		io->state = HOST_IO_IDLE;
	}
}

int64_t host_io_end(struct host_io *io)
{
	int64_t result;

	if (!io->has_thread && io->state == HOST_IO_READ) {
		io->result = move(io);
		io->state = HOST_IO_IDLE;
	}
	pthread_mutex_lock(&io->lock);
	await_idle(io);
	result = io->result;
	io->result = 0;
	pthread_mutex_unlock(&io->lock);
	return result;
}
