/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stacks.c - the stacks of the tasks of a snapshot: whose registers to begin with.
 *
 * Symbols are read once for a process, rows of tasks and a thread's registers once
 * for those that share them: tasks that follow each other in the snapshot do.
 */
#include <stdlib.h>
#include <string.h>

#include "stacks.h"

#define TRIES      8 /* a task that runs meanwhile moves */
#define TEXT_BYTES 16384

/* The tasks of that process; without a table it has none that share a thread. */
static void read_rows(struct stacks *stacks)
{
	const struct dvk_snapshot *s = stacks->snapshot;
	size_t bytes;

	stacks->table = NULL;
	for (int i = 0; i < s->table_count && !stacks->table; i++)
		if (s->tables[i].pid == stacks->pid &&
		    strcmp(s->tables[i].type, "server.task") == 0)
			stacks->table = &s->tables[i];
	if (!stacks->table || stacks->table->row_bytes != sizeof(*stacks->rows) ||
	    stacks->table->version != SERVER_TASK_VERSION || stacks->table->rows > (1u << 16)) {
		stacks->table = NULL;
		return;
	}
	bytes = (size_t)stacks->table->rows * sizeof(*stacks->rows);
	stacks->rows = malloc(bytes + 1);
	if (!stacks->rows ||
	    patient_read(stacks->patient, stacks->pid, stacks->table->address, stacks->rows, bytes))
		stacks->table = NULL;
}

static void leave_process(struct stacks *stacks)
{
	symbols_close(stacks->symbols);
	free(stacks->rows);
	stacks->symbols = NULL;
	stacks->rows = NULL;
}

static void enter_process(struct stacks *stacks, pid_t pid)
{
	if (pid == stacks->pid)
		return;
	leave_process(stacks);
	stacks->pid = pid;
	stacks->error = symbols_open(pid, &stacks->symbols);
	read_rows(stacks);
}

/* The row of the task with this slot, or -1. */
static int row_of(const struct stacks *stacks, const struct dvk_procinfo *p)
{
	for (uint32_t i = 0; stacks->table && i < stacks->table->rows; i++)
		if (stacks->rows[i].nr == p->nr && stacks->rows[i].state != SERVER_TASK_FREE)
			return (int)i;
	return -1;
}

/* One that shares its thread: on it now, or as it was left, if it is left meanwhile. */
static int task_registers(struct stacks *stacks, const struct dvk_procinfo *p, int index,
			  struct stack_registers *ret_registers)
{
	struct server_task_row *row = &stacks->rows[index], again;
	int error = EDVSAGAIN;

	for (int i = 0; i < TRIES; i++) {
		int on_thread = stack_of_thread(p->pid, p->tid, stacks->stop, ret_registers);

		if (!on_thread && stack_is_on(row, ret_registers))
			return 0;
		if (row->state != SERVER_TASK_RUNNING)
			error = stack_of_task(stacks->patient, p->pid, row, ret_registers);
		else if (on_thread)
			error = on_thread;
		if (patient_read(stacks->patient, p->pid,
				 stacks->table->address + (uint64_t)index * sizeof(again), &again,
				 sizeof(again)))
			return EDVSSRCH;
		if (!error && again.sp == row->sp && again.runs == row->runs)
			return 0;
		*row = again;
	}
	return error;
}

static int registers_of(struct stacks *stacks, const struct dvk_procinfo *p,
			struct stack_registers *ret_registers)
{
	int index = row_of(stacks, p);

	if (index < 0 || stacks->rows[index].form == SERVER_FORM_THREAD)
		return stack_of_thread(p->pid, p->tid, stacks->stop, ret_registers);
	return task_registers(stacks, p, index, ret_registers);
}

const char *stacks_reason(int error)
{
	switch (error) {
	case EDVSAGAIN:
		return "it runs in user mode: `bt --stop` stops it for a moment to look";
	case EDVSPERM:
		return "its process may not be looked into";
	case EDVSSRCH:
		return "its thread has gone";
	case EDVSBADVALUE:
		return "it was left in a way that is not known here";
	default:
		return dvk_strerror(error);
	}
}

void stacks_end(struct stacks *stacks)
{
	leave_process(stacks);
}

int stacks_of(struct stacks *stacks, const struct dvk_procinfo *p,
	      struct stack_frame ret_frames[STACK_FRAMES_MAX])
{
	struct stack_registers registers;
	int error;

	enter_process(stacks, p->pid);
	error = stacks->error ? stacks->error : registers_of(stacks, p, &registers);
	return error ? error : stack_unwind(stacks->symbols, &registers, ret_frames);
}

void stacks_words(const struct stack_frame *frames, int count, struct text *out)
{
	for (int i = 0; i < count; i++) {
		const char *file = strrchr(frames[i].file, '/');

		text_add(out, "  #%-2d 0x%012llx %s", i, (unsigned long long)frames[i].pc,
			 frames[i].function[0] ? frames[i].function : "?");
		if (frames[i].function[0])
			text_add(out, "+0x%llx", (unsigned long long)frames[i].offset);
		if (frames[i].line)
			text_add(out, " at %s:%d\n", frames[i].file, frames[i].line);
		else
			text_add(out, " in %s\n", file ? file + 1 : frames[i].file);
	}
}

int stacks_record(struct patient *patient, const struct dvk_snapshot *snapshot,
		  struct recorder *recorder)
{
	struct stacks stacks = { .patient = patient, .snapshot = snapshot };
	struct stack_frame *frames = calloc(STACK_FRAMES_MAX, sizeof(*frames));
	char *bytes = malloc(TEXT_BYTES);
	struct text text;
	int done = 0, error = !frames || !bytes ? EDVSNOMEM : 0;

	for (int i = 0; i < snapshot->count && !error; i++) {
		int count = stacks_of(&stacks, &snapshot->procs[i], frames);

		if (count <= 0)
			continue;
		text_init(&text, bytes, TEXT_BYTES);
		stacks_words(frames, count, &text);
		error = recorder_stack(recorder, &snapshot->procs[i], bytes);
		done += !error;
	}
	stacks_end(&stacks);
	free(frames);
	free(bytes);
	return done;
}
