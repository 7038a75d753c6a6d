/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_relay.c - a request that `receive` took is passed on.
 */
#include <string.h>

#include "talk_raw.h"

static int relay_run(struct shell *shell, const struct arguments *arguments)
{
	struct raw raw;
	int endpoint, client;
	int result = talk_raw_words(shell, arguments, &raw, &endpoint);
	const char *from = argument_option(arguments, "client");

	if (!result && !from)
		result = shell_error(shell, 0, "whose request? --client ENDPOINT");
	if (!result)
		result = shell_endpoint(shell, from, &client);
	if (!result) {
		raw.m.m_source = client;
		result = dvk_relay(endpoint, &raw.m);
		if (result)
			result = shell_error(shell, result, "%s", arguments->words[0]);
		else if (shell->json)
			fprintf(shell->out, "{\"relayed\":true,\"endpoint\":%d}\n", endpoint);
	}
	raw_deinit(&raw);
	return result;
}

static const struct command_option options[] = {
	{ "client", 0, "ENDPOINT", "whose request it is", complete_endpoint },
	{ 0 },
};

const struct command command_relay = {
	.name = "relay",
	.group = GROUP_TALK,
	.arguments = "ENDPOINT type=NUMBER [mN_FIELD=VALUE]...",
	.summary = "pass a request that was received on to another process",
	.details = "The client then waits for that process; fields as in `sendrec`. When it fails, "
		   "the reply is still owed (`reply`).",
	.example = "-relay fs --client m3ftp type=36",
	.json = "relayed   true\nendpoint  to whom",
	.options = options,
	.words_min = 2,
	.words_max = -1,
	.flags = COMMAND_ACTS,
	.complete = complete_raw,
	.run = relay_run,
};
