/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_counters.c - how many messages and bytes went where.
 */
#include <json.h>

#include "command.h"
#include "look.h"

static int make_grid(struct shell *shell, const struct look *look, const char *word,
		     struct inspect_grid *grid)
{
	const struct dvk_procinfo *only = NULL;
	struct inspect_choice choice;
	char bytes[64];
	struct text nothing;
	int error;

	text_init(&nothing, bytes, sizeof(bytes));
	if (word && look_process(shell, look, word, &only))
		return EDVSNOENT;
	error = grid ? inspect_choose("name,sent,received,copied,queue", &choice, &nothing)
		     : EDVSNOMEM;
	if (!error)
		error = inspect_grid_choose(grid, &choice);
	for (int i = 0; i < look->snapshot->count && !error; i++) {
		const struct dvk_procinfo *p = &look->snapshot->procs[i];

		if (!only || only == p)
			error = inspect_grid_process(grid, look->in, &choice, p);
	}
	return error ? shell_error(shell, error, "the counters could not be shown") : 0;
}

static void print_json(struct shell *shell, const struct dvk_dcinfo *dc,
		       const struct inspect_grid *grid)
{
	json_t *object = json_object();

	json_object_set_new(object, "transitions", json_integer((json_int_t)dc->transitions));
	json_object_set_new(object, "events", json_integer((json_int_t)dc->events));
	json_object_set_new(object, "bound", json_integer(dc->bound));
	json_object_set_new(object, "processes", inspect_grid_json(grid));
	inspect_json_print(object, shell->out);
}

static int counters_run(struct shell *shell, const struct arguments *arguments)
{
	const char *word = arguments->count ? arguments->words[0] : NULL;
	struct inspect_grid *grid;
	struct look look;
	int error = look_begin(shell, &look);

	if (error)
		return error;
	grid = inspect_grid_create();
	error = make_grid(shell, &look, word, grid);
	if (!error && shell->json) {
		print_json(shell, &look.snapshot->dc, grid);
	} else if (!error) {
		inspect_grid_print(grid, shell->out, shell->terminal ? shell->columns : 0);
		if (!word)
			fprintf(shell->out, "dc%d: %llu transitions, %llu events, %d bound\n",
				look.snapshot->dc.dcid,
				(unsigned long long)look.snapshot->dc.transitions,
				(unsigned long long)look.snapshot->dc.events,
				look.snapshot->dc.bound);
	}
	inspect_grid_destroy(grid);
	look_end(&look);
	return error;
}

const struct command command_counters = {
	.name = "counters",
	.group = GROUP_LOOK,
	.arguments = "[ENDPOINT]",
	.summary = "count messages and bytes, of one process or all",
	.details = "SENT counts requests, sends, replies and notifications; COPIED the bytes of "
		   "vcopy in which the process was a party. All count since the bind. "
		   "`watch 1s counters` shows them live, `top` as rates.",
	.example = "counters fs",
	.json = "one object:\n"
		"transitions  of the DC so far\n"
		"events       recorded so far\n"
		"bound        slots in use\n"
		"processes    array of {name, sent, received, copied, queue}",
	.words_max = 1,
	.complete = complete_endpoint,
	.run = counters_run,
};
