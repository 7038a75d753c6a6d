/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_edit.c - a held message is changed.
 */
#include "hold_words.h"

static int edit_run(struct shell *shell, const struct arguments *arguments)
{
	struct dvk_held held;
	message m;
	int result = hold_find(shell, arguments->words[0], &held);

	if (result)
		return result;
	m = held.m;
	result = hold_message(shell, arguments, &held, 0, &m);
	if (result)
		return result;
	result = dvk_held_edit(held.id, &m);
	if (result)
		return shell_error(shell, result, "%s", arguments->words[0]);
	hold_done(shell, &held, "edited");
	return 0;
}

const struct command command_edit = {
	.name = "edit",
	.group = GROUP_TALK,
	.arguments = "NUMBER [type=NUMBER] [FIELD=VALUE]...",
	.summary = "change a held message; it stays held",
	.details = "Fields of the call by name, or the raw ones; what is not named stays. Texts "
		   "must be short enough to lie in the message.",
	.example = "-edit 1 type=5",
	.json = HOLD_DONE_JSON,
	.words_min = 1,
	.words_max = -1,
	.flags = COMMAND_ACTS,
	.complete = complete_held,
	.run = edit_run,
};
