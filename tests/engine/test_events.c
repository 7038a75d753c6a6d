/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_events.c - what the flight recorder and the ring hold after each step.
 */
#include "world.h"

/* The newest event's fields; kind 0: the step emits none. */
/* clang-format off */
static const struct {
	struct step step;
	int kind, src_ep, dst_ep, result, m_type, has_call;
} rows[] = {
	{ DO(SENDREC, U0, S0, DVK_BLOCKED), DVK_EVENT_CALL, U0, S0, 1, 7, 1 },
	{ DO(RECEIVE, S0, ANY, DVK_DONE), DVK_EVENT_DELIVER, U0, S0, 0, 7, 1 },
	{ DO(COPY, S0, U0, 0, .value = SELF), 0, 0, 0, 0, 0, 0 },
	{ DO(COPY_END, S0, 0, 0), DVK_EVENT_COPY, U0, S0, 0, 100, 1 },
	{ DO(COPY, S0, SELF, 0, .value = U0), 0, 0, 0, 0, 0, 0 },
	{ DO(COPY_END, S0, 0, EDVSFAULT, .type = EDVSFAULT), DVK_EVENT_COPY, S0, U0, EDVSFAULT,
	  100, 1 },
	{ DO(COPY, ADMIN, U1, 0, .value = S1), 0, 0, 0, 0, 0, 0 },
	{ DO(COPY_END, ADMIN, 0, 0), DVK_EVENT_COPY, U1, S1, 0, 100, 0 },
	{ DO(REPLY, S0, U0, DVK_DONE, .type = -2), DVK_EVENT_REPLY, S0, U0, 0, -2, 1 },
	{ DO(RECEIVE, S0, ANY, DVK_BLOCKED), DVK_EVENT_RECEIVE, ANY, S0, 0, 0, 0 },
	{ DO(SEND, U0, S0, DVK_DONE), DVK_EVENT_SEND, U0, S0, 0, 7, 0 },
	{ DO(SEND, U0, S0, DVK_BLOCKED, .deadline = LATER), DVK_EVENT_SEND, U0, S0, 1, 7, 0 },
	{ DO(TIMEOUT, U0, 0, EDVSTIMEDOUT), DVK_EVENT_TIMEOUT, U0, S0, EDVSTIMEDOUT, 0, 0 },
	{ DO(REPLY_RECEIVE, S0, NONE, DVK_BLOCKED, .value = ANY), 0, 0, 0, 0, 0, 0 },
	{ DO(SENDREC, U0, S0, DVK_BLOCKED), DVK_EVENT_CALL, U0, S0, 0, 7, 1 },
	{ DO(REPLY_RECEIVE, S0, U0, DVK_BLOCKED, .value = ANY), DVK_EVENT_REPLY, S0, U0, 0, 7, 1 },
	{ DO(NOTIFY, S1, S0, DVK_DONE), DVK_EVENT_NOTIFY, S1, S0, 0, NOTIFY_MESSAGE, 0 },
	{ DO(NOTIFY, S1, S0, DVK_DONE), DVK_EVENT_NOTIFY, S1, S0, 1, NOTIFY_MESSAGE, 0 },
	{ DO(RECEIVE, S0, ANY, DVK_DONE), DVK_EVENT_DELIVER, S1, S0, 0, NOTIFY_MESSAGE, 0 },
	{ DO(SEND, U0, FREE_SERVER, EDVSDSTDIED), DVK_EVENT_REFUSED, U0, FREE_SERVER,
	  EDVSDSTDIED, 7, 0 },
	{ DO(SEND, U0, 5000, EDVSRANGE), 0, 0, 0, 0, 0, 0 },
	{ DO(SEND, U0, S0, EDVSAGAIN, .deadline = POLL), 0, 0, 0, 0, 0, 0 },
	{ DO(REPLY, S0, U0, EDVSPROCSTS, .type = -1), DVK_EVENT_REFUSED, S0, U0, EDVSPROCSTS,
	  -1, 0 },
	{ DO(REPLY_RECEIVE, S0, U0, EDVSAGAIN, .value = ANY, .deadline = POLL),
	  DVK_EVENT_REFUSED, S0, U0, EDVSPROCSTS, 7, 0 },
	{ DO(RECEIVE, S0, FREE_SERVER, EDVSSRCDIED), DVK_EVENT_REFUSED, S0, FREE_SERVER,
	  EDVSSRCDIED, 0, 0 },
	{ DO(REPLY_RECEIVE, S0, NONE, EDVSENDPOINT, .value = 64), DVK_EVENT_REFUSED, S0, 64,
	  EDVSENDPOINT, 0, 0 },
	{ DO(REPLY_RECEIVE, S0, NONE, DVK_BLOCKED, .value = ANY), 0, 0, 0, 0, 0, 0 },
	{ DO(TIMEOUT, S0, 0, EDVSTIMEDOUT), DVK_EVENT_TIMEOUT, S0, ANY, EDVSTIMEDOUT, 0, 0 },
	{ DO(RCVRQST, S0, 0, DVK_BLOCKED), DVK_EVENT_RECEIVE, ANY, S0, 0, 0, 0 },
	{ DO(TIMEOUT, S0, 0, EDVSTIMEDOUT), DVK_EVENT_TIMEOUT, S0, ANY, EDVSTIMEDOUT, 0, 0 },
	{ DO(BIND, 0, FREE_SERVER, FREE_SERVER), DVK_EVENT_BIND, FREE_SERVER, NONE, 0, 0, 0 },
	{ DO(UNBIND, NONE, FREE_SERVER, 0), DVK_EVENT_NOTIFY, HARDWARE, SYS, 1,
	  NOTIFY_MESSAGE, 0 },
	{ DO(SENDREC, U1, S2, DVK_BLOCKED), DVK_EVENT_CALL, U1, S2, 1, 7, 1 },
	{ DO(EXIT, SYS, 0, 0), DVK_EVENT_EXIT, SYS, NONE, 0, 5, 0 },
	{ DO(EXIT, S2, 0, 0), DVK_EVENT_REFUSED, U1, S2, EDVSDEADSRCDST, 7, 1 },
	{ DO(COPY, ADMIN, U2, 0, .value = S1), 0, 0, 0, 0, 0, 0 },
	{ DO(EXIT, U2, 0, 0), DVK_EVENT_EXIT, U2, NONE, 0, 5, 0 },
	{ DO(BIND, 0, 66, 2 * GENERATION_SIZE + 66), DVK_EVENT_BIND, 2 * GENERATION_SIZE + 66, NONE,
	  0, 0, 0 },
	{ DO(COPY_END, ADMIN, 0, EDVSSRCDIED), DVK_EVENT_COPY, U2, S1, EDVSSRCDIED, 100, 0 },
};
/* clang-format on */

