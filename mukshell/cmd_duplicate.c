/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_duplicate.c - a held message is given once more.
 */
#include "hold_words.h"

static int duplicate_run(struct shell *shell, const struct arguments *arguments)
{
	return hold_act(shell, arguments, dvk_held_duplicate, "duplicated");
}

const struct command command_duplicate = {
	.name = "duplicate",
	.group = GROUP_TALK,
	.arguments = "NUMBER",
	.summary = "give a held request to its receiver once more",
	.details = "The original stays held. The copy gives no right to copy memory of its sender, "
		   "and its answer goes to nobody. NUMBER is that of `hold list`.",
	.example = "-duplicate 1",
	.json = HOLD_DONE_JSON "\ncount  with all: how many",
	.words_min = 1,
	.words_max = 1,
	.flags = COMMAND_ACTS,
	.complete = complete_held,
	.run = duplicate_run,
};
