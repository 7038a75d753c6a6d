/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * top_tree.c - the processes as a tree: who waits stands below whom it waits for.
 *
 * A process waits for at most one, so it is a forest, but for circles: of each the
 * first in the order at hand is taken for the root.
 */
#include <stdlib.h>
#include <string.h>

#include "top.h"

struct node {
	int awaited; /* place in rows, -1: nobody that is shown */
	int waiting; /* the last of those who wait for it, -1: none */
	int before;  /* who waits for the same */
	int is_planted;
};

struct forest {
	struct node *nodes;
	const struct dvk_procinfo **rows; /* in the new order */
	int *depths;
	int count;
	struct {
		int place, depth;
	} * stack; /* still to plant: each is pushed for itself and below whom it waits for */
};

const struct dvk_procinfo *top_awaited(const struct top *top, const struct dvk_procinfo *p)
{
	if (p && p->rts & DVK_RTS_SENDING)
		return inspect_find(top->in, p->sendto_ep);
	if (p && p->rts & DVK_RTS_RECEIVING && p->getfrom_ep != ANY)
		return inspect_find(top->in, p->getfrom_ep);
	return NULL;
}

static void link_nodes(const struct top *top, struct node *nodes, int *places)
{
	for (int i = 0; i < top->snapshot->count; i++)
		places[i] = -1;
	for (int i = 0; i < top->count; i++) {
		places[top->rows[i] - top->snapshot->procs] = i;
		nodes[i].waiting = -1;
	}
	for (int i = 0; i < top->count; i++) {
		const struct dvk_procinfo *awaited = top_awaited(top, top->rows[i]);
		int to = awaited ? places[awaited - top->snapshot->procs] : -1;

		nodes[i].awaited = to == i ? -1 : to;
		if (nodes[i].awaited < 0)
			continue;
		nodes[i].before = nodes[to].waiting;
		nodes[to].waiting = i;
	}
}

static void plant_from(const struct top *top, struct forest *forest, int root)
{
	int used = 0;

	forest->stack[used].place = root;
	forest->stack[used++].depth = 0;
	while (used) {
		int place = forest->stack[--used].place;
		int depth = forest->stack[used].depth;
		struct node *node = &forest->nodes[place];

		if (node->is_planted)
			continue;
		node->is_planted = 1;
		forest->rows[forest->count] = top->rows[place];
		forest->depths[forest->count++] = depth;
		for (int i = node->waiting; i >= 0; i = forest->nodes[i].before) {
			forest->stack[used].place = i;
			forest->stack[used++].depth = depth + 1;
		}
	}
}

static void plant_all(struct top *top, struct forest *forest, int *places)
{
	link_nodes(top, forest->nodes, places);
	for (int i = 0; i < top->count; i++)
		if (forest->nodes[i].awaited < 0)
			plant_from(top, forest, i);
	for (int i = 0; i < top->count; i++) /* circles */
		if (!forest->nodes[i].is_planted)
			plant_from(top, forest, i);
	memcpy(top->rows, forest->rows, (size_t)top->count * sizeof(*top->rows));
	memcpy(top->depths, forest->depths, (size_t)top->count * sizeof(*top->depths));
}

void top_plant(struct top *top)
{
	size_t count = (size_t)top->snapshot->count + 1;
	struct forest forest = {
		.nodes = calloc(count, sizeof(*forest.nodes)),
		.rows = calloc(count, sizeof(*forest.rows)),
		.depths = calloc(count, sizeof(*forest.depths)),
		.stack = calloc(count, 2 * sizeof(*forest.stack)),
	};
	int *places = calloc(count, sizeof(*places));

	if (forest.nodes && forest.rows && forest.depths && forest.stack && places)
		plant_all(top, &forest, places);
	else
		snprintf(top->message, sizeof(top->message), "no tree: out of memory");
	free(places);
	free(forest.stack);
	free(forest.depths);
	free(forest.rows);
	free(forest.nodes);
}
