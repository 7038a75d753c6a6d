/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenes.c - the transitions that are cut, one after the other.
 *
 * Of each: what the partners are in, the victim's call, and what the partners get
 * when it is killed before the commit, and after it.
 */
#include <sched.h>

#include "cut.h"

static message victim_m;
static char bytes_of_partner[CUT_BYTES];
static struct dvk_request taken;

/* ---- what partners wait in ---------------------------------------------------- */
static int wait_for_spare(message *m)
{
	(void)m;
	return dvk_wait4bind(SPARE_NR);
}

static int wait_for_end(message *m)
{
	(void)m;
	return dvk_wait4unbind(VICTIM_NR);
}

static int receive_victim(message *m)
{
	return dvk_receive(VICTIM_NR, m);
}

static int receive_first(message *m)
{
	return dvk_receive(FIRST_NR, m);
}

static int receive_any(message *m)
{
	return dvk_receive(ANY, m);
}

static int take_request(message *m)
{
	return dvk_rcvrqst(m);
}

static int send_victim(message *m)
{
	return dvk_send(VICTIM_NR, m);
}

static int call_victim(message *m)
{
	m->m1_p1 = dvk_address(bytes_of_partner);
	return dvk_sendrec(VICTIM_NR, m);
}

static int call_second(message *m)
{
	return dvk_sendrec(SECOND_NR, m);
}

static int send_first(message *m)
{
	return dvk_send(FIRST_NR, m);
}

static int notify_victim(message *m)
{
	(void)m;
	return dvk_notify(VICTIM_NR);
}

/* ---- what the victim has done before ------------------------------------------ */
static void take_first(void)
{
	(void)dvk_receive(FIRST_NR, &victim_m);
	taken = dvk_request();
}

static void cancel_itself(void)
{
	(void)dvk_cancel(SELF);
}

static void wake_itself(void)
{
	(void)dvk_wakeup(VICTIM_NR);
}

static void hold_rule(int src_ep, int dst_ep)
{
	struct dvk_hold rule = { .src_ep = src_ep,
				 .dst_ep = dst_ep,
				 .m_type = DVK_ANY_TYPE,
				 .call_type = DVK_ANY_TYPE,
				 .kinds = DVK_HOLD_KIND(DVK_HELD_CALL) |
					  DVK_HOLD_KIND(DVK_HELD_SEND) };

	(void)dvk_hold(&rule);
}

/* ---- the calls ------------------------------------------------------------------ */
static void do_bind(void)
{
	(void)dvk_bind(SPARE_NR, "spare");
}

static void do_tbind(void)
{
	(void)dvk_tbind(SPARE_NR, "spare");
}

static void do_unbind(void)
{
	(void)dvk_unbind(SELF, 3);
}

static void do_send(void)
{
	message m = { .m_type = REQUEST };

	(void)dvk_send(FIRST_NR, &m);
}

static void do_receive(void)
{
	(void)dvk_receive(ANY, &victim_m);
}

static void do_rcvrqst(void)
{
	(void)dvk_rcvrqst(&victim_m);
}

static void do_receive_T(void)
{
	(void)dvk_receive_T(ANY, &victim_m, 1);
}

static void do_sendrec(void)
{
	message m = { .m_type = REQUEST };

	(void)dvk_sendrec(FIRST_NR, &m);
}

static void do_sendrec_T(void)
{
	message m = { .m_type = REQUEST };

	(void)dvk_sendrec_T(FIRST_NR, &m, 1);
}

static void do_reply(void)
{
	message m = { .m_type = ANSWER };

	(void)dvk_reply(FIRST_NR, &m);
}

static void do_reply_to(void)
{
	message m = { .m_type = ANSWER };

	(void)dvk_reply_to(taken, &m);
}

static void do_reply_receive(void)
{
	message m = { .m_type = ANSWER };

	(void)dvk_reply_receive(FIRST_NR, &m, ANY, &m);
}

static void do_notify(void)
{
	(void)dvk_notify(FIRST_NR);
}

static void do_ntfy_value(void)
{
	(void)dvk_ntfy_value(VICTIM_NR, FIRST_NR, 5);
}

static void do_src_notify(void)
{
	(void)dvk_src_notify(SECOND_NR, FIRST_NR);
}

static void do_vcopy(void)
{
	char bytes[CUT_BYTES];

	(void)dvk_vcopy(FIRST_NR, victim_m.m1_p1, SELF, dvk_address(bytes), sizeof(bytes));
}

