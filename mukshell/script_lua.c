/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * script_lua.c - a Lua script in its limits: its memory, its time, Ctrl-C.
 *
 * A hook looks at the clock while Lua computes, an alarm interrupts a command that
 * waits; whatever pcall() catches, the next hook raises again.
 */
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>
#include <lualib.h>

#include "command.h"
#include "interrupt.h"
#include "script_lua.h"
#include "script_private.h"

#define HOOK_INSTRUCTIONS 10000 /* between two looks at the clock */

struct running *script_of(lua_State *lua)
{
	struct running *running;

	memcpy(&running, lua_getextraspace(lua), sizeof(running));
	return running;
}

int script_is_late(const struct running *running)
{
	return shell_now_ns() >= running->until_ns;
}

static void *allocate(void *context, void *block, size_t before, size_t after)
{
	struct running *running = context;
	void *moved;

	if (!block)
		before = 0;
	if (!after) {
		free(block);
		running->bytes -= (long long)before;
		return NULL;
	}
	if (running->bytes - (long long)before + (long long)after > running->bytes_max)
		return NULL;
	moved = realloc(block, after);
	if (moved)
		running->bytes += (long long)after - (long long)before;
	return moved;
}

static void look_at_clock(lua_State *lua, lua_Debug *unused);

/* From now on each instruction looks: what pcall() catches is raised again behind it. */
static void look_always(lua_State *lua)
{
	lua_rawgeti(lua, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
	lua_sethook(lua_tothread(lua, -1), look_at_clock, LUA_MASKCOUNT, 1);
	lua_pop(lua, 1);
	lua_sethook(lua, look_at_clock, LUA_MASKCOUNT, 1);
}

static void look_at_clock(lua_State *lua, lua_Debug *unused)
{
	(void)unused;
	if (script_is_late(script_of(lua)) || interrupt_pending())
		look_always(lua);
	if (script_is_late(script_of(lua)))
		luaL_error(lua, "its time is over (--time)");
	if (interrupt_pending())
		luaL_error(lua, "interrupted");
}

/* print() to where the command's output goes: a pipe, a file, the pager. */
static int print(lua_State *lua)
{
	FILE *out = script_of(lua)->out;
	int count = lua_gettop(lua);

	for (int i = 1; i <= count; i++) {
		size_t bytes;
		const char *text = luaL_tolstring(lua, i, &bytes);

		if (i > 1)
			fputc('\t', out);
		fwrite(text, 1, bytes, out);
		lua_pop(lua, 1);
	}
	fputc('\n', out);
	return fflush(out) ? luaL_error(lua, "the output is closed") : 0;
}

static int sleep_seconds(lua_State *lua)
{
	lua_Number seconds = luaL_checknumber(lua, 1);

	if (seconds > 0)
		shell_sleep(script_of(lua)->shell, (long)(seconds * 1000));
	look_at_clock(lua, NULL);
	return 0;
}

/* In a protected call: memory may be too short for all of it. Stack: struct script. */
static int run(lua_State *lua)
{
	const struct script *script = lua_touserdata(lua, 1);

	luaL_openlibs(lua);
	lua_register(lua, "print", print);
	lua_register(lua, "sleep", sleep_seconds);
	script_open_commands(lua);
	lua_createtable(lua, script->argument_count, 0);
	for (int i = 0; i < script->argument_count; i++) {
		lua_pushstring(lua, script->arguments[i]);
		lua_rawseti(lua, -2, i + 1);
	}
	lua_setglobal(lua, "arg");
	if (script->path ? luaL_loadfile(lua, script->path)
			 : luaL_loadbuffer(lua, script->text, strlen(script->text), "=lua"))
		return lua_error(lua);
	lua_call(lua, 0, 0);
	return 0;
}

static int run_protected(struct shell *shell, lua_State *lua, const struct script *script)
{
	const char *text;
	int result;

	lua_pushcfunction(lua, run);
	lua_pushlightuserdata(lua, (void *)script);
	result = lua_pcall(lua, 1, 0, 0);
	if (!result)
		return 0;
	text = result == LUA_ERRMEM ? "its memory is used up (--memory)" : lua_tostring(lua, -1);
	result = shell_error(shell, 0, "%s", text ? text : "an error that is no text");
	if (!shell->interactive && shell->status < SHELL_USAGE)
		shell->status = SHELL_USAGE;
	return result;
}

int script_lua_run(struct shell *shell, const struct script *script)
{
	struct running running = {
		.shell = shell,
		.out = shell->out,
		.bytes_max = script->bytes,
		.until_ns = script->time_ms < 0 ? INT64_MAX
						: shell_now_ns() + script->time_ms * 1000000LL,
	}, *place = &running;
	lua_State *lua = lua_newstate(allocate, &running);
	int result;

	if (shell->depth == SHELL_DEPTH) {
		if (lua)
			lua_close(lua);
		return shell_error(shell, EDVSRANGE, "scripts are nested too deeply");
	}
	if (!lua)
		return shell_error(shell, EDVSNOMEM, "a Lua state");
	memcpy(lua_getextraspace(lua), &place, sizeof(place));
	lua_sethook(lua, look_at_clock, LUA_MASKCOUNT, HOOK_INSTRUCTIONS);
	interrupt_after(script->time_ms);
	shell->depth++;
	result = run_protected(shell, lua, script);
	shell->depth--;
	interrupt_after(-1);
	if (script_is_late(&running))
		interrupt_clear();
	lua_close(lua);
	return result;
}
