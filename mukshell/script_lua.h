/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * script_lua.h - Lua 5.4 with the shell's commands as functions.
 */
#ifndef MUKSHELL_SCRIPT_LUA_H
#define MUKSHELL_SCRIPT_LUA_H

#include "shell.h"

#define SCRIPT_TIME_MS (60 * 1000L)
#define SCRIPT_BYTES   (64LL << 20)

struct script {
	const char *path; /* a file, or NULL: */
	const char *text; /* this */
	char **arguments; /* arg[1] and so on */
	int argument_count;
	long time_ms;    /* it ends after so long, also while it waits; -1: never */
	long long bytes; /* its memory at most */
};

/* Runs it to its end. 0 or the printed error. */
int script_lua_run(struct shell *shell, const struct script *script);

#endif
