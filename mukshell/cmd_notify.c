/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_notify.c - sets a notification's bit, in a task's or server's name.
 */
#include "complete.h"
#include "shell.h"

static int notify_run(struct shell *shell, const struct arguments *arguments)
{
	static const long long values[2] = { 0, 31 };
	const char *from = argument_option(arguments, "from");
	const char *value = argument_option(arguments, "value");
	long long number = 0;
	int endpoint, source = 0;
	int result = shell_endpoint(shell, arguments->words[0], &endpoint);

	if (!result && from)
		result = shell_endpoint(shell, from, &source);
	if (!result && value)
		result = shell_number(shell, value, values, &number);
	if (!result)
		result = shell_slot(shell);
	if (result)
		return result;
	result = from ? dvk_ntfy_value(dvk_endpoint_nr(source), endpoint, (int)number)
		      : dvk_notify(endpoint);
	if (result)
		return shell_error(shell, result, "%s%s", arguments->words[0],
				   from ? "" : " (only tasks and servers notify: --from NAME)");
	if (shell->json)
		fprintf(shell->out, "{\"notified\":true,\"endpoint\":%d}\n", endpoint);
	return 0;
}

static const struct command_option options[] = {
	{ "from", 0, "ENDPOINT", "the task or server in whose name", complete_endpoint },
	{ "value", 0, "N", "0 to 31, ORed into what is pending; with --from", NULL },
	{ 0 },
};

const struct command command_notify = {
	.name = "notify",
	.group = GROUP_TALK,
	.arguments = "ENDPOINT",
	.summary = "notify a process",
	.details =
		"A notification never blocks and is never lost; several of one source become one.\n"
		"Sources are tasks and servers: a shell notifies in the name of one.",
	.example = "notify --from clock fs",
	.json = "notified  true\nendpoint  whom",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.flags = COMMAND_ACTS,
	.complete = complete_endpoint,
	.run = notify_run,
};
