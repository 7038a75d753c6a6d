/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_help.c - the commands, from their own structs.
 */
#include <string.h>

#include <json.h>

#include "command.h"
#include "manual.h"
#include "run.h"
#include "shell.h"

#define HELP_WIDTH 79

static void show_list(struct shell *shell)
{
	for (int group = 0; group < GROUP_COUNT; group++) {
		fprintf(shell->out, "%s%s\n", group ? "\n" : "", manual_groups[group]);
		for (int i = 0; i < command_count; i++)
			if ((int)commands[i]->group == group)
				fprintf(shell->out, "  %-10s %s\n", commands[i]->name,
					commands[i]->summary);
	}
	fprintf(shell->out, "\n%s", manual_lines);
}

static void show_command(struct shell *shell, const struct command *command)
{
	const struct command_option *option = command->options;
	char usage[512], name[64];

	run_usage(command, usage, sizeof(usage));
	fprintf(shell->out, "%s\n  %s\n", usage, command->summary);
	for (; option && option->name; option++) {
		manual_option(option, name, sizeof(name));
		fprintf(shell->out, "  %-24s %s\n", name, option->summary);
	}
	if (command->details) {
		fputc('\n', shell->out);
		manual_wrap(shell->out, command->details, HELP_WIDTH);
	}
	if (command->example)
		fprintf(shell->out, "\nexample:  %s\n", command->example);
	if (command->json)
		fprintf(shell->out, "\nwith --json:\n%s\n", command->json);
}

static json_t *command_json(const struct command *command)
{
	json_t *object = json_object();
	char usage[512];

	run_usage(command, usage, sizeof(usage));
	json_object_set_new(object, "name", json_string(command->name));
	json_object_set_new(object, "usage", json_string(usage));
	json_object_set_new(object, "summary", json_string(command->summary));
	json_object_set_new(object, "example",
			    command->example ? json_string(command->example) : json_null());
	json_object_set_new(object, "read_only", json_boolean(!(command->flags & COMMAND_ACTS)));
	return object;
}

static void show_json(struct shell *shell, const struct command *command)
{
	json_t *array = json_array();

	for (int i = 0; i < command_count; i++)
		if (!command || commands[i] == command)
			json_array_append_new(array, command_json(commands[i]));
	inspect_json_print(array, shell->out);
}

static int help_run(struct shell *shell, const struct arguments *arguments)
{
	const struct command *command = NULL;
	int matches;

	if (arguments->count) {
		command = command_find(arguments->words[0], shell->interactive, &matches);
		if (!command)
			return shell_error(shell, 0, "there is no command '%s'; `help` lists them",
					   arguments->words[0]);
	}
	if (shell->json)
		show_json(shell, command);
	else if (command)
		show_command(shell, command);
	else
		show_list(shell);
	return 0;
}

const struct command command_help = {
	.name = "help",
	.group = GROUP_SHELL,
	.arguments = "[COMMAND]",
	.summary = "list the commands, or explain one",
	.example = "help call",
	.json = "an array: name, usage, summary, example, read_only (works with --read-only)",
	.words_min = 0,
	.words_max = 1,
	.flags = COMMAND_WITHOUT_DC,
	.complete = complete_command,
	.run = help_run,
};
