/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flame.c - calls joined into trees: a call waits, with what was called for it, until
 * the call that it was made for is over.
 */
#include <stdlib.h>
#include <string.h>

#include "flame.h"

#define WAITING 8192 /* calls whose own end has not been seen, by number */

struct waiting {
	uint64_t call;            /* 0: free */
	int64_t below_ns;         /* of its children */
	struct flame_node *nodes; /* a list: its children */
	char caller[64];          /* of one of them: who stands at its root if it never ends */
};

struct flame {
	int nodes;
	struct flame_node root;
	struct waiting waiting[WAITING];
};

struct flame *flame_create(void)
{
	return calloc(1, sizeof(struct flame));
}

static void free_nodes(struct flame_node *node)
{
	while (node) {
		struct flame_node *next = node->next;

		free_nodes(node->children);
		free(node);
		node = next;
	}
}

void flame_destroy(struct flame *flame)
{
	if (!flame)
		return;
	free_nodes(flame->root.children);
	for (int i = 0; i < WAITING; i++)
		free_nodes(flame->waiting[i].nodes);
	free(flame);
}

/* The node of that name in a list that is sorted by name; made if need be, else NULL. */
static struct flame_node *node_in(struct flame *flame, struct flame_node **list, const char *name)
{
	struct flame_node *node;

	while (*list && strcmp((*list)->name, name) < 0)
		list = &(*list)->next;
	if (*list && strcmp((*list)->name, name) == 0)
		return *list;
	if (flame->nodes == FLAME_NODES)
		return NULL;
	node = calloc(1, sizeof(*node));
	if (!node)
		return NULL;
	flame->nodes++;
	snprintf(node->name, sizeof(node->name), "%s", name);
	node->next = *list;
	*list = node;
	return node;
}

/* Moves all nodes of from into the list, those of the same name together. */
static void merge(struct flame *flame, struct flame_node **list, struct flame_node *from, int depth)
{
	while (from) {
		struct flame_node *next = from->next;
		struct flame_node *node =
			depth < FLAME_DEPTH ? node_in(flame, list, from->name) : NULL;

		if (node) {
			node->own_ns += from->own_ns;
			node->total_ns += from->total_ns;
			node->count += from->count;
			merge(flame, &node->children, from->children, depth + 1);
		} else {
			free_nodes(from->children);
		}
		flame->nodes--;
		free(from);
		from = next;
	}
}

/* What waited for a call that never ended stands below its caller. */
static void orphan(struct flame *flame, struct waiting *waiting)
{
	struct flame_node *caller = node_in(flame, &flame->root.children, waiting->caller);

	if (caller) {
		caller->total_ns += waiting->below_ns;
		merge(flame, &caller->children, waiting->nodes, 1);
	} else {
		free_nodes(waiting->nodes);
	}
	*waiting = (struct waiting){ 0 };
}

static struct waiting *place_of(struct flame *flame, uint64_t call)
{
	return &flame->waiting[call % WAITING];
}

static void add_queue(struct flame *flame, struct flame_node *node, int64_t queue_ns)
{
	struct flame_node *queue = queue_ns > 0 ? node_in(flame, &node->children, "[queue]") : NULL;

	if (!queue)
		return;
	queue->own_ns += queue_ns;
	queue->total_ns += queue_ns;
	queue->count++;
	node->own_ns -= queue_ns < node->own_ns ? queue_ns : node->own_ns;
}

/* The call itself, with what waited for it, below list. */
static void add_call(struct flame *flame, struct flame_node **list, const struct inspect_line *line)
{
	struct waiting *below = place_of(flame, line->call);
	int64_t took = line->took_ns < 0 ? line->age_ns : line->took_ns;
	char name[64];
	struct text text;
	struct flame_node *node;

	text_init(&text, name, sizeof(name));
	inspect_line_name(line, &text);
	node = node_in(flame, list, name);
	if (!node)
		return;
	node->count++;
	node->total_ns += took;
	if (below->call != line->call) {
		node->own_ns += took;
		add_queue(flame, node, line->queue_ns);
		return;
	}
	node->own_ns += took > below->below_ns ? took - below->below_ns : 0;
	add_queue(flame, node, line->queue_ns);
	merge(flame, &node->children, below->nodes, 1);
	*below = (struct waiting){ 0 };
}

void flame_add(struct flame *flame, const struct inspect_line *line, struct inspect_tracer *tracer)
{
	int64_t took = line->took_ns < 0 ? line->age_ns : line->took_ns;
	char caller[INSPECT_NAME_BYTES];
	struct flame_node *client;
	struct waiting *waiting;

	if (line->kind != DVK_EVENT_CALL || took < 0 || !line->call)
		return;
	inspect_tracer_name(tracer, line->src_ep, caller);
	if (!line->parent) {
		client = node_in(flame, &flame->root.children, caller);
		if (!client)
			return;
		client->total_ns += took;
		client->count++;
		add_call(flame, &client->children, line);
		return;
	}
	waiting = place_of(flame, line->parent);
	if (waiting->call && waiting->call != line->parent && waiting->call != line->call)
		orphan(flame, waiting);
	if (!waiting->call) {
		waiting->call = line->parent;
		memcpy(waiting->caller, caller, sizeof(caller));
	}
	if (waiting->call != line->parent)
		return;
	waiting->below_ns += took;
	add_call(flame, &waiting->nodes, line);
}

void flame_finish(struct flame *flame)
{
	for (int i = 0; i < WAITING; i++)
		if (flame->waiting[i].call)
			orphan(flame, &flame->waiting[i]);
	flame->root.total_ns = 0;
	for (const struct flame_node *node = flame->root.children; node; node = node->next)
		flame->root.total_ns += node->total_ns;
}

const struct flame_node *flame_root(const struct flame *flame)
{
	return &flame->root;
}

struct walk {
	flame_stack_fn *show;
	void *context;
	char text[FLAME_DEPTH * 64];
};

static void walk(struct walk *w, const struct flame_node *node, size_t used)
{
	for (; node; node = node->next) {
		int length = snprintf(w->text + used, sizeof(w->text) - used, "%s%s",
				      used ? ";" : "", node->name);
		struct flame_stack stack = { w->text, node->own_ns, node->total_ns, node->count };

		if (used + (size_t)length >= sizeof(w->text))
			continue;
		w->show(w->context, &stack);
		walk(w, node->children, used + (size_t)length);
	}
}

void flame_each(const struct flame *flame, flame_stack_fn *show, void *context)
{
	struct walk w = { .show = show, .context = context };

	walk(&w, flame->root.children, 0);
}
