/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * output.c - points shell->out at a program, a file or the pager for one command.
 *
 * Commands only ever print to shell->out. A pipeline fails when the command does,
 * or when the program behind the pipe does: a script can test with `| grep -q`.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "interrupt.h"
#include "output.h"

static int terminal_rows(FILE *stream)
{
	struct winsize size;

	if (ioctl(fileno(stream), TIOCGWINSZ, &size) < 0 || size.ws_row == 0)
		return 24;
	return size.ws_row;
}

void output_measure(struct shell *shell)
{
	struct winsize size;

	shell->terminal = isatty(fileno(shell->out));
	shell->columns = 0;
	if (shell->terminal && ioctl(fileno(shell->out), TIOCGWINSZ, &size) == 0)
		shell->columns = size.ws_col;
}

static FILE *open_target(const struct line *line)
{
	switch (line->target) {
	case LINE_TO_PROGRAM:
		fflush(NULL);
		return popen(line->target_text, "we");
	case LINE_TO_FILE:
		return fopen(line->target_text, "we");
	case LINE_APPENDS:
		return fopen(line->target_text, "ae");
	case LINE_TO_OUT:
		break;
	}
	return NULL;
}

int output_begin(struct shell *shell, const struct line *line, unsigned int flags,
		 struct output *ret_output)
{
	struct output output = { NULL, line->target, shell->out, shell->terminal, shell->columns };

	if (line->target != LINE_TO_OUT) {
		output.stream = open_target(line);
		if (!output.stream)
			return shell_error(shell, 0, "%s: %s", line->target_text, strerror(errno));
		shell->terminal = 0;
		shell->columns = 0;
	} else if (shell->interactive && shell->terminal && shell->out == stdout &&
		   !(flags & (COMMAND_STREAM | COMMAND_SCREEN))) {
		output.stream = pager_open(stdout, terminal_rows(stdout));
	}
	if (output.stream)
		shell->out = output.stream;
	*ret_output = output;
	return 0;
}

static int program_result(struct shell *shell, const struct line *line, int status, int result)
{
	if (result || status == 0 || (WIFSIGNALED(status) && interrupt_pending()))
		return result;
	if (shell->interactive)
		return EDVSGENERIC;
	return shell_error(shell, 0, "| %s: exit status %d", line->target_text,
			   WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static int write_failed(FILE *stream)
{
	return fflush(stream) || ferror(stream);
}

int output_end(struct shell *shell, const struct line *line, struct output *output, int result)
{
	FILE *stream = output->stream;
	int failed = write_failed(shell->out);
	int error = shell->out_error ? shell->out_error : errno;

	failed = failed && error != EPIPE;
	shell->out_error = 0;
	shell->out = output->before;
	shell->terminal = output->terminal;
	shell->columns = output->columns;
	if (stream && output->target == LINE_TO_PROGRAM)
		return program_result(shell, line, pclose(stream), result);
	if (stream && fclose(stream) && !failed) {
		failed = errno != EPIPE;
		error = errno;
	}
	if (!stream)
		clearerr(shell->out);
	if (failed && result == 0)
		return shell_error(shell, 0, "%s: %s",
				   line->target_text ? line->target_text : "standard output",
				   strerror(error));
	return result;
}
