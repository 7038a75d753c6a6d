/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * debug.c - rights, stopping and holding: one transition each.
 */
#include <dvk/debug.h>

#include "call.h"
#include "view.h"

/* An array that the module fills. */
static int device_list_of(int op, void *ret_rows, int max)
{
	struct dvk_entry entry = { .op = (uint16_t)op,
				   .data = dvk_address(ret_rows),
				   .size = max < 0 ? 0 : (uint64_t)max };
	int rc = device_refusal();

	return rc == CALL_DEVICE ? device_call(&entry, NULL, NULL) : rc;
}

/* Begins a transition of the current slot. */
static int enter(struct call *call)
{
	int rc = call_begin(call);

	if (rc == 0)
		call_enter(call);
	return rc;
}

int dvk_getpriv(int endpoint, struct dvk_priv *ret_priv)
{
	struct dvk_priv priv;
	struct call call;
	int rc = enter(&call);

	if (rc == CALL_DEVICE)
		return device_call(
			DEVICE_ENTRY(GETPRIV, .ep = endpoint, .data = dvk_address(ret_priv)), NULL,
			NULL);
	if (rc)
		return rc;
	rc = call_leave(&call, engine_getpriv(&host.dc, call.nr, endpoint, &priv));
	if (rc == 0)
		*ret_priv = priv;
	return rc;
}

int dvk_setpriv(int endpoint, const struct dvk_priv *priv)
{
	struct dvk_priv wanted = *priv;
	struct call call;
	int rc = enter(&call);

	if (rc == CALL_DEVICE)
		return device_call(
			DEVICE_ENTRY(SETPRIV, .ep = endpoint, .data = dvk_address(&wanted)), NULL,
			NULL);
	return rc ? rc : call_leave(&call, engine_setpriv(&host.dc, call.nr, endpoint, &wanted));
}

int dvk_stop(int endpoint)
{
	struct call call;
	int rc = enter(&call);

	if (rc == CALL_DEVICE)
		return device_call(DEVICE_ENTRY(STOP, .ep = endpoint), NULL, NULL);
	return rc ? rc : call_leave(&call, engine_stop(&host.dc, call.nr, endpoint));
}

int dvk_cont(int endpoint)
{
	struct call call;
	int rc = enter(&call);

	if (rc == CALL_DEVICE)
		return device_call(DEVICE_ENTRY(CONT, .ep = endpoint), NULL, NULL);
	return rc ? rc : call_leave(&call, engine_cont(&host.dc, call.nr, endpoint));
}

int dvk_hold(const struct dvk_hold *rule)
{
	struct dvk_hold wanted = *rule;
	struct call call;
	uint32_t id = 0;
	int rc = enter(&call);

	if (rc == CALL_DEVICE)
		return device_call(DEVICE_ENTRY(HOLD, .data = dvk_address(&wanted)), NULL, NULL);
	if (rc)
		return rc;
	rc = call_leave(&call, engine_hold(&host.dc, call.nr, &wanted, &id));
	return rc ? rc : (int)id;
}

int dvk_unhold(uint32_t id)
{
	struct call call;
	int rc = enter(&call);

	if (rc == CALL_DEVICE)
		return device_call(DEVICE_ENTRY(UNHOLD, .call = id), NULL, NULL);
	return rc ? rc : call_leave(&call, engine_unhold(&host.dc, call.nr, id));
}

/* The caller's memory is not touched under the lock: a fault there would hold it. */
int dvk_holds(struct dvk_hold *ret_holds, int max)
{
	struct dvk_hold holds[DVK_HOLDS];
	struct call call;
	int count, rc = enter(&call);

	if (rc == CALL_DEVICE)
		return device_list_of(DVK_OP_HOLDS, ret_holds, max);
	if (rc)
		return rc;
	count = engine_holds(&host.dc, call.nr, holds, max < DVK_HOLDS ? max : DVK_HOLDS);
	host_leave(&host.dc, &call.self->seat);
	for (int i = 0; i < count; i++)
		ret_holds[i] = holds[i];
	return count;
}

int dvk_held(struct dvk_held *ret_held, int max)
{
	static const int room = DVK_HELD;
	struct dvk_held held[DVK_HELD];
	struct ticks_line line;
	struct call call;
	int count, rc;

	if (device.open)
		return device_list_of(DVK_OP_HELD, ret_held, max);
	line = view_line(host.mapping.segment);
	rc = enter(&call);
	if (rc)
		return rc;
	count = engine_held(&host.dc, call.nr, held, max < room ? max : room);
	host_leave(&host.dc, &call.self->seat);
	for (int i = 0; i < count; i++) {
		ret_held[i] = held[i];
		ret_held[i].since = ticks_to_ns(&line, held[i].since);
	}
	return count;
}

static int act(const struct engine_held_act *what)
{
	struct engine_held_act wanted = *what;
	message m;
	struct call call;
	int rc;

	if (what->m) {
		m = *what->m;
		wanted.m = &m;
	}
	rc = enter(&call);
	if (rc == CALL_DEVICE)
		return device_call(DEVICE_ENTRY(HELD_ACT, .call = what->id, .value = what->act,
						.src_ep = what->error),
				   what->m, NULL);
	return rc ? rc : call_leave(&call, engine_held_act(&host.dc, call.nr, &wanted));
}

int dvk_held_release(uint64_t id)
{
	return act(&(struct engine_held_act){ .id = id, .act = HELD_RELEASE });
}

int dvk_held_edit(uint64_t id, const message *m)
{
	return act(&(struct engine_held_act){ .id = id, .act = HELD_EDIT, .m = m });
}

int dvk_held_drop(uint64_t id, int error)
{
	return act(&(struct engine_held_act){ .id = id, .act = HELD_DROP, .error = error });
}

int dvk_held_duplicate(uint64_t id)
{
	return act(&(struct engine_held_act){ .id = id, .act = HELD_DUPLICATE });
}

int dvk_held_answer(uint64_t id, const message *m)
{
	return act(&(struct engine_held_act){ .id = id, .act = HELD_ANSWER, .m = m });
}
