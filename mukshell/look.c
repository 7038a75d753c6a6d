/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * look.c - a snapshot, a process by its name, a grid on the screen.
 *
 * Looking sends no message and waits for nobody.
 */
#include "look.h"

#include <json.h>

#define BLAMED_MAX 4

int look_begin(struct shell *shell, struct look *ret_look)
{
	char bytes[512];
	struct text text;
	int error = shell_snapshot(shell, &ret_look->snapshot);

	if (error)
		return error;
	ret_look->in = inspect_create(ret_look->snapshot, NULL);
	if (!ret_look->in) {
		dvk_snapshot_free(ret_look->snapshot);
		return shell_error(shell, EDVSNOMEM, "the state of the DC");
	}
	if (ret_look->snapshot->lock_stuck) {
		text_init(&text, bytes, sizeof(bytes));
		inspect_lock_words(ret_look->in, &text);
		shell_note(shell, "%s", bytes);
	}
	return 0;
}

void look_end(struct look *look)
{
	inspect_destroy(look->in);
	dvk_snapshot_free(look->snapshot);
}

void look_blame(struct shell *shell, const struct look *look)
{
	struct inspect_why whys[BLAMED_MAX];
	int count;

	if (shell->quiet)
		return;
	/* In words look_begin() has said it already. */
	if (shell->json && look->snapshot->lock_stuck && look->snapshot->count) {
		inspect_why(look->in, look->snapshot->procs, &whys[0]);
		whys[0].count = 0; /* everybody waits, whom one asks does not matter */
		count = 1;
	} else {
		count = inspect_blame(look->in, whys, BLAMED_MAX);
	}
	fflush(shell->out);
	for (int i = 0; i < count; i++)
		if (shell->json)
			inspect_json_print(inspect_why_json(&whys[i]), stderr);
		else
			shell_note(shell, "%s", whys[i].verdict);
}

int look_process(struct shell *shell, const struct look *look, const char *word,
		 const struct dvk_procinfo **ret_process)
{
	const struct dvk_procinfo *p;
	char bytes[512];
	struct text reason;
	int endpoint;
	int error;

	text_init(&reason, bytes, sizeof(bytes));
	error = inspect_resolve(look->in, word, &endpoint, &reason);
	if (error)
		return shell_error(shell, 0, "%s", bytes);
	p = inspect_find(look->in, endpoint);
	if (!p)
		return shell_error(shell, 0, "no process is bound to %s", word);
	*ret_process = p;
	return 0;
}

int look_print(struct shell *shell, struct inspect_grid *grid, int error)
{
	if (error)
		shell_error(shell, error, "it could not be shown");
	else if (shell->json)
		inspect_grid_print_json(grid, shell->out);
	else
		inspect_grid_print(grid, shell->out, shell->terminal ? shell->columns : 0);
	inspect_grid_destroy(grid);
	return error;
}
