/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hold.c - rules, and what they catch on its way.
 *
 * A request or a send that a rule catches queues at its receiver with HELD, and
 * is skipped there. A reply rests in its client's slot, which waits for nobody
 * from then on (getfrom_ep NONE), so that the server may go on, and die. A
 * notification is set aside in the table of what is held; another of its source
 * to the same receiver is merged with it. When that table is full, messages pass.
 * A rule catches nothing from or to its debugger, nor from or to quiet slots.
 */
#include "event.h"
#include "hold.h"

static int64_t field_of(const message *m, const struct dvk_test *test)
{
	uint64_t raw = 0;
	int unused = 64 - 8 * test->bytes;

	memcpy(&raw, m->payload + test->offset, test->bytes);
	/* Sign extension of what was read as a little-endian number. */
	return (int64_t)(raw << unused) >> unused;
}

static int test_fits(const message *m, const struct dvk_test *test)
{
	int64_t field = field_of(m, test);

	switch ((enum dvk_test_op)test->op) {
	case DVK_TEST_EQ:
		return field == test->value;
	case DVK_TEST_NE:
		return field != test->value;
	case DVK_TEST_LT:
		return field < test->value;
	case DVK_TEST_LE:
		return field <= test->value;
	case DVK_TEST_GT:
		return field > test->value;
	case DVK_TEST_GE:
		return field >= test->value;
	case DVK_TEST_BITS:
		return (field & test->value) != 0;
	case DVK_TEST_COUNT:
		break;
	}
	return 0;
}

/* Also of a rule that somebody has damaged. */
static int test_is_sound(const struct dvk_test *test)
{
	if (test->bytes != 1 && test->bytes != 2 && test->bytes != 4 && test->bytes != 8)
		return 0;
	return test->offset <= DVK_PAYLOAD_BYTES - test->bytes && test->op < DVK_TEST_COUNT;
}

/* m_type of the request that a message belongs to. */
static int32_t call_type_of(const struct hold_look *look)
{
	if (look->kind == DVK_HELD_REPLY)
		return look->dst->call_type;
	return look->kind == DVK_HELD_NOTIFY ? DVK_ANY_TYPE : look->m->m_type;
}

static int ends_fit(const struct dvk_hold *rule, const struct hold_look *look)
{
	int32_t src_ep = look->src->endpoint, dst_ep = look->dst->endpoint;

	if (src_ep == rule->owner_ep || dst_ep == rule->owner_ep)
		return 0;
	return (rule->src_ep == ANY || rule->src_ep == src_ep) &&
	       (rule->dst_ep == ANY || rule->dst_ep == dst_ep);
}

static int rule_fits(const struct dvk_hold *rule, const struct hold_look *look)
{
	uint32_t i;

	if (!rule->id || !(rule->kinds & DVK_HOLD_KIND(look->kind)) || !ends_fit(rule, look))
		return 0;
	if (rule->m_type != DVK_ANY_TYPE && rule->m_type != look->m->m_type)
		return 0;
	if (rule->call_type != DVK_ANY_TYPE && rule->call_type != call_type_of(look))
		return 0;
	for (i = 0; i < rule->test_count && i < DVK_HOLD_TESTS; i++)
		if (!test_is_sound(&rule->tests[i]) || !test_fits(look->m, &rule->tests[i]))
			return 0;
	return 1;
}

static uint32_t rule_for(const struct dc *dc, const struct hold_look *look)
{
	int i;

	if (!(dc->state->holding & HOLDING_RULES) || look->src->quiet | look->dst->quiet)
		return 0;
	for (i = 0; i < DVK_HOLDS; i++)
		if (rule_fits(&dc->state->holds[i], look))
			return dc->state->holds[i].id;
	return 0;
}

uint32_t hold_request(const struct dc *dc, const struct hold_look *look)
{
	uint32_t rule = rule_for(dc, look);

	return rule && held_has_room(dc) ? rule : 0;
}

static void count_hit(struct dc *dc, uint32_t rule)
{
	int i;

	for (i = 0; i < DVK_HOLDS; i++)
		if (dc->state->holds[i].id == rule)
			SET(dc, dc->state->holds[i].hits, dc->state->holds[i].hits + 1);
}

