/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_sendrec.c - a raw request, and the wait for its reply.
 */
#include "talk_raw.h"

static int sendrec_run(struct shell *shell, const struct arguments *arguments)
{
	struct raw raw;
	int endpoint, type;
	int result = talk_raw_words(shell, arguments, &raw, &endpoint);

	if (!result) {
		type = raw.m.m_type;
		result = shell_sendrec(shell, endpoint, &raw.m, raw.timeout_ms);
		if (result)
			result =
				shell_error(shell, result, "%s type=%d", arguments->words[0], type);
		else
			talk_raw_show(shell, &raw.m, type);
		if (!result && !shell->json)
			raw_show_buffers(&raw, shell->out);
	}
	raw_deinit(&raw);
	return result;
}

const struct command command_sendrec = {
	.name = "sendrec",
	.group = GROUP_TALK,
	.arguments = "ENDPOINT type=NUMBER [mN_FIELD=VALUE]... [timeout=TIME]",
	.summary = "send a raw request and wait for the reply",
	.details = "Fields are the classic accessors m1_i1 to m9_l1. An address takes a number, a "
		   "text (whose address is sent) or @BYTES: a buffer of so many zero bytes, shown "
		   "when the reply has come. An error in the reply is shown, and is none of this "
		   "command.",
	.example = "sendrec fs type=36 timeout=1s",
	.json = "source     who replied, by name\n"
		"source_ep  its endpoint\n"
		"type       m_type of the reply: 0, or an error\n"
		"words      the reply in words\n"
		"payload    its 56 bytes, hexadecimal",
	.words_min = 2,
	.words_max = -1,
	.flags = COMMAND_ACTS,
	.complete = complete_raw,
	.run = sendrec_run,
};
