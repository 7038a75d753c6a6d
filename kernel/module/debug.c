/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * debug.c - rights, stopping and holding: one transition each.
 */
#include "op.h"

static int getpriv_transition(struct call *call)
{
	return engine_getpriv(&call->container->dc, call->nr, call->entry->ep, call->data);
}

const struct op op_GETPRIV = { .needs = OP_HAS_SLOT | OP_OUT,
			       .bytes = sizeof(struct dvk_priv),
			       .transition = getpriv_transition };

static int setpriv_transition(struct call *call)
{
	return engine_setpriv(&call->container->dc, call->nr, call->entry->ep, call->data);
}

const struct op op_SETPRIV = { .needs = OP_HAS_SLOT | OP_IN,
			       .bytes = sizeof(struct dvk_priv),
			       .transition = setpriv_transition };

static int stop_transition(struct call *call)
{
	return engine_stop(&call->container->dc, call->nr, call->entry->ep);
}

const struct op op_STOP = { .needs = OP_HAS_SLOT, .transition = stop_transition };

static int cont_transition(struct call *call)
{
	return engine_cont(&call->container->dc, call->nr, call->entry->ep);
}

const struct op op_CONT = { .needs = OP_HAS_SLOT, .transition = cont_transition };

static int hold_transition(struct call *call)
{
	uint32_t id = 0;
	int rc = engine_hold(&call->container->dc, call->nr, call->data, &id);

	return rc ? rc : (int)id;
}

const struct op op_HOLD = { .needs = OP_HAS_SLOT | OP_IN,
			    .bytes = sizeof(struct dvk_hold),
			    .transition = hold_transition };

static int unhold_transition(struct call *call)
{
	if (call->entry->call > UINT32_MAX)
		return EDVSNOENT;
	return engine_unhold(&call->container->dc, call->nr, (uint32_t)call->entry->call);
}

const struct op op_UNHOLD = { .needs = OP_HAS_SLOT, .transition = unhold_transition };

static int holds_transition(struct call *call)
{
	return engine_holds(&call->container->dc, call->nr, call->data, call_room(call, DVK_HOLDS));
}

const struct op op_HOLDS = { .needs = OP_HAS_SLOT | OP_OUT | OP_ARRAY,
			     .bytes = sizeof(struct dvk_hold),
			     .max = DVK_HOLDS,
			     .transition = holds_transition };

static int held_transition(struct call *call)
{
	return engine_held(&call->container->dc, call->nr, call->data, call_room(call, DVK_HELD));
}

const struct op op_HELD = { .needs = OP_HAS_SLOT | OP_OUT | OP_ARRAY,
			    .bytes = sizeof(struct dvk_held),
			    .max = DVK_HELD,
			    .transition = held_transition };

static_assert((int)DVK_ACT_RELEASE == (int)HELD_RELEASE && (int)DVK_ACT_EDIT == (int)HELD_EDIT &&
		      (int)DVK_ACT_DROP == (int)HELD_DROP &&
		      (int)DVK_ACT_DUPLICATE == (int)HELD_DUPLICATE &&
		      (int)DVK_ACT_ANSWER == (int)HELD_ANSWER,
	      "the engine's order");

static int held_act_transition(struct call *call)
{
	struct engine_held_act act = { .id = call->entry->call,
				       .act = (enum held_act)call->entry->value,
				       .error = call->entry->src_ep,
				       .m = &call->entry->m };

	if (call->entry->value < DVK_ACT_RELEASE || call->entry->value > DVK_ACT_ANSWER)
		return EDVSBADVALUE;
	return engine_held_act(&call->container->dc, call->nr, &act);
}

const struct op op_HELD_ACT = { .needs = OP_HAS_SLOT, .transition = held_act_transition };
