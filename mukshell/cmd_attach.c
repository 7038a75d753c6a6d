/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_attach.c - attaches another DC, or the same one anew.
 */
#include <json.h>

#include "command.h"
#include "session.h"

static int attach_run(struct shell *shell, const struct arguments *arguments)
{
	int result = session_attach(shell, arguments->words[0]);
	json_t *object;

	if (result)
		return result;
	if (!shell->json) {
		session_greet(shell);
		return 0;
	}
	object = json_object();
	json_object_set_new(object, "dcid", json_integer(shell->dcid));
	inspect_json_print(object, shell->out);
	return 0;
}

static void attach_complete(struct shell *shell, struct completion *completion)
{
	struct dvk_dcinfo list[NR_DCS];
	int count = dvk_list_dcs(shell->dir, list, NR_DCS);
	char text[16];

	for (int i = 0; i < count; i++) {
		snprintf(text, sizeof(text), "dc%d", list[i].dcid);
		completion_add(completion, text);
		completion_add(completion, list[i].name);
	}
}

const struct command command_attach = {
	.name = "attach",
	.group = GROUP_SHELL,
	.arguments = "DC",
	.summary = "attach a DC in place of the one that is attached",
	.details = "DC is dc0, 0 or its name. When a MUK that has gone comes back in the same DC, "
		   "the shell attaches it by itself.",
	.example = "attach dc0",
	.json = "dcid  the number of the DC",
	.words_min = 1,
	.words_max = 1,
	.flags = COMMAND_WITHOUT_DC,
	.complete = attach_complete,
	.run = attach_run,
};
