/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor_process.c - what is odd about processes and their DC.
 *
 * A wait is odd when it is the same in both samples and old; who is waited for is
 * judged once, however many wait for him.
 */
#include <stdlib.h>
#include <string.h>

#include <dvk/limits.h>

#include "doctor.h"

#define OLD_NS      1000000000
#define JUDGED_MAX  32
#define QUEUE_LONG  8
#define NEARLY_FULL 0.9

/* Waits for a certain one, in the same wait as before. */
static int waits_on(const struct dvk_procinfo *p, const struct dvk_procinfo *earlier)
{
	return earlier && p->rts & (DVK_RTS_SENDING | DVK_RTS_RECEIVING) &&
	       (p->rts & DVK_RTS_SENDING || p->getfrom_ep != ANY) && p->rts == earlier->rts &&
	       p->call == earlier->call && p->wait_since_ns == earlier->wait_since_ns;
}

static int is_known(const struct inspect_why *whys, int count, const struct inspect_why *why)
{
	for (int i = 0; i < count; i++)
		if (whys[i].cause == why->cause && whys[i].at_fault_ep == why->at_fault_ep &&
		    whys[i].tid == why->tid)
			return 1;
	return 0;
}

static void check_waits(struct doctor *doctor)
{
	const struct dvk_snapshot *s = doctor->now.snapshot;
	struct inspect_why *whys = calloc(JUDGED_MAX, sizeof(*whys));
	int judged = 0;

	for (int i = 0; whys && i < s->count && judged < JUDGED_MAX; i++) {
		const struct dvk_procinfo *p = &s->procs[i];

		if (!waits_on(p, doctor_earlier(doctor, p)) ||
		    inspect_age(doctor->now.in, p) < OLD_NS)
			continue;
		inspect_why(doctor->now.in, p, &whys[judged]);
		if (is_known(whys, judged, &whys[judged]))
			continue;
		doctor_find(doctor,
			    whys[judged].cause == CAUSE_CIRCLE       ? "circle"
			    : whys[judged].cause == CAUSE_UNANSWERED ? "reply"
								     : "wait",
			    whys[judged].hops[0].name, "%s; %s", whys[judged].hops[0].sentence,
			    whys[judged].verdict);
		doctor_advise(doctor, "%s", whys[judged].advice);
		judged++;
	}
	free(whys);
}

/* More wait than before and none was taken, or very many do. */
static void check_queue(struct doctor *doctor, const struct dvk_procinfo *p)
{
	const struct dvk_procinfo *earlier = doctor_earlier(doctor, p);
	char name[INSPECT_NAME_BYTES];

	if (!earlier || p->queue_length == 0)
		return;
	inspect_name(doctor->now.in, p->endpoint, name);
	if (p->queue_length > earlier->queue_length && p->queue_length >= QUEUE_LONG)
		doctor_find(doctor, "queue", name, "its queue grows: %d wait, %d did before",
			    p->queue_length, earlier->queue_length);
	else if (earlier->queue_length && p->messages_received == earlier->messages_received)
		doctor_find(doctor, "queue", name, "%d wait in its queue, and it has taken none",
			    p->queue_length);
	else
		return;
	doctor_advise(doctor, "`why %s`", name);
}

static void check_spin(struct doctor *doctor, const struct dvk_procinfo *p)
{
	const struct dvk_procinfo *earlier = doctor_earlier(doctor, p);
	char name[INSPECT_NAME_BYTES];
	struct inspect_why why;

	if (!earlier || p->rts || p->sleep_note[0] || p->entered_ns != earlier->entered_ns)
		return;
	inspect_why(doctor->now.in, p, &why);
	if (why.cause != CAUSE_SPINNING || why.at_fault_ep != p->endpoint)
		return;
	doctor_find(doctor, "spin", inspect_name(doctor->now.in, p->endpoint, name), "%s",
		    why.verdict);
	doctor_advise(doctor, "%s", why.advice);
}

/* Tasks that share a thread share its fate: it is told of the first of them. */
static int is_first_of_thread(const struct dvk_snapshot *s, const struct dvk_procinfo *p)
{
	for (const struct dvk_procinfo *q = s->procs; q < p; q++)
		if (q->tid == p->tid)
			return 0;
	return 1;
}

static void check_life(struct doctor *doctor, const struct dvk_procinfo *p)
{
	struct inspect_thread thread;
	char name[INSPECT_NAME_BYTES];

	inspect_name(doctor->now.in, p->endpoint, name);
	if (p->rts & (DVK_RTS_STOPPED | DVK_RTS_HELD)) {
		doctor_find(doctor, "debugger", name, "a debugger %s",
			    p->rts & DVK_RTS_HELD ? "holds its message" : "has stopped it");
		doctor_advise(doctor, p->rts & DVK_RTS_HELD ? "`hold list`" : "`cont %s`", name);
	}
	if (!is_first_of_thread(doctor->now.snapshot, p))
		return;
	inspect_thread_read(p->pid, p->tid, &thread);
	if (!thread.exists || thread.state == 'Z' || thread.state == 'X') {
		doctor_find(doctor, "dead", name, "its slot is bound and its thread %d is dead",
			    p->tid);
	} else if (thread.state == 'T' || thread.state == 't') {
		doctor_find(doctor, "stopped", name, "its thread %d is stopped", p->tid);
		doctor_advise(doctor, "`!kill -CONT %d` lets it go on", p->pid);
	}
}

static void check_dc(struct doctor *doctor)
{
	const struct dvk_snapshot *s = doctor->now.snapshot;
	const struct dvk_dcinfo *dc = &s->dc;
	uint64_t events = dc->events - doctor->before.snapshot->dc.events;
	char bytes[320];
	struct text text;

	text_init(&text, bytes, sizeof(bytes));
	inspect_lock_words(doctor->now.in, &text);
	if (s->lock_stuck)
		doctor_find(doctor, "lock", dc->name, "%s", bytes);
	if (!dc->keeper_pid)
		doctor_find(doctor, "keeper", dc->name, "nobody watches for deaths");
	if (dc->bound > NEARLY_FULL * (dc->nr_procs + dc->nr_tasks))
		doctor_find(doctor, "slots", dc->name, "%d of %d slots are taken", dc->bound,
			    dc->nr_procs + dc->nr_tasks);
	if (doctor->between_ns && events > DVK_RECORDER_EVENTS) {
		text_init(&text, bytes, sizeof(bytes));
		text_add_duration(&text, (int64_t)((double)doctor->between_ns *
						   DVK_RECORDER_EVENTS / (double)events));
		doctor_find(
			doctor, "losses", dc->name,
			"the flight recorder has lost events: at this rate it keeps the last %s",
			bytes);
	}
}

void doctor_processes(struct doctor *doctor)
{
	const struct dvk_snapshot *s = doctor->now.snapshot;

	check_dc(doctor);
	if (s->lock_stuck)
		return;
	check_waits(doctor);
	for (int i = 0; i < s->count; i++) {
		check_queue(doctor, &s->procs[i]);
		check_spin(doctor, &s->procs[i]);
		check_life(doctor, &s->procs[i]);
	}
}
