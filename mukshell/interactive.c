/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * interactive.c - a person at the prompt.
 */
#include <stdio.h>
#include <stdlib.h>

#include "interrupt.h"
#include "line.h"
#include "program.h"
#include "session.h"

static struct shell *talker;

/* While the prompt waits: notices that the MUK has gone or is back. */
static int look_after(void)
{
	int lost = talker->lost;

	talker->at_prompt = 1;
	session_check(talker);
	talker->at_prompt = 0;
	return talker->lost != lost;
}

static void make_prompt(const struct shell *shell, char *ret_prompt, size_t size)
{
	if (!shell->view)
		snprintf(ret_prompt, size, "mukshell> ");
	else if (shell->lost)
		snprintf(ret_prompt, size, "%s (gone)> ", session_name(shell));
	else
		snprintf(ret_prompt, size, "%s:%s> ", session_name(shell), shell->cwd);
}

void program_converse(struct program *program)
{
	struct shell *shell = program->shell;
	char prompt[SHELL_PATH_BYTES + 32];
	char *line;

	shell->interactive = 1;
	talker = shell;
	if (shell->view)
		session_greet(shell);
	reader_start(shell);
	while (!shell->quit) {
		session_check(shell);
		make_prompt(shell, prompt, sizeof(prompt));
		line = reader_line(prompt, look_after);
		if (!line)
			break;
		shell_run_line(shell, line);
		if (interrupt_pending() && shell->terminal)
			fputc('\n', stdout);
		interrupt_clear();
		free(line);
	}
	reader_stop();
}
