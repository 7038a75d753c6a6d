/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_dump.c - all that can be had of the DC now, into a file of the host.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <dump.h>
#include <json.h>

#include "command.h"
#include "shell.h"
#include "stacks.h"

static void print_done(struct shell *shell, const char *path, const struct inspect_dump *done)
{
	char bytes[32];
	struct text size;
	json_t *object;

	if (shell->json) {
		object = json_object();
		json_object_set_new(object, "file", inspect_json_string(path));
		json_object_set_new(object, "bytes", json_integer((json_int_t)done->bytes));
		json_object_set_new(object, "processes", json_integer(done->processes));
		json_object_set_new(object, "tables", json_integer(done->tables));
		json_object_set_new(object, "missing", json_integer(done->missing));
		json_object_set_new(object, "threads", json_integer(done->threads));
		json_object_set_new(object, "stacks", json_integer(done->stacks));
		json_object_set_new(object, "events", json_integer((json_int_t)done->events));
		inspect_json_print(object, shell->out);
		return;
	}
	text_init(&size, bytes, sizeof(bytes));
	text_add_bytes(&size, done->bytes);
	fprintf(shell->out,
		"%s: %s: %d processes, %d tables, %d threads, %d stacks, %" PRIu64 " events\n",
		path, bytes, done->processes, done->tables, done->threads, done->stacks,
		done->events);
	if (done->missing)
		shell_note(shell, "%d tables could not be read and are left out", done->missing);
}

static int dump_run(struct shell *shell, const struct arguments *arguments)
{
	const char *path = arguments->words[0];
	struct inspect_dump done;
	int error = inspect_dump_write(shell->patient, path, argument_option(arguments, "note"),
				       shell->view ? stacks_record : NULL, &done);

	if (error == EDVSIO)
		return shell_error(shell, 0, "%s: %s", path, strerror(errno));
	if (error)
		return shell_error(shell, error, "the state of the DC");
	print_done(shell, path, &done);
	return 0;
}

static const struct command_option options[] = {
	{ "note", 'n', "TEXT", "why: `load` shows it", NULL },
	{ NULL, 0, NULL, NULL, NULL },
};

const struct command command_dump = {
	.name = "dump",
	.group = GROUP_WATCH,
	.arguments = "FILE",
	.summary = "write the whole state into a file, to be looked at with load",
	.details =
		"The state of the DC, the rows of all tables that servers registered, what Linux "
		"knows of the threads, the stacks, and the flight recorder. It sends no message "
		"and works "
		"while everything hangs. Tables and threads are read after the state, while their "
		"owners go on. A muk that dies of a fatal signal writes such a file by itself and "
		"says where.",
	.example = "dump demo.mukdump",
	.json = "file       its name\n"
		"bytes      its size\n"
		"processes, tables, threads, stacks, events   how many it has\n"
		"missing    how many tables could not be read",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.complete = complete_host_path,
	.run = dump_run,
};