static void tell(struct dc *dc, const struct dvk_held *held, const message *m)
{
	struct event_what what = { .kind = DVK_EVENT_HOLD,
				   .src_ep = held->src_ep,
				   .dst_ep = held->dst_ep,
				   .call = held->call };

	event_emit(dc, &what, m);
}

/* p's message is the new entry's, and rests in p's slot. */
static int mark(struct dc *dc, struct proc *p, const struct dvk_held *as)
{
	struct dvk_held *held = held_make(dc, as);

	if (!held)
		return 0;
	SET(dc, dc_rest(dc, dc_nr(dc, p))->held, (int32_t)(held - dc->state->held));
	SET(dc, p->rts, p->rts | DVK_RTS_HELD);
	count_hit(dc, as->hold_id);
	tell(dc, held, &p->letter);
	return 1;
}

void hold_mark(struct dc *dc, struct proc *sender, uint32_t rule)
{
	/* There is room: hold_request() has seen to that. */
	(void)mark(dc, sender,
		   &(struct dvk_held){ .kind = sender->call_state ? DVK_HELD_CALL : DVK_HELD_SEND,
				       .hold_id = rule,
				       .src_ep = sender->endpoint,
				       .dst_ep = sender->sendto_ep,
				       .call = sender->call });
}

int hold_reply(struct dc *dc, const struct proc *server, struct proc *client, const message *m)
{
	uint32_t rule = rule_for(dc, &(struct hold_look){ DVK_HELD_REPLY, server, client, m });

	if (!rule)
		return 0;
	slot_put_letter(client, m, server->endpoint);
	if (!mark(dc, client,
		  &(struct dvk_held){ .kind = DVK_HELD_REPLY,
				      .hold_id = rule,
				      .src_ep = server->endpoint,
				      .dst_ep = client->endpoint,
				      .call = client->call }))
		return 0;
	SET(dc, client->call_state, CALL_REPLIED);
	SET(dc, client->getfrom_ep, NONE);
	return 1;
}

/* The one of this source that is set aside for dst already. */
static struct dvk_held *find_aside(struct dc *dc, int source_nr, const struct proc *dst)
{
	int i;

	for (i = 0; i < DVK_HELD; i++) {
		struct dvk_held *held = &dc->state->held[i];

		if (held->id && held->kind == DVK_HELD_NOTIFY && held->src_ep == source_nr &&
		    held->dst_ep == dst->endpoint)
			return held;
	}
	return NULL;
}

int hold_notify(struct dc *dc, int source_nr, struct proc *dst, int value)
{
	message m = { .m_source = source_nr, .m_type = NOTIFY_MESSAGE };
	struct hold_look look = { DVK_HELD_NOTIFY, dc_proc(dc, source_nr), dst, &m };
	struct dvk_held *held;
	uint32_t rule;

	m.m9_i1 = (int32_t)notify_map(value);
	rule = rule_for(dc, &look);
	if (!rule)
		return 0;
	held = find_aside(dc, source_nr, dst);
	if (held) {
		SET(dc, held->map, held->map | notify_map(value));
		SET(dc, held->merged, held->merged + 1);
		return 1;
	}
	held = held_make(dc, &(struct dvk_held){ .kind = DVK_HELD_NOTIFY,
						 .hold_id = rule,
						 .src_ep = source_nr,
						 .dst_ep = dst->endpoint,
						 .map = notify_map(value),
						 .merged = 1 });
	if (!held)
		return 0;
	count_hit(dc, rule);
	tell(dc, held, &m);
	return 1;
}

/* ---- the debugger's side ---- */

static int check_debugger(const struct dc *dc, int caller_nr, struct proc **ret_caller)
{
	int rc = check_caller(dc, caller_nr, ret_caller);

	if (rc)
		return rc;
	if (!((*ret_caller)->rights & RIGHT_SYSTEM))
		return EDVSPRIVILEGES;
	return check_rights(dc, *ret_caller, NULL, CALL_HOLD_NR);
}