static void check_row(const struct dvk_event *e, size_t i)
{
	if (e->kind != rows[i].kind || e->src_ep != rows[i].src_ep || e->dst_ep != rows[i].dst_ep ||
	    e->result != rows[i].result || e->m_type != rows[i].m_type ||
	    !!e->call != rows[i].has_call)
		fail_msg("row %zu: kind %d %d->%d result %d type %d call %d", i + 1, e->kind,
			 e->src_ep, e->dst_ep, e->result, e->m_type, (int)e->call);
}

static void each_transition_leaves_its_record(void **unused)
{
	struct world world;
	struct dc_state *state;
	size_t i;

	(void)unused;
	world_init(&world, 0);
	state = world.dc.state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t before = state->event_next;
		int64_t now = state->now;
		const struct dvk_event *e;

		assert_int_equal(world_step(&world, &rows[i].step), rows[i].step.want);
		if (!rows[i].kind) {
			assert_int_equal(state->event_next, before);
			continue;
		}
		assert_true(state->event_next > before);
		e = &state->recorder[(state->event_next - 1) % DVK_RECORDER_EVENTS];
		assert_int_equal(e->sequence, state->event_next - 1);
		assert_int_equal(e->time_ns, now);
		check_row(e, i);
	}
	world_deinit(&world);
}

static void a_call_has_one_number_throughout(void **unused)
{
	struct world world;
	struct dvk_event *recorder;
	uint64_t first;
	size_t i;

	(void)unused;
	world_init(&world, 0);
	recorder = world.dc.state->recorder;
	first = world.dc.state->event_next;
	for (i = 0; i < 9; i++)
		world_step(&world, &rows[i].step);
	assert_int_equal(recorder[first].call, recorder[first + 1].call);
	assert_int_equal(recorder[first].call, recorder[first + 2].call);
	assert_int_equal(recorder[first].call, recorder[first + 3].call);
	assert_int_equal(recorder[first].call, recorder[first + 5].call);
	world_deinit(&world);
}

