/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flush.c - waiting for the medium without keeping the processor from other tasks.
 *
 * RDISK serves nobody meanwhile, so the image has one user at a time; an FS of the
 * same process reads its map, which a flush does not change.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "rdisk/device.h"
#include "runtime/task.h"

struct flush {
	struct image *image;
	int done_fd;
	int result;
};

static void *flush_thread(void *argument)
{
	struct flush *flush = argument;

	flush->result = image_flush(flush->image);
	/* Cannot fail: the counter of the eventfd is 0. */
	(void)!eventfd_write(flush->done_fd, 1);
	return NULL;
}

int rdisk_flush(struct image *image)
{
	struct flush flush = { .image = image };
	sigset_t all, old;
	pthread_t thread;
	int error;

	flush.done_fd = eventfd(0, EFD_CLOEXEC);
	if (flush.done_fd < 0)
		return image_flush(image);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	error = pthread_create(&thread, NULL, flush_thread, &flush);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (error) {
		close(flush.done_fd);
		return image_flush(image);
	}
	task_describe_fd("the image's medium");
	/* When the runtime stops, the join waits instead. */
	while (task_wait_fd(flush.done_fd, POLLIN, -1) == EDVSWOKENUP)
		;
	task_describe_fd(NULL);
	pthread_join(thread, NULL);
	close(flush.done_fd);
	return flush.result;
}
