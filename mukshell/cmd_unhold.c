/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_unhold.c - rules are taken back.
 */
#include "hold_words.h"

static int unhold_run(struct shell *shell, const struct arguments *arguments)
{
	static const long long range[2] = { 1, UINT32_MAX };
	long long id = 0;
	int result = arguments->count ? shell_number(shell, arguments->words[0], range, &id) : 0;

	if (!result)
		result = shell_slot(shell);
	if (result)
		return result;
	result = dvk_unhold((uint32_t)id);
	if (result)
		return shell_error(shell, result, "rule %lld", id);
	if (shell->json)
		fprintf(shell->out, id ? "{\"rule\":%lld}\n" : "{\"rule\":null}\n", id);
	return 0;
}

const struct command command_unhold = {
	.name = "unhold",
	.group = GROUP_TALK,
	.arguments = "[RULE]",
	.summary = "take a rule back, or all of this shell's; what they hold goes on",
	.example = "unhold",
	.json = "rule  its number, null for all",
	.words_max = 1,
	.flags = COMMAND_ACTS,
	.run = unhold_run,
};
