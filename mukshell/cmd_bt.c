/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_bt.c - the stacks of tasks, with functions and lines.
 *
 * Symbols are read once for a process, rows of tasks and a thread's registers once
 * for those that share them: tasks that follow each other in the snapshot do.
 */
#include <stdlib.h>
#include <string.h>

#include <json.h>
#include <patient.h>
#include <stack.h>

#include "command.h"
#include "look.h"

#define TRIES 8 /* a task that runs meanwhile moves */

struct bt {
	struct shell *shell;
	struct look look;
	int stop;
	json_t *array;
	pid_t pid; /* whose symbols and rows these are */
	struct symbols *symbols;
	struct server_task_row *rows;
	const struct dvk_table *table;
	int error; /* of the symbols */
};

static const struct command_option options[] = {
	{ "stop", 0, NULL, "stop a thread that runs in user mode, for some microseconds", NULL },
	{ NULL, 0, NULL, NULL, NULL },
};

/* The tasks of that process; without a table it has none that share a thread. */
static void read_rows(struct bt *bt)
{
	const struct dvk_snapshot *s = bt->look.snapshot;
	size_t bytes;

	bt->table = NULL;
	for (int i = 0; i < s->table_count && !bt->table; i++)
		if (s->tables[i].pid == bt->pid && strcmp(s->tables[i].type, "server.task") == 0)
			bt->table = &s->tables[i];
	if (!bt->table || bt->table->row_bytes != sizeof(*bt->rows) ||
	    bt->table->version != SERVER_TASK_VERSION || bt->table->rows > (1u << 16)) {
		bt->table = NULL;
		return;
	}
	bytes = (size_t)bt->table->rows * sizeof(*bt->rows);
	bt->rows = malloc(bytes + 1);
	if (!bt->rows || shell_read(bt->shell, bt->pid, bt->table->address, bt->rows, bytes))
		bt->table = NULL;
}

static void leave_process(struct bt *bt)
{
	symbols_close(bt->symbols);
	free(bt->rows);
	bt->symbols = NULL;
	bt->rows = NULL;
}

static void enter_process(struct bt *bt, pid_t pid)
{
	if (pid == bt->pid)
		return;
	leave_process(bt);
	bt->pid = pid;
	bt->error = symbols_open(pid, &bt->symbols);
	read_rows(bt);
}

/* The row of the task with this slot, or -1. */
static int row_of(const struct bt *bt, const struct dvk_procinfo *p)
{
	for (uint32_t i = 0; bt->table && i < bt->table->rows; i++)
		if (bt->rows[i].nr == p->nr && bt->rows[i].state != SERVER_TASK_FREE)
			return (int)i;
	return -1;
}

/* One that shares its thread: on it now, or as it was left, if it is left meanwhile. */
static int task_registers(struct bt *bt, const struct dvk_procinfo *p, int index,
			  struct stack_registers *ret_registers)
{
	struct server_task_row *row = &bt->rows[index], again;
	int error = EDVSAGAIN;

	for (int i = 0; i < TRIES; i++) {
		int on_thread = stack_of_thread(p->pid, p->tid, bt->stop, ret_registers);

		if (!on_thread && stack_is_on(row, ret_registers))
			return 0;
		if (row->state != SERVER_TASK_RUNNING)
			error = stack_of_task(bt->shell->patient, p->pid, row, ret_registers);
		else if (on_thread)
			error = on_thread;
		if (shell_read(bt->shell, p->pid,
			       bt->table->address + (uint64_t)index * sizeof(again), &again,
			       sizeof(again)))
			return EDVSSRCH;
		if (!error && again.sp == row->sp && again.runs == row->runs)
			return 0;
		*row = again;
	}
	return error;
}

static int registers_of(struct bt *bt, const struct dvk_procinfo *p,
			struct stack_registers *ret_registers)
{
	int index = row_of(bt, p);

	if (index < 0 || bt->rows[index].form == SERVER_FORM_THREAD)
		return stack_of_thread(p->pid, p->tid, bt->stop, ret_registers);
	return task_registers(bt, p, index, ret_registers);
}

static const char *reason_of(int error)
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

static void print_text(struct bt *bt, const struct dvk_procinfo *p, const char *sentence,
		       const struct stack_frame *frames, int count)
{
	char name[INSPECT_NAME_BYTES];
	FILE *out = bt->shell->out;

	fprintf(out, "%s (pid %d, thread %d) %s\n", inspect_name(bt->look.in, p->endpoint, name),
		p->pid, p->tid, sentence);
	for (int i = 0; i < count; i++) {
		const char *file = strrchr(frames[i].file, '/');

		fprintf(out, "  #%-2d 0x%012llx %s", i, (unsigned long long)frames[i].pc,
			frames[i].function[0] ? frames[i].function : "?");
		if (frames[i].function[0])
			fprintf(out, "+0x%llx", (unsigned long long)frames[i].offset);
		if (frames[i].line)
			fprintf(out, " at %s:%d\n", frames[i].file, frames[i].line);
		else
			fprintf(out, " in %s\n", file ? file + 1 : frames[i].file);
	}
}

