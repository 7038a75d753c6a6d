/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * talkers.c - messages counted by their two ends.
 *
 * A call is one message of its client, whatever came back; rates are over the time
 * from the first line to the last.
 */
#include <stdlib.h>
#include <string.h>

#include "talkers.h"

#define PLACES (4 * TALKERS_MAX)

struct pair {
	int src_ep, dst_ep;
	uint64_t calls, sends, notifies, failed, bytes;
};

struct talkers {
	int count;
	uint64_t dropped;
	int64_t first_ns, last_ns;
	struct pair pairs[TALKERS_MAX];
	int places[PLACES]; /* of pairs + 1, 0: free */
};

struct talkers *talkers_create(void)
{
	return calloc(1, sizeof(struct talkers));
}

void talkers_destroy(struct talkers *talkers)
{
	free(talkers);
}

uint64_t talkers_dropped(const struct talkers *talkers)
{
	return talkers->dropped;
}

static struct pair *find(struct talkers *talkers, int src_ep, int dst_ep)
{
	uint32_t hash = (uint32_t)src_ep * 2654435761u ^ (uint32_t)dst_ep * 40503u;

	for (uint32_t place = (hash ^ hash >> 15) % PLACES;; place = (place + 1) % PLACES) {
		struct pair *pair;

		if (!talkers->places[place]) {
			if (talkers->count == TALKERS_MAX)
				return NULL;
			pair = &talkers->pairs[talkers->count++];
			talkers->places[place] = talkers->count;
			pair->src_ep = src_ep;
			pair->dst_ep = dst_ep;
			return pair;
		}
		pair = &talkers->pairs[talkers->places[place] - 1];
		if (pair->src_ep == src_ep && pair->dst_ep == dst_ep)
			return pair;
	}
}

/* What counts as a message: 0, the others only say what became of it. */
static int is_message(int kind)
{
	return kind == DVK_EVENT_CALL || kind == DVK_EVENT_SEND || kind == DVK_EVENT_NOTIFY ||
	       kind == DVK_EVENT_COPY || kind == DVK_EVENT_REFUSED;
}

void talkers_add(struct talkers *talkers, const struct inspect_line *line)
{
	struct pair *pair;

	if (!is_message(line->kind) || line->dst_ep == NONE)
		return;
	if (!talkers->first_ns || line->time_ns < talkers->first_ns)
		talkers->first_ns = line->time_ns;
	if (line->time_ns > talkers->last_ns)
		talkers->last_ns = line->time_ns;
	pair = find(talkers, line->src_ep, line->dst_ep);
	if (!pair) {
		talkers->dropped++;
		return;
	}
	pair->calls += line->kind == DVK_EVENT_CALL;
	pair->sends += line->kind == DVK_EVENT_SEND;
	pair->notifies += line->kind == DVK_EVENT_NOTIFY;
	pair->failed += line->result < 0;
	pair->bytes += line->bytes > 0 ? (uint64_t)line->bytes : 0;
}

static uint64_t messages(const struct pair *pair)
{
	return pair->calls + pair->sends + pair->notifies;
}

static const struct inspect_heading headings[] = {
	{ "from", "FROM", 0 },
	{ "to", "TO", 0 },
	{ "calls", "CALLS", 1 },
	{ "sends", "SENDS", 1 },
	{ "notifies", "NOTIFIES", 1 },
	{ "bytes", "BYTES", 1 },
	{ "messages_per_s", "MSG/S", 1 },
	{ "failed", "FAILED", 1 },
};
#define HEADINGS ((int)(sizeof(headings) / sizeof(headings[0])))

static int add_row(const struct talkers *talkers, const struct pair *pair,
		   struct inspect_tracer *tracer, struct inspect_grid *grid)
{
	int64_t span_ns = talkers->last_ns - talkers->first_ns;
	double per_s = span_ns > 0 ? (double)messages(pair) * 1e9 / (double)span_ns : 0;
	const struct {
		enum inspect_kind kind;
		uint64_t number;
	} numbers[] = {
		{ INSPECT_NUMBER, pair->calls },
		{ INSPECT_NUMBER, pair->sends },
		{ INSPECT_NUMBER, pair->notifies },
		{ INSPECT_BYTES, pair->bytes },
		{ INSPECT_NUMBER, (uint64_t)(per_s < 1e15 ? per_s : 1e15) },
		{ INSPECT_NUMBER, pair->failed },
	};
	char name[INSPECT_NAME_BYTES];
	struct inspect_value value;
	int error = inspect_grid_row(grid);

	inspect_value_set_text(&value, "%s", inspect_tracer_name(tracer, pair->src_ep, name));
	error = error ? error : inspect_grid_value(grid, &value);
	inspect_value_set_text(&value, "%s", inspect_tracer_name(tracer, pair->dst_ep, name));
	error = error ? error : inspect_grid_value(grid, &value);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]) && !error; i++) {
		inspect_value_set_number(&value, numbers[i].kind, (int64_t)numbers[i].number);
		error = inspect_grid_value(grid, &value);
	}
	return error;
}

static int compare(const void *a, const void *b)
{
	const struct pair *x = *(struct pair *const *)a, *y = *(struct pair *const *)b;

	if (messages(x) != messages(y))
		return messages(x) < messages(y) ? 1 : -1;
	return (x > y) - (x < y);
}

int talkers_grid(const struct talkers *talkers, struct inspect_tracer *tracer,
		 struct inspect_grid **ret_grid)
{
	const struct pair **pairs = calloc((size_t)talkers->count + 1, sizeof(*pairs));
	struct inspect_grid *grid = inspect_grid_create();
	int error = pairs && grid ? 0 : EDVSNOMEM;

	for (int i = 0; i < talkers->count && !error; i++)
		pairs[i] = &talkers->pairs[i];
	if (!error)
		qsort(pairs, (size_t)talkers->count, sizeof(*pairs), compare);
	for (int i = 0; i < HEADINGS && !error; i++)
		error = inspect_grid_column(grid, &headings[i]);
	for (int i = 0; i < talkers->count && !error; i++)
		error = add_row(talkers, pairs[i], tracer, grid);
	free(pairs);
	if (error)
		inspect_grid_destroy(grid);
	else
		*ret_grid = grid;
	return error;
}