static int rule_is_sound(const struct dc *dc, const struct dvk_hold *rule)
{
	uint32_t all = DVK_HOLD_KIND(DVK_HELD_SEND) | DVK_HOLD_KIND(DVK_HELD_CALL) |
		       DVK_HOLD_KIND(DVK_HELD_REPLY) | DVK_HOLD_KIND(DVK_HELD_NOTIFY);
	uint32_t i;

	if (!(rule->kinds & all) || rule->kinds & ~all || rule->test_count > DVK_HOLD_TESTS)
		return 0;
	if (rule->src_ep != ANY && !slot_find(dc, rule->src_ep))
		return 0;
	if (rule->dst_ep != ANY && !slot_find(dc, rule->dst_ep))
		return 0;
	for (i = 0; i < rule->test_count; i++)
		if (!test_is_sound(&rule->tests[i]))
			return 0;
	return 1;
}

int engine_hold(struct dc *dc, int caller_nr, const struct dvk_hold *rule, uint32_t *ret_id)
{
	struct dvk_hold *place = NULL;
	struct proc *caller;
	int rc = check_debugger(dc, caller_nr, &caller), i;

	if (rc)
		return rc;
	if (!rule_is_sound(dc, rule))
		return EDVSBADVALUE;
	for (i = 0; i < DVK_HOLDS && !place; i++)
		if (!dc->state->holds[i].id)
			place = &dc->state->holds[i];
	if (!place)
		return EDVSRSCBUSY;
	undo_save(dc, place, sizeof(*place));
	*place = *rule;
	place->owner_ep = caller->endpoint;
	place->hits = 0;
	/* Numbers may be skipped; 0 is none. */
	place->id = ++dc->state->next_hold ? dc->state->next_hold : ++dc->state->next_hold;
	SET(dc, dc->state->holding, dc->state->holding | HOLDING_RULES);
	*ret_id = place->id;
	return 0;
}

/* The rule is gone; what it holds goes on. */
static void end_rule(struct dc *dc, struct dvk_hold *rule)
{
	uint32_t id = rule->id;
	int i;

	SET(dc, rule->id, 0);
	for (i = 0; i < DVK_HELD; i++) {
		struct dvk_held *held = &dc->state->held[i];

		if (held->hold_id == id && held->kind != DVK_HELD_COPY && held_is_live(dc, held))
			held_release(dc, held);
	}
}

static int end_rules(struct dc *dc, int owner_ep, uint32_t id)
{
	int i, ended = 0, left = 0;

	for (i = 0; i < DVK_HOLDS; i++) {
		struct dvk_hold *rule = &dc->state->holds[i];

		if (!rule->id)
			continue;
		if (id ? rule->id == id : rule->owner_ep == owner_ep) {
			end_rule(dc, rule);
			ended++;
		} else {
			left++;
		}
	}
	if (ended && !left)
		SET(dc, dc->state->holding, dc->state->holding & ~(uint32_t)HOLDING_RULES);
	return ended;
}

int engine_unhold(struct dc *dc, int caller_nr, uint32_t id)
{
	struct proc *caller;
	int rc = check_debugger(dc, caller_nr, &caller);

	if (rc)
		return rc;
	return end_rules(dc, caller->endpoint, id) || !id ? 0 : EDVSNOENT;
}

int engine_holds(struct dc *dc, int caller_nr, struct dvk_hold *ret_holds, int max)
{
	struct proc *caller;
	int rc = check_debugger(dc, caller_nr, &caller), count = 0, i;

	if (rc)
		return rc;
	for (i = 0; i < DVK_HOLDS && count < max; i++)
		if (dc->state->holds[i].id)
			ret_holds[count++] = dc->state->holds[i];
	return count;
}

/* What is set aside from or to the dead one goes with it. */
static void forget_aside(struct dc *dc, const struct proc *dead)
{
	int i;

	for (i = 0; i < DVK_HELD; i++) {
		struct dvk_held *held = &dc->state->held[i];

		if (!held->id || (held->kind != DVK_HELD_NOTIFY && held->kind != DVK_HELD_COPY))
			continue;
		if (held->src_ep != dead->endpoint && held->dst_ep != dead->endpoint)
			continue;
		SET(dc, held->id, 0);
		if (held->kind == DVK_HELD_COPY && slot_alive(dc, held->dst_ep))
			held_end_copies(dc, slot_find(dc, held->dst_ep));
	}
}

void hold_forget(struct dc *dc, const struct proc *dead)
{
	forget_aside(dc, dead);
	(void)end_rules(dc, dead->endpoint, 0);
}
