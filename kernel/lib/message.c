/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * message.c - the calls that move messages (M3-IPC section 5).
 *
 * Each is one entry: the lock, one transition of the engine, the lock's release,
 * and a wait if the answer was DVK_BLOCKED.
 */
#include "call.h"

int dvk_send(int dst_ep, const message *m)
{
	return dvk_send_T(dst_ep, m, -1);
}

int dvk_send_T(int dst_ep, const message *m, long ms)
{
	message letter = *m;
	struct call call;
	int rc = call_begin(&call, ms);

	if (rc)
		return rc;
	call_enter(&call);
	rc = engine_send(&host.dc, call.nr, dst_ep, &letter, call.deadline_ns);
	return call_end(&call, rc, NULL);
}

int dvk_receive(int src_ep, message *ret_m)
{
	return dvk_receive_T(src_ep, ret_m, -1);
}

int dvk_receive_T(int src_ep, message *ret_m, long ms)
{
	message letter;
	struct call call;
	int rc = call_begin(&call, ms);

	if (rc)
		return rc;
	call_enter(&call);
	rc = engine_receive(&host.dc, call.nr, src_ep, &letter, call.deadline_ns);
	if (rc == DVK_BLOCKED)
		return call_end(&call, rc, ret_m);
	rc = call_end(&call, rc, NULL);
	if (rc == 0)
		*ret_m = letter;
	return rc;
}

int dvk_sendrec(int ep, message *m)
{
	return dvk_sendrec_T(ep, m, -1);
}

int dvk_sendrec_T(int ep, message *m, long ms)
{
	message letter = *m;
	struct call call;
	int rc = call_begin(&call, ms);

	if (rc)
		return rc;
	call_enter(&call);
	rc = engine_sendrec(&host.dc, call.nr, ep, &letter, call.deadline_ns);
	return call_end(&call, rc, m);
}

int dvk_reply(int ep, const message *m)
{
	message letter = *m;
	struct call call;
	int rc = call_begin(&call, -1);

	if (rc)
		return rc;
	call_enter(&call);
	rc = engine_reply(&host.dc, call.nr, ep, &letter);
	return call_end(&call, rc, NULL);
}

struct dvk_request dvk_request(void)
{
	int nr = dvk_current();
	const struct proc *p;

	if (nr == NONE)
		return (struct dvk_request){ .client_ep = NONE };
	p = dc_proc(&host.dc, nr);
	return (struct dvk_request){ .client_ep = p->request_ep, .call = p->request_call };
}

int dvk_reply_to(struct dvk_request request, const message *m)
{
	message letter = *m;
	struct call call;
	int rc = call_begin(&call, -1);

	if (rc)
		return rc;
	call_enter(&call);
	rc = engine_reply_to(&host.dc, call.nr, request, &letter);
	return call_end(&call, rc, NULL);
}

int dvk_reply_receive(int ep, const message *reply, int src_ep, message *ret_m)
{
	return dvk_reply_receive_T(ep, reply, src_ep, ret_m, -1);
}

int dvk_reply_receive_T(int ep, const message *reply, int src_ep, message *ret_m, long ms)
{
	message letter, given;
	struct engine_answer answer = { .ep = ep, .m = &given };
	struct call call;
	int rc = call_begin(&call, ms);

	if (rc)
		return rc;
	if (ep != NONE)
		given = *reply;
	call_enter(&call);
	rc = engine_reply_receive(&host.dc, call.nr, &answer, src_ep, &letter, call.deadline_ns);
	if (rc == DVK_BLOCKED)
		return call_end(&call, rc, ret_m);
	rc = call_end(&call, rc, NULL);
	if (rc == 0)
		*ret_m = letter;
	return rc;
}

static int notify(int source_nr, int dst_ep, int value)
{
	struct call call;
	int rc = call_begin(&call, -1);

	if (rc)
		return rc;
	call_enter(&call);
	rc = engine_notify(&host.dc, call.nr, source_nr == SELF ? call.nr : source_nr, dst_ep,
			   value);
	return call_end(&call, rc, NULL);
}

int dvk_notify(int dst_ep)
{
	return notify(SELF, dst_ep, -1);
}

int dvk_ntfy_value(int nr, int dst_ep, int value)
{
	if (value < 0 || value > NOTIFY_VALUE_MAX)
		return EDVSRANGE;
	return notify(nr, dst_ep, value);
}
