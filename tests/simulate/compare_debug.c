/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compare_debug.c - the tables beside the slots: rules, what is held, what servers
 * have registered, who died.
 */
#include "compare.h"
#include "hold.h"

static int compare_rules(struct simulation *sim)
{
	const struct model *model = sim->model;
	int i;

	for (i = 0; i < model->rules_used; i++) {
		const struct dvk_hold *is = &sim->dc.state->holds[i], *rule = &model->rules[i];

		EXPECT(sim, i, is->id, sim->engine_id[rule->id], "a rule's number");
		if (!rule->id)
			continue;
		EXPECT(sim, i, is->owner_ep, rule->owner_ep, "a rule's owner");
		EXPECT(sim, i, is->hits, rule->hits, "a rule's hits");
	}
	return 0;
}

static int compare_held(struct simulation *sim)
{
	struct model *model = sim->model;
	int i;

	for (i = 0; i < model->held_used; i++) {
		const struct dvk_held *is = &sim->dc.state->held[i], *held = &model->held[i];

		EXPECT(sim, i, held_is_live(&sim->dc, is), held->id != 0, "held");
		if (!held->id)
			continue;
		EXPECT(sim, i, is->id, sim->engine_id[held->id], "the number of what is held");
		EXPECT(sim, i, is->kind, held->kind, "its kind");
		EXPECT(sim, i, is->hold_id, sim->engine_id[held->hold_id], "its rule");
		EXPECT(sim, i, is->src_ep, held->src_ep, "its source");
		EXPECT(sim, i, is->dst_ep, held->dst_ep, "its destination");
		EXPECT(sim, i, is->call, drive_engine_call(sim, held->call), "its call");
		EXPECT(sim, i, is->since, held->since, "since when it is held");
		if (held->kind == DVK_HELD_NOTIFY) {
			EXPECT(sim, i, is->map, held->map, "its values");
			EXPECT(sim, i, is->merged, held->merged, "how many it stands for");
		} else if (held->kind == DVK_HELD_COPY && !same_message(&is->m, &held->m)) {
			return compare_fail(sim, "held %d: another message", i);
		} else if (held->kind == DVK_HELD_REPLY) {
			const struct model_process *client = model_find(model, held->dst_ep);

			if (!same_message(&dc_proc(&sim->dc, client->nr)->letter, &held->m))
				return compare_fail(sim, "held %d: another reply", i);
		}
	}
	return 0;
}

static int compare_tables(struct simulation *sim)
{
	const struct model *model = sim->model;
	int i;

	for (i = 0; i < model->tables_used; i++) {
		const struct dvk_table *is = &sim->dc.state->tables[i], *table = &model->tables[i];

		if (table->type[0] ? memcmp(is, table, sizeof(*is)) : is->type[0])
			return compare_fail(sim, "table %d is another", i);
	}
	return 0;
}

static int compare_exits(struct simulation *sim)
{
	const struct dc_state *state = sim->dc.state;
	const struct dc_exit *last = &state->exits[(state->exit_next - 1) % DC_EXITS];

	EXPECT(sim, NONE, state->exit_next, sim->model->exits, "the number of exits");
	if (!sim->model->exits)
		return 0;
	EXPECT(sim, NONE, last->endpoint, sim->model->last_exit.endpoint, "who died last");
	EXPECT(sim, NONE, last->code, sim->model->last_exit.code, "with what code");
	return 0;
}

int compare_debug(struct simulation *sim)
{
	if (compare_rules(sim) || compare_held(sim) || compare_tables(sim) || compare_exits(sim))
		return -1;
	return 0;
}
