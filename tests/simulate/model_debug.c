/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model_debug.c - the model: what debuggers stop and hold, and what servers register.
 */
#include "model_rules.h"

static int field_fits(const struct dvk_test *test, const message *m)
{
	const unsigned char *bytes = m->payload + test->offset;
	int64_t value = test->value, field = (signed char)bytes[test->bytes - 1];
	int i;

	for (i = test->bytes - 2; i >= 0; i--)
		field = field * 256 + bytes[i];
	return (const int[]){ field == value, field != value,
			      field<value, field <= value, field> value, field >= value,
			      (field & value) != 0 }[test->op];
}

static int has_room(struct model *dc)
{
	struct dvk_held *held;

	foreach (dc, held, held)
		REQUIRE(held->id, 1);
	return dc->held_used < DVK_HELD;
}

/* The first rule that a message fits; NULL, or no room: it goes on. */
struct dvk_hold *model_caught(struct model *dc, const struct dvk_held *as)
{
	const struct model_process *client = model_find(dc, as->dst_ep);
	int type = as->kind == DVK_HELD_REPLY ? client->wait.type : as->m.m_type, misfits;
	struct dvk_hold *rule;
	uint32_t i;

	foreach (dc, rules, rule) {
		misfits = !rule->id || !(rule->kinds & 1u << as->kind) ||
			  rule->owner_ep == as->src_ep || rule->owner_ep == as->dst_ep ||
			  (rule->src_ep != ANY && rule->src_ep != as->src_ep) ||
			  (rule->dst_ep != ANY && rule->dst_ep != as->dst_ep) ||
			  (rule->m_type != DVK_ANY_TYPE && rule->m_type != as->m.m_type) ||
			  (rule->call_type != DVK_ANY_TYPE &&
			   (as->kind == DVK_HELD_NOTIFY || rule->call_type != type));
		for (i = 0; !misfits && i < rule->test_count; i++)
			misfits = !field_fits(&rule->tests[i], &as->m);
		if (!misfits)
			return as->kind == DVK_HELD_NOTIFY || has_room(dc) ? rule : NULL;
	}
	return NULL;
}

struct dvk_held *model_keep(struct model *dc, const struct dvk_held *as)
{
	struct dvk_held *held;

	foreach (dc, held, held)
		if (!held->id)
			break;
	REQUIRE(held < dc->held + DVK_HELD, NULL);
	dc->held_used += held == dc->held + dc->held_used;
	*held = *as;
	held->id = ++dc->ids;
	held->since = dc->now;
	return held;
}

/* The message rests with p, NULL: aside. 0: there is no room, so it passes. */
int model_hold(struct model *dc, struct dvk_hold *rule, struct model_process *p, struct dvk_held as)
{
	struct dvk_held *held;

	as.hold_id = rule->id;
	held = model_keep(dc, &as);
	REQUIRE(held, 0);
	rule->hits++;
	if (p) {
		p->held = held;
		p->letter = as.m;
	}
	EMIT(dc, DVK_EVENT_HOLD, as.src_ep, as.dst_ep, 0, as.m.m_type, as.call);
	return 1;
}

/* ---- debuggers ---- */

int model_call_stop(struct model *dc)
{
	struct model_process *p = model_find(dc, dc->call->ep);

	if (p->stopper == NONE) {
		p->stopper = dc->caller->nr;
		EMIT(dc, DVK_EVENT_HOLD, p->endpoint, NONE);
	}
	return DONE;
}

int model_call_cont(struct model *dc)
{
	struct model_process *p = model_find(dc, dc->call->ep);

	REQUIRE(p->stopper != NONE, EDVSPROCSTS);
	p->stopper = NONE;
	EMIT(dc, DVK_EVENT_RELEASE, p->endpoint, NONE);
	model_wake(dc, p, 0);
	return DONE;
}

int model_call_hold(struct model *dc)
{
	const struct dvk_hold *new = &dc->call->rule;
	uint32_t all = 1u << DVK_HELD_SEND | 1u << DVK_HELD_CALL | 1u << DVK_HELD_REPLY |
		       1u << DVK_HELD_NOTIFY,
		 i;
	struct dvk_hold *rule;

	REQUIRE(new->kinds && !(new->kinds & ~all), EDVSBADVALUE);
	REQUIRE(new->src_ep == ANY || model_find(dc, new->src_ep), EDVSBADVALUE);
	REQUIRE(new->dst_ep == ANY || model_find(dc, new->dst_ep), EDVSBADVALUE);
	REQUIRE(new->test_count <= DVK_HOLD_TESTS, EDVSBADVALUE);
	for (i = 0; i < new->test_count; i++) {
		int bytes = new->tests[i].bytes;

		REQUIRE(bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8, EDVSBADVALUE);
		REQUIRE(new->tests[i].offset + bytes <= DVK_PAYLOAD_BYTES, EDVSBADVALUE);
		REQUIRE(new->tests[i].op < DVK_TEST_COUNT, EDVSBADVALUE);
	}
	foreach (dc, rules, rule)
		if (!rule->id)
			break;
	REQUIRE(rule < dc->rules + DVK_HOLDS, EDVSRSCBUSY);
	dc->rules_used += rule == dc->rules + dc->rules_used;
	*rule = *new;
	rule->id = (uint32_t)++dc->ids;
	rule->owner_ep = dc->caller->endpoint;
	rule->hits = 0;
	return DONE;
}

