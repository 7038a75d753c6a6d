/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_receive.c - waits for a message to the shell's own slot.
 */
#include <string.h>

#include "talk_raw.h"

static int receive_run(struct shell *shell, const struct arguments *arguments)
{
	long timeout_ms = -1;
	int source = ANY;
	message m;
	int result = 0;

	for (int i = 0; i < arguments->count && !result; i++) {
		const char *word = arguments->words[i];

		result = strncmp(word, "timeout=", 8)
				 ? shell_endpoint(shell, word, &source)
				 : shell_duration(shell, word + 8, &timeout_ms);
	}
	if (!result)
		result = shell_slot(shell);
	if (result)
		return result;
	if (argument_option(arguments, "requests"))
		result = shell_rcvrqst(shell, &m, timeout_ms);
	else
		result = shell_receive(shell, source, &m, timeout_ms);
	if (result)
		return shell_error(shell, result, "nothing was received");
	talk_raw_show(shell, &m, 0);
	return 0;
}

static void receive_complete(struct shell *shell, struct completion *completion)
{
	complete_endpoint(shell, completion);
	completion_add(completion, "any");
	completion_add_open(completion, "timeout=");
}

static const struct command_option options[] = {
	{ "requests", 0, NULL, "requests of calls only, from anyone; others stay queued", NULL },
	{ 0 },
};

const struct command command_receive = {
	.name = "receive",
	.group = GROUP_TALK,
	.arguments = "[ENDPOINT] [timeout=TIME]",
	.summary = "wait for a message to this shell, from anyone or from one",
	.details = "A request that was received by it is answered with `reply`. `set` shows the "
		   "shell's endpoint, which others send to.",
	.example = "-receive any timeout=100ms",
	.json = "as of `sendrec`",
	.options = options,
	.words_min = 0,
	.words_max = 2,
	.flags = COMMAND_ACTS,
	.complete = receive_complete,
	.run = receive_run,
};