static void do_relay(void)
{
	message m = victim_m;

	(void)dvk_relay(SECOND_NR, &m);
}

static void do_wakeup(void)
{
	(void)dvk_wakeup(FIRST_NR);
}

static void do_wait4bind(void)
{
	(void)dvk_wait4bind(SPARE_NR);
}

static void do_wait4unbind(void)
{
	(void)dvk_wait4unbind(FIRST_NR);
}

static void do_table(void)
{
	(void)dvk_register_table("cut.row", 1, bytes_of_partner, 1, CUT_BYTES);
}

static void do_setpriv(void)
{
	struct dvk_priv priv;

	if (dvk_getpriv(FIRST_NR, &priv) == 0)
		(void)dvk_setpriv(FIRST_NR, &priv);
}

static void do_stop(void)
{
	(void)dvk_stop(FIRST_NR);
}

static void do_cont(void)
{
	(void)dvk_cont(FIRST_NR);
}

static void do_hold(void)
{
	hold_rule(FIRST_NR, ANY);
}

static void do_unhold(void)
{
	(void)dvk_unhold(0);
}

/* The first one's call to the second one is held, since the victim has said so. */
static void hold_first(void)
{
	hold_rule(FIRST_NR, SECOND_NR);
	/* The first one begins when it is notified. */
	(void)dvk_notify(FIRST_NR);
	for (struct dvk_held held; dvk_held(&held, 1) == 0;)
		sched_yield();
}

static int call_second_when_told(message *m)
{
	message told;

	(void)dvk_receive(VICTIM_NR, &told);
	return dvk_sendrec(SECOND_NR, m);
}

static uint64_t held_id(void)
{
	struct dvk_held held = { 0 };

	(void)dvk_held(&held, 1);
	return held.id;
}

static void do_release(void)
{
	(void)dvk_held_release(held_id());
}

static void do_edit(void)
{
	message m = { .m_type = EDITED };

	(void)dvk_held_edit(held_id(), &m);
}

static void do_drop(void)
{
	(void)dvk_held_drop(held_id(), EDVSPERM);
}

static void do_duplicate(void)
{
	(void)dvk_held_duplicate(held_id());
}

static void do_answer(void)
{
	message m = { .m_type = ANSWER };

	(void)dvk_held_answer(held_id(), &m);
}

/* ---- the table -------------------------------------------------------------------- */
#define STAYS               \
	{                   \
		EDVSINTR, 0 \
	} /* in what it waits in */
#define STAYS_OPEN              \
	{                       \
		EDVSNOTREADY, 0 \
	} /* in a call that was taken */
#define ENDS(error)            \
	{                      \
		error, REQUEST \
	} /* and the message is as it was */
#define GETS(type)      \
	{               \
		0, type \
	}
#define FOUND 1 /* then: a message */

