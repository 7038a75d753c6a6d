/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * message.c - the calls that move messages (M3-IPC section 5).
 *
 * Each is one entry: the lock, one transition of the engine, the lock's release;
 * and then, if the answer was DVK_BLOCKED, a wait as the last thing it does. The
 * entry is a function of its own, so that no frame of it is left when the wait
 * switches to another task: what that one returns through, which is the same code,
 * the processor's return predictor then knows.
 */
#include "call.h"

#define ENTRY __attribute__((noinline))

static ENTRY int send_enter(int dst_ep, const message *m, int64_t deadline_ns)
{
	message letter = *m;
	struct call call;
	int rc = call_begin(&call);

	if (rc)
		return rc;
	call_enter(&call);
	return call_leave(&call, engine_send(&host.dc, call.nr, dst_ep, &letter, deadline_ns));
}

static inline int send_until(int dst_ep, const message *m, int64_t deadline_ns)
{
	int rc = send_enter(dst_ep, m, deadline_ns);

	if (unlikely(rc == CALL_DEVICE))
		return device_call(DEVICE_ENTRY(SEND, .ep = dst_ep, .deadline_ns = deadline_ns), m,
				   NULL);
	return rc == DVK_BLOCKED ? call_wait(deadline_ns, NULL) : rc;
}

int dvk_send(int dst_ep, const message *m)
{
	return send_until(dst_ep, m, DC_NEVER);
}

int dvk_send_T(int dst_ep, const message *m, long ms)
{
	int64_t deadline_ns;
	int rc = call_deadline(ms, &deadline_ns);

	return rc ? rc : send_until(dst_ep, m, deadline_ns);
}

static ENTRY int receive_enter(int src_ep, message *ret_m, int64_t deadline_ns)
{
	message letter;
	struct call call;
	int rc = call_begin(&call);

	if (rc)
		return rc;
	call_enter(&call);
	rc = call_leave(&call, engine_receive(&host.dc, call.nr, src_ep, &letter, deadline_ns));
	if (rc == 0)
		*ret_m = letter;
	return rc;
}

static inline int receive_until(int src_ep, message *ret_m, int64_t deadline_ns)
{
	int rc = receive_enter(src_ep, ret_m, deadline_ns);

	if (unlikely(rc == CALL_DEVICE))
		return device_call(
			DEVICE_ENTRY(RECEIVE, .src_ep = src_ep, .deadline_ns = deadline_ns), NULL,
			ret_m);
	return rc == DVK_BLOCKED ? call_wait(deadline_ns, ret_m) : rc;
}

int dvk_receive(int src_ep, message *ret_m)
{
	return receive_until(src_ep, ret_m, DC_NEVER);
}

int dvk_receive_T(int src_ep, message *ret_m, long ms)
{
	int64_t deadline_ns;
	int rc = call_deadline(ms, &deadline_ns);

	return rc ? rc : receive_until(src_ep, ret_m, deadline_ns);
}

static ENTRY int sendrec_enter(int ep, const message *m, int64_t deadline_ns)
{
	message letter = *m;
	struct call call;
	int rc = call_begin(&call);

	if (unlikely(rc))
		return rc;
	call_enter(&call);
	return call_leave(&call, engine_sendrec(&host.dc, call.nr, ep, &letter, deadline_ns));
}

static inline int sendrec_until(int ep, message *m, int64_t deadline_ns)
{
	int rc = sendrec_enter(ep, m, deadline_ns);

	if (unlikely(rc == CALL_DEVICE))
		return device_call(DEVICE_ENTRY(SENDREC, .ep = ep, .deadline_ns = deadline_ns), m,
				   m);
	return likely(rc == DVK_BLOCKED) ? call_wait(deadline_ns, m) : rc;
}

int dvk_sendrec(int ep, message *m)
{
	return sendrec_until(ep, m, DC_NEVER);
}

int dvk_sendrec_T(int ep, message *m, long ms)
{
	int64_t deadline_ns;
	int rc = call_deadline(ms, &deadline_ns);

	return rc ? rc : sendrec_until(ep, m, deadline_ns);
}

