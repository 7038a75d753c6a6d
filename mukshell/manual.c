/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * manual.c - `mukshell --help` and mukshell(1), made from the tables of options
 * and commands: nothing is said of a command that its struct does not say.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "manual.h"
#include "program.h"
#include "run.h"

const char *const manual_groups[GROUP_COUNT] = {
	[GROUP_LOOK] = "Look (takes no slot, sends no message, works when servers hang)",
	[GROUP_WATCH] = "Watch",
	[GROUP_TALK] = "Talk",
	[GROUP_FILES] = "Files",
	[GROUP_SHELL] = "The shell",
};

const char manual_lines[] =
	"COMMAND | PROGRAM, COMMAND > FILE, COMMAND >> FILE   sends the output there\n"
	"!COMMAND     runs a command of the host\n"
	"-COMMAND     may fail: a script goes on\n"
	"# ...        is a comment; 'text' is literal, \"text\" knows \\n \\t \\\" \\\\ and \\xHH\n"
	"--json       with any command: prints JSON; `help COMMAND` lists the keys\n"
	"Tab          completes commands, processes, calls, fields, flags and paths\n"
	"Ctrl-C       ends the command, Ctrl-D the shell; unique prefixes do when typing\n";

void manual_option(const struct command_option *option, char *ret_text, size_t size)
{
	char letter[8] = "";

	if (option->letter)
		snprintf(letter, sizeof(letter), "-%c, ", option->letter);
	snprintf(ret_text, size, "%s--%s%s%s", letter, option->name, option->value ? " " : "",
		 option->value ? option->value : "");
}

void manual_wrap(FILE *out, const char *text, int width)
{
	int used = 0;

	while (*text) {
		int length = (int)strcspn(text, " \n");

		if (used && used + 1 + length > width) {
			fputc('\n', out);
			used = 0;
		}
		fprintf(out, "%s%.*s", used ? " " : "", length, text);
		used += length + (used ? 1 : 0);
		text += length;
		if (*text == '\n') {
			fputc('\n', out);
			used = 0;
		}
		text += *text != '\0';
	}
	fputc('\n', out);
}

static void program_option_text(const struct program_option *option, char *ret_text, size_t size)
{
	const struct command_option same = {
		.name = option->name,
		.letter = option->code <= OPTION_LETTERS ? (char)option->code : 0,
		.value = option->value,
	};

	manual_option(&same, ret_text, size);
}

void manual_print_usage(FILE *out)
{
	char name[64];

	fputs("mukshell                      lists the DCs that can be attached\n"
	      "mukshell attach DC [OPTIONS]  attaches one: dc0, 0 or its name\n"
	      "mukshell load FILE [OPTIONS]  shows a recording or a dump\n\n",
	      out);
	for (const struct program_option *option = program_options; option->name; option++) {
		if (!option->summary)
			continue;
		program_option_text(option, name, sizeof(name));
		fprintf(out, "  %-22s %s\n", name, option->summary);
	}
	fputs("\nWithout -c and -f it talks with a person on a terminal, and reads a script from\n"
	      "standard input elsewhere. Exit status: 0 all went well, 1 a command failed,\n"
	      "2 could not attach or lost the DC, 3 usage or script error. Inside, `help` lists\n"
	      "the commands.\n",
	      out);
}

/* ---- roff ------------------------------------------------------------------- */

/* Text with what roff would take for itself made harmless. */
static void roff_text(FILE *out, const char *text)
{
	int line_begins = 1;

	for (; *text; text++) {
		if (line_begins && (*text == '.' || *text == '\''))
			fputs("\\&", out);
		if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '-')
			fputs("\\-", out);
		else
			fputc(*text, out);
		line_begins = *text == '\n';
	}
}

static void roff_item(FILE *out, const char *name, const char *text)
{
	fputs(".TP\n.B ", out);
	roff_text(out, name);
	fputc('\n', out);
	roff_text(out, text);
	fputc('\n', out);
}

