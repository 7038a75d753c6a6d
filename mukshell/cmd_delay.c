/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_delay.c - a held message goes on after a while.
 */
#include "hold_words.h"

static int delay_run(struct shell *shell, const struct arguments *arguments)
{
	struct dvk_held held;
	long ms;
	int result = shell_duration(shell, arguments->words[1], &ms);

	if (!result)
		result = hold_find(shell, arguments->words[0], &held);
	if (result)
		return result;
	if (shell_sleep(shell, ms))
		return shell_error(shell, EDVSINTR, "%s is still held", arguments->words[0]);
	result = dvk_held_release(held.id);
	if (result)
		return shell_error(shell, result, "%s", arguments->words[0]);
	hold_done(shell, &held, "released");
	return 0;
}

const struct command command_delay = {
	.name = "delay",
	.group = GROUP_TALK,
	.arguments = "NUMBER TIME",
	.summary = "let a held message go on after TIME",
	.details = "The shell waits meanwhile; Ctrl-C ends the wait, and the message stays held.",
	.example = "-delay 1 100ms",
	.json = HOLD_DONE_JSON,
	.words_min = 2,
	.words_max = 2,
	.flags = COMMAND_ACTS,
	.complete = complete_held,
	.run = delay_run,
};
