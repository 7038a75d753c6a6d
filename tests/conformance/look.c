/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * look.c - the tester looks at the DC: states, events, and what a stopped process leaves.
 */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "look.h"

#define TRIES   200
#define LOOK_NS 100000000 /* a snapshot takes 50 ms and a copy */

static struct dvk_view *view;
static uint64_t next_event, next_record;
static int traced;

int64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

void pause_briefly(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 50000 }, NULL);
}

static int open_view(void)
{
	return view || dvk_view_open(CONF_DCID, conf_dir(), 0, &view) == 0;
}

void look_close(void)
{
	if (view)
		dvk_view_close(view);
	view = NULL;
	next_event = next_record = 0;
	traced = 0;
}

uint32_t look_rts(int nr)
{
	struct dvk_snapshot *snapshot;
	uint32_t rts = DVK_RTS_SLOT_FREE;

	if (!open_view() || dvk_view_snapshot(view, &snapshot) != 0)
		return rts;
	for (int i = 0; i < snapshot->count; i++)
		if (snapshot->procs[i].nr == nr)
			rts = snapshot->procs[i].rts;
	dvk_snapshot_free(snapshot);
	return rts;
}

/* ---- events ---- */

#define AT_ONCE   64
#define JITTER_NS 100000 /* each reading converts the host's ticks anew */

const char *look_mark(void)
{
	static struct dvk_record records[AT_ONCE];
	static struct dvk_event events[AT_ONCE];
	uint64_t lost;

	if (!open_view())
		return tell("cannot be looked at");
	if (!traced && dvk_view_trace(view, 1) != 0)
		return tell("cannot be traced");
	traced = 1;
	while (dvk_view_recorder(view, &next_event, events, AT_ONCE, &lost) > 0)
		;
	while (dvk_view_records(view, &next_record, records, AT_ONCE, &lost) > 0)
		;
	return NULL;
}

static const char *check_event(const struct step *s, const struct dvk_event *event)
{
	int src = step_number(s->from ? s->from : OF((int)s->actor)), dst = step_number(s->ep);

	if (event->kind != s->kind)
		return tell("kind %d is recorded, not %d", event->kind, s->kind);
	if (event->src_ep != src || event->dst_ep != dst)
		return tell("recorded from %d to %d, not from %d to %d", event->src_ep,
			    event->dst_ep, src, dst);
	if (event->result != s->want)
		return tell("recorded with result %d, not %d", event->result, s->want);
	if (s->type && event->m_type != s->type)
		return tell("recorded with type %d, not %d", event->m_type, s->type);
	return NULL;
}

const char *look_recorded(const struct step *s)
{
	static int64_t time_ns;
	static uint64_t sequence;
	struct dvk_record record;
	struct dvk_event event;
	uint64_t lost = 0;
	const char *wrong;

	if (dvk_view_recorder(view, &next_event, &event, 1, &lost) != 1 || lost)
		return tell("no further event in the flight recorder");
	if (dvk_view_records(view, &next_record, &record, 1, &lost) != 1 || lost)
		return tell("no further record");
	wrong = check_event(s, &event);
	if (!wrong)
		wrong = check_event(s, &record.event);
	if (wrong)
		return wrong;
	if (event.sequence != record.event.sequence)
		return tell("numbers %d in the recorder, %d in the trace", (int)event.sequence,
			    (int)record.event.sequence);
	if (event.m_type != 0 && record.m.m_type != event.m_type)
		return tell("traces a message of type %d, not %d", record.m.m_type, event.m_type);
	if (event.sequence > sequence && event.time_ns < time_ns - JITTER_NS)
		return tell("is recorded with an earlier time than the one before");
	sequence = event.sequence;
	time_ns = event.time_ns;
	return NULL;
}

/* ---- a stopped holder of the lock ---- */

/* NULL: it was stopped in the middle of a transition, and that is seen right. */
static const char *check_stuck(const struct dvk_snapshot *snapshot, const struct mailbox *box)
{
	if (!snapshot->one_state)
		return tell("is not seen in one state");
	if (snapshot->dc.lock_pid != box->pid || snapshot->dc.lock_tid != box->tid)
		return tell("thread %d is said to hold the lock, not %d", snapshot->dc.lock_tid,
			    box->tid);
	for (int i = 0; i < snapshot->count; i++)
		if (snapshot->procs[i].endpoint == box->endpoint)
			return snapshot->procs[i].rts ? tell("is seen to wait") : NULL;
	return tell("is not seen");
}

static const char *look_at_stopped(const struct mailbox *box, int *ret_stuck)
{
	struct dvk_snapshot *snapshot;
	int64_t began = monotonic_ns();
	const char *wrong = NULL;

	if (!open_view() || dvk_view_snapshot(view, &snapshot) != 0)
		return tell("cannot be looked at");
	*ret_stuck = snapshot->lock_stuck;
	if (*ret_stuck)
		wrong = check_stuck(snapshot, box);
	if (*ret_stuck && !wrong && monotonic_ns() - began > patience(4 * LOOK_NS))
		wrong = tell("is looked at for too long");
	dvk_snapshot_free(snapshot);
	return wrong;
}

const char *look_freeze(const struct step *s)
{
	const struct mailbox *box = &stage->boxes[s->actor];
	const char *wrong;
	int status, stuck;

	for (int i = 0; i < patience(TRIES); i++) {
		kill(box->pid, SIGSTOP);
		if (waitpid(box->pid, &status, WUNTRACED) != box->pid || !WIFSTOPPED(status))
			return tell("does not stop");
		wrong = look_at_stopped(box, &stuck);
		if (wrong || stuck)
			return wrong;
		kill(box->pid, SIGCONT);
		pause_briefly();
	}
	return tell("is never stopped in a transition");
}
