/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host_io.h - the client's file on the host, read or written while messages go on.
 *
 * One operation at a time: begun, then ended. With a thread it runs meanwhile;
 * without one a write runs when it is begun and a read when it is ended. Between
 * the two the buffer is not the caller's.
 */
#ifndef MUK_M3FTP_HOST_IO_H
#define MUK_M3FTP_HOST_IO_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

enum host_io_state { HOST_IO_IDLE, HOST_IO_READ, HOST_IO_WRITE, HOST_IO_OVER };

struct host_io {
	int fd;
	int has_thread;
	/*
	 * Without a thread: a signal came. Another result than 0 ends the operation
	 * with -EINTR. Set by the caller before the first operation; may be NULL.
	 */
	int (*interrupted)(void *context);
	void *context;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	enum host_io_state state; /* (lock) what is under way */
	char *buffer;             /* (lock) */
	size_t bytes;             /* (lock) */
	int64_t result;           /* (lock) of the last operation */
};

/* in_thread: with a thread, if one is to be had. */
void host_io_init(struct host_io *io, int fd, int in_thread);
/* Waits for what is under way. */
void host_io_deinit(struct host_io *io);
void host_io_begin(struct host_io *io, enum host_io_state what, char *buffer, size_t bytes);
/*
 * The bytes moved by what was begun, fewer than asked only where a read reached
 * the end; 0 when nothing was begun; -errno.
 */
int64_t host_io_end(struct host_io *io);

#endif
