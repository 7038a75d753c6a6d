/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * note.c - what a task waits for outside, so that ps can say it.
 *
 * A note costs nothing as long as tasks run: it is written only when the thread
 * is about to sleep, and cleared when its task goes on. "timer @N" is a time of
 * CLOCK_MONOTONIC in ns, which the one who shows it turns into "in 4.1 s".
 */
#include <stdio.h>

#include "scheduler.h"

void note_want(struct scheduler *s, struct task *task)
{
	if (task->nr == NONE)
		return;
	task->note_wanted = 1;
	task->note_prev = NULL;
	task->note_next = s->notes;
	if (s->notes)
		s->notes->note_prev = task;
	s->notes = task;
}

void note_drop(struct scheduler *s, struct task *task)
{
	if (!task->note_wanted)
		return;
	task->note_wanted = 0;
	if (task->note_prev)
		task->note_prev->note_next = task->note_next;
	else
		s->notes = task->note_next;
	if (task->note_next)
		task->note_next->note_prev = task->note_prev;
}

void note_format(const struct task *task, int64_t deadline_ns, char ret_note[NOTE_BYTES])
{
	int has_timer = deadline_ns != NEVER && deadline_ns != 0;
	char fd[48] = "", timer[32] = "";

	if (task->fd >= 0 && task->fd_text)
		snprintf(fd, sizeof(fd), "fd %d (%.24s)", task->fd, task->fd_text);
	else if (task->fd >= 0)
		snprintf(fd, sizeof(fd), "fd %d", task->fd);
	else if (!has_timer)
		snprintf(fd, sizeof(fd), "another task of its MUK");
	if (has_timer)
		snprintf(timer, sizeof(timer), "timer @%lld", (long long)deadline_ns);
	snprintf(ret_note, NOTE_BYTES, "%.40s%s%.21s", fd, fd[0] && has_timer ? ", " : "", timer);
}

void notes_write(struct scheduler *s)
{
	char note[NOTE_BYTES];

	while (s->notes) {
		struct task *task = s->notes;

		note_drop(s, task);
		note_format(task, task->deadline_ns, note);
		dvk_set_current(task->nr);
		task->note_set = dvk_set_sleep_note(note) == 0;
	}
}

/* The task is the current one. */
void note_clear(struct task *task)
{
	task->note_set = 0;
	dvk_set_current(task->nr);
	dvk_set_sleep_note("");
}