static void roff_literal(FILE *out, const char *label, const char *text)
{
	fprintf(out, ".IP\n%s\n.IP\n.nf\n", label);
	roff_text(out, text);
	fputs("\n.fi\n", out);
}

static void roff_command(FILE *out, const struct command *command)
{
	const struct command_option *option = command->options;
	char text[512];

	run_usage(command, text, sizeof(text));
	roff_item(out, text, command->summary);
	if (command->flags & COMMAND_ACTS)
		fputs("Not with \\-\\-read\\-only.\n", out);
	for (; option && option->name; option++) {
		fputs(".RS\n", out);
		manual_option(option, text, sizeof(text));
		roff_item(out, text, option->summary);
		fputs(".RE\n", out);
	}
	if (command->details) {
		fputs(".IP\n", out);
		roff_text(out, command->details);
		fputc('\n', out);
	}
	if (command->example)
		roff_literal(out, "Example:", command->example);
	if (command->json)
		roff_literal(out, "With \\-\\-json:", command->json);
}

static const char *const before_commands =
	".SH DESCRIPTION\n"
	"Attaches to a Distributed Container (DC) and shows, explains and drives the processes\n"
	"in it: the servers of a MUK and their clients. Alone it lists the DCs that run.\n"
	".PP\n"
	"Looking reads the DC's memory from outside. It takes no slot and sends no message, and\n"
	"works when a server hangs. Commands that act bind a user slot when the first of them\n"
	"runs.\n"
	".SH SECURITY\n"
	"Members of a DC without the kernel module share memory and trust each other; the border\n"
	"is the permission of the DC's segment. Whoever may attach may read and change all of it.\n"
	"\\-\\-read\\-only maps it read\\-only, takes no slot, and refuses the commands that "
	"act.\n";

static const char *const after_commands =
	".SH EXIT STATUS\n"
	"0 all went well; 1 a command failed; 2 could not attach or lost the DC; 3 usage or "
	"script\n"
	"error, also an expectation that is not met. \\-c and \\-f stop at the first command\n"
	"that fails, unless its line begins with \\-.\n"
	".SH JSON\n"
	"With \\-\\-json, an option of mukshell and of every command, a command prints one\n"
	"value on a line, and one object a line if it is\n"
	"a stream; one that has nothing to show prints {\"ok\":true}. An error goes to\n"
	"standard error as an object: error (in words), code (its\n"
	"name, or null), command, and in a script script and line.\n"
	".SH FILES\n"
	"$XDG_STATE_HOME/mukshell/history or ~/.local/state/mukshell/history: what was typed.\n"
	".PP\n"
	"$XDG_RUNTIME_DIR/dvk, /run/dvk, /tmp/dvk\\-UID: where DCs live.\n"
	".SH ENVIRONMENT\n"
	"PAGER shows long output on a terminal; without it less \\-FRX does.\n"
	".SH SEE ALSO\n"
	"muk(1)\n";

void manual_print_roff(FILE *out)
{
	char name[64];

	fputs(".TH MUKSHELL 1\n.SH NAME\nmukshell \\- shell and debugger for MUK\n"
	      ".SH SYNOPSIS\n.B mukshell\n.br\n.B mukshell attach\n.I DC\n[OPTIONS]\n",
	      out);
	fputs(before_commands, out);
	fputs(".SH OPTIONS\n", out);
	for (const struct program_option *option = program_options; option->name; option++) {
		if (!option->summary)
			continue;
		program_option_text(option, name, sizeof(name));
		roff_item(out, name, option->summary);
	}
	fputs(".SH LINES\n.nf\n", out);
	roff_text(out, manual_lines);
	fputs(".fi\n.SH COMMANDS\n", out);
	for (int group = 0; group < GROUP_COUNT; group++) {
		fputs(".SS ", out);
		roff_text(out, manual_groups[group]);
		fputc('\n', out);
		for (int i = 0; i < command_count; i++)
			if ((int)commands[i]->group == group)
				roff_command(out, commands[i]);
	}
	fputs(after_commands, out);
}
