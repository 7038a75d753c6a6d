/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_delay.c - a held message goes on after a while.
 */
#include "delays.h"
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
	result = delays_add(shell, held.id, ms);
	if (result)
		return shell_error(shell, result, "%s", arguments->words[0]);
	hold_done(shell, &held, "delayed");
	return 0;
}

const struct command command_delay = {
	.name = "delay",
	.group = GROUP_TALK,
	.arguments = "NUMBER TIME",
	.summary = "let a held message go on after TIME",
	.details =
		"The prompt is back at once, and a script goes on; at its end it waits until all "
		"that it delayed has gone. A second `delay` changes the time, `release` ends "
		"it. A message is let go at once when this shell detaches or dies.",
	.example = "-delay 1 100ms",
	.json = HOLD_DONE_JSON,
	.words_min = 2,
	.words_max = 2,
	.flags = COMMAND_ACTS,
	.complete = complete_held,
	.run = delay_run,
};
