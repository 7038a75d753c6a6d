/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.c - a line becomes a command: found, checked, given its output, run.
 *
 * A line that begins with `-` may fail: the exit status is what it was before.
 * What a user got wrong (words, options, quotes) is SHELL_USAGE, what went wrong
 * SHELL_FAILED.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <inspect.h>

#include "arguments.h"
#include "delays.h"
#include "interrupt.h"
#include "output.h"
#include "result.h"
#include "run.h"
#include "session.h"
#include "words.h"

const struct command *command_find(const char *name, int prefix, int *ret_matches)
{
	const struct command *found = NULL;
	size_t length = strlen(name);

	*ret_matches = 0;
	for (int i = 0; i < command_count; i++) {
		if (!strcmp(commands[i]->name, name)) {
			*ret_matches = 1;
			return commands[i];
		}
		if (!strncmp(commands[i]->name, name, length)) {
			found = commands[i];
			(*ret_matches)++;
		}
	}
	return prefix && *ret_matches == 1 ? found : NULL;
}

void run_usage(const struct command *command, char *ret_text, size_t size)
{
	const struct command_option *option = command->options;
	size_t used = (size_t)snprintf(ret_text, size, "%s", command->name);

	for (; option && option->name && used < size; option++) {
		const char *blank = option->value ? " " : "";
		const char *value = option->value ? option->value : "";

		if (option->letter)
			used += (size_t)snprintf(ret_text + used, size - used, " [-%c%s%s]",
						 option->letter, blank, value);
		else
			used += (size_t)snprintf(ret_text + used, size - used, " [--%s%s%s]",
						 option->name, blank, value);
	}
	if (command->arguments && *command->arguments && used < size)
		snprintf(ret_text + used, size - used, " %s", command->arguments);
}

static int usage_error(struct shell *shell, int result)
{
	if (shell->status < SHELL_USAGE && !shell->interactive)
		shell->status = SHELL_USAGE;
	return result;
}

/*
 * The one that was probably meant: one letter differs, or two (as of swapped ones)
 * behind the same first. NULL: none.
 */
static const char *nearest_command(const char *name)
{
	const char *nearest = NULL;
	int limit = 3;

	for (int i = 0; i < command_count; i++) {
		int differ = inspect_distance(name, commands[i]->name);

		if (differ >= limit ||
		    (differ == 2 && (commands[i]->name[0] != name[0] || strlen(name) < 3)))
			continue;
		limit = differ;
		nearest = commands[i]->name;
	}
	return nearest;
}

/* Names that begin with what was typed, else the one that comes nearest. */
static int unknown_command(struct shell *shell, const char *name, int matches)
{
	char fitting[512] = "";
	size_t used = 0;

	for (int i = 0; i < command_count && matches; i++)
		if (!strncmp(commands[i]->name, name, strlen(name)) && used < sizeof(fitting))
			used += (size_t)snprintf(fitting + used, sizeof(fitting) - used, " %s",
						 commands[i]->name);
	if (matches > 1)
		shell_error(shell, 0, "'%s' fits several commands:%s", name, fitting);
	else if (matches == 1)
		shell_error(shell, 0, "there is no command '%s'; scripts write it out:%s", name,
			    fitting);
	else if (nearest_command(name))
		shell_error(shell, 0, "there is no command '%s'; did you mean %s?", name,
			    nearest_command(name));
	else
		shell_error(shell, 0, "there is no command '%s'; `help` lists them", name);
	return usage_error(shell, EDVSNOSYS);
}

static int is_allowed(struct shell *shell, const struct command *command)
{
	if (shell->read_only && command->flags & COMMAND_ACTS) {
		shell_error(shell, EDVSPERM, "this shell only looks (--read-only), and %s acts",
			    command->name);
		return 0;
	}
	if (command->flags & COMMAND_ACTS && shell->patient && !shell->view)
		return shell_alive(shell) == 0;
	if (!shell->patient && !(command->flags & COMMAND_WITHOUT_DC)) {
		shell_error(shell, 0, "nothing is attached; `attach DC` does it, `dcs` lists them");
		return 0;
	}
	return 1;
}

/* A command that prints nothing still gives --json its one value. */
static void say_ok(const struct shell *shell, const struct command *command)
{
	if (shell->json && !command->json && !(command->flags & COMMAND_STREAM))
		fputs("{\"ok\":true}\n", shell->out);
}

static int run_allowed(struct shell *shell, const struct arguments *arguments)
{
	const struct command *command = arguments->command;
	struct result kept;
	int result;

	if (!is_allowed(shell, command))
		return EDVSPERM;
	result_begin(shell, &kept);
	result = command->run(shell, arguments);
	if (!result)
		say_ok(shell, command);
	else
		session_check(shell);
	result_end(shell, command, &kept, result);
	return result;
}

