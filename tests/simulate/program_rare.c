/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * program_rare.c - the arguments of calls that are made less often: of servers that
 * pass on, of those who wait for lives, of debuggers.
 */
#include <string.h>

#include "program.h"

void choose_rcvrqst(struct draw *d, struct call *c)
{
	(void)d;
	c->ep = ANY; /* of which a refusal speaks */
}

void choose_relay(struct draw *d, struct call *c)
{
	c->m.m_source = draw_endpoint_of(d, draw_client_of(d, draw_at(d, c->caller)));
	c->ep = draw_endpoint_of(d, draw_peer_of(d, draw_at(d, c->caller)));
}

void choose_wakeup(struct draw *d, struct call *c)
{
	c->ep = draw_endpoint_of(d, draw_one_in(d, 3) ? draw_anybody(d) : draw_somebody_waiting(d));
}

/* Also one that is still to come. */
void choose_wait_bind(struct draw *d, struct call *c)
{
	struct model_process *p = draw_anybody(d);

	c->ep = draw_one_in(d, 2) ? p->nr : draw_endpoint_of(d, p);
	if (draw_one_in(d, 4) && p->nr >= NR_SERVERS && p->generation < GENERATION_MAX)
		c->ep = p->endpoint + GENERATION_SIZE;
}

void choose_wait_unbind(struct draw *d, struct call *c)
{
	c->ep = draw_endpoint_of(d, draw_anybody(d));
}

/* Debuggers' calls are mostly made by who may make them. */
static void debugger_of(struct draw *d, struct call *c)
{
	struct model_process *p = draw_at(d, c->caller);
	int tries;

	for (tries = 0; tries < 12; tries++, p = draw_anybody(d))
		if (draw_may_act(d, p) && p->rights.level >= DVK_LEVEL_SYSTEM) {
			c->caller = p->nr;
			return;
		}
}

void choose_getpriv(struct draw *d, struct call *c)
{
	c->ep = draw_one_in(d, 2) ? SELF : draw_endpoint_of(d, draw_anybody(d));
}

/* Mostly all that there is, or nearly so. */
void choose_setpriv(struct draw *d, struct call *c)
{
	c->ep = draw_one_in(d, 4) ? SELF : draw_endpoint_of(d, draw_anybody(d));
	c->rights.level =
		draw_one_in(d, 30) ? draw_below(d, 9) - 2 : draw_below(d, DVK_LEVEL_SYSTEM + 1);
	c->rights.calls = draw_one_in(d, 2) ? ~0u : ~(1u << draw_below(d, 17));
	c->rights.targets = draw_one_in(d, 2) ? ~0ull : ~(1ull << draw_below(d, 64));
	c->rights.sources = draw_one_in(d, 2) ? ~0ull : ~(1ull << draw_below(d, 64));
	if (draw_one_in(d, 40))
		c->rights = (struct rights){ 0 };
	if (draw_one_in(d, 3))
		c->rights = (struct rights){ DVK_LEVEL_SYSTEM, ~0u, ~0ull, ~0ull, 0 };
	if (!draw_one_in(d, 8))
		debugger_of(d, c);
}

void choose_stop(struct draw *d, struct call *c)
{
	c->ep = draw_endpoint_of(d, draw_anybody(d));
	debugger_of(d, c);
}

/* Mostly one that is stopped. */
void choose_cont(struct draw *d, struct call *c)
{
	struct model_process *p = draw_anybody(d);
	int tries;

	for (tries = 0; tries < 20 && p->stopper == NONE; tries++)
		p = draw_anybody(d);
	c->ep = draw_endpoint_of(d, p);
	if (!draw_one_in(d, 8))
		debugger_of(d, c);
}

static void choose_test(struct draw *d, struct dvk_test *test)
{
	static const int sizes[] = { 1, 1, 1, 2, 4, 8 };

	test->bytes = (uint8_t)(draw_one_in(d, 40) ? draw_below(d, 10) : sizes[draw_below(d, 6)]);
	test->offset = (uint16_t)(draw_one_in(d, 2) ? 0 : draw_below(d, DVK_PAYLOAD_BYTES - 6));
	test->op = (uint8_t)draw_below(d, DVK_TEST_COUNT + draw_one_in(d, 20));
	test->value = test->bytes == 1 ? draw_below(d, 4) : draw_below(d, 1000) - 500;
}

void choose_hold(struct draw *d, struct call *c)
{
	struct dvk_hold *rule = &c->rule;
	uint32_t i;

	debugger_of(d, c);
	rule->src_ep = draw_one_in(d, 2) ? ANY : draw_endpoint_of(d, draw_anybody(d));
	rule->dst_ep = draw_one_in(d, 2) ? ANY : draw_endpoint_of(d, draw_anybody(d));
	rule->m_type = draw_one_in(d, 6) ? draw_below(d, 99) : DVK_ANY_TYPE;
	rule->call_type = draw_one_in(d, 6) ? draw_below(d, 99) : DVK_ANY_TYPE;
	rule->kinds =
		draw_one_in(d, 30) ? (uint32_t)draw_below(d, 64) : 2u * (uint32_t)draw_below(d, 16);
	if (draw_one_in(d, 8))
		rule->m_type = NOTIFY_MESSAGE;
	rule->test_count = draw_one_in(d, 2) ? 0 : 1 + (uint32_t)draw_below(d, 2);
	if (draw_one_in(d, 50))
		rule->test_count = 5;
	for (i = 0; i < rule->test_count && i < DVK_HOLD_TESTS; i++)
		choose_test(d, &rule->tests[i]);
}

void choose_unhold(struct draw *d, struct call *c)
{
	const struct model *model = d->sim->model;
	int place = draw_below(d, model->rules_used + 1);

	debugger_of(d, c);
	if (place < model->rules_used && !draw_one_in(d, 6))
		c->id = model->rules[place].id;
	else if (!draw_one_in(d, 3))
		c->id = 1ull << 30;
}

void choose_held_act(struct draw *d, struct call *c)
{
	const struct model *model = d->sim->model;
	int place = 0, tries;

	debugger_of(d, c);
	c->act = draw_one_in(d, 2)   ? (enum act)draw_below(d, ACTS)
		 : draw_one_in(d, 2) ? DUPLICATE
				     : RELEASE;
	c->value = draw_one_in(d, 20) ? draw_below(d, 2) : EDVSINTR;
	for (tries = 0; tries < 6 && model->held_used && !c->id; tries++) {
		place = draw_below(d, model->held_used);
		c->id = model->held[place].id;
	}
	if (!c->id && draw_one_in(d, 2))
		c->id = 1ull << 30;
}

void choose_register_table(struct draw *d, struct call *c)
{
	struct dvk_table *table = &c->table;

	table->address = draw_one_in(d, 20) ? 0 : 1 + (uint64_t)draw_below(d, 1000);
	table->rows = draw_one_in(d, 20) ? 0 : 1 + (uint32_t)draw_below(d, 100);
	table->row_bytes = draw_one_in(d, 20) ? 0 : 8;
	if (draw_one_in(d, 30))
		memset(table->type, draw_one_in(d, 2) ? 'x' : 0, sizeof(table->type));
	else
		table->type[0] = (char)('a' + draw_below(d, 24));
}