/* In whose slot it rests, if in any. */
struct model_process *model_rests_with(struct model *dc, const struct dvk_held *held)
{
	REQUIRE(held->kind != DVK_HELD_NOTIFY && held->kind != DVK_HELD_COPY, NULL);
	return model_find(dc, held->kind == DVK_HELD_REPLY ? held->dst_ep : held->src_ep);
}

/* It ends being held: an event. */
static void let_go(struct model *dc, struct dvk_held *held, int kind)
{
	int type = model_rests_with(dc, held) ? held->m.m_type : 0;

	EMIT(dc, kind, held->src_ep, held->dst_ep, 0, type, held->call);
	held->id = 0;
}

/* It goes on as if it came now. */
static void release(struct model *dc, struct dvk_held *held)
{
	struct model_process *p = model_rests_with(dc, held), *dst = model_find(dc, held->dst_ep);

	let_go(dc, held, DVK_EVENT_RELEASE);
	if (!p) {
		model_post(dc, held->src_ep, dst, *held);
	} else if (p == dst) {
		model_end_wait(dc, p, 0, 0);
	} else {
		p->held = NULL;
		REQUIRE(model_awaits(dst, held->src_ep) ||
				(dst->waits == REQUESTS && held->call), );
		model_take_message(dc, dst, p);
		model_end_wait(dc, dst, 0, 0);
	}
}

static int duplicate(struct model *dc, struct dvk_held copy)
{
	struct model_process *dst = model_find(dc, copy.dst_ep);

	copy.call = copy.kind == DVK_HELD_CALL ? COPY_CALL : 0;
	copy.kind = DVK_HELD_COPY;
	if (dst->waits == IN_CALL ||
	    !(model_awaits(dst, copy.src_ep) || (dst->waits == REQUESTS && copy.call)))
		return model_keep(dc, &copy) ? DONE : EDVSRSCBUSY;
	model_take_copy(dc, dst, &copy);
	model_end_wait(dc, dst, 0, 0);
	return DONE;
}

/* What is held gets m, from whom it was from. */
static void rewrite(struct model *dc, struct dvk_held *held, int source_ep)
{
	struct model_process *p = model_rests_with(dc, held);

	held->m = dc->call->m;
	held->m.m_source = source_ep;
	if (p)
		p->letter = held->m;
	if (held->kind == DVK_HELD_CALL)
		p->wait.type = held->m.m_type;
}

int model_call_held_act(struct model *dc)
{
	const struct call *c = dc->call;
	struct dvk_held *held;
	enum act act = c->act;
	struct model_process *p;

	foreach (dc, held, held)
		if (held->id && held->id == c->id)
			break;
	REQUIRE(held < dc->held + dc->held_used, EDVSNOMSG);
	p = model_rests_with(dc, held);
	REQUIRE(act != EDIT || held->kind != DVK_HELD_NOTIFY, EDVSPROCSTS);
	REQUIRE(act != DUPLICATE || (p && held->kind != DVK_HELD_REPLY), EDVSPROCSTS);
	REQUIRE(act != ANSWER || held->kind == DVK_HELD_CALL, EDVSPROCSTS);
	REQUIRE((act != EDIT && act != ANSWER) || c->m.m_type != NOTIFY_MESSAGE, EDVSBADREQUEST);
	REQUIRE(act != DROP || c->value < 0, EDVSBADVALUE);
	if (act == DUPLICATE)
		return duplicate(dc, *held);
	if (act == RELEASE && held->kind != DVK_HELD_COPY)
		release(dc, held);
	if (act == EDIT)
		rewrite(dc, held, held->m.m_source);
	if (act != DROP && act != ANSWER)
		return DONE;
	let_go(dc, held, act == DROP ? DVK_EVENT_CANCEL : DVK_EVENT_RELEASE);
	if (act == ANSWER)
		rewrite(dc, held, held->dst_ep);
	if (p)
		model_end_wait(dc, p, act == DROP ? c->value : 0, 0);
	return DONE;
}

void model_end_rule(struct model *dc, struct dvk_hold *rule)
{
	struct dvk_held *held;

	foreach (dc, held, held)
		if (held->id && held->hold_id == rule->id && held->kind != DVK_HELD_COPY)
			release(dc, held);
	rule->id = 0;
}

/* 0: all of the caller's. */
int model_call_unhold(struct model *dc)
{
	struct dvk_hold *rule;
	int ended = !dc->call->id;

	foreach (dc, rules, rule)
		if (rule->id && (dc->call->id ? rule->id == dc->call->id
					      : rule->owner_ep == dc->caller->endpoint)) {
			model_end_rule(dc, rule);
			ended = 1;
		}
	return ended ? DONE : EDVSNOENT;
}

/* Of a type that the caller has registered already, in its place. */
int model_call_register_table(struct model *dc)
{
	const struct dvk_table *new = &dc->call->table;
	struct dvk_table *table, *place = NULL;

	REQUIRE(new->type[0] && memchr(new->type, 0, sizeof(new->type)), EDVSNAMESIZE);
	REQUIRE(new->address &&new->rows &&new->row_bytes, EDVSBADVALUE);
	foreach (dc, tables, table)
		if (!place && !table->type[0])
			place = table;
	place = place ? place : table;
	foreach (dc, tables, table)
		if (table->owner_ep == dc->caller->endpoint && !strcmp(table->type, new->type))
			place = table;
	REQUIRE(place < dc->tables + DVK_TABLES, EDVSRSCBUSY);
	dc->tables_used += place == dc->tables + dc->tables_used;
	*place = *new;
	place->owner_ep = dc->caller->endpoint;
	return DONE;
}
