/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_answer.c - a held request is answered in its receiver's place.
 */
#include "hold_words.h"

static int answer_run(struct shell *shell, const struct arguments *arguments)
{
	struct dvk_held held;
	message m;
	int result = hold_find(shell, arguments->words[0], &held);

	if (result)
		return result;
	m = (message){ 0 };
	result = hold_message(shell, arguments, &held, 1, &m);
	if (result)
		return result;
	result = dvk_held_answer(held.id, &m);
	if (result)
		return shell_error(shell, result, "%s", arguments->words[0]);
	hold_done(shell, &held, "answered");
	return 0;
}

const struct command command_answer = {
	.name = "answer",
	.group = GROUP_TALK,
	.arguments = "NUMBER [type=NUMBER] [FIELD=VALUE]...",
	.summary = "answer a held request in its receiver's place",
	.details = "type is 0 (went well) or a negative error; fields of the reply by name, or the "
		   "raw ones. The receiver never sees the request.",
	.example = "-answer 1 type=-5",
	.json = HOLD_DONE_JSON,
	.words_min = 1,
	.words_max = -1,
	.flags = COMMAND_ACTS,
	.complete = complete_held,
	.run = answer_run,
};
