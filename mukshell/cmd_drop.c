/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_drop.c - a held message goes nowhere.
 */
#include <string.h>

#include "hold_words.h"

/* "EIO", "EDVSIO" or "-5". */
static int error_of(struct shell *shell, const char *word, int *ret_error)
{
	static const long long range[2] = { -600, -1 };
	long long number;

	for (int code = -600; code < 0; code++) {
		const char *name = dvk_errname(code);

		if (!name || (strcasecmp(name, word) != 0 &&
			      !(word[0] == 'E' && strcasecmp(name + 4, word + 1) == 0)))
			continue;
		*ret_error = code;
		return 0;
	}
	if (shell_number(shell, word, range, &number))
		return EDVSINVAL;
	*ret_error = (int)number;
	return 0;
}

static int drop_run(struct shell *shell, const struct arguments *arguments)
{
	struct dvk_held held;
	int error = EDVSINTR, result = 0;

	if (arguments->count > 1)
		result = error_of(shell, arguments->words[1], &error);
	if (!result)
		result = hold_find(shell, arguments->words[0], &held);
	if (result)
		return result;
	result = dvk_held_drop(held.id, error);
	if (result)
		return shell_error(shell, result, "%s", arguments->words[0]);
	hold_done(shell, &held, "dropped");
	return 0;
}

const struct command command_drop = {
	.name = "drop",
	.group = GROUP_TALK,
	.arguments = "NUMBER [ERROR]",
	.summary = "throw a held message away, with an error for who waits",
	.details = "ERROR is a name (EIO) or a negative number, EINTR when left out. It ends the "
		   "call or send; of a held reply, its client's wait. A notification just goes.",
	.example = "-drop 1 EIO",
	.json = HOLD_DONE_JSON,
	.words_min = 1,
	.words_max = 2,
	.flags = COMMAND_ACTS,
	.complete = complete_held,
	.run = drop_run,
};
