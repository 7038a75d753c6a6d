/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boot.h - a MUK's life: its servers start in order and stop in the reverse order.
 */
#ifndef MUK_BOOT_H
#define MUK_BOOT_H

#include <stdint.h>

#include "config/muk_config.h"
#include "heir.h"

struct boot {
	struct muk_config *config;
	const char *path; /* of the configuration, for errors */
	const char *dir;  /* of the DC's segment, or NULL */
	int64_t began_ns; /* CLOCK_MONOTONIC; when the process began */
	int verbose;
	int end_fd;                   /* readable when the MUK is to end */
	int status;                   /* what the process returns */
	int servers;                  /* how many it has started; atomic */
	int lost;                     /* how many of them have ended untold; atomic */
	struct heir heirs[HEIRS_MAX]; /* of those servers that another MUK has */
	int heir_count;
	int *tell_eps; /* who is told of the server that starts now; and how many */
	int tell_count;
};

/*
 * The first task, with a struct boot: starts the servers, waits for end_fd, stops
 * them. Says on standard error what went wrong; then status is not 0.
 */
void boot_run(void *boot);

/* Is every server of the configuration linked in? If not it says so and returns 0. */
int boot_is_linked(const struct boot *boot);

#endif
