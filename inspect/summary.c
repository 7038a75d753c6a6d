/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * summary.c - rows by call, caller or pair, found by a hash of what they are about.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <protocol/protocol.h>

#include "summary.h"

#define PLACES (4 * SUMMARY_ROWS)

struct summary *summary_create(enum summary_by by)
{
	struct summary *summary = calloc(1, sizeof(*summary));

	if (!summary)
		return NULL;
	summary->by = by;
	summary->rows = calloc(SUMMARY_ROWS, sizeof(struct summary_row *));
	summary->places = calloc(PLACES, sizeof(int));
	if (summary->rows && summary->places)
		return summary;
	summary_destroy(summary);
	return NULL;
}

void summary_destroy(struct summary *summary)
{
	if (!summary)
		return;
	for (int i = 0; i < summary->count; i++)
		free(summary->rows[i]);
	free(summary->rows);
	free(summary->places);
	free(summary);
}

/* What the row of this line is about. */
static struct summary_key key_of(const struct summary *summary, const struct inspect_line *line)
{
	int by_call = summary->by == SUMMARY_BY_CALL;
	struct summary_key key = {
		.src_ep = by_call ? NONE : line->src_ep,
		.dst_ep = summary->by == SUMMARY_BY_PAIR ? line->dst_ep : NONE,
		.m_type = by_call ? line->m_type : 0,
		.protocol = by_call ? line->protocol : NULL,
	};

	/* Numbers of a server without a table are its own. */
	if (by_call && !line->protocol)
		key.dst_ep = line->dst_ep;
	return key;
}

static int is_same(const struct summary_key *a, const struct summary_key *b)
{
	return a->src_ep == b->src_ep && a->dst_ep == b->dst_ep && a->m_type == b->m_type &&
	       a->protocol == b->protocol;
}

static struct summary_row *find_row(struct summary *summary, const struct summary_key *key)
{
	uint64_t hash = (uint64_t)(uint32_t)key->src_ep * 0x9e3779b97f4a7c15u ^
			(uint64_t)(uint32_t)key->dst_ep * 0xc2b2ae3d27d4eb4fu ^
			(uint64_t)(uint32_t)key->m_type * 0x165667b19e3779f9u ^
			(uint64_t)(uintptr_t)key->protocol;
	struct summary_row *row;

	hash ^= hash >> 29;
	for (size_t place = hash % PLACES;; place = (place + 1) % PLACES) {
		if (!summary->places[place]) {
			if (summary->count == SUMMARY_ROWS)
				return NULL;
			row = calloc(1, sizeof(*row));
			if (!row)
				return NULL;
			row->key = *key;
			summary->rows[summary->count++] = row;
			summary->places[place] = summary->count;
			return row;
		}
		row = summary->rows[summary->places[place] - 1];
		if (is_same(&row->key, key))
			return row;
	}
}

static void count_error(struct summary_row *row, int code)
{
	int i = 0;

	row->failed++;
	while (i < row->error_count && row->errors[i].code != code)
		i++;
	if (i == SUMMARY_ERRORS)
		return;
	if (i == row->error_count)
		row->errors[row->error_count++].code = code;
	row->errors[i].count++;
}

void summary_add(struct summary *summary, const struct inspect_line *line)
{
	struct summary_row *row;
	struct summary_key key;

	if (line->kind != DVK_EVENT_CALL)
		return;
	key = key_of(summary, line);
	row = find_row(summary, &key);
	if (!row) {
		summary->dropped++;
		return;
	}
	if (line->is_open) {
		row->open++;
		return;
	}
	if (line->result < 0)
		count_error(row, line->result);
	if (line->took_ns > 0)
		summary->sum_ns += (double)line->took_ns;
	spread_add(&row->took, line->took_ns);
	spread_add(&row->queue, line->queue_ns);
	spread_add(&row->service, line->service_ns);
	spread_add(&row->others, line->others_ns);
}

void summary_name(const struct summary *summary, const struct summary_row *row,
		  struct inspect_tracer *tracer, struct text *out)
{
	struct inspect_line line = { .kind = DVK_EVENT_CALL,
				     .m_type = row->key.m_type,
				     .protocol = row->key.protocol };
	char name[INSPECT_NAME_BYTES];

	switch (summary->by) {
	case SUMMARY_BY_CALL:
		if (row->key.protocol)
			line.declared = protocol_call_by_number(row->key.protocol, row->key.m_type);
		else
			text_add(out, "%s ", inspect_tracer_name(tracer, row->key.dst_ep, name));
		inspect_line_name(&line, out);
		return;
	case SUMMARY_BY_CALLER:
		text_add(out, "%s", inspect_tracer_name(tracer, row->key.src_ep, name));
		return;
	case SUMMARY_BY_PAIR:
		text_add(out, "%s", inspect_tracer_name(tracer, row->key.src_ep, name));
		text_add(out, " > %s", inspect_tracer_name(tracer, row->key.dst_ep, name));
		return;
	case SUMMARY_BY_COUNT:
		return;
	}
}

void summary_errors(const struct summary_row *row, struct text *out)
{
	uint64_t named = 0;

	for (int i = 0; i < row->error_count; i++) {
		const char *name = dvk_errname(row->errors[i].code);

		text_add(out, "%s", i ? ", " : "");
		if (name)
			text_add(out, "%s", name);
		else
			text_add(out, "%d", row->errors[i].code);
		text_add(out, " %" PRIu64, row->errors[i].count);
		named += row->errors[i].count;
	}
	if (named < row->failed)
		text_add(out, ", others %" PRIu64, row->failed - named);
}
