/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_set.c - the shell's settings, in one table.
 */
#include <string.h>

#include <inspect.h>
#include <json.h>

#include "command.h"
#include "shell.h"
#include "talk.h"

struct setting {
	const char *name;
	const char *summary;
	const char *values; /* for completion, by blanks; "" when it is free */
	void (*get)(const struct shell *shell, struct text *out);
	int (*set)(struct shell *shell, const char *value); /* NULL: only to be read */
};

static int parse_switch(struct shell *shell, const char *value, int *ret_on)
{
	if (strcmp(value, "on") && strcmp(value, "off"))
		return shell_error(shell, 0, "'%s' is neither on nor off", value);
	*ret_on = !strcmp(value, "on");
	return 0;
}

static void get_json(const struct shell *shell, struct text *out)
{
	text_add(out, "%s", shell->json ? "on" : "off");
}

static int set_json(struct shell *shell, const char *value)
{
	return parse_switch(shell, value, &shell->json);
}

static void get_self(const struct shell *shell, struct text *out)
{
	text_add(out, "%s", shell->trace_self ? "on" : "off");
}

static int set_self(struct shell *shell, const char *value)
{
	int result = parse_switch(shell, value, &shell->trace_self);

	if (!result)
		talk_set_quiet(shell);
	return result;
}

static void get_timeout(const struct shell *shell, struct text *out)
{
	if (shell->timeout_ms < 0)
		text_add(out, "never");
	else
		text_add_duration(out, shell->timeout_ms * 1000000LL);
}

static int set_timeout(struct shell *shell, const char *value)
{
	if (!strcmp(value, "never")) {
		shell->timeout_ms = -1;
		return 0;
	}
	return shell_duration(shell, value, &shell->timeout_ms);
}

static void get_fs(const struct shell *shell, struct text *out)
{
	text_add(out, "%s", shell->fs_name);
}

static int set_fs(struct shell *shell, const char *value)
{
	int endpoint;

	if (strlen(value) >= sizeof(shell->fs_name))
		return shell_error(shell, EDVSNAMETOOLONG, "%s", value);
	if (shell_endpoint(shell, value, &endpoint))
		return EDVSNOENT;
	strcpy(shell->fs_name, value);
	strcpy(shell->cwd, "/");
	return 0;
}

static void get_endpoint(const struct shell *shell, struct text *out)
{
	if (shell->own_ep == NONE)
		text_add(out, "none");
	else
		text_add(out, "%d", shell->own_ep);
}

static const struct setting settings[] = {
	{ "json", "print JSON", "on off", get_json, set_json },
	{ "trace-self", "record and trace the shell's own messages too", "on off", get_self,
	  set_self },
	{ "timeout", "how long file commands wait for FS and M3FTP", "10s never", get_timeout,
	  set_timeout },
	{ "fs", "whose files ls, get and the others work on", "", get_fs, set_fs },
	{ "endpoint", "the shell's own; bound when a command first talks", "", get_endpoint, NULL },
};

#define SETTINGS_COUNT (sizeof(settings) / sizeof(settings[0]))

static void show_all(struct shell *shell)
{
	json_t *object = json_object();
	char bytes[64];
	struct text value;

	for (size_t i = 0; i < SETTINGS_COUNT; i++) {
		text_init(&value, bytes, sizeof(bytes));
		settings[i].get(shell, &value);
		if (!shell->json)
			fprintf(shell->out, "%-11s %-8s %s\n", settings[i].name, bytes,
				settings[i].summary);
		json_object_set_new(object, settings[i].name, json_string(bytes));
	}
	if (shell->json)
		inspect_json_print(json_incref(object), shell->out);
	json_decref(object);
}

static int change(struct shell *shell, const struct setting *setting, const char *value)
{
	int result = setting->set(shell, value);

	if (!result && shell->json)
		inspect_json_print(json_pack("{s:s}", setting->name, value), shell->out);
	return result;
}

static int set_run(struct shell *shell, const struct arguments *arguments)
{
	if (arguments->count == 0) {
		show_all(shell);
		return 0;
	}
	for (size_t i = 0; i < SETTINGS_COUNT; i++) {
		if (strcmp(settings[i].name, arguments->words[0]))
			continue;
		if (!settings[i].set)
			return shell_error(shell, 0, "%s cannot be set", settings[i].name);
		if (arguments->count < 2)
			return shell_error(shell, 0, "%s needs a value; %s", settings[i].name,
					   settings[i].summary);
		return change(shell, &settings[i], arguments->words[1]);
	}
	return shell_error(shell, 0, "there is no setting '%s'; `set` lists them",
			   arguments->words[0]);
}

static void set_complete(struct shell *shell, struct completion *completion)
{
	for (size_t i = 0; i < SETTINGS_COUNT; i++) {
		const char *values = settings[i].values;
		char value[16];

		if (completion->count == 0) {
			completion_add(completion, settings[i].name);
			continue;
		}
		if (strcmp(settings[i].name, completion->words[0]))
			continue;
		if (!strcmp(settings[i].name, "fs"))
			complete_endpoint(shell, completion);
		for (int used; sscanf(values, "%15s%n", value, &used) == 1; values += used)
			completion_add(completion, value);
	}
}

const struct command command_set = {
	.name = "set",
	.group = GROUP_SHELL,
	.arguments = "[NAME VALUE]",
	.summary = "show the shell's settings, or change one",
	.example = "set timeout 5s",
	.json = "an object: each setting's name and its value as a string",
	.words_min = 0,
	.words_max = 2,
	.flags = COMMAND_WITHOUT_DC,
	.complete = set_complete,
	.run = set_run,
};
