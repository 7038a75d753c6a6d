/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * is.c - the information server: appends a dump to its file on SIGUSR1 or is.dump.
 *
 * A signal becomes a call to ourselves, so that dumps come one after the other. A
 * dump is made in memory and appended at once; if that fails, the file is cut back
 * to what it was.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "is/dump.h"
#include "is/is.h"
#include "protocol/is.h"
#include "runtime/task.h"

/* Formatting rows needs more than a small stack has. */
#define IS_STACK_BYTES (256u << 10)

struct is {
	const struct is_config *config;
};

/* Appends all bytes, or none. */
static int append(int fd, const char *bytes, size_t count)
{
	off_t before = lseek(fd, 0, SEEK_END);
	size_t done = 0;

	while (done < count) {
		ssize_t now = write(fd, bytes + done, count - done);
		int error = errno == ENOSPC || errno == EDQUOT ? EDVSNOSPC : EDVSIO;

		if (now < 0 && errno == EINTR)
			continue;
		if (now < 0) {
			/* What is no file, as a terminal, keeps the part that it got. */
			(void)!(before < 0 || ftruncate(fd, before));
			return error;
		}
		done += (size_t)now;
	}
	return 0;
}

static int append_to_file(const char *name, const char *bytes, size_t count)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0640);
	int error;

	if (fd < 0)
		return errno == ENOENT ? EDVSNOENT : errno == EACCES ? EDVSACCES : EDVSIO;
	error = append(fd, bytes, count);
	if (close(fd) < 0 && !error)
		error = EDVSIO;
	return error;
}

static int handle_dump(void *state, struct server_call *call, struct is_dump_reply *reply)
{
	const struct is *is = state;
	char *bytes = NULL;
	size_t count = 0;
	FILE *out = open_memstream(&bytes, &count);
	int error;

	(void)call;
	if (!out)
		return EDVSNOMEM;
	error = dump_write(out, dvk_dcid(), is->config->dir);
	if (fclose(out) && !error)
		error = EDVSNOMEM;
	if (!error)
		error = append_to_file(is->config->is_file, bytes, count);
	free(bytes);
	if (error)
		fprintf(stderr, "is: %s: the dump could not be appended: %s\n", is->config->is_file,
			dvk_strerror(error));
	reply->bytes = count;
	return error;
}

/* Runs in a task of its own, with a slot: argument is IS's endpoint, whoever has it now. */
static void on_signal(int signo, void *argument)
{
	struct is_dump_reply reply;

	(void)signo;
	/* IS has said what went wrong, if it did. */
	(void)is_call_dump((int)(intptr_t)argument, &reply);
}

static void stop(void *state)
{
	free(state);
}

static int start(struct server *server, void **ret_state)
{
	struct is *is = calloc(1, sizeof(*is));
	int error;

	if (!is)
		return EDVSNOMEM;
	is->config = server_config(server);
	error = runtime_signal(SIGUSR1, on_signal, (void *)(intptr_t)server_endpoint(server));
	if (error) {
		free(is);
		return error;
	}
	*ret_state = is;
	return 0;
}

static const struct is_handlers handlers = {
	.dump = handle_dump,
};

const struct server_type server_type_is = {
	.name = "is",
	.protocol = &protocol_is,
	.nr = IS_PROC_NR,
	.stack_bytes = IS_STACK_BYTES,
	.handlers = &handlers,
	.dispatch = is_dispatch,
	.start = start,
	.stop = stop,
};
