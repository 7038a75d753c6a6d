/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attach.c - this process opens and closes its DC, its threads attach to it.
 *
 * Opening and closing hold the segment's file (flock), so that the last one to
 * leave and the next one to come do not miss each other. A process that ends
 * without closing does so at exit; one that is killed is buried by the keeper.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "embedded.h"
#include "futex.h"
#include "search.h"

#define CLOSE_WAIT_NS 1000000000

struct host host;
__thread struct host_self host_self = { .seat = { .member = DC_NO_MEMBER },
					.current = NONE,
					.peer = DC_NO_MEMBER };
static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER;
static pthread_key_t thread_end;

static void forget_self(struct host_self *self)
{
	*self = (struct host_self){ .seat = { .member = DC_NO_MEMBER },
				    .current = NONE,
				    .peer = DC_NO_MEMBER };
	host_wakes.count = host_wakes.overflow = 0;
}

int host_attach(struct host_self *self)
{
	int rc;

	if (host_attached(self))
		return 0;
	/* Another thread has closed the DC that we were at; its memory stays for us. */
	if (self->seat.member != DC_NO_MEMBER)
		member_detach(&self->seat);
	forget_self(self);
	if (!host.open)
		return EDVSDVSINIT;
	rc = member_attach(host.mapping.segment, MEMBER_ATTACHED, keeper_guard(), &self->seat);
	if (rc)
		return rc;
	self->epoch = host.epoch;
	pthread_setspecific(thread_end, self);
	return 0;
}

/* Ends the slots of member, or with DC_NO_MEMBER all of this process; under the lock. */
static void end_slots(int member)
{
	struct segment *segment = host.mapping.segment;
	int pid = getpid();

	for (int nr = -NR_TASKS; nr < host.dc.nr_procs; nr++) {
		const struct proc *p = dc_proc(&host.dc, nr);

		if ((p->rts & DVK_RTS_SLOT_FREE) || !segment_has_member(segment, p->member))
			continue;
		if (member != DC_NO_MEMBER ? p->member != member
					   : segment->members[p->member].pid != pid)
			continue;
		/* Only a damaged slot is refused, and then there is no more to be done. */
		(void)engine_exit(&host.dc, nr, 0);
		host_commit(host.dc.state);
	}
}

void host_detach(struct host_self *self)
{
	if (host_attached(self)) {
		self->parker = NULL;
		host_enter(&host.dc, &self->seat);
		end_slots(self->seat.member);
		host_leave(&host.dc, &self->seat);
		fifo_close_own(self);
	}
	if (self->seat.member != DC_NO_MEMBER)
		member_detach(&self->seat);
	forget_self(self);
}

static void at_thread_end(void *self)
{
	host_detach(self);
}

static void at_exit(void)
{
	/* What cannot be ended in order now ends with the process. */
	(void)host_close();
}

static void in_child(void)
{
	fifo_forget_all();
	keeper_forget();
	pthread_mutex_init(&opening, NULL);
	if (host.open) {
		close(host.mapping.fd);
		folder_close(&host.mapping.folder);
	}
	host.open = 0;
	host.epoch++;
	forget_self(&host_self);
}

static void init_once(void)
{
	pthread_key_create(&thread_end, at_thread_end);
	pthread_atfork(NULL, NULL, in_child);
	atexit(at_exit);
	lock_init_spins();
	/* Yama: let the other members copy from and to us (EINVAL where there is none). */
	(void)prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
}

static int already_open(int dcid)
{
	if (host.mapping.dcid == dcid)
		return 0;
	return refuse(EDVSDCRUN, "this process has dc%d open", host.mapping.dcid);
}

