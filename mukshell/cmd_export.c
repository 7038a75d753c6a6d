/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_export.c - what happened, for other programs.
 *
 * A format takes lines, as trace shows them, or events. What cannot be written is
 * told, and no file is left of it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <flame.h>
#include <json.h>
#include <recording.h>

#include "export.h"

static const struct command_option options[] = {
	TRACE_SOURCE_OPTIONS,
	{ NULL, 0, NULL, NULL, NULL },
};

/* ---- the small formats ----------------------------------------------------------- */

static void json_line(void *context, const struct inspect_line *line)
{
	struct export *export = export_of(context);

	inspect_line_json(line, export->out);
	export->count++;
}

static const struct export_format export_json = {
	.name = "jsonl",
	.summary = "one JSON object a line, as trace --json shows them",
	.line = json_line,
};

static int folded_begin(struct export *export)
{
	export->context = flame_create();
	return export->context ? 0 : shell_error(export->trace.shell, EDVSNOMEM, "stacks");
}

static void folded_line(void *context, const struct inspect_line *line)
{
	struct export *export = export_of(context);

	flame_add(export->context, line, export->trace.tracer);
}

static void folded_stack(void *context, const struct flame_stack *stack)
{
	struct export *export = context;

	if (!stack->own_ns)
		return;
	fprintf(export->out, "%s %" PRId64 "\n", stack->text, stack->own_ns);
	export->count++;
}

static void folded_end(struct export *export)
{
	flame_finish(export->context);
	flame_each(export->context, folded_stack, export);
	flame_destroy(export->context);
}

static const struct export_format export_folded = {
	.name = "folded",
	.summary = "stacks and their ns, for programs that draw flame graphs",
	.begin = folded_begin,
	.line = folded_line,
	.end = folded_end,
};

static const struct export_format *const formats[] = { &export_pcapng, &export_chrome, &export_json,
						       &export_folded };
#define FORMATS ((int)(sizeof(formats) / sizeof(formats[0])))

/* ---- the command ------------------------------------------------------------------- */

static void complete(struct shell *shell, struct completion *completion)
{
	for (int i = 0; i < FORMATS && completion->count == 0; i++)
		completion_add(completion, formats[i]->name);
	if (completion->count == 1)
		complete_host_path(shell, completion);
	else if (completion->count > 1)
		complete_filter(shell, completion);
}

static const struct export_format *find_format(struct shell *shell, const char *name)
{
	char bytes[128] = "";
	struct text known;

	text_init(&known, bytes, sizeof(bytes));
	for (int i = 0; i < FORMATS; i++) {
		if (!strcmp(formats[i]->name, name))
			return formats[i];
		text_add(&known, "%s%s", i ? ", " : "", formats[i]->name);
	}
	shell_error(shell, 0, "there is no format '%s': %s", name, bytes);
	return NULL;
}

static int write_lines(struct export *export, const struct export_format *format)
{
	int error = format->begin ? format->begin(export) : 0;

	if (error)
		return error;
	error = trace_run(&export->trace);
	if (format->end)
		format->end(export);
	return error;
}

static int write_file(struct export *export, const struct export_format *format, const char *path)
{
	struct shell *shell = export->trace.shell;
	int error, failed;

	export->out = fopen(path, "we");
	if (!export->out)
		return shell_error(shell, 0, "%s: %s", path, strerror(errno));
	error = format->events ? format->events(export) : write_lines(export, format);
	failed = ferror(export->out);
	if ((fclose(export->out) || failed) && !error)
		error = shell_error(shell, 0, "%s: %s", path, strerror(errno));
	if (error)
		recorder_remove(path);
	return error;
}

static void say_done(const struct export *export, const char *path)
{
	const struct shell *shell = export->trace.shell;
	json_t *object;

	if (!shell->json) {
		fprintf(shell->out, "%s: %" PRIu64 " written\n", path, export->count);
		return;
	}
	object = json_object();
	json_object_set_new(object, "file", inspect_json_string(path));
	json_object_set_new(object, "count", json_integer((json_int_t) export->count));
	inspect_json_print(object, shell->out);
}

/* What trace_begin() takes: the words behind FORMAT and FILE. */
static int export_run(struct shell *shell, const struct arguments *arguments)
{
	const struct export_format *format = find_format(shell, arguments->words[0]);
	const char *path = arguments->words[1];
	struct arguments rest = *arguments;
	struct export *export;
	int error;

	if (!format)
		return EDVSINVAL;
	rest.words += 2;
	rest.count -= 2;
	if (format->events &&
	    (rest.count || argument_option(arguments, "for") || argument_option(arguments, "last")))
		return shell_error(shell, 0,
				   "%s has every event of the flight recorder, or of the file that "
				   "was loaded: there filter",
				   format->name);
	export = calloc(1, sizeof(*export));
	if (!export)
		return shell_error(shell, EDVSNOMEM, "export");
	error = trace_begin(&export->trace, shell, &rest, format->line);
	if (!error)
		error = write_file(export, format, path);
	if (!error)
		say_done(export, path);
	trace_end(&export->trace);
	free(export);
	return error;
}

const struct command command_export = {
	.name = "export",
	.group = GROUP_WATCH,
	.arguments = "FORMAT FILE [FILTER]...",
	.summary = "write what happened for other programs: Wireshark, Perfetto, scripts",
	.details =
		"FORMAT is one of\n"
		"  pcapng  for Wireshark and tshark: a packet for each event, link type USER0; "
		"the dissector is share/mukshell/muk.lua (wireshark -X lua_script:muk.lua)\n"
		"  chrome  Chrome's trace format, which Perfetto opens: a track for each process\n"
		"  jsonl   one JSON object a line, as trace --json shows them\n"
		"  folded  stacks and nanoseconds, as flame shows them\n" TRACE_SOURCE_DETAILS
		"\n" TRACE_FILTER_DETAILS,
	.example = "export chrome demo.json fs.*",
	.json = "file   its name\n"
		"count  how many events, lines or stacks it has",
	.options = options,
	.words_min = 2,
	.words_max = -1,
	.complete = complete,
	.run = export_run,
};
