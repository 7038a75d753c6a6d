/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * acts_life.c - coming to a DC, leaving it, and burying who has died there.
 */
#include <signal.h>

#include "../embedded/fixture.h"
#include "acts.h"
#include "undo.h"

/* ---- the victim ----------------------------------------------------------------- */
void do_open(void)
{
	(void)dvk_open(TEST_DCID, &(struct dvk_options){ .dir = test_dir });
}

void do_attach(void)
{
	(void)dvk_park_fd();
}

void do_detach(void)
{
	host_detach(&host_self);
}

void do_close(void)
{
	(void)dvk_close();
}

/* As the keeper does it. */
void do_bury(void)
{
	struct segment *segment = host.mapping.segment;

	for (int i = 0; segment_has_member(segment, i); i++) {
		(void)member_vanished(segment, i);
		if (member_is_dead(&segment->members[i]))
			bury(&host.mapping, &host_self.seat, i);
	}
}

/* ---- the one who is buried ------------------------------------------------------- */
/* With a call in hand, and a message waiting. */
void die_in_hand(void)
{
	message m;

	(void)dvk_receive(FIRST_NR, &m);
	raise(SIGKILL);
}

/* With the lock, and words changed. */
void die_in_transition(void)
{
	struct proc *first = dc_proc(&host.dc, FIRST_NR);

	host_enter(&host.dc, &host_self.seat);
	SET(&host.dc, first->notify_pending[0], 0xdeadull);
	SET(&host.dc, first->rts, 0u);
	raise(SIGKILL);
}

/* ---- what partners wait in ------------------------------------------------------- */
int call_corpse(message *m)
{
	return dvk_sendrec(CORPSE_NR, m);
}

int send_corpse(message *m)
{
	return dvk_send(CORPSE_NR, m);
}
