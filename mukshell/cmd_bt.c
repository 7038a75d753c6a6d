/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_bt.c - the stacks of tasks, with functions and lines; of a file, those it has.
 */
#include <stdlib.h>
#include <string.h>

#include <json.h>

#include "command.h"
#include "look.h"
#include "stacks.h"

#define TEXT_BYTES 16384

struct bt {
	struct shell *shell;
	struct look look;
	struct stacks stacks;
	json_t *array;
	const struct dvk_procinfo *only; /* of a file: whose; NULL: all */
	int shown;
};

static const struct command_option options[] = {
	{ "stop", 0, NULL, "stop a thread that runs in user mode, for some microseconds", NULL },
	{ NULL, 0, NULL, NULL, NULL },
};

static void print_text(struct bt *bt, const struct dvk_procinfo *p, const char *stack)
{
	char name[INSPECT_NAME_BYTES], sentence[256];
	struct text text;

	text_init(&text, sentence, sizeof(sentence));
	inspect_sentence(bt->look.in, p, &text);
	fprintf(bt->shell->out, "%s (pid %d, thread %d) %s\n%s",
		inspect_name(bt->look.in, p->endpoint, name), p->pid, p->tid, sentence, stack);
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
	static char bytes[TEXT_BYTES];
	char name[INSPECT_NAME_BYTES];
	struct text text;
	int count = stacks_of(&bt->stacks, p, frames);

	if (count < 0 && !is_all)
		return shell_error(bt->shell, count, "the stack of %s: %s",
				   inspect_name(bt->look.in, p->endpoint, name),
				   stacks_reason(count));
	if (bt->array) {
		add_json(bt, p, frames, count);
		return 0;
	}
	text_init(&text, bytes, sizeof(bytes));
	if (count < 0)
		text_add(&text, "  %s\n", stacks_reason(count));
	stacks_words(frames, count, &text);
	print_text(bt, p, bytes);
	return 0;
}

/* One of a file, where stacks are text. */
static void show_kept(void *context, int endpoint, const char *text)
{
	struct bt *bt = context;
	const struct dvk_procinfo *p = inspect_find(bt->look.in, endpoint);

	if (!p || (bt->only && bt->only != p))
		return;
	bt->shown++;
	if (!bt->array) {
		print_text(bt, p, text);
		return;
	}
	add_json(bt, p, NULL, 0);
	json_object_set_new(json_array_get(bt->array, json_array_size(bt->array) - 1), "text",
			    inspect_json_string(text));
}

static int show_file(struct bt *bt)
{
	recording_stacks(patient_recording(bt->shell->patient), show_kept, bt);
	return bt->shown ? 0 : shell_error(bt->shell, 0, "the file has no such stack");
}

static int show_living(struct bt *bt)
{
	const struct dvk_snapshot *s = bt->look.snapshot;
	int error = 0;

	if (bt->only)
		return show(bt, bt->only, 0);
	for (int i = 0; i < s->count && !shell_interrupted(bt->shell); i++)
		error = show(bt, &s->procs[i], 1);
	return error;
}

static int bt_run(struct shell *shell, const struct arguments *arguments)
{
	struct bt bt = { .shell = shell };
	const char *word = arguments->words[0];
	int error = look_begin(shell, &bt.look);

	if (error)
		return error;
	bt.stacks.patient = shell->patient;
	bt.stacks.snapshot = bt.look.snapshot;
	bt.stacks.stop = argument_option(arguments, "stop") != NULL;
	bt.array = shell->json ? json_array() : NULL;
	if (strcmp(word, "all") != 0)
		error = look_process(shell, &bt.look, word, &bt.only);
	if (!error)
		error = patient_recording(shell->patient) ? show_file(&bt) : show_living(&bt);
	stacks_end(&bt.stacks);
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
		"is not known, the stack ends early. A file that `dump` wrote has stacks, which "
		"are shown after `load`.",
	.example = "bt fs",
	.json = "an array, one object a task:\n"
		"ep, name, pid, tid  whose it is\n"
		"frames  array of {pc, function, offset, file, line}, innermost first\n"
		"text    of a file: the frames in words",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.complete = complete_endpoint,
	.run = bt_run,
};