/* clang-format off */
const struct scene scenes[] = {
	{ "bind", .is_unbound = 1, .hold = 1, .partners = { wait_for_spare }, .call = do_bind,
	  .before = { STAYS }, .after = { ENDS(SPARE_NR) } },
	{ "tbind", .hold = 1, .partners = { wait_for_spare }, .call = do_tbind,
	  .before = { STAYS }, .after = { ENDS(SPARE_NR) } },
	{ "unbind", .hold = 1, .partners = { wait_for_end, call_victim }, .call = do_unbind,
	  .before = { ENDS(0), ENDS(EDVSDEADSRCDST) }, .after = { ENDS(0), ENDS(EDVSDEADSRCDST) } },
	{ "unbind, a call in hand", .hold = 1, .partners = { call_victim, send_victim },
	  .prepare = take_first, .call = do_unbind,
	  .before = { ENDS(EDVSSRCDIED), ENDS(EDVSDSTDIED) },
	  .after = { ENDS(EDVSSRCDIED), ENDS(EDVSDSTDIED) } },
	{ "send, delivered", .hold = 1, .partners = { receive_victim }, .call = do_send,
	  .before = { ENDS(EDVSSRCDIED) }, .after = { GETS(REQUEST) } },
	{ "send, queued", .hold = 1, .partners = { NULL, send_first }, .call = do_send,
	  .before = { { 0 }, GETS(REQUEST) }, .after = { { 0 }, GETS(REQUEST) },
	  .then = { FOUND, FOUND } },
	{ "receive, taking a send", .hold = 1, .partners = { send_victim, send_victim },
	  .call = do_receive, .before = { ENDS(EDVSDSTDIED), ENDS(EDVSDSTDIED) },
	  .after = { GETS(REQUEST), ENDS(EDVSDSTDIED) } },
	{ "receive, taking a call", .hold = 1, .partners = { call_victim, call_victim },
	  .call = do_receive, .before = { ENDS(EDVSDEADSRCDST), ENDS(EDVSDEADSRCDST) },
	  .after = { ENDS(EDVSSRCDIED), ENDS(EDVSDEADSRCDST) } },
	{ "receive, a notification", .hold = 1, .partners = { notify_victim, wait_for_end },
	  .call = do_receive, .before = { ENDS(0), ENDS(0) }, .after = { ENDS(0), ENDS(0) } },
	{ "receive, a wake-up", .hold = 1, .partners = { wait_for_end }, .prepare = wake_itself,
	  .call = do_receive, .before = { ENDS(0) }, .after = { ENDS(0) } },
	{ "receive, blocking", .hold = 1, .partners = { wait_for_end }, .call = do_receive,
	  .before = { ENDS(0) }, .after = { ENDS(0) } },
	{ "rcvrqst, taking", .hold = 1, .partners = { call_victim }, .call = do_rcvrqst,
	  .before = { ENDS(EDVSDEADSRCDST) }, .after = { ENDS(EDVSSRCDIED) } },
	{ "rcvrqst, blocking", .hold = 1, .partners = { send_victim }, .call = do_rcvrqst,
	  .before = { ENDS(EDVSDSTDIED) }, .after = { ENDS(EDVSDSTDIED) } },
	{ "sendrec, delivered", .hold = 1, .partners = { receive_victim }, .call = do_sendrec,
	  .before = { ENDS(EDVSSRCDIED) }, .after = { GETS(REQUEST) } },
	{ "sendrec, to rcvrqst", .hold = 1, .partners = { take_request }, .call = do_sendrec,
	  .before = { STAYS }, .after = { GETS(REQUEST) } },
	{ "sendrec, queued", .hold = 1, .partners = { NULL, send_first }, .call = do_sendrec,
	  .before = { { 0 }, GETS(REQUEST) }, .after = { { 0 }, GETS(REQUEST) },
	  .then = { FOUND, FOUND } },
	{ "reply", .hold = 1, .partners = { call_victim }, .prepare = take_first, .call = do_reply,
	  .before = { ENDS(EDVSSRCDIED) }, .after = { GETS(ANSWER) } },
	{ "reply_to", .hold = 1, .partners = { call_victim }, .prepare = take_first,
	  .call = do_reply_to, .before = { ENDS(EDVSSRCDIED) }, .after = { GETS(ANSWER) } },
	{ "reply_receive, blocking", .hold = 1, .partners = { call_victim }, .prepare = take_first,
	  .call = do_reply_receive, .before = { ENDS(EDVSSRCDIED) }, .after = { GETS(ANSWER) } },
	{ "reply_receive, taking", .hold = 1, .partners = { call_victim, call_victim },
	  .prepare = take_first, .call = do_reply_receive,
	  .before = { ENDS(EDVSSRCDIED), ENDS(EDVSDEADSRCDST) },
	  .after = { GETS(ANSWER), ENDS(EDVSSRCDIED) } },
	{ "notify, delivered", .hold = 1, .partners = { receive_victim }, .call = do_notify,
	  .before = { ENDS(EDVSSRCDIED) }, .after = { GETS(NOTIFY_MESSAGE) } },
	{ "notify, pending", .hold = 1, .call = do_notify },
	{ "ntfy_value, delivered", .hold = 1, .partners = { receive_any }, .call = do_ntfy_value,
	  .before = { STAYS }, .after = { GETS(NOTIFY_MESSAGE) } },
	{ "ntfy_value, pending", .hold = 1, .call = do_ntfy_value },
	{ "src_notify, pending", .is_system = 1, .hold = 1, .call = do_src_notify,
	  .then = { 0, FOUND } },
	{ "vcopy, begin", .hold = 1, .partners = { call_victim }, .prepare = take_first,
	  .call = do_vcopy, .before = { ENDS(EDVSSRCDIED) }, .after = { ENDS(EDVSSRCDIED) } },
	{ "vcopy, end", .hold = 2, .partners = { call_victim }, .prepare = take_first,
	  .call = do_vcopy, .before = { ENDS(EDVSSRCDIED) }, .after = { ENDS(EDVSSRCDIED) } },
	{ "timeout of a receive", .hold = 2, .partners = { wait_for_end }, .call = do_receive_T,
	  .before = { ENDS(0) }, .after = { ENDS(0) } },
	{ "timeout of a queued call", .hold = 2, .partners = { NULL, send_first },
	  .call = do_sendrec_T, .before = { { 0 }, GETS(REQUEST) }, .after = { { 0 }, GETS(REQUEST) },
	  .then = { FOUND, FOUND } },
	{ "timeout of a taken call", .hold = 2, .partners = { receive_victim }, .call = do_sendrec_T,
	  .before = { GETS(REQUEST) }, .after = { GETS(REQUEST) } },
	{ "cancel", .hold = 2, .partners = { wait_for_end }, .prepare = cancel_itself,
	  .call = do_receive, .before = { ENDS(0) }, .after = { ENDS(0) } },
	{ "relay, delivered", .hold = 1, .partners = { call_victim, receive_any },
	  .prepare = take_first, .call = do_relay, .before = { ENDS(EDVSSRCDIED), STAYS },
	  .after = { STAYS_OPEN, GETS(REQUEST) } },
	{ "relay, queued", .hold = 1, .partners = { call_victim }, .prepare = take_first,
	  .call = do_relay, .before = { ENDS(EDVSSRCDIED) }, .after = { STAYS_OPEN } },
	{ "wakeup", .is_system = 1, .hold = 1, .partners = { receive_any }, .call = do_wakeup,
	  .before = { STAYS }, .after = { ENDS(EDVSWOKENUP) } },
	{ "wakeup, ahead", .is_system = 1, .hold = 1, .call = do_wakeup,
	  .then = { 0, EDVSWOKENUP } },
	{ "wait4bind", .hold = 1, .partners = { wait_for_end }, .call = do_wait4bind,
	  .before = { ENDS(0) }, .after = { ENDS(0) } },
	{ "wait4unbind", .hold = 1, .partners = { receive_any }, .call = do_wait4unbind,
	  .before = { STAYS }, .after = { STAYS } },
	{ "register_table", .hold = 1, .call = do_table },
	{ "setpriv", .is_system = 1, .hold = 2, .call = do_setpriv },
	{ "stop", .is_system = 1, .hold = 1, .partners = { receive_any }, .call = do_stop,
	  .before = { STAYS }, .after = { STAYS } },
	{ "cont", .is_system = 1, .hold = 1, .partners = { receive_any }, .prepare = do_stop,
	  .call = do_cont, .before = { STAYS }, .after = { STAYS } },
	{ "hold", .is_system = 1, .hold = 1, .partners = { call_second, receive_any },
	  .call = do_hold, .before = { STAYS_OPEN, GETS(REQUEST) },
	  .after = { STAYS_OPEN, GETS(REQUEST) } },
	{ "unhold", .is_system = 1, .hold = 1, .partners = { call_second_when_told, receive_first },
	  .prepare = hold_first, .call = do_unhold, .before = { STAYS_OPEN, GETS(REQUEST) },
	  .after = { STAYS_OPEN, GETS(REQUEST) } },
	{ "held_release", .is_system = 1, .hold = 2,
	  .partners = { call_second_when_told, receive_first }, .prepare = hold_first,
	  .call = do_release, .before = { STAYS_OPEN, GETS(REQUEST) },
	  .after = { STAYS_OPEN, GETS(REQUEST) } },
	{ "held_edit", .is_system = 1, .hold = 2,
	  .partners = { call_second_when_told, receive_first }, .prepare = hold_first,
	  .call = do_edit, .before = { STAYS_OPEN, GETS(REQUEST) },
	  .after = { STAYS_OPEN, GETS(EDITED) } },
	{ "held_drop", .is_system = 1, .hold = 2,
	  .partners = { call_second_when_told, receive_first }, .prepare = hold_first,
	  .call = do_drop, .before = { STAYS_OPEN, GETS(REQUEST) },
	  .after = { ENDS(EDVSPERM), STAYS } },
	{ "held_duplicate", .is_system = 1, .hold = 2,
	  .partners = { call_second_when_told, receive_first }, .prepare = hold_first,
	  .call = do_duplicate, .before = { STAYS_OPEN, GETS(REQUEST) },
	  .after = { STAYS, GETS(REQUEST) } },
	{ "held_answer", .is_system = 1, .hold = 2,
	  .partners = { call_second_when_told, receive_first }, .prepare = hold_first,
	  .call = do_answer, .before = { STAYS_OPEN, GETS(REQUEST) },
	  .after = { GETS(ANSWER), STAYS } },
	{ .name = NULL },
};
/* clang-format on */
