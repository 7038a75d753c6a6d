/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * live.h - a MUK with PM, FS, RDISK and M3FTP on a fresh MINIX V3 image, as a process
 * of its own, and mukshells beside it.
 *
 * All of it lies in the folder of its muk_process. Functions return 0 or more, and -1
 * after they have said why on standard error.
 */
#ifndef TESTS_LIVE_LIVE_H
#define TESTS_LIVE_LIVE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "../boot/muk.h"

#define LIVE_DCID 0

struct live {
	struct muk_process muk;
	const char *runtime; /* "coroutines" or "threads" */
	int dcid;
};

extern const char *const live_runtimes[2];

/* Makes the folder, the configuration and an image of that size. */
int live_make(struct live *live, const char *runtime, int mib);
/* Boots it, again after live_stop or live_kill. */
int live_start(struct live *live);
/* Ends it in order; -1 when it complains. */
int live_stop(struct live *live);
/* kill -9. */
void live_kill(struct live *live);
/* fsck.minix -f finds nothing wrong. While it does not run. */
int live_check_image(const struct live *live);
/* Removes the folder. */
void live_remove(struct live *live);

/* This process joins its DC under that name; its endpoint. */
int live_join(const struct live *live, const char *name);

/* A program with its standard streams at our end of pipes, or of a terminal. */
struct live_shell {
	pid_t pid;
	int in;  /* what we write it reads; -1: nothing */
	int out; /* what it says, errors too */
};

enum live_streams {
	LIVE_PIPES,
	LIVE_TERMINAL, /* 100 columns, 30 rows */
};

/* Starts the mukshell of this build, attached, with these more arguments (up to NULL). */
int live_shell_start(const struct live *live, enum live_streams streams,
		     const char *const *arguments, struct live_shell *ret_shell);
/* Closes our ends and waits; its wait status. kill_it: by kill -9. */
int live_shell_end(struct live_shell *shell, bool kill_it);

/* CLOCK_MONOTONIC. */
int64_t live_now_ns(void);
/* A child that dies with us and does not inherit cmocka's ways; 0 in the child. */
pid_t live_fork(void);

#endif