int dvk_reply(int ep, const message *m)
{
	message letter = *m;
	struct call call;
	int rc = call_begin(&call);

	if (unlikely(rc == CALL_DEVICE))
		return device_call(DEVICE_ENTRY(REPLY, .ep = ep), m, NULL);
	if (rc)
		return rc;
	call_enter(&call);
	return call_leave(&call, engine_reply(&host.dc, call.nr, ep, &letter));
}

struct dvk_request dvk_request(void)
{
	int nr = dvk_current();
	const struct proc *p;

	if (device.open)
		return device_request();
	if (nr == NONE)
		return (struct dvk_request){ .client_ep = NONE };
	p = dc_proc(&host.dc, nr);
	return (struct dvk_request){ .client_ep = p->request_ep, .call = p->request_call };
}

int dvk_reply_to(struct dvk_request request, const message *m)
{
	message letter = *m;
	struct call call;
	int rc = call_begin(&call);

	if (unlikely(rc == CALL_DEVICE))
		return device_call(
			DEVICE_ENTRY(REPLY_TO, .ep = request.client_ep, .call = request.call), m,
			NULL);
	if (rc)
		return rc;
	call_enter(&call);
	return call_leave(&call, engine_reply_to(&host.dc, call.nr, request, &letter));
}

/* A server's loop: what it says and what it hears. */
static ENTRY int exchange_enter(struct engine_answer out, int src_ep, message *ret_m,
				int64_t deadline_ns)
{
	message letter, given;
	struct engine_answer answer = { .ep = out.ep, .m = &given };
	struct call call;
	int rc = call_begin(&call);

	if (unlikely(rc))
		return rc;
	if (out.ep != NONE)
		given = *out.m;
	call_enter(&call);
	rc = engine_reply_receive(&host.dc, call.nr, &answer, src_ep, &letter, deadline_ns);
	rc = call_leave(&call, rc);
	if (rc == 0)
		*ret_m = letter;
	return rc;
}

static inline int exchange_until(struct engine_answer out, int src_ep, message *ret_m,
				 int64_t deadline_ns)
{
	int rc = exchange_enter(out, src_ep, ret_m, deadline_ns);

	if (unlikely(rc == CALL_DEVICE))
		return device_call(DEVICE_ENTRY(REPLY_RECEIVE, .ep = out.ep, .src_ep = src_ep,
						.deadline_ns = deadline_ns),
				   out.ep == NONE ? NULL : out.m, ret_m);
	return likely(rc == DVK_BLOCKED) ? call_wait(deadline_ns, ret_m) : rc;
}

int dvk_reply_receive(int ep, const message *reply, int src_ep, message *ret_m)
{
	return exchange_until((struct engine_answer){ ep, reply }, src_ep, ret_m, DC_NEVER);
}

int dvk_reply_receive_T(int ep, const message *reply, int src_ep, message *ret_m, long ms)
{
	int64_t deadline_ns;
	int rc = call_deadline(ms, &deadline_ns);

	if (rc)
		return rc;
	return exchange_until((struct engine_answer){ ep, reply }, src_ep, ret_m, deadline_ns);
}

static int notify(int source_nr, int dst_ep, int value)
{
	struct call call;
	int rc = call_begin(&call);

	if (unlikely(rc == CALL_DEVICE))
		return device_call(
			DEVICE_ENTRY(NOTIFY, .ep = dst_ep, .src_ep = source_nr, .value = value),
			NULL, NULL);
	if (rc)
		return rc;
	call_enter(&call);
	return call_leave(&call,
			  engine_notify(&host.dc, call.nr, source_nr == SELF ? call.nr : source_nr,
					dst_ep, value));
}

int dvk_notify(int dst_ep)
{
	return notify(SELF, dst_ep, -1);
}

int dvk_src_notify(int nr, int dst_ep)
{
	return notify(nr, dst_ep, -1);
}

int dvk_ntfy_value(int nr, int dst_ep, int value)
{
	if (value < 0 || value > NOTIFY_VALUE_MAX)
		return call_out_of_range();
	return notify(nr, dst_ep, value);
}