static void add_json(struct bt *bt, const struct dvk_procinfo *p, const struct stack_frame *frames,
		     int count)
{
	json_t *object = json_object(), *array = json_array();
	char name[INSPECT_NAME_BYTES];

	json_object_set_new(object, "ep", json_integer(p->endpoint));
	inspect_name(bt->look.in, p->endpoint, name);
	json_object_set_new(object, "name", inspect_json_string(name));
	json_object_set_new(object, "pid", json_integer(p->pid));
	json_object_set_new(object, "tid", json_integer(p->tid));
	for (int i = 0; i < count; i++) {
		json_t *frame = json_object();

		json_object_set_new(frame, "pc", json_integer((json_int_t)frames[i].pc));
		json_object_set_new(frame, "function", inspect_json_string(frames[i].function));
		json_object_set_new(frame, "offset", json_integer((json_int_t)frames[i].offset));
		json_object_set_new(frame, "file", inspect_json_string(frames[i].file));
		json_object_set_new(frame, "line",
				    frames[i].line ? json_integer(frames[i].line) : json_null());
		json_array_append_new(array, frame);
	}
	json_object_set_new(object, "frames", array);
	json_array_append_new(bt->array, object);
}

/* 0, or the error after it was printed; with all, a stack that is not to be had is none. */
static int show(struct bt *bt, const struct dvk_procinfo *p, int is_all)
{
	static struct stack_frame frames[STACK_FRAMES_MAX];
	struct stack_registers registers;
	char name[INSPECT_NAME_BYTES], sentence[256];
	struct text text;
	int error, count = 0;

	enter_process(bt, p->pid);
	error = bt->error ? bt->error : registers_of(bt, p, &registers);
	if (!error)
		count = stack_unwind(bt->symbols, &registers, frames);
	if (error && !is_all)
		return shell_error(bt->shell, error, "the stack of %s: %s",
				   inspect_name(bt->look.in, p->endpoint, name), reason_of(error));
	text_init(&text, sentence, sizeof(sentence));
	inspect_sentence(bt->look.in, p, &text);
	if (bt->array)
		add_json(bt, p, frames, count);
	else
		print_text(bt, p, sentence, frames, count);
	if (error && !bt->array)
		fprintf(bt->shell->out, "  %s\n", reason_of(error));
	return 0;
}

static int bt_run(struct shell *shell, const struct arguments *arguments)
{
	struct bt bt = { .shell = shell, .stop = argument_option(arguments, "stop") != NULL };
	const char *word = arguments->words[0];
	const struct dvk_procinfo *p;
	int error = shell_alive(shell);

	if (!error)
		error = look_begin(shell, &bt.look);
	if (error)
		return error;
	if (shell->json)
		bt.array = json_array();
	if (strcmp(word, "all") == 0) {
		for (int i = 0; i < bt.look.snapshot->count && !shell_interrupted(shell); i++)
			(void)show(&bt, &bt.look.snapshot->procs[i], 1);
	} else {
		error = look_process(shell, &bt.look, word, &p);
		if (!error)
			error = show(&bt, p, 0);
	}
	leave_process(&bt);
	if (bt.array && !error)
		inspect_json_print(json_incref(bt.array), shell->out);
	json_decref(bt.array);
	look_end(&bt.look);
	return error;
}

const struct command command_bt = {
	.name = "bt",
	.group = GROUP_LOOK,
	.arguments = "ENDPOINT|all",
	.summary = "show the stacks of tasks, with functions and lines",
	.details =
		"Coroutines and threads alike. Nobody is stopped: a task that waits has left its "
		"registers on its stack, and of a thread that sleeps in the kernel /proc tells "
		"the place. A thread that runs in user mode is stopped for some microseconds "
		"with --stop, and has no stack to show without. Names and lines come from the "
		"programs' own files. Where a function keeps what is needed in a register that "
		"is not known, the stack ends early.",
	.example = "bt fs",
	.json = "an array, one object a task:\n"
		"ep, name, pid, tid  whose it is\n"
		"frames  array of {pc, function, offset, file, line}, innermost first",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.complete = complete_endpoint,
	.run = bt_run,
};
