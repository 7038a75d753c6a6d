/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * world.c - see world.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hold.h"
#include "world.h"

int world_bind(struct world *world, int nr, int member, int is_system)
{
	struct engine_bind request = { .nr = nr,
				       .member = member,
				       .name = "one",
				       .muk = "m",
				       .is_owner = 1,
				       .is_system = is_system };
	int ep = NONE;

	assert_int_equal(engine_bind(&world->dc, &request, &ep), 0);
	world_commit(world);
	return ep;
}

void world_init(struct world *world, int strict)
{
	static const int population[] = { TASK, SYS, S0, S1, S2 };
	size_t i, bytes = (dc_bytes(WORLD_PROCS) + 63) & ~(size_t)63;

	memset(world, 0, sizeof(*world));
	world->memory = aligned_alloc(64, bytes);
	assert_non_null(world->memory);
	memset(world->memory, 0, bytes);
	assert_int_equal(dc_init(&world->dc, world->memory, 3, WORLD_PROCS), 0);
	world->dc.host = &world->host;
	world->dc.state->strict = strict;
	world->dc.state->recorder_on = 1;
	world->dc.state->running = 1;
	for (i = 0; i < sizeof(population) / sizeof(population[0]); i++)
		assert_int_equal(world_bind(world, population[i], i, 0), population[i]);
	assert_int_equal(world_bind(world, NONE, 10, 0), U0);
	assert_int_equal(world_bind(world, NONE, 11, 0), U1);
	assert_int_equal(world_bind(world, NONE, 12, 0), U2);
	assert_int_equal(world_bind(world, NONE, 13, 1), ADMIN);
}

void world_deinit(struct world *world)
{
	free(world->memory);
}

struct proc *world_proc(const struct world *world, int ep)
{
	int nr = dvk_endpoint_nr(ep);

	assert_true(dc_has_nr(&world->dc, nr));
	return dc_proc(&world->dc, nr);
}

void world_commit(struct world *world)
{
	struct test_host *host = &world->host;

	if (host->saves > host->most_saves)
		host->most_saves = host->saves;
	host->saves = 0;
	world->dc.state->undo_count = 0;
	world->dc.state->transitions++;
	world->dc.state->now++;
}

/* 1 when nr was woken; forgets it. */
static int take_wake(struct world *world, int nr, int handover)
{
	int i;

	for (i = 0; i < world->host.wake_count; i++) {
		struct test_wake *wake = &world->host.wakes[i];

		if (wake->nr != nr || (handover && !wake->handover))
			continue;
		*wake = world->host.wakes[--world->host.wake_count];
		return 1;
	}
	return 0;
}

static int queue_length(const struct world *world, int ep)
{
	struct dvk_procinfo info;

	view_procinfo(&world->dc, dvk_endpoint_nr(ep), &info);
	view_queues(&world->dc, &info, 1);
	return info.queue_length;
}

static int helds(const struct world *world)
{
	int i, count = 0;

	for (i = 0; i < DVK_HELD; i++)
		count += held_is_live(&world->dc, &world->dc.state->held[i]);
	return count;
}

static int look(struct world *world, const struct step *step)
{
	struct proc *p = world_proc(world, step->who);
	int bit = step->to + NR_TASKS;

	switch (step->op) {
	case OP_RTS:
		return (int)p->rts;
	case OP_LETTER:
		return p->letter.m_source == step->to ? p->letter.m_type : -1;
	case OP_PENDING:
		return p->notify_pending[bit / 64] >> (bit % 64) & 1;
	case OP_HELDS:
		return helds(world);
	case OP_HAND:
		return p->request_ep == step->to;
	case OP_WOKEN:
		return take_wake(world, dvk_endpoint_nr(step->who), 0);
	case OP_HANDED:
		return take_wake(world, dvk_endpoint_nr(step->who), 1);
	default:
		return queue_length(world, step->who);
	}
}

static void remember_request(struct world *world, int nr, int rc)
{
	const struct proc *p = dc_proc(&world->dc, nr);

	if (rc == DVK_DONE && p->request_call)
		world->request = (struct dvk_request){ p->request_ep, 0, p->request_call };
}

