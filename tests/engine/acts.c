/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * acts.c - the steps of requests, presence, rights, and of debuggers.
 */
#include <string.h>

#include "hold.h"
#include "world.h"

static int setpriv(struct world *world, const struct step *step)
{
	struct dvk_priv priv = { .level = DVK_LEVEL_USER, .calls = ~0u };

	memset(priv.targets, 0xff, sizeof(priv.targets));
	memset(priv.sources, 0xff, sizeof(priv.sources));
	switch ((enum priv_case)step->value) {
	case PRIV_ALL:
		break;
	case PRIV_ONLY_SENDREC:
		priv.calls = 1u << CALL_SENDREC_NR;
		break;
	case PRIV_NO_TARGETS:
		memset(priv.targets, 0, sizeof(priv.targets));
		break;
	case PRIV_NO_SOURCES:
		memset(priv.sources, 0, sizeof(priv.sources));
		break;
	case PRIV_SYSTEM:
		priv.level = DVK_LEVEL_SYSTEM;
		break;
	case PRIV_NO_SUCH_LEVEL:
		priv.level = DVK_LEVEL_KERNEL;
		break;
	}
	return engine_setpriv(&world->dc, dvk_endpoint_nr(step->who), step->to, &priv);
}

static int hold(struct world *world, const struct step *step)
{
	struct dvk_hold rule = { .src_ep = ANY,
				 .dst_ep = step->to,
				 .m_type = step->type ? step->type : DVK_ANY_TYPE,
				 .call_type = DVK_ANY_TYPE,
				 .kinds = (uint32_t)step->value };

	return engine_hold(&world->dc, dvk_endpoint_nr(step->who), &rule, &world->hold_id);
}

/* The message that was held last. */
static uint64_t newest(const struct world *world)
{
	uint64_t id = 0;
	int i;

	for (i = 0; i < DVK_HELD; i++) {
		const struct dvk_held *held = &world->dc.state->held[i];

		if (held_is_live(&world->dc, held) && held->id > id)
			id = held->id;
	}
	return id;
}

static int act(struct world *world, const struct step *step)
{
	message m = { .m_type = step->value, .m_source = 4711 };
	struct engine_held_act what = {
		.id = newest(world), .act = (enum held_act)step->type, .error = step->value, .m = &m
	};

	return engine_held_act(&world->dc, dvk_endpoint_nr(step->who), &what);
}

static int presence(struct world *world, const struct step *step, int64_t deadline)
{
	int nr = dvk_endpoint_nr(step->who), endpoint = NONE, rc;

	if (step->op == OP_WAIT_UNBIND)
		return engine_wait_unbind(&world->dc, nr, step->to, deadline);
	rc = engine_wait_bind(&world->dc, nr, step->to, deadline, &endpoint);
	return rc == DVK_DONE ? endpoint : rc;
}

int world_act(struct world *world, const struct step *step, const message *m, int64_t deadline)
{
	struct dc *dc = &world->dc;
	int nr = dvk_endpoint_nr(step->who);
	message relayed = *m;
	struct dvk_priv priv;

	relayed.m_source = step->value;
	switch (step->op) {
	case OP_RCVRQST:
		return engine_rcvrqst(dc, nr, &world->got, deadline);
	case OP_RELAY:
		return engine_relay(dc, nr, step->to, &relayed);
	case OP_WAKEUP:
		return engine_wakeup(dc, step->who == NONE ? NONE : nr, step->to);
	case OP_CANCEL:
		return engine_cancel(dc, nr);
	case OP_SETPRIV:
		return setpriv(world, step);
	case OP_GETPRIV:
		return engine_getpriv(dc, nr, step->to, &priv);
	case OP_STOP:
		return engine_stop(dc, nr, step->to);
	case OP_CONT:
		return engine_cont(dc, nr, step->to);
	case OP_HOLD:
		return hold(world, step);
	case OP_UNHOLD:
		return engine_unhold(dc, nr, step->value ? (uint32_t)step->value : world->hold_id);
	case OP_HELD:
		return act(world, step);
	case OP_DC_END:
		engine_end(&world->dc);
		return 0;
	default:
		return presence(world, step, deadline);
	}
}