int host_open(int dcid, const struct dvk_options *options)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	static const struct dvk_options none;
	int rc;

	if (!options)
		options = &none;
	if (dcid < 0 || dcid >= NR_DCS)
		return refuse(EDVSBADDCID, "a DC's number is 0 to %d", NR_DCS - 1);
	pthread_once(&once, init_once);
	pthread_mutex_lock(&opening);
	if (host.open) {
		rc = already_open(dcid);
		goto unlock;
	}
	rc = search_or_create(dcid, options, &host.mapping);
	if (rc)
		goto unlock;
	rc = keeper_start(&host.mapping);
	segment_release(&host.mapping);
	if (rc) {
		segment_unmap(&host.mapping);
		goto unlock;
	}
	host.dc = host.mapping.dc;
	host.is_owner = geteuid() == 0 || geteuid() == host.dc.state->owner_uid;
	host.is_system = (options->flags & DVK_SYSTEM) != 0;
	host.epoch++;
	host.open = 1;
	fault_init();
unlock:
	pthread_mutex_unlock(&opening);
	return rc;
}

/* Threads of this process that are still attached do not count any more. */
static int leave_others(void)
{
	struct segment *segment = host.mapping.segment;
	int left = 0, pid = getpid();

	for (int i = 0; segment_has_member(segment, i); i++) {
		uint32_t expected = MEMBER_ATTACHED;

		if (segment->members[i].pid == pid &&
		    __atomic_compare_exchange_n(&segment->members[i].state, &expected, MEMBER_LEFT,
						0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
			left++;
	}
	return left;
}

static int close_held(void)
{
	struct host_self *self = &host_self;
	struct segment *segment = host.mapping.segment;
	int rc = host_attach(self), left;

	if (rc == 0) {
		if (lock_take_until(&self->seat, ticks_monotonic_ns() + CLOSE_WAIT_NS)) {
			if (!lock_is_nobodys(segment))
				return EDVSTIMEDOUT;
			bury_take_lock(&host.mapping, &self->seat);
		}
		self->parker = NULL;
		end_slots(DC_NO_MEMBER);
		host_leave(&host.dc, &self->seat);
		fifo_close_own(self);
		member_detach(&self->seat);
	}
	forget_self(self);
	keeper_stop();
	left = leave_others();
	if (!segment->kept && !segment_alive(segment, 0)) {
		host.dc.state->running = 0;
		/* One that is not ours to remove does not run any more. */
		(void)segment_remove(&host.mapping);
	}
	segment_release(&host.mapping);
	fifo_forget_all();
	host.open = 0;
	host.epoch++;
	/* Memory that other threads may still look at stays mapped. */
	if (!left)
		segment_unmap(&host.mapping);
	return 0;
}

/* Those who wait to be bound have no slot that is woken. */
static void wake_unbound(struct segment *segment)
{
	for (int i = 0; segment_has_member(segment, i); i++)
		futex_wake((const uint32_t *)&segment->members[i].current, INT32_MAX);
}

int host_end(void)
{
	struct host_self *self = &host_self;
	int rc = host_attach(self);

	if (rc)
		return rc;
	rc = segment_hold(&host.mapping);
	if (rc)
		return rc;
	if (lock_take_until(&self->seat, ticks_monotonic_ns() + CLOSE_WAIT_NS) == 0) {
		host.dc.state->now = ticks_read(host.mapping.segment->ticks_kind);
		host.mapping.segment->kept = 0;
		engine_end(&host.dc);
		host_leave(&host.dc, &self->seat);
		wake_unbound(host.mapping.segment);
		/* The last: members are woken through files beside it. */
		(void)segment_remove(&host.mapping);
	} else {
		rc = EDVSBUSY;
	}
	segment_release(&host.mapping);
	return rc;
}

int host_close(void)
{
	int rc = EDVSDVSINIT;

	pthread_mutex_lock(&opening);
	if (host.open) {
		rc = segment_hold(&host.mapping);
		if (rc == 0 || rc == EDVSDCNOTRUN)
			rc = close_held();
		if (rc)
			segment_release(&host.mapping);
	}
	pthread_mutex_unlock(&opening);
	return rc;
}
