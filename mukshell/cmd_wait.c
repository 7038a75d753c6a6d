/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_wait.c - waits until a process is there, or gone.
 */
#include <stdlib.h>

#include "shell.h"
#include "command.h"

/* A name of one that is there; a number also of one that is not yet. */
static int endpoint_of(struct shell *shell, const char *word, int *ret_endpoint)
{
	char *end;
	long number = strtol(word, &end, 0);

	if (end != word && !*end && number >= -NR_TASKS && number <= INT32_MAX) {
		*ret_endpoint = (int)number;
		return 0;
	}
	return shell_endpoint(shell, word, ret_endpoint);
}

static int wait_run(struct shell *shell, const struct arguments *arguments)
{
	const char *timeout = argument_option(arguments, "timeout");
	int gone = argument_option(arguments, "gone") != NULL, endpoint = NONE;
	int result = endpoint_of(shell, arguments->words[0], &endpoint);
	long ms = -1;

	if (!result && timeout)
		result = shell_duration(shell, timeout, &ms);
	if (!result)
		result = shell_slot(shell);
	if (result)
		return result;
	result = shell_wait(shell, endpoint, gone, ms);
	if (gone ? result != 0 : !dvk_is_endpoint(result))
		return shell_error(shell, result, "%s", arguments->words[0]);
	if (shell->json)
		fprintf(shell->out, "{\"endpoint\":%d,\"gone\":%s}\n", gone ? endpoint : result,
			gone ? "true" : "false");
	return 0;
}

static const struct command_option options[] = {
	{ "gone", 0, NULL, "until it is not bound any more", NULL },
	{ "timeout", 0, "TIME", "no longer than this", NULL },
	{ 0 },
};

const struct command command_wait = {
	.name = "wait",
	.group = GROUP_TALK,
	.arguments = "ENDPOINT",
	.summary = "wait until a process is bound, or gone",
	.details = "A slot's number stands for whoever is bound there; of one that is not there "
		   "yet, a number is needed.",
	.example = "wait fs --timeout 1s",
	.json = "endpoint  of the process\ngone      true when it has ended",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.flags = COMMAND_ACTS,
	.complete = complete_endpoint,
	.run = wait_run,
};
