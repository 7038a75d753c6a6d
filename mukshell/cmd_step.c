/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_step.c - a process gets exactly one more message.
 *
 * A rule of ours holds all that is for it; a step lets go the oldest. Replies to calls
 * of its own are not held, so that it can do all that the one message asks of it.
 */
#include <stdlib.h>

#include "hold_words.h"

#define STEP_LOOK_MS 5
#define STEP_KINDS                                                     \
	(DVK_HOLD_KIND(DVK_HELD_SEND) | DVK_HOLD_KIND(DVK_HELD_CALL) | \
	 DVK_HOLD_KIND(DVK_HELD_NOTIFY))

static int is_step_rule(const struct shell *shell, const struct dvk_hold *rule, int endpoint)
{
	return rule->owner_ep == shell->own_ep && rule->dst_ep == endpoint && rule->src_ep == ANY &&
	       rule->kinds == STEP_KINDS && !rule->test_count && rule->m_type == DVK_ANY_TYPE &&
	       rule->call_type == DVK_ANY_TYPE;
}

/* Our rule for it, left anew when there is none. 0 or the printed error. */
static int hold_all(struct shell *shell, int endpoint)
{
	struct hold_rules rules = { .count = 1 };
	int count = dvk_holds(rules.rules, DVK_HOLDS);

	for (int i = 0; i < count; i++)
		if (is_step_rule(shell, &rules.rules[i], endpoint))
			return 0;
	rules.rules[0] = (struct dvk_hold){ .src_ep = ANY,
					    .dst_ep = endpoint,
					    .m_type = DVK_ANY_TYPE,
					    .call_type = DVK_ANY_TYPE,
					    .kinds = STEP_KINDS };
	return hold_rules_leave(shell, &rules);
}

/* Lets the oldest go that is held for it: 1; 0: there is none. */
static int release_oldest(struct shell *shell, int endpoint, struct dvk_held *held)
{
	int count = dvk_held(held, DVK_HELD), oldest = -1, result;

	for (int i = 0; i < count; i++)
		if (held[i].dst_ep == endpoint && STEP_KINDS & DVK_HOLD_KIND(held[i].kind) &&
		    (oldest < 0 || held[i].id < held[oldest].id))
			oldest = i;
	if (oldest < 0)
		return 0;
	hold_show(shell, &held[oldest]);
	result = dvk_held_release(held[oldest].id);
	/* Its sender has gone meanwhile: the next one. */
	return result == EDVSNOMSG ? 0 : result ? shell_error(shell, result, "a step") : 1;
}

static int step(struct shell *shell, int endpoint, long ms)
{
	int64_t end = shell_now_ns() + ms * 1000000LL;
	struct dvk_held *held = calloc(DVK_HELD, sizeof(*held));
	int result = held ? 0 : shell_error(shell, EDVSNOMEM, "what is held");

	while (held && !(result = release_oldest(shell, endpoint, held))) {
		if (shell_now_ns() >= end)
			result = shell_error(shell, EDVSTIMEDOUT, "no message came");
		else if (shell_sleep(shell, STEP_LOOK_MS))
			result = EDVSINTR;
		if (result)
			break;
	}
	free(held);
	return result > 0 ? 0 : result;
}

static int step_run(struct shell *shell, const struct arguments *arguments)
{
	long ms = 1000;
	int endpoint, result = shell_endpoint(shell, arguments->words[0], &endpoint);

	if (!result && arguments->count > 1)
		result = shell_duration(shell, arguments->words[1], &ms);
	if (!result)
		result = shell_slot(shell);
	if (!result)
		result = hold_all(shell, endpoint);
	return result ? result : step(shell, endpoint, ms);
}

const struct command command_step = {
	.name = "step",
	.group = GROUP_TALK,
	.arguments = "ENDPOINT [TIME]",
	.summary = "let a process have exactly one more message",
	.details =
		"The first step leaves a rule that holds all requests, sends and notifications for "
		"the process; each lets the oldest go and shows it, and waits at most TIME (1s) "
		"for "
		"one to come. Replies to its own calls pass. What was queued before the rule is "
		"not "
		"held. `unhold` ends it.",
	.example = "-step m3ftp 10ms",
	.json = "id, rule, kind, source, destination, type, age, words: as of `hold` list",
	.words_min = 1,
	.words_max = 2,
	.flags = COMMAND_ACTS,
	.complete = complete_endpoint,
	.run = step_run,
};
