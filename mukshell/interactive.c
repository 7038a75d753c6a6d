/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * interactive.c - a person at the prompt.
 */
#include <stdio.h>
#include <stdlib.h>

#include "delays.h"
#include "hold_words.h"
#include "interrupt.h"
#include "line.h"
#include "program.h"
#include "session.h"

static struct shell *talker;

static void make_prompt(const struct shell *shell, char *ret_prompt, size_t size)
{
	if (!shell->patient)
		snprintf(ret_prompt, size, "mukshell> ");
	else if (shell->lost)
		snprintf(ret_prompt, size, "%s (gone)> ", session_name(shell));
	else
		snprintf(ret_prompt, size, "%s:%s> ", session_name(shell), shell->cwd);
}

/* While the prompt waits: lets go what was delayed, notices that the MUK has gone or is back. */
static const char *look_after(void)
{
	static char prompt[SHELL_PATH_BYTES + 32];
	int lost = talker->lost, released;

	talker->at_prompt = 1;
	released = delays_run(0) + hold_tell(talker);
	session_check(talker);
	talker->at_prompt = 0;
	if (talker->lost == lost && !released)
		return NULL;
	make_prompt(talker, prompt, sizeof(prompt));
	return prompt;
}

void program_converse(struct program *program)
{
	struct shell *shell = program->shell;
	char prompt[SHELL_PATH_BYTES + 32];
	char *line;
	int result;

	shell->interactive = 1;
	talker = shell;
	if (shell->patient)
		session_greet(shell);
	reader_start(shell);
	while (!shell->quit) {
		session_check(shell);
		make_prompt(shell, prompt, sizeof(prompt));
		line = reader_line(prompt, look_after);
		if (!line)
			break;
		result = shell_run_line(shell, line);
		if (!result && interrupt_pending())
			fputc('\n', stdout);
		interrupt_clear();
		free(line);
	}
	reader_stop();
}
