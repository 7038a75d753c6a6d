/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_cont.c - a stopped process goes on.
 */
#include <dvk/debug.h>

#include "shell.h"
#include "command.h"

static int cont_run(struct shell *shell, const struct arguments *arguments)
{
	int endpoint, result = shell_endpoint(shell, arguments->words[0], &endpoint);

	if (!result)
		result = shell_slot(shell);
	if (result)
		return result;
	result = dvk_cont(endpoint);
	if (result)
		return shell_error(shell, result, "%s", arguments->words[0]);
	if (shell->json)
		fprintf(shell->out, "{\"continued\":true,\"endpoint\":%d}\n", endpoint);
	return 0;
}

const struct command command_cont = {
	.name = "cont",
	.group = GROUP_TALK,
	.arguments = "ENDPOINT",
	.summary = "let a process go on that `stop` has stopped",
	.example = "-cont m3ftp",
	.json = "continued   true\nendpoint  which one",
	.words_min = 1,
	.words_max = 1,
	.flags = COMMAND_ACTS,
	.complete = complete_endpoint,
	.run = cont_run,
};
