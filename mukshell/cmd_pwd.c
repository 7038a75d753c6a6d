/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_pwd.c - says where paths start, in MUK and on the host.
 */
#include <unistd.h>

#include <json.h>

#include "command.h"
#include "shell.h"

static int pwd_run(struct shell *shell, const struct arguments *arguments)
{
	char host[4096];
	json_t *object;

	(void)arguments;
	if (!getcwd(host, sizeof(host)))
		return shell_error(shell, 0, "the host's folder: %m");
	if (!shell->json) {
		fprintf(shell->out, "%s\n", shell->cwd);
		shell_note(shell, "(on the host: %s)", host);
		return 0;
	}
	object = json_object();
	json_object_set_new(object, "muk", inspect_json_string(shell->cwd));
	json_object_set_new(object, "host", inspect_json_string(host));
	inspect_json_print(object, shell->out);
	return 0;
}

const struct command command_pwd = {
	.name = "pwd",
	.group = GROUP_FILES,
	.arguments = "",
	.summary = "say which folder of MUK this is",
	.example = "pwd",
	.json = "muk   the folder in MUK\nhost  the folder on the host",
	.flags = COMMAND_WITHOUT_DC,
	.run = pwd_run,
};
