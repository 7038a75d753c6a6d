/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_lua.c - runs a script in Lua, with the shell's commands as its functions.
 */
#include "command.h"
#include "script_lua.h"

static int lua_run(struct shell *shell, const struct arguments *arguments)
{
	static const long long range[2] = { 1, 4096 };
	const char *text = argument_option(arguments, "execute"),
		   *time = argument_option(arguments, "time"),
		   *memory = argument_option(arguments, "memory");
	struct script script = { .text = text, .time_ms = SCRIPT_TIME_MS, .bytes = SCRIPT_BYTES };
	long long mib;

	if (!text && !arguments->count)
		return shell_error(shell, 0, "a file is missing, or -e TEXT");
	if (time && shell_duration(shell, time, &script.time_ms))
		return EDVSINVAL;
	if (memory && shell_number(shell, memory, range, &mib))
		return EDVSINVAL;
	if (memory)
		script.bytes = mib << 20;
	script.path = text ? NULL : arguments->words[0];
	script.arguments = arguments->words + !text;
	script.argument_count = arguments->count - !text;
	return script_lua_run(shell, &script);
}

static const struct command_option options[] = {
	{ "execute", 'e', "TEXT", "run this instead of a file", NULL },
	{ "time", 't', "TIME", "end it after so long (60s)", NULL },
	{ "memory", 'm', "MIB", "give it so much memory (64)", NULL },
	{ NULL, 0, NULL, NULL, NULL },
};

const struct command command_lua = {
	.name = "lua",
	.group = GROUP_SHELL,
	.arguments = "[FILE] [ARGUMENT]...",
	.summary = "run a script in Lua 5.4, with these commands as functions",
	.details =
		"Every command is a function of its name: ps(\"fs\"), call(\"fs.stat\", "
		"{path=\"/x\"}), hold(\"fs.open\"), attach(\"dc0\"). Arguments are its words, "
		"{KEY=VALUE} is KEY=VALUE. It prints nothing and returns what --json would print, "
		"as "
		"a table; where it fails nil, the text of the error, and its name (EDVSNOENT). A "
		"command that prints line by line gives each line to a function among its "
		"arguments, which ends it by returning false: trace(\"fs.*\", function(line) "
		"print(line.name, line.took) end).\n"
		"shell.load() is the command whose name Lua has itself. sleep(SECONDS) waits, arg "
		"has the script's arguments. An error that nobody catches ends the script, status "
		"3; so do its limits.",
	.example = "lua -e 'print(#ps())'",
	.json = "what the script prints",
	.options = options,
	.words_max = -1,
	.flags = COMMAND_WITHOUT_DC | COMMAND_STREAM | COMMAND_NESTED,
	.complete = complete_host_path,
	.run = lua_run,
};
