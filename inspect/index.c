/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * index.c - a snapshot made searchable: by slot, name and thread, with rates.
 *
 * Sorted once, so that showing 4,000 processes asks nothing twice.
 */
#include <stdlib.h>
#include <string.h>

#include "index.h"

typedef int compare_fn(const void *, const void *);

static const struct dvk_procinfo *at(const void *place)
{
	return *(const struct dvk_procinfo *const *)place;
}

static int compare_bare(const void *a, const void *b)
{
	return strncmp(at(a)->name, at(b)->name, DVK_NAME_BYTES);
}

static int compare_qualified(const void *a, const void *b)
{
	int order = compare_bare(a, b);

	return order ? order : strncmp(at(a)->muk, at(b)->muk, DVK_NAME_BYTES);
}

static int compare_thread(const void *a, const void *b)
{
	return (at(a)->tid > at(b)->tid) - (at(a)->tid < at(b)->tid);
}

/* Calls each for every run of rows that compare alike, sorted. */
static void for_groups(struct inspect *in, const struct dvk_procinfo **order, compare_fn *compare,
		       void (*each)(struct inspect *, const struct dvk_procinfo **, int))
{
	int count = in->snapshot->count;
	int begin = 0;

	for (int i = 0; i < count; i++)
		order[i] = &in->snapshot->procs[i];
	qsort(order, (size_t)count, sizeof(*order), compare);
	for (int i = 1; i <= count; i++) {
		if (i < count && compare(&order[begin], &order[i]) == 0)
			continue;
		each(in, order + begin, i - begin);
		begin = i;
	}
}

static struct inspect_row *row_of(struct inspect *in, const struct dvk_procinfo *p)
{
	return &in->rows[p - in->snapshot->procs];
}

static void note_bare(struct inspect *in, const struct dvk_procinfo **group, int count)
{
	row_of(in, group[0])->bare_is_unique = count == 1;
}

static void note_qualified(struct inspect *in, const struct dvk_procinfo **group, int count)
{
	row_of(in, group[0])->qualified_is_unique = count == 1;
}

static void note_thread(struct inspect *in, const struct dvk_procinfo **group, int count)
{
	const struct dvk_procinfo *on_cpu = NULL;

	for (int i = 0; i < count; i++)
		if (inspect_runs(group[i]))
			on_cpu = group[i];
	for (int i = 0; i < count; i++) {
		row_of(in, group[i])->shares_thread = count > 1 && group[i]->tid != 0;
		row_of(in, group[i])->on_cpu = on_cpu;
	}
}

static int64_t per_second(uint64_t now, uint64_t before, int64_t ns)
{
	if (now < before)
		return -1;
	return (int64_t)((double)(now - before) * 1e9 / (double)ns);
}

static void note_rates(struct inspect *in, const struct dvk_snapshot *previous)
{
	int64_t ns = previous ? in->snapshot->taken_ns - previous->taken_ns : 0;
	int old = 0;

	for (int i = 0; i < in->snapshot->count; i++) {
		const struct dvk_procinfo *p = &in->snapshot->procs[i];
		const struct dvk_procinfo *q;

		in->rows[i].messages_per_s = -1;
		in->rows[i].bytes_per_s = -1;
		if (ns <= 0)
			continue;
		while (old < previous->count && previous->procs[old].nr < p->nr)
			old++;
		q = &previous->procs[old];
		if (old == previous->count || q->nr != p->nr || q->incarnation != p->incarnation)
			continue;
		in->rows[i].messages_per_s =
			per_second(p->messages_sent + p->messages_received,
				   q->messages_sent + q->messages_received, ns);
		in->rows[i].bytes_per_s = per_second(p->bytes_copied, q->bytes_copied, ns);
	}
}

struct inspect *inspect_create(const struct dvk_snapshot *snapshot,
			       const struct dvk_snapshot *previous)
{
	size_t count = (size_t)snapshot->count + 1;
	struct inspect *in = calloc(1, sizeof(*in));
	const struct dvk_procinfo **order = calloc(count, sizeof(*order));

	if (!in || !order)
		goto fail;
	in->snapshot = snapshot;
	in->rows = calloc(count, sizeof(*in->rows));
	if (!in->rows)
		goto fail;
	for (int i = 0; i < snapshot->count; i++) {
		unsigned int slot = (unsigned int)snapshot->procs[i].nr + NR_TASKS;

		if (slot < INSPECT_SLOTS)
			in->by_nr[slot] = &snapshot->procs[i];
	}
	for_groups(in, order, compare_bare, note_bare);
	for_groups(in, order, compare_qualified, note_qualified);
	for_groups(in, order, compare_thread, note_thread);
	note_rates(in, previous);
	free(order);
	return in;
fail:
	free(order);
	free(in);
	return NULL;
}

void inspect_destroy(struct inspect *in)
{
	if (!in)
		return;
	free(in->rows);
	free(in);
}

const struct dvk_snapshot *inspect_snapshot(const struct inspect *in)
{
	return in->snapshot;
}

const struct dvk_procinfo *inspect_find_nr(const struct inspect *in, int nr)
{
	unsigned int slot = (unsigned int)nr + NR_TASKS;

	return slot < INSPECT_SLOTS ? in->by_nr[slot] : NULL;
}

const struct dvk_procinfo *inspect_find(const struct inspect *in, int endpoint)
{
	const struct dvk_procinfo *p = inspect_find_nr(in, dvk_endpoint_nr(endpoint));

	return p && p->endpoint == endpoint ? p : NULL;
}
