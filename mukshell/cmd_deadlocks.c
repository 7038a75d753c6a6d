/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_deadlocks.c - all circles of processes that wait for each other.
 *
 * A circle is shown once, from the one of it that comes first in the snapshot. Who
 * only waits for a circle is not in it.
 */
#include <json.h>
#include <stdlib.h>

#include "command.h"
#include "look.h"

#define STEADY_NS 10000000 /* Linux is asked after a thread that has not moved so long */

/* What Linux said of the thread asked for last: many waits end at the same one. */
struct search {
	struct look look;
	struct inspect_thread thread;
	pid_t tid;
	unsigned char *is_shown; /* by the place of a process in the snapshot */
};

static const struct inspect_thread *thread_of(struct search *search, const struct inspect_why *why)
{
	if (search->tid != why->tid)
		inspect_thread_read(why->pid, why->tid, &search->thread);
	search->tid = why->tid;
	return &search->thread;
}

/* The circle that p itself is in. */
static int is_inside(struct search *search, const struct dvk_procinfo *p,
		     struct inspect_why *ret_why)
{
	inspect_why_hops(search->look.in, p, ret_why);
	while (ret_why->cause == CAUSE_RUNNING &&
	       ret_why->hops[ret_why->count - 1].age_ns >= STEADY_NS &&
	       inspect_why_follow(search->look.in, thread_of(search, ret_why), ret_why))
		;
	return ret_why->cause == CAUSE_CIRCLE && ret_why->at_fault_ep == p->endpoint;
}

static void mark(struct search *search, const struct inspect_why *why)
{
	for (int i = 0; i < why->count; i++) {
		const struct dvk_procinfo *p = inspect_find(search->look.in, why->hops[i].endpoint);

		if (p)
			search->is_shown[p - search->look.snapshot->procs] = 1;
	}
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
	fprintf(shell->out, "  %s\n", why->advice);
}

static int find_all(struct shell *shell, struct search *search, json_t *array)
{
	static const struct inspect_thread nobody = { .syscall = -1, .fd = -1 };
	struct inspect_why why;
	int count = 0;

	for (int i = 0; i < search->look.snapshot->count; i++) {
		if (search->is_shown[i] ||
		    !is_inside(search, &search->look.snapshot->procs[i], &why))
			continue;
		inspect_why_judge(search->look.in, &nobody, &why);
		mark(search, &why);
		print_one(shell, &why, array);
		count++;
	}
	return count;
}

static int deadlocks_run(struct shell *shell, const struct arguments *arguments)
{
	struct search search = { .tid = -1 };
	json_t *array;
	int count, error = look_begin(shell, &search.look);

	(void)arguments;
	if (error)
		return error;
	search.is_shown = calloc((size_t)search.look.snapshot->count + 1, 1);
	if (!search.is_shown) {
		look_end(&search.look);
		return shell_error(shell, EDVSNOMEM, "circles");
	}
	array = shell->json ? json_array() : NULL;
	count = find_all(shell, &search, array);
	if (shell->json)
		inspect_json_print(array, shell->out);
	else if (!count)
		fprintf(shell->out, "no circles\n");
	free(search.is_shown);
	look_end(&search.look);
	return 0;
}

const struct command command_deadlocks = {
	.name = "deadlocks",
	.group = GROUP_LOOK,
	.summary = "list all circles of processes that wait for each other",
	.details = "Calls that would close a circle without a timeout are refused (EDVSLOCKED, "
		   "which `trace --last` shows); a circle with timeouts, through a mutex of a "
		   "MUK with threads, or across nodes can come about, and is shown here with "
		   "the age of each wait and where to break it.",
	.example = "deadlocks",
	.json = "an array, one object a circle, as of `why`:\n"
		"chain, cause, at_fault, pid, tid, verdict, advice, host_time",
	.run = deadlocks_run,
};
