/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * children.h - processes that are born and end as a test of PM wants, and a look at
 * the tables of the servers from outside.
 */
#ifndef TESTS_PM_CHILDREN_H
#define TESTS_PM_CHILDREN_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../boot/muk.h"

#define PM   PM_PROC_NR
#define SAME UINT32_MAX /* newproc: the user that Linux has */

/* The MUK that the tests are in. */
extern struct muk_process muk;

enum ending {
	EXITS,       /* pm.exit, then unbinds */
	EXITS_BOUND, /* pm.exit, then just ends */
	UNBINDS,     /* dvk_unbind with a code */
	JUST_ENDS,   /* _exit */
	IS_KILLED,   /* kill -9 */
	LIVES,       /* until it is told */
};

struct child {
	pid_t linux_pid;
	int pid; /* PM's */
	int ep;
	int go; /* written to: it ends */
};

/* A process whose parent is that pid of PM's. */
struct child bear(int parent, enum ending ending, int code);
/* Lets it end as it was born to, and Linux forget it. */
void let_end(struct child *child);
/* The test's own number. */
int own_pid(void);

/* How many rows of a registered table have something in the int at key. */
int count_rows(const char *type, size_t key);
int count_processes(void);

#endif
