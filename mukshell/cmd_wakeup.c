/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_wakeup.c - a receive from anybody ends.
 */
#include <dvk/debug.h>

#include "shell.h"
#include "command.h"

static int wakeup_run(struct shell *shell, const struct arguments *arguments)
{
	int endpoint, result = shell_endpoint(shell, arguments->words[0], &endpoint);

	if (!result)
		result = shell_slot(shell);
	if (result)
		return result;
	result = dvk_wakeup(endpoint);
	if (result)
		return shell_error(shell, result, "%s", arguments->words[0]);
	if (shell->json)
		fprintf(shell->out, "{\"woken\":true,\"endpoint\":%d}\n", endpoint);
	return 0;
}

const struct command command_wakeup = {
	.name = "wakeup",
	.group = GROUP_TALK,
	.arguments = "ENDPOINT",
	.summary = "end a process's receive from anybody",
	.details = "It returns EDVSWOKENUP, now or at its next try. A call that waits for its "
		   "reply is not disturbed.",
	.example = "-wakeup mukshell",
	.json = "woken   true\nendpoint  which one",
	.words_min = 1,
	.words_max = 1,
	.flags = COMMAND_ACTS,
	.complete = complete_endpoint,
	.run = wakeup_run,
};
