/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_send.c - a raw message for whoever receives it.
 */
#include "talk_raw.h"

static int send_run(struct shell *shell, const struct arguments *arguments)
{
	struct raw raw;
	int endpoint;
	int result = talk_raw_words(shell, arguments, &raw, &endpoint);

	if (!result) {
		result = shell_send(shell, endpoint, &raw.m, raw.timeout_ms);
		if (result)
			result = shell_error(shell, result, "%s type=%d", arguments->words[0],
					     raw.m.m_type);
		else if (shell->json)
			fprintf(shell->out, "{\"sent\":true,\"endpoint\":%d}\n", endpoint);
	}
	raw_deinit(&raw);
	return result;
}

const struct command command_send = {
	.name = "send",
	.group = GROUP_TALK,
	.arguments = "ENDPOINT type=NUMBER [mN_FIELD=VALUE]... [timeout=TIME]",
	.summary = "send a raw message; returns when the receiver has it",
	.details =
		"Fields as in `sendrec`. A server that gets a request by send cannot reply to it.",
	.example = "send fs type=36 timeout=1s",
	.json = "sent      true\nendpoint  to whom",
	.words_min = 2,
	.words_max = -1,
	.flags = COMMAND_ACTS,
	.complete = complete_raw,
	.run = send_run,
};
