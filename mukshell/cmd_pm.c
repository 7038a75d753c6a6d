/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_pm.c - PM's table of processes.
 */
#include "command.h"
#include "look.h"

static int pm_run(struct shell *shell, const struct arguments *arguments)
{
	static const char *const types[] = { "pm.process", NULL };

	return look_tables(shell, types, arguments->count ? arguments->words[0] : NULL);
}

const struct command command_pm = {
	.name = "pm",
	.group = GROUP_LOOK,
	.arguments = "[ENDPOINT]",
	.summary = "show PM's processes: pids, parents, users, states",
	.details = LOOK_TABLES_DETAILS,
	.example = "pm",
	.json = LOOK_TABLES_JSON,
	.words_max = 1,
	.complete = complete_endpoint,
	.run = pm_run,
};
