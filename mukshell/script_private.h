/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * script_private.h - what script_lua.c and script_commands.c share.
 */
#ifndef MUKSHELL_SCRIPT_PRIVATE_H
#define MUKSHELL_SCRIPT_PRIVATE_H

#include <jansson.h>
#include <lua.h>

#include "shell.h"

/* A script that runs; its address is in the state's extra space. */
struct running {
	struct shell *shell;
	FILE *out; /* where it prints */
	long long bytes, bytes_max;
	int64_t until_ns;
};

struct running *script_of(lua_State *lua);
/* 1 when its time is over. */
int script_is_late(const struct running *running);

/* Puts a JSON value on the stack; null is nil. */
void script_push(lua_State *lua, const json_t *value);
/* Makes every command of the shell a function, of the table `shell` and by its bare name. */
void script_open_commands(lua_State *lua);

#endif
