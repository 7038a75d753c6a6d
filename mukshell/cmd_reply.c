/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_reply.c - answers the newest request that `receive` took from a process.
 */
#include "talk_raw.h"

static int reply_run(struct shell *shell, const struct arguments *arguments)
{
	struct raw raw;
	int endpoint;
	int result = talk_raw_words(shell, arguments, &raw, &endpoint);

	if (!result) {
		result = dvk_reply(endpoint, &raw.m);
		if (result)
			result = shell_error(shell, result, "%s", arguments->words[0]);
		else if (shell->json)
			fprintf(shell->out, "{\"replied\":true,\"endpoint\":%d}\n", endpoint);
	}
	raw_deinit(&raw);
	return result;
}

const struct command command_reply = {
	.name = "reply",
	.group = GROUP_TALK,
	.arguments = "ENDPOINT [type=NUMBER] [mN_FIELD=VALUE]...",
	.summary = "answer the request that was received from a process",
	.details =
		"type is 0 (went well) or a negative error. The process must still wait for this\n"
		"shell.",
	.example = "-reply fs type=0",
	.json = "replied   true\nendpoint  to whom",
	.words_min = 1,
	.words_max = -1,
	.flags = COMMAND_ACTS,
	.complete = complete_raw,
	.run = reply_run,
};
