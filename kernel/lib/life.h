/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * life.h - binding, for oneself and for others.
 */
#ifndef LIB_LIFE_H
#define LIB_LIFE_H

#include <sys/types.h>

struct life_bind {
	int nr;           /* a slot, or NONE */
	int member;       /* the thread that gets it; DC_NO_MEMBER: the caller */
	pid_t tid;        /* the same on the module; 0: the caller */
	const char *name; /* as in dvk_bind() */
};
int life_bind(const struct life_bind *bind, int *ret_endpoint);

#endif