static int bind_step(struct world *world, const struct step *step)
{
	struct engine_bind request = { .nr = step->to, .member = 20, .name = "new", .is_owner = 1 };
	int ep, rc = engine_bind(&world->dc, &request, &ep);

	return rc ? rc : ep;
}

static int talk(struct world *world, const struct step *step, message *m, int64_t deadline)
{
	struct engine_answer answer = { step->to, m };
	int nr = dvk_endpoint_nr(step->who), rc;

	switch (step->op) {
	case OP_SEND:
		return engine_send(&world->dc, nr, step->to, m, deadline);
	case OP_SENDREC:
		return engine_sendrec(&world->dc, nr, step->to, m, deadline);
	case OP_RECEIVE:
		rc = engine_receive(&world->dc, nr, step->to, &world->got, deadline);
		remember_request(world, nr, rc);
		return rc;
	case OP_REPLY:
		return engine_reply(&world->dc, nr, step->to, m);
	case OP_REPLY_TO:
		return engine_reply_to(&world->dc, nr, world->request, m);
	default:
		rc = engine_reply_receive(&world->dc, nr, &answer, step->value, &world->got,
					  deadline);
		remember_request(world, nr, rc);
		return rc;
	}
}

static int act(struct world *world, const struct step *step)
{
	struct dc *dc = &world->dc;
	int nr = dvk_endpoint_nr(step->who), rc;

	switch (step->op) {
	case OP_NOTIFY:
		return engine_notify(dc, nr, step->type ? step->type : nr, step->to,
				     step->value - 1);
	case OP_COPY:
		return engine_copy_begin(dc, nr, step->to, step->value,
					 step->deadline ? (uint64_t)step->deadline : 100,
					 &world->copy);
	case OP_COPY_END:
		return engine_copy_end(dc, nr, &world->copy, 100, step->type);
	case OP_TIMEOUT:
		return engine_timeout(dc, nr);
	case OP_RESULT:
		rc = engine_result(dc, nr, &world->got);
		remember_request(world, nr, rc);
		return rc;
	case OP_EXIT:
		return engine_exit(dc, nr, 5);
	case OP_UNBIND:
		return engine_unbind(dc, step->who == NONE ? NONE : nr, step->to, 5);
	case OP_BIND:
		return bind_step(world, step);
	case OP_TABLE:
		return engine_register_table(
			dc, nr,
			&(struct dvk_table){ .address = (uint64_t)step->value + 1,
					     .rows = 1,
					     .row_bytes = 8,
					     .type = "test.row" });
	case OP_FLAG:
		world_proc(world, step->to)->rts |= (uint32_t)step->value;
		return 0;
	default:
		world_proc(world, step->to)->rts &= ~(uint32_t)step->value;
		return 0;
	}
}

int world_try(struct world *world, const struct step *step)
{
	message m = { .m_source = 12345, .m_type = step->type ? step->type : 7 };
	int64_t deadline = step->deadline == 0      ? DC_NEVER
			   : step->deadline == POLL ? 0
						    : step->deadline;

	m.m1_i1 = step->who;
	if (step->op >= OP_RTS)
		return look(world, step);
	if (step->op >= OP_RCVRQST && step->op <= OP_DC_END)
		return world_act(world, step, &m, deadline);
	if (step->op <= OP_REPLY_RECEIVE)
		return talk(world, step, &m, deadline);
	return act(world, step);
}

int world_step(struct world *world, const struct step *step)
{
	int rc = world_try(world, step);

	world_commit(world);
	return rc;
}

void world_run_case(const struct test_case *c)
{
	struct world world;
	int i, rc;

	world_init(&world, c->strict);
	for (i = 0; i < CASE_STEPS && c->steps[i].op != OP_END; i++) {
		rc = world_step(&world, &c->steps[i]);
		if (rc != c->steps[i].want)
			fail_msg("%s: step %d gives %d, wanted %d", c->name, i + 1, rc,
				 c->steps[i].want);
		check_invariants(&world);
	}
	world_deinit(&world);
}

void run_cases(const struct test_case *cases)
{
	for (; cases->name; cases++)
		world_run_case(cases);
}
