/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_dcs.c - the DCs that can be attached.
 */
#include <pwd.h>
#include <string.h>

#include "command.h"
#include "folders.h"
#include "look.h"

static const struct inspect_heading headings[] = {
	{ "dc", "DC", 0 },       { "name", "NAME", 0 },       { "bound", "BOUND", 1 },
	{ "slots", "SLOTS", 1 }, { "members", "MEMBERS", 1 }, { "keeper", "KEEPER", 1 },
	{ "lock", "LOCK", 1 },   { "owner", "OWNER", 0 },     { "strict", "STRICT", 0 },
	{ "kept", "KEPT", 0 },   { "path", "PATH", 0 },
};

static void owner_words(uint32_t uid, struct inspect_value *value)
{
	struct passwd *owner = getpwuid(uid);

	if (owner)
		inspect_value_set_text(value, "%s", owner->pw_name);
	else
		inspect_value_set_text(value, "%u", uid);
}

static int add_dc(struct inspect_grid *grid, const struct dvk_dcinfo *dc)
{
	struct inspect_value values[sizeof(headings) / sizeof(headings[0])];
	int error = inspect_grid_row(grid);

	inspect_value_set_text(&values[0], "dc%d", dc->dcid);
	inspect_value_set_text(&values[1], "%.*s", DVK_NAME_BYTES, dc->name);
	inspect_value_set_number(&values[2], INSPECT_NUMBER, dc->bound);
	inspect_value_set_number(&values[3], INSPECT_NUMBER, dc->nr_tasks + dc->nr_procs);
	inspect_value_set_number(&values[4], INSPECT_NUMBER, dc->members);
	inspect_value_set_number(&values[5], dc->keeper_pid ? INSPECT_NUMBER : INSPECT_NOTHING,
				 dc->keeper_pid);
	inspect_value_set_number(&values[6], dc->lock_pid ? INSPECT_NUMBER : INSPECT_NOTHING,
				 dc->lock_pid);
	owner_words(dc->owner_uid, &values[7]);
	inspect_value_set_number(&values[8], INSPECT_BOOLEAN, dc->strict);
	inspect_value_set_number(&values[9], INSPECT_BOOLEAN, dc->kept);
	inspect_value_set_text(&values[10], "%.*s", (int)sizeof(dc->path), dc->path);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]) && !error; i++)
		error = inspect_grid_value(grid, &values[i]);
	return error;
}

static void say_none(struct shell *shell)
{
	char searched[DVK_DIR_MAX * 280] = "";
	struct text folders;

	text_init(&folders, searched, sizeof(searched));
	folders_add(shell, &folders);
	fprintf(shell->out, "no DC is running; looked in %s\n", searched);
}

static int dcs_run(struct shell *shell, const struct arguments *arguments)
{
	struct dvk_dcinfo list[NR_DCS];
	struct inspect_grid *grid = inspect_grid_create();
	int count = dvk_list_dcs(shell->dir, list, NR_DCS);
	int error = grid ? 0 : EDVSNOMEM;

	(void)arguments;
	if (count < 0) {
		inspect_grid_destroy(grid);
		return shell_error(shell, count, "the folders of DCs cannot be read");
	}
	folders_say_unusable(shell);
	if (!count && !shell->json) {
		inspect_grid_destroy(grid);
		say_none(shell);
		return 0;
	}
	for (size_t i = 0; i < sizeof(headings) / sizeof(headings[0]) && !error; i++)
		error = inspect_grid_column(grid, &headings[i]);
	for (int i = 0; i < count && !error; i++)
		error = add_dc(grid, &list[i]);
	return look_print(shell, grid, error);
}

const struct command command_dcs = {
	.name = "dcs",
	.group = GROUP_LOOK,
	.summary = "list the DCs that can be attached",
	.details = "Without --dir these are the folders $XDG_RUNTIME_DIR/dvk, /run/dvk and "
		   "/tmp/dvk-UID. LOCK is the process that held the DC's lock just now: the same "
		   "one again and again has stopped while it held it.",
	.example = "dcs",
	.json = "an array, one object a DC:\n"
		"dc       \"dc0\"\n"
		"name     its name\n"
		"bound    slots in use\n"
		"slots    slots there are\n"
		"members  threads attached to it\n"
		"keeper   pid of who watches for deaths, or null\n"
		"lock     pid of who holds its lock, or null\n"
		"owner    user who made it\n"
		"strict   users may call servers and tasks only\n"
		"kept     stays when the last member leaves\n"
		"path     file of its segment",
	.flags = COMMAND_WITHOUT_DC,
	.run = dcs_run,
};
