/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_deadlocks.c - all circles of processes that wait for each other.
 */
#include <json.h>

#include "command.h"
#include "look.h"

/* 1 when an earlier process is in this circle: it was shown from there. */
static int is_shown(const struct look *look, const struct inspect_why *why, int index)
{
	for (int i = 0; i < index; i++)
		for (int k = 0; k < why->count; k++)
			if (why->hops[k].endpoint == look->snapshot->procs[i].endpoint)
				return 1;
	return 0;
}

/* The process itself is in the circle, not only one of those who wait for it. */
static int is_inside(const struct look *look, const struct dvk_procinfo *p)
{
	const struct dvk_procinfo *at = p;
	int steps = 0;

	do {
		int next = at->rts & DVK_RTS_SENDING ? at->sendto_ep : at->getfrom_ep, i = 0;

		while (i < look->snapshot->count && look->snapshot->procs[i].endpoint != next)
			i++;
		if (i == look->snapshot->count)
			return 0;
		at = &look->snapshot->procs[i];
	} while (at != p && ++steps < look->snapshot->count);
	return at == p;
}

static void print_one(struct shell *shell, const struct inspect_why *why, json_t *array)
{
	if (shell->json) {
		json_array_append_new(array, inspect_why_json(why));
		return;
	}
	for (int i = 0; i < why->count; i++)
		fprintf(shell->out, "%s%s", i ? " -> " : "", why->hops[i].name);
	fprintf(shell->out, " -> %s\n", why->hops[0].name);
	for (int i = 0; i < why->count; i++)
		fprintf(shell->out, "  %s %s\n", why->hops[i].name, why->hops[i].sentence);
}

static int deadlocks_run(struct shell *shell, const struct arguments *arguments)
{
	json_t *array = shell->json ? json_array() : NULL;
	struct inspect_why why;
	struct look look;
	int count = 0, error = look_begin(shell, &look);

	(void)arguments;
	if (error) {
		json_decref(array);
		return error;
	}
	for (int i = 0; i < look.snapshot->count; i++) {
		const struct dvk_procinfo *p = &look.snapshot->procs[i];

		if (!(p->rts & (DVK_RTS_SENDING | DVK_RTS_RECEIVING)) || !is_inside(&look, p))
			continue;
		inspect_why_hops(look.in, p, &why);
		if (why.cause != CAUSE_CIRCLE || is_shown(&look, &why, i))
			continue;
		print_one(shell, &why, array);
		count++;
	}
	if (shell->json)
		inspect_json_print(array, shell->out);
	else if (!count)
		fprintf(shell->out, "no circles\n");
	look_end(&look);
	return 0;
}

const struct command command_deadlocks = {
	.name = "deadlocks",
	.group = GROUP_LOOK,
	.summary = "list all circles of processes that wait for each other",
	.details = "Calls that would close a circle without a timeout are refused (EDVSLOCKED, "
		   "which `trace --last` shows); a circle with timeouts, or across nodes, can "
		   "come about, and is shown here.",
	.example = "deadlocks",
	.json = "an array, one object a circle, as of `why`:\n"
		"chain, cause, at_fault, pid, tid, verdict",
	.run = deadlocks_run,
};
