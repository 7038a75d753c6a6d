/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * heir.h - who waits for a server that another MUK of the DC has, to start its own.
 *
 * SYSTASK and CLOCK are the node's: the first MUK there has them. When it ends, the
 * others each try to start theirs, and one of them succeeds.
 */
#ifndef MUK_HEIR_H
#define MUK_HEIR_H

#include "runtime/task.h"

#define HEIRS_MAX 2

struct heir {
	int nr;             /* the server's slot */
	int order;          /* of the server in muk_servers */
	struct task *first; /* is woken, and starts the server: who starts one may stop it */
	struct task *self;
	int vacant; /* atomic; set by the heir, cleared by who looks */
	int served; /* atomic; the heir is not needed any more */
};

/*
 * Starts its task; the caller's task is woken whenever the slot has become free. The
 * memory must stay until the runtime ends. 0, or the error of task_create().
 */
int heir_create(struct heir *heir, int nr, int order);

/* 1 when the slot has become free since heir_create() or heir_answer(). */
int heir_is_called(const struct heir *heir);

/* It was tried: the heir ends (served), or waits once more. */
void heir_answer(struct heir *heir, int served);

#endif
