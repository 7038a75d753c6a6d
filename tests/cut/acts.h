/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * acts.h - the acts of which scenes are made.
 */
#ifndef TESTS_CUT_ACTS_H
#define TESTS_CUT_ACTS_H

#include "cut.h"

/* What partners do. */
partner_call wait_for_spare, wait_for_end, receive_victim, receive_first, receive_any, take_request,
	send_victim, call_victim, call_second, send_first, notify_victim, call_second_when_told,
	call_corpse, send_corpse;

/* What a victim does. */
typedef void victim_act(void);
victim_act take_first, cancel_itself, wake_itself, do_bind, do_tbind, do_unbind, do_send,
	do_receive, do_rcvrqst, do_receive_T, do_sendrec, do_sendrec_T, do_reply, do_reply_to,
	do_reply_receive, do_notify, do_ntfy_value, do_src_notify, do_vcopy, do_relay, do_wakeup,
	do_wait4bind, do_wait4unbind, do_table, do_setpriv, do_stop, do_cont, do_hold, do_unhold,
	hold_first, do_release, do_edit, do_drop, do_duplicate, do_answer, do_open, do_attach,
	do_detach, do_close, do_bury;

/* How one dies who is then to be buried. */
void die_in_hand(void), die_in_transition(void);

#endif
