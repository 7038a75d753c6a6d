/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_release.c - a held message goes on.
 */
#include "hold_words.h"

static int release_run(struct shell *shell, const struct arguments *arguments)
{
	return hold_act(shell, arguments, dvk_held_release, "released");
}

const struct command command_release = {
	.name = "release",
	.group = GROUP_TALK,
	.arguments = "NUMBER | all",
	.summary = "let a held message go on, unchanged",
	.details = "'all' lets go everything, and the rules stay. NUMBER is that of `hold list`.",
	.example = "release all",
	.json = HOLD_DONE_JSON "\ncount  with all: how many",
	.words_min = 1,
	.words_max = 1,
	.flags = COMMAND_ACTS,
	.complete = complete_held,
	.run = release_run,
};
