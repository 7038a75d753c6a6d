/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_stop.c - a process stops at its next transition.
 */
#include <dvk/debug.h>

#include "shell.h"
#include "command.h"

static int stop_run(struct shell *shell, const struct arguments *arguments)
{
	int endpoint, result = shell_endpoint(shell, arguments->words[0], &endpoint);

	if (!result)
		result = shell_slot(shell);
	if (result)
		return result;
	result = dvk_stop(endpoint);
	if (result)
		return shell_error(shell, result, "%s", arguments->words[0]);
	if (shell->json)
		fprintf(shell->out, "{\"stopped\":true,\"endpoint\":%d}\n", endpoint);
	return 0;
}

const struct command command_stop = {
	.name = "stop",
	.group = GROUP_TALK,
	.arguments = "ENDPOINT",
	.summary = "stop a process at its next transition",
	.details = "One that waits goes on waiting and does not run when its wait ends; one that "
		   "runs stops as it makes its next call. Its Linux thread is not stopped. `cont` "
		   "lets it go on; so does the end of this shell.",
	.example = "stop m3ftp",
	.json = "stopped   true\nendpoint  which one",
	.words_min = 1,
	.words_max = 1,
	.flags = COMMAND_ACTS,
	.complete = complete_endpoint,
	.run = stop_run,
};
