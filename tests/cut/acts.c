/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * acts.c - what partners wait in, what a victim has done before, and the calls that
 * are cut. A victim judges no result: it is dead before there is one.
 */
#include <sched.h>

#include "acts.h"

static message victim_m;
static char bytes_of_partner[CUT_BYTES];
static struct dvk_request taken;

/* ---- what partners wait in ---------------------------------------------------- */
int wait_for_spare(message *m)
{
	(void)m;
	return dvk_wait4bind(SPARE_NR);
}

int wait_for_end(message *m)
{
	(void)m;
	return dvk_wait4unbind(VICTIM_NR);
}

int receive_victim(message *m)
{
	return dvk_receive(VICTIM_NR, m);
}

int receive_first(message *m)
{
	return dvk_receive(FIRST_NR, m);
}

int receive_any(message *m)
{
	return dvk_receive(ANY, m);
}

int take_request(message *m)
{
	return dvk_rcvrqst(m);
}

int send_victim(message *m)
{
	return dvk_send(VICTIM_NR, m);
}

int call_victim(message *m)
{
	m->m1_p1 = dvk_address(bytes_of_partner);
	return dvk_sendrec(VICTIM_NR, m);
}

int call_second(message *m)
{
	return dvk_sendrec(SECOND_NR, m);
}

int send_first(message *m)
{
	return dvk_send(FIRST_NR, m);
}

int notify_victim(message *m)
{
	(void)m;
	return dvk_notify(VICTIM_NR);
}

/* ---- what the victim has done before ------------------------------------------ */
void take_first(void)
{
	(void)dvk_receive(FIRST_NR, &victim_m);
	taken = dvk_request();
}

void cancel_itself(void)
{
	(void)dvk_cancel(SELF);
}

void wake_itself(void)
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
void do_bind(void)
{
	(void)dvk_bind(SPARE_NR, "spare");
}

void do_tbind(void)
{
	(void)dvk_tbind(SPARE_NR, "spare");
}

void do_unbind(void)
{
	(void)dvk_unbind(SELF, 3);
}

void do_send(void)
{
	message m = { .m_type = REQUEST };

	(void)dvk_send(FIRST_NR, &m);
}

void do_receive(void)
{
	(void)dvk_receive(ANY, &victim_m);
}

void do_rcvrqst(void)
{
	(void)dvk_rcvrqst(&victim_m);
}

void do_receive_T(void)
{
	(void)dvk_receive_T(ANY, &victim_m, 1);
}

void do_sendrec(void)
{
	message m = { .m_type = REQUEST };

	(void)dvk_sendrec(FIRST_NR, &m);
}

void do_sendrec_T(void)
{
	message m = { .m_type = REQUEST };

	(void)dvk_sendrec_T(FIRST_NR, &m, 1);
}

void do_reply(void)
{
	message m = { .m_type = ANSWER };

	(void)dvk_reply(FIRST_NR, &m);
}

void do_reply_to(void)
{
	message m = { .m_type = ANSWER };

	(void)dvk_reply_to(taken, &m);
}

void do_reply_receive(void)
{
	message m = { .m_type = ANSWER };

	(void)dvk_reply_receive(FIRST_NR, &m, ANY, &m);
}

void do_notify(void)
{
	(void)dvk_notify(FIRST_NR);
}

void do_ntfy_value(void)
{
	(void)dvk_ntfy_value(VICTIM_NR, FIRST_NR, 5);
}

void do_src_notify(void)
{
	(void)dvk_src_notify(SECOND_NR, FIRST_NR);
}

void do_vcopy(void)
{
	char bytes[CUT_BYTES];

	(void)dvk_vcopy(FIRST_NR, victim_m.m1_p1, SELF, dvk_address(bytes), sizeof(bytes));
}

void do_relay(void)
{
	message m = victim_m;

	(void)dvk_relay(SECOND_NR, &m);
}

void do_wakeup(void)
{
	(void)dvk_wakeup(FIRST_NR);
}

void do_wait4bind(void)
{
	(void)dvk_wait4bind(SPARE_NR);
}

void do_wait4unbind(void)
{
	(void)dvk_wait4unbind(FIRST_NR);
}

void do_table(void)
{
	(void)dvk_register_table("cut.row", 1, bytes_of_partner, 1, CUT_BYTES);
}

void do_setpriv(void)
{
	struct dvk_priv priv;

	if (dvk_getpriv(FIRST_NR, &priv) == 0)
		(void)dvk_setpriv(FIRST_NR, &priv);
}

void do_stop(void)
{
	(void)dvk_stop(FIRST_NR);
}

void do_cont(void)
{
	(void)dvk_cont(FIRST_NR);
}

void do_hold(void)
{
	hold_rule(FIRST_NR, ANY);
}

void do_unhold(void)
{
	(void)dvk_unhold(0);
}

/* The first one's call to the second one is held, since the victim has said so. */
void hold_first(void)
{
	hold_rule(FIRST_NR, SECOND_NR);
	/* The first one begins when it is notified. */
	(void)dvk_notify(FIRST_NR);
	for (struct dvk_held held; dvk_held(&held, 1) == 0;)
		sched_yield();
}

int call_second_when_told(message *m)
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

void do_release(void)
{
	(void)dvk_held_release(held_id());
}

void do_edit(void)
{
	message m = { .m_type = EDITED };

	(void)dvk_held_edit(held_id(), &m);
}

void do_drop(void)
{
	(void)dvk_held_drop(held_id(), EDVSPERM);
}

void do_duplicate(void)
{
	(void)dvk_held_duplicate(held_id());
}

void do_answer(void)
{
	message m = { .m_type = ANSWER };

	(void)dvk_held_answer(held_id(), &m);
}
