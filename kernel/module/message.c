/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * message.c - the calls that move messages (M3-IPC section 5): one transition each.
 */
#include "check.h"
#include "op.h"

static int send_transition(struct call *call)
{
	const struct dvk_entry *entry = call->entry;

	return engine_send(&call->container->dc, call->nr, entry->ep, &entry->m,
			   entry->deadline_ns);
}

const struct op op_SEND = { .needs = OP_HAS_SLOT | OP_WAITS, .transition = send_transition };

static int receive_transition(struct call *call)
{
	struct dvk_entry *entry = call->entry;

	return engine_receive(&call->container->dc, call->nr, entry->src_ep, &entry->m,
			      entry->deadline_ns);
}

const struct op op_RECEIVE = { .needs = OP_HAS_SLOT | OP_WAITS, .transition = receive_transition };

static int sendrec_transition(struct call *call)
{
	const struct dvk_entry *entry = call->entry;

	return engine_sendrec(&call->container->dc, call->nr, entry->ep, &entry->m,
			      entry->deadline_ns);
}

const struct op op_SENDREC = { .needs = OP_HAS_SLOT | OP_WAITS, .transition = sendrec_transition };

static int reply_transition(struct call *call)
{
	return engine_reply(&call->container->dc, call->nr, call->entry->ep, &call->entry->m);
}

const struct op op_REPLY = { .needs = OP_HAS_SLOT, .transition = reply_transition };

static int reply_to_transition(struct call *call)
{
	struct dvk_request request = { .client_ep = call->entry->ep, .call = call->entry->call };

	return engine_reply_to(&call->container->dc, call->nr, request, &call->entry->m);
}

const struct op op_REPLY_TO = { .needs = OP_HAS_SLOT, .transition = reply_to_transition };

static int reply_receive_transition(struct call *call)
{
	struct dvk_entry *entry = call->entry;
	message given = entry->m;
	struct engine_answer answer = { .ep = entry->ep, .m = &given };

	return engine_reply_receive(&call->container->dc, call->nr, &answer, entry->src_ep,
				    &entry->m, entry->deadline_ns);
}

const struct op op_REPLY_RECEIVE = { .needs = OP_HAS_SLOT | OP_WAITS,
				     .transition = reply_receive_transition };

static int rcvrqst_transition(struct call *call)
{
	return engine_rcvrqst(&call->container->dc, call->nr, &call->entry->m,
			      call->entry->deadline_ns);
}

const struct op op_RCVRQST = { .needs = OP_HAS_SLOT | OP_WAITS, .transition = rcvrqst_transition };

static int relay_transition(struct call *call)
{
	return engine_relay(&call->container->dc, call->nr, call->entry->ep, &call->entry->m);
}

const struct op op_RELAY = { .needs = OP_HAS_SLOT, .transition = relay_transition };

static int notify_transition(struct call *call)
{
	const struct dvk_entry *entry = call->entry;
	int source_nr = entry->src_ep == SELF ? call->nr : entry->src_ep;
	struct proc *caller;

	if (entry->value < -1 || entry->value > NOTIFY_VALUE_MAX) {
		int rc = check_caller(&call->container->dc, call->nr, &caller);

		return rc ? rc : EDVSRANGE;
	}
	return engine_notify(&call->container->dc, call->nr, source_nr, entry->ep, entry->value);
}

const struct op op_NOTIFY = { .needs = OP_HAS_SLOT, .transition = notify_transition };

static int wakeup_transition(struct call *call)
{
	const struct dc *dc = &call->container->dc;
	int ep = call->entry->ep, nr = ep == SELF ? call->nr : dvk_endpoint_nr(ep);
	const struct proc *p = dc_has_nr(dc, nr) ? dc_proc(dc, nr) : NULL;
	int is_own = p && !(p->rts & DVK_RTS_SLOT_FREE) &&
		     member_is_of(member_of(call->container, p), call->file->tgid);

	if (ep == SELF)
		ep = dc_proc(dc, call->nr)->endpoint;
	return engine_wakeup(&call->container->dc, is_own ? NONE : call->nr, ep);
}

const struct op op_WAKEUP = { .needs = OP_HAS_SLOT, .transition = wakeup_transition };
