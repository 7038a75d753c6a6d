/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * drive.c - the calls of the simulation, made at the engine: one transition each.
 *
 * Numbers that the engine may choose freely (of calls, incarnations, rules and what
 * is held) are kept beside the model's; they must only ever grow.
 */
#include "simulation.h"

uint64_t drive_engine_call(const struct simulation *sim, uint64_t model_call)
{
	return model_call <= sim->model->calls ? sim->engine_call[model_call] : model_call;
}

uint64_t drive_engine_id(const struct simulation *sim, uint64_t model_id)
{
	return model_id <= sim->model->ids ? sim->engine_id[model_id] : model_id;
}

static int do_bind(struct simulation *sim, const struct call *c)
{
	struct engine_bind request = { .nr = c->ep,
				       .member = c->member,
				       .name = c->is_named ? "one" : "",
				       .muk = "m",
				       .is_owner = c->is_owner,
				       .is_system = c->is_system };

	return engine_bind(&sim->dc, &request, &sim->bound_ep);
}

static int do_unbind(struct simulation *sim, const struct call *c)
{
	return engine_unbind(&sim->dc, c->caller, c->ep, c->value);
}

static int do_exit(struct simulation *sim, const struct call *c)
{
	return engine_exit(&sim->dc, c->caller, c->value);
}

static int do_send(struct simulation *sim, const struct call *c)
{
	return engine_send(&sim->dc, c->caller, c->ep, &c->m, c->deadline);
}

static int do_receive(struct simulation *sim, const struct call *c)
{
	return engine_receive(&sim->dc, c->caller, c->ep, &sim->got, c->deadline);
}

static int do_sendrec(struct simulation *sim, const struct call *c)
{
	return engine_sendrec(&sim->dc, c->caller, c->ep, &c->m, c->deadline);
}

static int do_reply(struct simulation *sim, const struct call *c)
{
	return engine_reply(&sim->dc, c->caller, c->ep, &c->m);
}

static int do_reply_to(struct simulation *sim, const struct call *c)
{
	struct dvk_request request = { c->ep, 0, drive_engine_call(sim, c->handle.call) };

	return engine_reply_to(&sim->dc, c->caller, request, &c->m);
}

static int do_reply_receive(struct simulation *sim, const struct call *c)
{
	struct engine_answer answer = { c->ep, &c->m };

	return engine_reply_receive(&sim->dc, c->caller, &answer, c->src_ep, &sim->got,
				    c->deadline);
}

static int do_notify(struct simulation *sim, const struct call *c)
{
	return engine_notify(&sim->dc, c->caller, c->source, c->ep, c->value);
}

static int do_copy(struct simulation *sim, const struct call *c)
{
	return engine_copy_begin(&sim->dc, c->caller, c->ep, c->dst_ep, c->bytes,
				 &sim->copies[c->copy]);
}

static int do_copy_end(struct simulation *sim, const struct call *c)
{
	return engine_copy_end(&sim->dc, c->caller, &sim->copies[c->copy], c->bytes, c->value);
}

static int do_cancel(struct simulation *sim, const struct call *c)
{
	return engine_cancel(&sim->dc, c->caller);
}

static int do_end(struct simulation *sim, const struct call *c)
{
	(void)c;
	engine_end(&sim->dc);
	return 0;
}

static int do_rcvrqst(struct simulation *sim, const struct call *c)
{
	return engine_rcvrqst(&sim->dc, c->caller, &sim->got, c->deadline);
}

static int do_relay(struct simulation *sim, const struct call *c)
{
	return engine_relay(&sim->dc, c->caller, c->ep, &c->m);
}

static int do_wakeup(struct simulation *sim, const struct call *c)
{
	return engine_wakeup(&sim->dc, c->caller, c->ep);
}

static int do_wait_bind(struct simulation *sim, const struct call *c)
{
	return engine_wait_bind(&sim->dc, c->caller, c->ep, c->deadline, &sim->got.m_source);
}

static int do_wait_unbind(struct simulation *sim, const struct call *c)
{
	return engine_wait_unbind(&sim->dc, c->caller, c->ep, c->deadline);
}

static int do_getpriv(struct simulation *sim, const struct call *c)
{
	return engine_getpriv(&sim->dc, c->caller, c->ep, &sim->got_priv);
}

static int do_setpriv(struct simulation *sim, const struct call *c)
{
	struct dvk_priv priv = { .level = c->rights.level, .calls = c->rights.calls };
	int i;

	for (i = 0; i < DVK_SLOT_WORDS; i++) {
		priv.targets[i] = c->rights.targets;
		priv.sources[i] = c->rights.sources;
	}
	return engine_setpriv(&sim->dc, c->caller, c->ep, &priv);
}

static int do_stop(struct simulation *sim, const struct call *c)
{
	return engine_stop(&sim->dc, c->caller, c->ep);
}

static int do_cont(struct simulation *sim, const struct call *c)
{
	return engine_cont(&sim->dc, c->caller, c->ep);
}

static int do_hold(struct simulation *sim, const struct call *c)
{
	uint32_t id;

	return engine_hold(&sim->dc, c->caller, &c->rule, &id);
}

static int do_unhold(struct simulation *sim, const struct call *c)
{
	return engine_unhold(&sim->dc, c->caller, (uint32_t)drive_engine_id(sim, c->id));
}

static int do_held_act(struct simulation *sim, const struct call *c)
{
	static const enum held_act acts[ACTS] = { [RELEASE] = HELD_RELEASE,
						  [EDIT] = HELD_EDIT,
						  [DROP] = HELD_DROP,
						  [DUPLICATE] = HELD_DUPLICATE,
						  [ANSWER] = HELD_ANSWER };
	struct engine_held_act act = { .id = drive_engine_id(sim, c->id),
				       .act = acts[c->act],
				       .error = c->value,
				       .m = &c->m };

	return engine_held_act(&sim->dc, c->caller, &act);
}

static int do_register_table(struct simulation *sim, const struct call *c)
{
	return engine_register_table(&sim->dc, c->caller, &c->table);
}

static int do_timeout(struct simulation *sim, const struct call *c)
{
	return engine_timeout(&sim->dc, c->caller);
}

int drive(struct simulation *sim, const struct call *call)
{
	static int (*const calls[])(struct simulation * sim, const struct call *call) = {
#define SIMULATED_CALL(word) do_##word,
		SIMULATED_CALLS(SIMULATED_CALL)
#undef SIMULATED_CALL
	};

	return calls[call->what](sim, call);
}