static void the_ring_has_messages_while_somebody_traces(void **unused)
{
	struct step call = DO(SENDREC, U0, S0, DVK_BLOCKED, .type = 17);
	struct step next = DO(SENDREC, U1, S0, DVK_BLOCKED);
	struct world world;
	struct dvk_record *record;

	(void)unused;
	world_init(&world, 0);
	world.dc.state->traced = 1;
	world_step(&world, &call);
	record = &world.dc.state->ring[(world.dc.state->event_next - 1) % DVK_RING_EVENTS];
	assert_int_equal(record->event.sequence, world.dc.state->event_next - 1);
	assert_int_equal(record->event.kind, DVK_EVENT_CALL);
	assert_int_equal(record->m.m_type, 17);
	assert_int_equal(record->m.m1_i1, U0);
	world.dc.state->traced = 0;
	world_step(&world, &next);
	assert_int_not_equal(record[1].event.sequence, world.dc.state->event_next - 1);
	world_deinit(&world);
}

static void the_recorder_can_be_off(void **unused)
{
	struct step send = DO(SEND, U0, S0, DVK_BLOCKED), send1 = DO(SEND, U1, S0, DVK_BLOCKED);
	struct world world;
	uint64_t before;

	(void)unused;
	world_init(&world, 0);
	world.dc.state->recorder_on = 0;
	before = world.dc.state->event_next;
	world_step(&world, &send);
	assert_int_equal(world.dc.state->event_next, before);
	world.dc.state->traced = 1;
	world_step(&world, &send1);
	assert_int_equal(world.dc.state->event_next, before + 1);
	assert_int_equal(world.dc.state->ring[before].event.sequence, before);
	assert_int_not_equal(world.dc.state->recorder[before].sequence, before);
	world_deinit(&world);
}

/* The debugger's own messages, to it and from it, are no events. */
static void a_quiet_slot_is_not_recorded(void **unused)
{
	static const struct step steps[] = {
		DO(RECEIVE, S0, ANY, DVK_BLOCKED),
		DO(SENDREC, U0, S0, DVK_BLOCKED),
		DO(REPLY_RECEIVE, S0, U0, DVK_BLOCKED, .value = ANY),
		DO(NOTIFY, S1, U0, DVK_DONE),
		DO(RECEIVE, U0, ANY, DVK_DONE),
		DO(SEND, U0, FREE_SERVER, EDVSDSTDIED),
		DO(SENDREC, U0, S1, DVK_BLOCKED),
		DO(RECEIVE, S1, ANY, DVK_DONE),
		DO(TIMEOUT, U0, 0, EDVSNOTREADY),
		DO(REPLY, S1, U0, EDVSPROCSTS),
		DO(SENDREC, U0, S1, DVK_BLOCKED),
	};
	struct world world;
	uint64_t before;
	size_t i;

	(void)unused;
	world_init(&world, 0);
	world_proc(&world, U0)->quiet = 1;
	world_step(&world, &steps[0]);
	before = world.dc.state->event_next;
	for (i = 1; i < sizeof(steps) / sizeof(steps[0]); i++)
		assert_int_equal(world_step(&world, &steps[i]), steps[i].want);
	assert_int_equal(world.dc.state->event_next, before);
	/* The exit and SYSTASK's notification, but not the end of the quiet one's call. */
	engine_exit(&world.dc, S1, 0);
	assert_int_equal(engine_result(&world.dc, 64, NULL), EDVSDEADSRCDST);
	assert_int_equal(world.dc.state->event_next, before + 2);
	world_deinit(&world);
}

int test_events(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_transition_leaves_its_record),
		cmocka_unit_test(a_call_has_one_number_throughout),
		cmocka_unit_test(the_ring_has_messages_while_somebody_traces),
		cmocka_unit_test(the_recorder_can_be_off),
		cmocka_unit_test(a_quiet_slot_is_not_recorded),
	};

	return cmocka_run_group_tests_name("engine: events", tests, NULL, NULL);
}
