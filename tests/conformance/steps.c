/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steps.c - the tester tells an actor what to do, and sees what comes of it.
 *
 * It takes no slot of the DC: that somebody waits it sees by looking.
 */
#include <limits.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "death.h"
#include "forms.h"
#include "look.h"
#include "steps.h"

#define PATIENCE_NS 8000000000LL

static char told[256];
static int began[ACTORS]; /* a call of an actor is under way */
static enum conf_call begun[ACTORS];

const char *tell(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(told, sizeof(told), format, list);
	va_end(list);
	return told;
}

/* A number of a row as the actors have it. */
int step_number(int value)
{
	const struct mailbox *boxes = stage->boxes;
	int name;

	if (value > PEER_BASE || value < PEER_BASE - 49)
		return value;
	name = (PEER_BASE - value) % 10;
	if (name >= ACTORS)
		return value;
	switch ((PEER_BASE - value) / 10) {
	case 0:
		return boxes[name].endpoint;
	case 1:
		return boxes[name].was;
	case 2:
		return dvk_endpoint_nr(boxes[name].endpoint);
	case 3:
		return boxes[name].tid;
	default:
		return boxes[name].pid;
	}
}

static struct step resolved(const struct step *s)
{
	struct step step = *s;

	step.ep = step_number(s->ep);
	step.from = step_number(s->from);
	return step;
}

static void give(const struct step *s)
{
	struct mailbox *box = &stage->boxes[s->actor];
	uint64_t one = 1;

	box->step = resolved(s);
	__atomic_add_fetch(&box->given, 1, __ATOMIC_RELEASE);
	syscall(SYS_futex, &box->given, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
	if (stage->form == COROUTINES && write(stage->doorbell, &one, sizeof(one)) < 0)
		abort();
}

static int is_done(const struct mailbox *box)
{
	return __atomic_load_n(&box->done, __ATOMIC_ACQUIRE) == box->given;
}

/* 1: the step is over. */
static int await(const struct mailbox *box)
{
	int64_t deadline = monotonic_ns() + patience(PATIENCE_NS);
	struct timespec slice = { .tv_nsec = 100000000 };

	while (!is_done(box)) {
		uint32_t done = box->done;

		if (monotonic_ns() > deadline)
			return 0;
		if (done != box->given)
			syscall(SYS_futex, &box->done, FUTEX_WAIT, done, &slice, NULL, 0);
	}
	return 1;
}

#define WAITS                                                                          \
	(DVK_RTS_SENDING | DVK_RTS_RECEIVING | DVK_RTS_WAITBIND | DVK_RTS_WAITUNBIND | \
	 DVK_RTS_STOPPED | DVK_RTS_ONCOPY)

static const char *step_starts(const struct step *s)
{
	give(s);
	began[s->actor] = 1;
	begun[s->actor] = s->call;
	return NULL;
}

static const char *step_begins(const struct step *s)
{
	const struct mailbox *box = &stage->boxes[s->actor];
	int64_t deadline = monotonic_ns() + patience(PATIENCE_NS);
	int nr = dvk_endpoint_nr(box->endpoint);

	step_starts(s);
	while (box->bound && !(look_rts(nr) & WAITS)) {
		if (is_done(box))
			return tell("does not wait but returns %d", box->rc);
		if (monotonic_ns() > deadline)
			return tell("does not wait");
		pause_briefly();
	}
	return NULL;
}

static const char *check(const struct step *s)
{
	const struct mailbox *box = &stage->boxes[s->actor];
	int want = step_number(s->want);

	if (want == FINE ? box->rc < DVK_ENDPOINT_MIN : box->rc != want)
		return tell("returns %d (%s), not %d", box->rc, dvk_strerror(box->rc), want);
	if (box->rc < DVK_ENDPOINT_MIN && !call_may_return(s->call, box->rc))
		return tell("%s is not in the table of errors", dvk_strerror(box->rc));
	if (s->got && box->m.m_type != s->got)
		return tell("gets type %d, not %d", box->m.m_type, s->got);
	if (s->by && box->m.m_source != step_number(s->by))
		return tell("gets it from %d, not %d", box->m.m_source, step_number(s->by));
	if (s->verb == DOES && box->rc == EDVSTIMEDOUT && box->took_ns < s->ms * 1000000LL)
		return tell("times out %d us too early", s->ms * 1000 - (int)(box->took_ns / 1000));
	if (s->map && box->m.m9_i1 != s->map)
		return tell("gets map %x, not %x", (unsigned int)box->m.m9_i1,
			    (unsigned int)s->map);
	return s->field.bytes ? known_check(s, &box->known) : NULL;
}

static const char *step_does(const struct step *s)
{
	const char *wrong;
	int times = 0;

	if (began[s->actor])
		return tell("has not ended its call");
	do {
		give(s);
		if (!await(&stage->boxes[s->actor])) {
			began[s->actor] = 1;
			return tell("does not return");
		}
		wrong = check(s);
	} while (!wrong && ++times < s->times);
	return wrong;
}

static const char *step_ends(const struct step *s)
{
	if (!began[s->actor] || begun[s->actor] != s->call)
		return tell("has begun no such call");
	if (!await(&stage->boxes[s->actor]))
		return tell("does not return");
	began[s->actor] = 0;
	return check(s);
}

static const char *step_cancels(const struct step *s)
{
	struct mailbox *box = &stage->boxes[s->actor];
	int64_t deadline = monotonic_ns() + patience(PATIENCE_NS);
	uint32_t before = box->signals;

	box->signal_step = resolved(s);
	if (syscall(SYS_tgkill, box->pid, box->tid, SIGUSR1) != 0)
		return tell("cannot be signalled");
	while (__atomic_load_n(&box->signals, __ATOMIC_ACQUIRE) == before) {
		if (monotonic_ns() > deadline)
			return tell("takes no signal");
		pause_briefly();
	}
	if (box->signal_rc != s->want)
		return tell("returns %d in a handler, not %d", box->signal_rc, s->want);
	return NULL;
}

const char *step_run(const struct step *s)
{
	switch (s->verb) {
	case DOES:
		return step_does(s);
	case BEGINS:
		return step_begins(s);
	case ENDS:
		return step_ends(s);
	case CANCELS:
		return step_cancels(s);
	case STARTS:
		return step_starts(s);
	case DIES:
	case EXITS:
	case EXECS:
		return death_run(s);
	case FREEZES_INSIDE:
		return look_freeze(s);
	case MARKS:
		return look_mark();
	case RECORDED:
		return look_recorded(s);
	case FREEZES:
		return kill(stage->boxes[s->actor].pid, SIGSTOP) ? tell("does not stop") : NULL;
	case THAWS:
		__atomic_store_n(&stage->resting, 1, __ATOMIC_RELEASE);
		return kill(stage->boxes[s->actor].pid, SIGCONT) ? tell("does not go on") : NULL;
	case END:
		break;
	}
	return tell("is no step");
}

int steps_left(void)
{
	int left = 0;

	for (int i = 0; i < ACTORS; i++)
		left |= began[i];
	return left;
}

void steps_forget(void)
{
	look_close();
	memset(began, 0, sizeof(began));
}