static int run_command(struct shell *shell, const struct command *command, char **words, int count)
{
	char *ordered[COMMAND_WORDS];
	struct arguments arguments = { .command = command, .words = ordered };
	const struct command *before = shell->running;
	struct arguments_problem problem;
	int json_before = shell->json;
	char usage[512];
	int result;

	shell->running = command;
	result = arguments_parse(&arguments, words, count, &problem);
	if (result) {
		run_usage(command, usage, sizeof(usage));
		shell_error(shell, 0, "%s; usage: %s", problem.text, usage);
		usage_error(shell, result);
	} else if (arguments.json) {
		shell->json = 1;
		result = run_allowed(shell, &arguments);
		shell->json = json_before;
	} else {
		result = run_allowed(shell, &arguments);
	}
	shell->running = before;
	return result;
}

int shell_run_words(struct shell *shell, char **words, int count)
{
	int typed = shell->interactive && !shell->script;
	const struct command *command;
	int matches;

	if (count == 0)
		return 0;
	command = command_find(words[0], typed, &matches);
	if (!command)
		return unknown_command(shell, words[0], matches);
	return run_command(shell, command, words + 1, count - 1);
}

static int run_host_command(struct shell *shell, const char *text)
{
	int status;

	fflush(NULL);
	status = system(text);
	if (status == 0 || shell->interactive)
		return status ? EDVSGENERIC : 0;
	return shell_error(shell, 0, "!%s: exit status %d", text,
			   WIFEXITED(status) ? WEXITSTATUS(status) : 128);
}

/* The flags of the line's command; 0 when it is not known (which is told later). */
static unsigned int flags_of(const struct shell *shell, const struct line *line)
{
	const struct command *command;
	int matches;

	command = command_find(line->words[0], shell->interactive, &matches);
	return command ? command->flags : 0;
}

static int run_line(struct shell *shell, struct line *line)
{
	struct output output;
	int result;

	if (line->host_command)
		return run_host_command(shell, line->host_command);
	if (line->count == 0)
		return 0;
	if (shell->out == stdout)
		output_measure(shell);
	result = output_begin(shell, line, flags_of(shell, line), &output);
	if (result)
		return result;
	delays_run(0);
	result = shell_run_words(shell, line->words, line->count);
	return output_end(shell, line, &output, result);
}

int shell_run_line(struct shell *shell, const char *text)
{
	enum shell_status status_before = shell->status;
	const char *problem;
	struct line line;
	int result;

	if (shell->depth == SHELL_DEPTH)
		return shell_error(shell, EDVSRANGE, "scripts are nested too deeply");
	shell->depth++;
	result = line_init(&line, text, &problem);
	if (result) {
		shell_error(shell, 0, "%s", problem);
		usage_error(shell, result);
	} else {
		result = run_line(shell, &line);
	}
	if (line.may_fail && !shell->quit) {
		shell->status = status_before;
		result = 0;
	}
	line_deinit(&line);
	shell->depth--;
	return result;
}

/* The next line; what was delayed goes on while nobody has written it yet. */
static ssize_t read_line(FILE *script, char **text, size_t *size)
{
	if (script == stdin)
		delays_await_input(script);
	return interrupt_pending() ? -1 : getline(text, size, script);
}

static int run_lines(struct shell *shell, FILE *script)
{
	char *text = NULL;
	size_t size = 0;
	ssize_t length;
	int result = 0;

	while (!result && !shell->quit && (length = read_line(script, &text, &size)) >= 0) {
		shell->script_line++;
		if (length > 0 && text[length - 1] == '\n')
			text[length - 1] = '\0';
		if (length >= SHELL_LINE_BYTES)
			result = usage_error(shell, shell_error(shell, 0,
								"the line is longer than %d bytes",
								SHELL_LINE_BYTES - 1));
		else if (strlen(text) + 1 < (size_t)length)
			result = usage_error(
				shell,
				shell_error(shell, 0, "this is no text, it has a zero byte"));
		else
			result = shell_run_line(shell, text);
		if (interrupt_pending())
			break;
	}
	free(text);
	if (!result && ferror(script))
		result = usage_error(shell, shell_error(shell, 0, "cannot be read: %m"));
	return result;
}

/* A folder can be opened, but not read. */
static FILE *open_script(const char *path)
{
	FILE *script = strcmp(path, "-") ? fopen(path, "re") : stdin;
	struct stat st;

	/* What stdio has read ahead nobody could wait for. */
	if (script == stdin)
		setvbuf(stdin, NULL, _IONBF, 0);
	if (script && script != stdin && fstat(fileno(script), &st) == 0 && S_ISDIR(st.st_mode)) {
		fclose(script);
		errno = EISDIR;
		return NULL;
	}
	return script;
}

int run_script(struct shell *shell, const char *path)
{
	const char *script_before = shell->script;
	int line_before = shell->script_line;
	FILE *script = open_script(path);
	int result;

	if (!script)
		return usage_error(shell, shell_error(shell, 0, "%s: %m", path));
	shell->script = path;
	shell->script_line = 0;
	result = run_lines(shell, script);
	shell->script = script_before;
	shell->script_line = line_before;
	if (script != stdin)
		fclose(script);
	return result;
}
