/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_hold.c - a rule that holds messages, and what is held.
 */
#include <string.h>

#include "complete.h"
#include "hold_words.h"

static int hold_run(struct shell *shell, const struct arguments *arguments)
{
	struct dvk_hold rule;
	int result;

	if (arguments->count == 1 && strcmp(arguments->words[0], "list") == 0)
		return hold_list(shell);
	result = hold_parse(shell, arguments, &rule);
	if (!result)
		result = shell_slot(shell);
	if (result)
		return result;
	result = dvk_hold(&rule);
	if (result < 0)
		return shell_error(shell, result, "no rule was left");
	if (shell->json)
		fprintf(shell->out, "{\"rule\":%d}\n", result);
	else
		fprintf(shell->out, "rule %d\n", result);
	return 0;
}

static void complete_filter(struct shell *shell, struct completion *completion)
{
	if (!completion->count)
		completion_add(completion, "list");
	complete_call(shell, completion);
}

static const struct command_option options[] = {
	{ "from", 0, "ENDPOINT", "only what this process sends", complete_endpoint },
	{ "to", 0, "ENDPOINT", "only what is for this process", complete_endpoint },
	{ "reply", 0, NULL, "replies, not requests", NULL },
	{ "notify", 0, NULL, "notifications, not requests", NULL },
	{ 0 },
};

const struct command command_hold = {
	.name = "hold",
	.group = GROUP_TALK,
	.arguments = "list | [SERVER.CALL] [FIELD=VALUE]... [type=NUMBER]",
	.summary = "hold messages that fit, or list what is held",
	.details =
		"A request that fits stays queued and is skipped, a reply rests with its client, a "
		"notification is set aside; who waits goes on waiting, and timeouts run on. Then "
		"`release`, `edit`, `drop`, `delay`, `duplicate` or `answer` it by its number of "
		"`hold list`. FIELD is a number of the call (or m1_i1 ...), compared by = != < <= "
		"> >= or & (any of these bits); quote < > and &. With --reply the server of "
		"SERVER.CALL is the sender, and FIELD one of its reply.\n"
		"Rules and what they hold are gone, the messages let go unchanged, when this shell "
		"detaches or dies. Its own messages are never held.",
	.example = "hold fs.open --from m3ftp",
	.json = "one object; of a rule that was left:\n"
		"rule         its number\n"
		"of list:\n"
		"rules        array of {rule, owner, source, destination, words, hits}\n"
		"held         array of {id, rule, kind, source, destination, type, age, words}",
	.options = options,
	.words_min = 0,
	.words_max = -1,
	.flags = COMMAND_ACTS,
	.complete = complete_filter,
	.run = hold_run,
};
