/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_hold.c - a rule that holds messages, and what is held.
 */
#include <string.h>

#include "complete.h"
#include "hold_words.h"
#include "trace_command.h"

static void say_rules(struct shell *shell, const struct hold_rules *rules)
{
	if (shell->json)
		fprintf(shell->out, "{\"rule\":%u,\"rules\":[", rules->rules[0].id);
	for (int i = 0; i < rules->count; i++)
		if (shell->json)
			fprintf(shell->out, i ? ",%u" : "%u", rules->rules[i].id);
		else
			fprintf(shell->out, "rule %u\n", rules->rules[i].id);
	if (shell->json)
		fputs("]}\n", shell->out);
}

static int wait_run(struct shell *shell, const struct arguments *arguments)
{
	long ms = -1;

	if (arguments->count > 1 && shell_duration(shell, arguments->words[1], &ms))
		return EDVSINVAL;
	return hold_wait(shell, ms);
}

static int hold_run(struct shell *shell, const struct arguments *arguments)
{
	struct hold_rules rules;
	int result;

	if (arguments->count == 1 && strcmp(arguments->words[0], "list") == 0)
		return hold_list(shell);
	if (arguments->count && arguments->count < 3 && strcmp(arguments->words[0], "wait") == 0)
		return wait_run(shell, arguments);
	result = hold_parse(shell, arguments, &rules);
	if (!result)
		result = hold_rules_leave(shell, &rules);
	if (!result)
		say_rules(shell, &rules);
	return result;
}

static void complete_hold(struct shell *shell, struct completion *completion)
{
	if (!completion->count) {
		completion_add(completion, "list");
		completion_add(completion, "wait");
	}
	complete_filter(shell, completion);
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
	.arguments = "list | wait [TIME] | [FILTER]...",
	.summary = "hold messages that fit, list what is held, or wait for it",
	.details =
		"A request that fits stays queued and is skipped, a reply rests with its client, a "
		"notification is set aside; who waits goes on waiting, and timeouts run on. Then "
		"`release`, `edit`, `drop`, `delay`, `duplicate` or `answer` it by its number, or "
		"as `last`. At the prompt each is shown as it comes; `hold wait` waits for the "
		"next.\n" TRACE_FILTER_DETAILS "\n"
		"Of these a rule cannot choose by how a call ends (failed, slower=), by `not`, nor "
		"by a pattern with more than a beginning. Requests are held, unless --reply, "
		"--notify, kind= or error= says otherwise; --from and --to are from= and to=.\n"
		"Rules and what they hold are gone, the messages let go unchanged, when this shell "
		"detaches or dies. Its own messages are never held.",
	.example = "hold fs.open --from m3ftp",
	.json = "one object; of a rule that was left:\n"
		"rule         its number; of several the first\n"
		"rules        all numbers: an \"or\" may take several\n"
		"of wait: what list says of each that is held;\n"
		"of list:\n"
		"rules        array of {rule, owner, source, destination, words, hits}\n"
		"held         array of {id, rule, kind, source, destination, type, age, words}",
	.options = options,
	.words_min = 0,
	.words_max = -1,
	.flags = COMMAND_ACTS,
	.complete = complete_hold,
	.run = hold_run,
};
