/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_flame.c - where the time of calls went, nested through the servers.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <flame.h>
#include <json.h>

#include "trace_command.h"

struct flaming {
	struct flame *flame;
	json_t *array; /* with --json; else NULL */
	struct trace trace;
};

static const struct command_option options[] = {
	TRACE_SOURCE_OPTIONS,
	{ "svg", 0, "FILE", "a picture for a browser, into a file of the host",
	  complete_host_path },
	{ NULL, 0, NULL, NULL, NULL },
};

static void add(void *context, const struct inspect_line *line)
{
	struct flaming *flaming = context;

	flame_add(flaming->flame, line, flaming->trace.tracer);
}

static void print_stack(void *context, const struct flame_stack *stack)
{
	struct flaming *flaming = context;
	json_t *object;

	if (!flaming->array) {
		if (stack->own_ns)
			fprintf(flaming->trace.shell->out, "%s %" PRId64 "\n", stack->text,
				stack->own_ns);
		return;
	}
	object = json_object();
	json_object_set_new(object, "stack", inspect_json_string(stack->text));
	json_object_set_new(object, "own", json_real((double)stack->own_ns / 1e9));
	json_object_set_new(object, "total", json_real((double)stack->total_ns / 1e9));
	json_object_set_new(object, "count", json_integer((json_int_t)stack->count));
	json_array_append_new(flaming->array, object);
}

static void print(struct shell *shell, struct flaming *flaming)
{
	flaming->array = shell->json ? json_array() : NULL;
	flame_each(flaming->flame, print_stack, flaming);
	if (flaming->array)
		inspect_json_print(flaming->array, shell->out);
}

static int write_svg(struct shell *shell, const struct flame *flame, const char *path)
{
	FILE *out = fopen(path, "we");
	int failed;

	if (!out)
		return shell_error(shell, 0, "%s: %s", path, strerror(errno));
	flame_svg(flame, out);
	failed = ferror(out);
	if (fclose(out) || failed)
		return shell_error(shell, 0, "%s: %s", path, strerror(errno));
	return 0;
}

static int flame_run(struct shell *shell, const struct arguments *arguments)
{
	struct flaming *flaming = calloc(1, sizeof(*flaming));
	struct trace_collector collector = { add, flaming };
	const char *svg = argument_option(arguments, "svg");
	int error;

	if (!flaming)
		return shell_error(shell, EDVSNOMEM, "a flame");
	flaming->flame = flame_create();
	error = flaming->flame ? trace_collect(&flaming->trace, shell, arguments, &collector)
			       : shell_error(shell, EDVSNOMEM, "a flame");
	if (!error) {
		flame_finish(flaming->flame);
		if (svg)
			error = write_svg(shell, flaming->flame, svg);
		else
			print(shell, flaming);
	}
	trace_end(&flaming->trace);
	flame_destroy(flaming->flame);
	free(flaming);
	return error;
}

const struct command command_flame = {
	.name = "flame",
	.group = GROUP_WATCH,
	.arguments = "[FILTER]...",
	.summary = "show where the time of calls went, nested through the servers",
	.details =
		"A line for each stack, CLIENT;CALL;CALL and the nanoseconds that were its own: in "
		"the server of its last call, or waiting in that one's queue ([queue]). This is "
		"the "
		"folded form that programs for flame graphs read; --svg makes the picture itself. "
		"A filter leaves out whole calls, also those within others.\n" TRACE_SOURCE_DETAILS
		"\n" TRACE_FILTER_DETAILS,
	.example = "flame --last 500 fs.*",
	.json = "an array, one object a stack:\n"
		"stack  \"client;fs.read;rdisk.gather\"\n"
		"own    seconds in it itself\n"
		"total  seconds with all that it called\n"
		"count  how often",
	.options = options,
	.words_max = -1,
	.complete = complete_filter,
	.run = flame_run,
};
