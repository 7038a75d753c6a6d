/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - mukshell: reads its options, attaches, and runs commands until it ends.
 *
 * Exit status: 0 all went well, 1 a command failed, 2 could not attach or lost
 * the DC, 3 usage or script error.
 */
#include <getopt.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "delays.h"
#include "interrupt.h"
#include "program.h"
#include "run.h"
#include "session.h"

/* Tells what to do about it; the program ends. */
static int usage_error(const char *text)
{
	fprintf(stderr,
		"mukshell: %s\nmukshell [attach DC|load FILE] [OPTIONS]; `mukshell --help` says "
		"more\n",
		text);
	return SHELL_USAGE;
}

static int add_step(struct program *program, int is_script, const char *text)
{
	if (program->count == PROGRAM_STEPS)
		return usage_error("too many -c and -f");
	program->steps[program->count++] = (struct program_step){ is_script, text };
	return 0;
}

/* The exit status when all that was to do was to print something. */
static int printed(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return SHELL_OK;
	perror("mukshell: standard output");
	return SHELL_FAILED;
}

/* What an option asks for; -1: go on, else the exit status. */
static int take_option(struct program *program, int option)
{
	switch (option) {
	case 'c':
	case 'f':
		return add_step(program, option == 'f', optarg) ? SHELL_USAGE : -1;
	case OPTION_JSON:
		program->shell->json = 1;
		return -1;
	case OPTION_READ_ONLY:
		program->shell->read_only = 1;
		return -1;
	case OPTION_DIR:
		if (!*optarg)
			return usage_error("--dir needs a folder");
		program->shell->dir = optarg;
		return -1;
	case 'q':
		program->shell->quiet = 1;
		return -1;
	case OPTION_VERSION:
		puts("mukshell " MUKSHELL_VERSION);
		return printed();
	case 'h':
		manual_print_usage(stdout);
		return printed();
	case OPTION_MAN:
		manual_print_roff(stdout);
		return printed();
	}
	fprintf(stderr, "`mukshell --help` lists the options\n");
	return SHELL_USAGE;
}

static int take_words(struct program *program, char **words, int count)
{
	if (count == 0)
		return -1;
	if (strcmp(words[0], "attach") && strcmp(words[0], "load"))
		return usage_error("the first word is `attach`, `load`, or nothing");
	if (count == 1 && words[0][0] == 'a')
		return usage_error("attach needs a DC: dc0, 0 or its name");
	if (count == 1)
		return usage_error("load needs a file: a recording or a dump");
	if (count > 2)
		return usage_error("one at a time");
	if (words[0][0] == 'a')
		program->attach = words[1];
	else
		program->load = words[1];
	return -1;
}

static void run_steps(struct program *program)
{
	struct shell *shell = program->shell;
	int result = 0;

	for (int i = 0; i < program->count && !result && !shell->quit; i++) {
		const struct program_step *step = &program->steps[i];

		result = step->is_script ? run_script(shell, step->text)
					 : shell_run_line(shell, step->text);
		if (interrupt_pending())
			break;
	}
}

/* mukshell alone: what could be attached. */
static void list_dcs(struct program *program)
{
	char *words[] = { "dcs" };

	struct dvk_dcinfo first;

	shell_run_words(program->shell, words, 1);
	if (dvk_list_dcs(program->shell->dir, &first, 1) > 0)
		shell_note(program->shell, "`mukshell attach dc%d` attaches the first", first.dcid);
	else
		shell_note(program->shell, "`muk CONFIG` starts a MUK; `make demo` shows one");
}

static void run_program(struct program *program)
{
	struct shell *shell = program->shell;
	int terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);

	if (!program->attach && !program->load && program->count == 0) {
		list_dcs(program);
		return;
	}
	if (program->attach && session_attach(shell, program->attach)) {
		shell->status = SHELL_LOST;
		return;
	}
	if (program->load && session_load(shell, program->load)) {
		shell->status = SHELL_LOST;
		return;
	}
	if (program->count)
		run_steps(program);
	else if (terminal)
		program_converse(program);
	else
		run_script(shell, "-");
	if (!shell->quit && !shell->interactive)
		delays_finish(shell);
	if (shell->lost && shell->status < SHELL_LOST && !shell->interactive)
		shell->status = SHELL_LOST;
}

int main(int argc, char **argv)
{
	struct shell shell;
	struct program program = { .shell = &shell };
	struct option long_options[PROGRAM_OPTIONS];
	char letters[2 * PROGRAM_OPTIONS + 1] = "";
	int option;
	int status;

	program_getopt(long_options, letters);
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	session_init(&shell);
	while ((option = getopt_long(argc, argv, letters, long_options, NULL)) != -1) {
		status = take_option(&program, option);
		if (status >= 0)
			return status;
	}
	status = take_words(&program, argv + optind, argc - optind);
	if (status >= 0)
		return status;
	interrupt_install();
	run_program(&program);
	session_deinit(&shell);
	if (fflush(stdout) && shell.status == SHELL_OK)
		shell.status = SHELL_FAILED;
	return shell.interactive ? SHELL_OK : (int)shell.status;
}
