/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flame.h - where the time of calls went, nested through the servers.
 *
 * A stack is a client and the calls on its behalf: client;fs.read;rdisk.gather. What a
 * call's server did itself is the call's own; waiting in its queue is [queue] below it.
 */
#ifndef INSPECT_FLAME_H
#define INSPECT_FLAME_H

#include "inspect.h"

#define FLAME_DEPTH 32    /* of a stack; what is deeper counts for its caller */
#define FLAME_NODES 65536 /* what comes beyond counts for its caller */

struct flame;

/* NULL: EDVSNOMEM. */
struct flame *flame_create(void);
void flame_destroy(struct flame *flame);
/* Lines as the tracer shows them: the calls of a server before the one they are for. */
void flame_add(struct flame *flame, const struct inspect_line *line, struct inspect_tracer *tracer);
/* Before the first look: calls whose caller was not seen to end stand by themselves. */
void flame_finish(struct flame *flame);

/* A stack with its own time, the time with all that is below it, and how often. */
struct flame_stack {
	const char *text; /* "client;fs.read;rdisk.gather" */
	int64_t own_ns, total_ns;
	uint64_t count;
};
/* Each stack, callers first, by name. */
typedef void flame_stack_fn(void *context, const struct flame_stack *stack);
void flame_each(const struct flame *flame, flame_stack_fn *show, void *context);

/* flame_svg.c: a picture that needs nothing else: a box for each stack, as wide as its time. */
void flame_svg(const struct flame *flame, FILE *out);

/* For flame_svg.c: the tree. */
struct flame_node {
	char name[64];
	int64_t own_ns, total_ns;
	uint64_t count;
	struct flame_node *children; /* by name */
	struct flame_node *next;
};
const struct flame_node *flame_root(const struct flame *flame);

#endif
