/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * walker.h - who takes the same random steps on MUK's file system and on the host's.
 */
#ifndef TESTS_FS_WALKER_H
#define TESTS_FS_WALKER_H

#include <stdint.h>
#include <sys/stat.h>

#include "fixture.h"

#define BYTES_MAX (300 << 10)

struct walker {
	struct fixture fixture;
	char home[128]; /* where the test was started */
	const char *what;
	uint64_t seed;
	int fds[FS_OPEN_MAX]; /* the host's descriptor of each of ours, or -1 */
	unsigned int step;
	char *bytes, *other;
};

/* Takes so many steps; each must give the same on both sides. */
void walker_walk(struct walker *w, unsigned int steps);

/* What the host gave, in our numbers. */
int64_t walker_host(int64_t result);
/* Ours and theirs must be the same; what says which step that was. */
void walker_same(struct walker *w, const char *what, int64_t ours, int64_t theirs);
void walker_same_status(struct walker *w, const char *path, const struct stat *ours,
			const struct stat *theirs);

#endif
