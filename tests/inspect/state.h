/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state.h - states of a DC written down as tables, for the tests of inspect.
 */
#ifndef TESTS_INSPECT_STATE_H
#define TESTS_INSPECT_STATE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <inspect.h>

#define STATE_NOW            100000000000LL /* when the snapshots were taken */
#define MS                   1000000LL
#define USER(generation, nr) ((generation)*GENERATION_SIZE + (nr))

/* A process in a few words; ages count back from STATE_NOW. */
struct state_process {
	const char *name;
	const char *muk;
	int endpoint;
	uint32_t rts;
	int peer_ep;   /* sendto or getfrom */
	int call_type; /* of its open call, 0: none */
	int place;     /* in the peer's queue */
	int64_t age_ns;
	int tid; /* 0: one of its own */
	int on_cpu;
	const char *note;
	int64_t deadline_ms; /* from now, 0: never */
};

static inline void state_fill(const struct state_process *row, struct dvk_procinfo *p)
{
	memset(p, 0, sizeof(*p));
	p->endpoint = row->endpoint;
	p->nr = dvk_endpoint_nr(row->endpoint);
	p->rts = row->rts;
	p->incarnation = (uint64_t)(p->nr + 1000);
	p->level = p->nr < 0 ? DVK_LEVEL_SYSTEM : p->nr < 64 ? DVK_LEVEL_SERVER : DVK_LEVEL_USER;
	p->pid = p->tid = row->tid ? row->tid : 10000 + p->nr;
	p->sendto_ep = row->rts & DVK_RTS_SENDING ? row->peer_ep : NONE;
	p->getfrom_ep = row->rts & DVK_RTS_RECEIVING ? row->peer_ep : NONE;
	p->call = row->call_type ? (uint64_t)(p->nr + 500) : 0;
	p->call_taken = row->call_type && row->rts & DVK_RTS_RECEIVING;
	p->call_type = row->call_type;
	p->queue_place = row->place;
	p->request_ep = NONE;
	p->on_cpu = row->on_cpu;
	p->wait_since_ns = row->rts && row->age_ns ? STATE_NOW - row->age_ns : 0;
	p->entered_ns = row->age_ns ? STATE_NOW - row->age_ns : 0;
	p->deadline_ns = row->deadline_ms ? STATE_NOW + row->deadline_ms * MS : INT64_MAX;
	strncpy(p->name, row->name, sizeof(p->name) - 1);
	strncpy(p->muk, row->muk ? row->muk : "", sizeof(p->muk) - 1);
	strncpy(p->sleep_note, row->note ? row->note : "", sizeof(p->sleep_note) - 1);
}

static inline int state_compare(const void *a, const void *b)
{
	return ((const struct dvk_procinfo *)a)->nr - ((const struct dvk_procinfo *)b)->nr;
}

/* A snapshot of the rows up to one without a name; the caller frees it with state_free(). */
static inline struct dvk_snapshot *state_make(const struct state_process *rows)
{
	struct dvk_snapshot *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	s->taken_ns = STATE_NOW;
	s->one_state = 1;
	while (rows[s->count].name)
		s->count++;
	s->procs = calloc((size_t)s->count + 1, sizeof(*s->procs));
	assert_non_null(s->procs);
	for (int i = 0; i < s->count; i++)
		state_fill(&rows[i], &s->procs[i]);
	qsort(s->procs, (size_t)s->count, sizeof(*s->procs), state_compare);
	return s;
}

static inline void state_free(struct dvk_snapshot *s)
{
	free(s->procs);
	free(s->tables);
	free(s);
}

#endif
