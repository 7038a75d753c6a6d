/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_why.c - who is at fault that a process does not get on.
 */
#include <string.h>

#include <json.h>

#include "command.h"
#include "look.h"

/* What Linux says is of another moment than the snapshot. */
static void print_moment(struct shell *shell, const struct look *look,
			 const struct inspect_why *why)
{
	char bytes[64];
	struct text text;

	if (!why->host_ns)
		return;
	text_init(&text, bytes, sizeof(bytes));
	text_add_duration(&text, why->host_ns - look->snapshot->taken_ns);
	shell_note(shell, "what Linux says of threads is %s younger than the snapshot", bytes);
}

static void print_text(struct shell *shell, const struct inspect_why *why)
{
	int width = 0;

	for (int i = 0; i < why->count; i++)
		if ((int)strlen(why->hops[i].name) > width)
			width = (int)strlen(why->hops[i].name);
	for (int i = 0; i < why->count; i++)
		fprintf(shell->out, "%-*s  %s\n", width, why->hops[i].name, why->hops[i].sentence);
	fprintf(shell->out, "%-*s  %s\n", width, "=>", why->verdict);
	if (why->advice[0])
		fprintf(shell->out, "%-*s  %s\n", width, "do", why->advice);
}

static int why_run(struct shell *shell, const struct arguments *arguments)
{
	const struct dvk_procinfo *p;
	struct inspect_why why;
	struct look look;
	int error = look_begin(shell, &look);

	if (error)
		return error;
	error = look_process(shell, &look, arguments->words[0], &p);
	if (!error) {
		inspect_why(look.in, p, &why);
		if (shell->json)
			inspect_json_print(inspect_why_json(&why), shell->out);
		else
			print_text(shell, &why);
		if (!shell->json)
			print_moment(shell, &look, &why);
	}
	look_end(&look);
	return error;
}

const struct command command_why = {
	.name = "why",
	.group = GROUP_LOOK,
	.arguments = "ENDPOINT",
	.summary = "explain what a process waits for, hop by hop",
	.details = "Follows the waits to the one who is at fault and says what Linux knows of its "
		   "thread: stopped, traced, dead, in which system call on which file, or running "
		   "without giving up the processor. A thread that waits for a mutex is followed "
		   "to the mutex's owner. Circles and a lock of the DC that is not let go are "
		   "named; after `do` stands what ends it. Nothing is asked of anybody: it works "
		   "when everything hangs.",
	.example = "why fs",
	.json = "one object:\n"
		"chain     array of {ep, name, sentence, tid, age}, the process asked for first; "
		"age in seconds or null\n"
		"cause     idle, running, spinning, ready, outside, syscall, stopped, traced, "
		"debugger, dead, circle, remote, lock or unanswered\n"
		"at_fault  endpoint of who is at fault, or null\n"
		"pid, tid  the Linux thread, or null\n"
		"verdict   one sentence\n"
		"advice    what ends it, or empty\n"
		"host_time when Linux was asked, in seconds of the monotonic clock, or null",
	.words_min = 1,
	.words_max = 1,
	.complete = complete_endpoint,
	.run = why_run,
};
